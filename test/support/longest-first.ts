/** The order of test files: those that take minutes begin first, so that none of them is waited for alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const LONGEST = [
  'kernel/fix-prediction',
  'kernel/findings',
  'kernel/fix-kills',
  'kernel/check',
  'kernel/owners',
  'kernel/probe-runs',
  'kernel/fix-helper',
  'e2e/watching',
  'e2e/findings',
  'e2e/fix-widen',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return at < 0 ? LONGEST.length : at;
}
