/** What is looked at before anything is started: the plan once more, the journal, and what is open. */
import { OPEN_PHASES, type Change, type Place } from '../core/fixes/change.ts';
import type { Plan } from '../core/fixes/model.ts';
import { languageOf, scriptOf } from '../core/fixes/script.ts';
import type { Failure, Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { ChangesMakings } from './changes-makings.ts';
import type { HelperCommand, HelperMode } from './helper.ts';
import { checkPlan, hashPlan } from './plan-hash.ts';
import { helperCommand } from './helper-command.ts';

/** The plan that was seen, still allowed, with something to do (hardening F1, F2). */
export function checkRequest(plan: Plan, planHash: string): Outcome<Plan> {
  if (plan.refused !== null) return invalid('the plan', plan.refused.reason);
  if (hashPlan(plan) !== planHash) {
    return invalid('the plan', 'this is not the plan that was shown; plan again and look at it once more');
  }
  if (plan.steps.length === 0) return invalid('the plan', 'there is nothing to do, it is so already');
  return checkPlan(plan);
}

/** The script of a plan, as the command that carries it. */
export function commandFor(plan: Plan, mode: HelperMode, { rights }: ChangesMakings): Outcome<HelperCommand> {
  if (rights.obstacle !== null) {
    return { ok: false, failure: { code: 'unavailable', what: 'changing settings', why: rights.obstacle } };
  }
  const script = scriptOf(plan, languageOf(plan.system));
  return script.ok ? helperCommand(rights.way, script.value, mode) : script;
}

/** A change that another has to wait for: one that is open where it counts. */
export function openChange(changes: readonly Change[], place: Place): Change | null {
  return changes.find((change) => isOpen(change) && countsHere(change, place)) ?? null;
}

export function isOpen({ phase }: Change): boolean {
  return OPEN_PHASES.includes(phase);
}

/** Whether anything of it can be in force here: settings end with the system’s run and stay in their namespace. */
function countsHere({ plan, place }: Change, here: Place): boolean {
  const isLasting = plan.steps.some((step) => step.isLasting);
  return isLasting || (place.bootId === here.bootId && place.networkNamespace === here.networkNamespace);
}

export function sayOpen({ id, plan }: Change): string {
  return `Change ${id} (${plan.title}) was interrupted: finish it or take it back first.`;
}

/** A sentence about the journal: why nothing can be changed until it is dealt with. */
export function sayJournalFailure(failure: Failure): string {
  return failure.code === 'invalid' ? `${failure.message.replace(/\.$/, '')}.` : failureSentence(failure);
}

export function invalid(field: string, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}

export function unavailable(what: string, why: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'unavailable', what, why } };
}
