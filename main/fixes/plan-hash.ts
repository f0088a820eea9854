/** What identifies a plan, and whether it may be carried out at all. */
import type { Plan } from '../core/fixes/model.ts';
import type { Outcome } from '../core/model.ts';

/** SHA-256, hexadecimal, of the plan's canonical JSON (hardening F1). Throws on what JSON cannot hold. */
export function hashPlan(_plan: Plan): string {
  throw new Error('not written yet');
}

/** The plan, looked at again before anything runs (hardening F2). Failure 'invalid': what is wrong with it. */
export function checkPlan(_plan: Plan): Outcome<Plan> {
  throw new Error('not written yet');
}
