/** How a change ended, said in a sentence or two. Pure. */
import type { Change } from '../core/fixes/change.ts';
import { sayKnown } from '../core/fixes/known.ts';
import type { Failure } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import { sayDuration } from '../core/words/figures.ts';
import { inForce, leftAlone, type Present } from './changes-end.ts';
import type { UndoReason } from './changes-makings.ts';
import { SILENT_MS } from './changes-patience.ts';
import type { HelperEnd } from './helper.ts';

const ALL_BEFORE = 'Everything is as before.';

/** Why it was taken back; `reason` is null when nothing of ours asked for it: the helper's own clock, or its end. */
export function sayTakenBack(
  change: Change,
  reason: UndoReason | null,
  failure: Failure | null,
  end: HelperEnd,
): string {
  switch (reason ?? (end.kind === 'exited' && end.exitCode === 4 ? 'stop' : 'time')) {
    case 'asked':
      return `Taken back as asked. ${ALL_BEFORE}`;
    case 'time':
      return `Nobody kept it within ${sayDuration(change.undoAfterSeconds ?? 0)}, so it was taken back. ${ALL_BEFORE}`;
    case 'stop':
      return `Fourtuple ended before it was kept, so it was taken back. ${ALL_BEFORE}`;
    case 'confused':
      return `The helper said what does not fit the plan, so it was taken back. ${ALL_BEFORE}`;
    case 'journal':
      return `The journal could not be written, so it was taken back. ${ALL_BEFORE}${sayJournal(failure)}`;
  }
}

export function sayFailed(change: Change, index: number | null, present: readonly Present[]): string {
  const title = index === null ? 'A setting' : titleOf(change, index);
  const note = index === null ? null : change.steps[index]?.note;
  const what = `${title} could not be changed${note ? ` (${note})` : ''}.`;
  return inForce(change.steps, present).length + leftAlone(change.steps).length > 0
    ? `${what} ${sayRest(change, present)}`
    : `${what} ${ALL_BEFORE}`;
}

export function sayRefused(change: Change, index: number | null, present: readonly Present[]): string {
  const known = index === null ? undefined : present[index]?.known;
  const title = index === null ? 'A setting' : titleOf(change, index);
  const now = known === undefined ? '' : `: it is ${sayKnown(known)} now`;
  const isInForce = inForce(change.steps, present).length > 0;
  return `${title} is no longer as planned${now}. ${isInForce ? sayRest(change, present) : 'Nothing was changed; plan again.'}`;
}

/** The helper said nothing of how it ended; `wasSilent`: it was ended because it said nothing. */
export function sayLost(
  change: Change,
  end: HelperEnd,
  present: readonly Present[],
  wasSilent = false,
): string {
  if (wasSilent)
    return `The helper said nothing for ${saySilence()} and was ended. ${sayRest(change, present)}`;
  const how =
    end.kind === 'failed'
      ? ` (${failureSentence(end.failure).replace(/\.$/, '')})`
      : end.kind === 'signalled'
        ? ` (${end.signal})`
        : ` (exit status ${end.exitCode})`;
  return `The helper was lost${how}. ${sayRest(change, present)}`;
}

/** It says nothing and does not end. */
export function sayStuck(): string {
  return `The helper has said nothing for ${saySilence()} and does not end. What is still in force can be put back by hand: fourtuple journal --json has each value as it was before.`;
}

/** Fourtuple was ended while it was at work, and whoever it left behind has put everything back. */
export function sayByItself({ steps }: Change): string {
  const isBegun = steps.some(({ status }) => status !== 'waiting');
  return isBegun
    ? `Interrupted when Fourtuple was ended, and undone by itself. ${ALL_BEFORE}`
    : 'Interrupted when Fourtuple was ended, before anything was changed.';
}

function saySilence(): string {
  return sayDuration(SILENT_MS / 1000);
}

/** What is in force and what is not. */
export function sayRest(change: Change, present: readonly Present[]): string {
  const force = inForce(change.steps, present);
  const left = leftAlone(change.steps);
  const parts = [
    ...(force.length === 0 ? [] : [`Still in force: ${namesOf(change, force)}.`]),
    ...(left.length === 0
      ? []
      : [`Left alone, as it is neither as before nor as intended: ${namesOf(change, left)}.`]),
  ];
  return parts.length === 0 ? ALL_BEFORE : parts.join(' ');
}

export function sayJournal(failure: Failure | null): string {
  return failure === null ? '' : ` ${failureSentence(failure)}`;
}

export function titleOf({ plan }: Change, index: number): string {
  return plan.steps[index]?.title ?? `step ${index + 1}`;
}

function namesOf(change: Change, indexes: readonly number[]): string {
  return indexes.map((index) => titleOf(change, index)).join(', ');
}
