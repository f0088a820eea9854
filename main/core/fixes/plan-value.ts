/** The number that a plan sets, for a fix that takes one: what was proposed can be asked for again as it is. Pure. */
import type { Fix, Plan, Target } from './model.ts';

/** Null where the fix takes no number, or this plan leaves it as it is. */
export function valueOfPlan(
  { valueSets }: Pick<Fix, 'valueSets'>,
  { steps }: Pick<Plan, 'steps'>,
): number | null {
  const step = steps.find(({ target }) => valueSets !== undefined && nameOf(target) === valueSets);
  // The soft limit of "65536:524288".
  const digits = step?.proposed.kind === 'value' ? /^\d{1,15}(?=$|:)/.exec(step.proposed.text) : null;
  return digits ? Number(digits[0]) : null;
}

function nameOf(target: Target): string {
  return target.kind === 'sysctl' ? target.key : target.kind;
}
