/** Writes down how a change ended, from what the system says and not from what was heard last. */
import { setTimeout as pause } from 'node:timers/promises';
import { accountOf } from '../core/fixes/account.ts';
import type { Change, ChangePhase } from '../core/fixes/change.ts';
import { endPhase, inForce, settledSteps, type Meaning, type Present } from './changes-end.ts';
import type { ChangesMakings } from './changes-makings.ts';
import type { ChangeRecord } from './changes-record.ts';

const SETTLE_MS = 3000;
const LOOK_EVERY_MS = 100;

type Reading = Pick<ChangesMakings, 'readPresent' | 'place'>;

/** What each step's target is now, and which side of the change that is. */
export async function readStates(change: Change, makings: Reading): Promise<readonly Present[]> {
  const known = await makings.readPresent(change.plan);
  return accountOf(change, known, makings.place(), true).present;
}

export interface Settling {
  meaning: Meaning;
  /** A step that could not be carried out, index from 0. */
  failedStep: number | null;
  /** The step that was stopped at: a value of someone else there was never ours. */
  untouched: number | null;
  /** What was lost may still be at work: it puts things back by itself, and that is waited for. */
  mayWork: boolean;
  /** The phase to go back to where nothing has come to an end. */
  stay: ChangePhase;
  /** Says it; `phase` is null where the change stays interrupted. */
  sentence(change: Change, present: readonly Present[], phase: ChangePhase | null): string | null;
}

/** Reads, then writes steps, phase and sentence; gives the phase. */
export async function settle(
  record: ChangeRecord,
  makings: Reading & Pick<ChangesMakings, 'now' | 'settleMs'>,
  { meaning, failedStep, untouched, mayWork, stay, sentence }: Settling,
): Promise<ChangePhase> {
  const present =
    meaning === 'lost' && mayWork
      ? await awaitQuiet(record.change, makings)
      : await readStates(record.change, makings);
  const steps = settledSteps(record.change.steps, present, { meaning, untouched, atMs: makings.now() });
  const phase = endPhase(meaning, steps, present, failedStep !== null);
  const change = { ...record.change, steps };
  record.phase(phase ?? stay, { steps, undoesAtMs: null, sentence: sentence(change, present, phase) });
  return phase ?? stay;
}

/** A helper whose terminal is gone puts things back by itself; it may still be at it. */
async function awaitQuiet(
  change: Change,
  makings: Reading & Pick<ChangesMakings, 'settleMs'>,
): Promise<readonly Present[]> {
  const looks = Math.ceil((makings.settleMs ?? SETTLE_MS) / LOOK_EVERY_MS);
  for (let look = 0; ; look++) {
    const present = await readStates(change, makings);
    if (look >= looks || inForce(change.steps, present).length === 0) return present;
    await pause(LOOK_EVERY_MS);
  }
}
