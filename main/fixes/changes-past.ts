/** Changes that nothing is at work on: what of them can be taken back from here. */
import type { Change, Place } from '../core/fixes/change.ts';
import { stepAmongOthers } from '../core/fixes/linux/shared-file.ts';
import type { Plan } from '../core/fixes/model.ts';
import type { Outcome } from '../core/model.ts';
import type { SystemId } from '../core/readings.ts';
import { checkRequest, invalid, isOpen, unavailable } from './changes-check.ts';
import { inForce, leftAlone, settledSteps, type Present } from './changes-end.ts';
import type { ChangesMakings } from './changes-makings.ts';
import { readStates } from './changes-settle.ts';
import { sayByItself, sayRest } from './changes-words.ts';

export interface LookBack {
  /** Steps to take back, as indexes from 0, in the order of the plan; empty: nothing has to be run. */
  indexes: readonly number[];
  /** Its plan as a script can take it back now: beside lines that other changes keep in the same file. */
  plan: Plan;
  /** The change as it stands, when nothing has to be run; null when that is how it is written already. */
  closed: Change | null;
}

/** `wanted` null is all of it. Failures: it cannot be taken back from here, or never. */
export async function lookBack(
  change: Change,
  wanted: readonly number[] | null,
  makings: ChangesMakings,
): Promise<Outcome<LookBack>> {
  const chosen = wanted ?? change.steps.map((_, index) => index);
  if (chosen.some((index) => change.steps[index] === undefined)) {
    return invalid('steps', `change ${change.id} has steps 1 to ${change.steps.length}`);
  }
  const present = await readStates(change, makings);
  if (isOutOfReach(change, present, makings.place())) {
    const where = change.place.networkNamespace ?? 'another';
    return unavailable(
      'taking it back',
      `it was made in another network namespace (${where}); do it from there`,
    );
  }
  const indexes = inForce(change.steps, present).filter((index) => chosen.includes(index));
  if (indexes.length > 0) {
    // Whoever can write the journal must not say what runs with the machine's rights (hardening F2).
    const checked = checkRequest(change.plan, change.planHash);
    if (!checked.ok) return invalid('the change', sayTampered(change));
    return { ok: true, value: { indexes, plan: planNow(change, present), closed: null } };
  }
  const never = isOpen(change) ? null : sayNever(change, present);
  if (never !== null) return invalid('the change', never);
  return {
    ok: true,
    value: { indexes, plan: change.plan, closed: closedOf(change, present, makings.now()) },
  };
}

/** Where a helper may still begin by itself: without a terminal it hears nobody, and nobody's end. */
const SILENT_SYSTEMS: readonly SystemId[] = ['windows', 'macos'];

/** An interrupted change of which every step is as before, or gone, as it is to be written; null where that is not so. */
export async function overByItself(change: Change, makings: ChangesMakings): Promise<Change | null> {
  if (!isOpen(change) || SILENT_SYSTEMS.includes(change.plan.system)) return null;
  const present = await readStates(change, makings);
  if (isOutOfReach(change, present, makings.place())) return null;
  const isOver = change.steps.every(({ status }, index) => {
    const state = present[index]?.state;
    return status === 'waiting' || status === 'undone' || state === 'before' || state === 'void';
  });
  const closed = isOver ? closedOf(change, present, makings.now()) : null;
  return closed && { ...closed, sentence: sayByItself(change) };
}

function sayTampered({ id }: Change): string {
  return `what the journal says of change ${id} is not what a fix plans, so nothing of it is run; put the values back by hand`;
}

function planNow({ plan }: Change, present: readonly Present[]): Plan {
  const steps = plan.steps.map((step, index) => {
    const now = present[index];
    return now === undefined ? step : stepAmongOthers(step, now.known);
  });
  return { ...plan, steps };
}

/** The plan of some of its steps: what a script that takes them back is made from. */
export function partOf(plan: Plan, indexes: readonly number[]): Plan {
  return { ...plan, steps: plan.steps.filter((_, index) => indexes.includes(index)) };
}

/** Its settings are another namespace's, which are still there. */
function isOutOfReach({ steps, place }: Change, present: readonly Present[], here: Place): boolean {
  if (place.bootId !== here.bootId || place.networkNamespace === here.networkNamespace) return false;
  return steps.some(
    ({ status }, index) =>
      present[index]?.state === 'void' && (status === 'started' || status === 'done' || status === 'left'),
  );
}

/** Why none of it can ever be taken back; null when that is not so. */
function sayNever({ plan, steps }: Change, present: readonly Present[]): string | null {
  const begun = steps.flatMap(({ status }, index) => (status === 'waiting' ? [] : [index]));
  if (begun.length === 0 || !begun.every((index) => present[index]?.state === 'no-value')) return null;
  return plan.steps[begun[0] ?? 0]?.undoNote ?? 'what was done leaves nothing that could be taken back';
}

function closedOf(change: Change, present: readonly Present[], now: number): Change | null {
  const steps = settledSteps(change.steps, present, { meaning: 'left', untouched: null, atMs: now });
  const isSettled =
    !isOpen(change) && steps.every((step, index) => step.status === change.steps[index]?.status);
  if (isSettled) return null;
  const isLeft = leftAlone(steps).length > 0 || sayNever({ ...change, steps }, present) !== null;
  const stays = inForce(steps, present).length > 0;
  return {
    ...change,
    steps,
    phase: stays ? change.phase : isLeft ? 'left' : 'undone',
    phaseAtMs: now,
    undoesAtMs: null,
    sentence: sayNever(change, present) ?? sayRest({ ...change, steps }, present),
  };
}
