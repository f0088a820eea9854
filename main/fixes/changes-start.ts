/** Starts what carries a change out or takes it back; a helper that cannot be started is written down, too. */
import type { Change, ChangePhase } from '../core/fixes/change.ts';
import type { Plan } from '../core/fixes/model.ts';
import type { Failure, Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import { Carrying } from './changes-carry.ts';
import { commandFor } from './changes-check.ts';
import type { ChangesMakings, UndoReason } from './changes-makings.ts';
import type { ApplyRequest } from './changes-parts.ts';
import { partOf, type LookBack } from './changes-past.ts';
import { ChangeRecord } from './changes-record.ts';
import { SilentCarrying } from './changes-silent.ts';
import { TakingBack } from './changes-take-back.ts';
import type { Started } from './changes-turn.ts';
import type { HelperCommand } from './helper.ts';

/** Seconds that the helper's own clock runs longer than ours, which can say why it takes back. */
const FALLBACK_SECONDS = 5;
/** What is kept at once is kept by a word of ours, too: when all of it is written down. */
const KEEP_WITHIN_SECONDS = 30;

export function holdCommand(
  plan: Plan,
  undoAfterSeconds: number | null,
  makings: ChangesMakings,
): Outcome<HelperCommand> {
  const seconds = undoAfterSeconds === null ? KEEP_WITHIN_SECONDS : undoAfterSeconds + FALLBACK_SECONDS;
  return commandFor(plan, { kind: 'hold', seconds }, makings);
}

/** Written under the next number, and on the disk, before anything is started. */
export function writeDown(
  { plan, planHash, undoAfterSeconds, before }: ApplyRequest,
  { journal, place, asUser, now, publish }: ChangesMakings,
): Outcome<Change> {
  const added = journal.add({
    plan,
    planHash,
    place: place(),
    asUser,
    preparedAtMs: now(),
    undoAfterSeconds,
    phase: 'prepared',
    phaseAtMs: now(),
    steps: plan.steps.map(() => ({ status: 'waiting', atMs: null, note: null })),
    undoesAtMs: null,
    sentence: null,
    before,
    after: null,
  });
  if (added.ok) publish({ kind: 'updated', change: added.value });
  return added;
}

/** `stay` is the phase of a change that is finished, else 'prepared'. */
export function carry(
  change: Change,
  command: HelperCommand,
  stay: ChangePhase,
  makings: ChangesMakings,
): Outcome<Started> {
  const record = new ChangeRecord(change, makings);
  const all = change.steps.map((_, index) => index);
  const started = command.speaks
    ? Carrying.start(record, command, makings, stay)
    : SilentCarrying.start(record, makings, {
        command,
        stay,
        takeBack: (reason) =>
          startTakeBack(record, { indexes: all, plan: change.plan, reason, stay: 'left' }, makings),
      });
  if (started.ok) return { ok: true, value: { work: started.value, record } };
  record.phase(stay === 'prepared' ? 'failed' : stay, {
    steps: change.steps,
    sentence: sayNotStarted(started.failure),
  });
  return started;
}

/** Takes steps of a past change back: written as 'undoing' first. `plan` is its own, as it can be taken back now. */
export function takeBack(
  change: Change,
  { indexes, plan }: Pick<LookBack, 'indexes' | 'plan'>,
  makings: ChangesMakings,
): Outcome<Started> {
  const record = new ChangeRecord(change, makings);
  const { phase: stay } = change;
  if (!record.phase('undoing', { undoesAtMs: null, sentence: null }) && record.failure !== null) {
    return { ok: false, failure: record.failure };
  }
  const started = startTakeBack(record, { indexes, plan, reason: 'asked', stay }, makings);
  if (started.ok) return { ok: true, value: { work: started.value, record } };
  record.phase(stay, { sentence: sayNotStarted(started.failure) });
  return started;
}

interface Back {
  indexes: readonly number[];
  plan: Plan;
  reason: UndoReason;
  stay: ChangePhase;
}

/** Actions have nothing to take back. */
function startTakeBack(
  record: ChangeRecord,
  back: Back,
  makings: ChangesMakings,
): ReturnType<typeof TakingBack.start> {
  const { plan } = back;
  const indexes = back.indexes.filter((index) => plan.steps[index]?.target.kind !== 'action');
  const command = commandFor(partOf(plan, indexes), { kind: 'take-back' }, makings);
  if (!command.ok) return command;
  return TakingBack.start(record, makings, { ...back, indexes, command: command.value });
}

function sayNotStarted(failure: Failure): string {
  return `Nothing was changed: the helper could not be started. ${failureSentence(failure)}`;
}
