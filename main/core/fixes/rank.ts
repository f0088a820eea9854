/** Which fixes to offer first on this machine: those its findings name, application before system before relief. */
import type { Finding } from '../model.ts';
import { fixesFor } from './catalogue.ts';
import type { Fix, Grade, Plan, PlanInput } from './model.ts';

export interface RankedFix {
  fix: Fix;
  plan: Plan;
  /** The finding that names it first, and the clause that says why; null where none does. */
  finding: Finding | null;
  why: string | null;
}

const KINDS: readonly Fix['kind'][] = ['application', 'system', 'relief'];
const GRADES: readonly Grade[] = ['low', 'medium', 'high'];

/**
 * All fixes of the system, each planned for the parameters of `input`. Named by a finding before others, what can be done
 * before what is refused; then the kind; then, for those named, the place that the finding gives them; then risk, effort
 * and restart.
 */
export function rankFixes(input: PlanInput): RankedFix[] {
  const findings = input.summary?.findings ?? [];
  const named = namedBy(findings);
  const ranked = fixesFor(input.state.system).map((fix): Ranked => {
    const mention = named.get(fix.id);
    const poolKey = input.parameters.poolKey ?? mention?.finding.poolKey ?? null;
    const plan = fix.plan({ ...input, parameters: { ...input.parameters, poolKey } });
    return {
      fix,
      plan,
      finding: mention?.finding ?? null,
      why: mention?.why ?? null,
      place: mention?.place ?? Infinity,
    };
  });
  return ranked.sort(compare).map(({ place: _place, ...each }) => each);
}

interface Ranked extends RankedFix {
  place: number;
}

interface Mention {
  finding: Finding;
  why: string;
  place: number;
}

function namedBy(findings: readonly Finding[]): Map<string, Mention> {
  const named = new Map<string, Mention>();
  for (const finding of findings) {
    for (const { fixId, why } of finding.remedies) {
      if (!named.has(fixId)) named.set(fixId, { finding, why, place: named.size });
    }
  }
  return named;
}

/** A keep-alive change is never refused; what cannot be done stands last whoever names it. */
function compare(a: Ranked, b: Ranked): number {
  const isRefused = ({ plan }: Ranked) => (plan.refused === null ? 0 : 1);
  const isUnnamed = ({ finding }: Ranked) => (finding === null ? 1 : 0);
  return (
    isRefused(a) - isRefused(b) ||
    isUnnamed(a) - isUnnamed(b) ||
    KINDS.indexOf(a.fix.kind) - KINDS.indexOf(b.fix.kind) ||
    comparePlaces(a.place, b.place) ||
    GRADES.indexOf(a.fix.risk.grade) - GRADES.indexOf(b.fix.risk.grade) ||
    GRADES.indexOf(a.fix.effort) - GRADES.indexOf(b.fix.effort) ||
    Number(a.fix.needsReboot) - Number(b.fix.needsReboot)
  );
}

function comparePlaces(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
