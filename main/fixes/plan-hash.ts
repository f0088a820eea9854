/** What identifies a plan, and whether it may be carried out at all. */
import { checkSteps } from '../core/fixes/check-plan.ts';
import type { Plan } from '../core/fixes/model.ts';
import type { Outcome } from '../core/model.ts';
import { hashOf } from './canonical-json.ts';
import { planSchema } from './journal-schema.ts';

/** SHA-256, hexadecimal, of the plan's canonical JSON (hardening F1). Throws on what JSON cannot hold: a bug. */
export function hashPlan(plan: Plan): string {
  return hashOf(plan);
}

/**
 * The plan, looked at again before anything runs (hardening F2): it has the shape of one, changes only what fixes change
 * and within their bounds, and its commands do what it says. Failure 'invalid': the step that is not right, and why.
 */
export function checkPlan(plan: Plan): Outcome<Plan> {
  if (planSchema.safeParse(plan).success) return checkSteps(plan);
  const message = 'the plan cannot be carried out; it does not have the shape of one';
  return { ok: false, failure: { code: 'invalid', field: 'plan', message } };
}
