/** What became of a change: what the journal says of it, held against what is so. Pure. */
import type { Change, Place, StepState } from './change.ts';
import type { Known } from './model.ts';

/** A change with what was read from the system: what is so, beside what the journal says. */
export interface ChangeAccount {
  change: Change;
  /** For each step: what its target is now, and which side of the change that is. */
  present: readonly { known: Known; state: StepState }[];
  /** A process was at work on it and is gone: the person is asked to finish or undo. */
  isInterrupted: boolean;
  canFinish: boolean;
  canUndo: boolean;
  /** One sentence, or two where there is something to do. */
  sentence: string;
}

/** How a sentence says a moment (epoch milliseconds); null leaves it out, as the core knows no time zone. */
export type SayMoment = ((atMs: number) => string) | null;

/**
 * The account of `change`. `present` has what readPresent found for each step of its plan, in order; `place` is where
 * we are; `isOwnerAlive` says whether a process is at work on it now.
 */
export function accountOf(
  change: Change,
  present: readonly Known[],
  _place: Place,
  _isOwnerAlive: boolean,
  _sayMoment: SayMoment = null,
): ChangeAccount {
  return {
    change,
    present: present.map((known) => ({ known, state: 'unknown' })),
    isInterrupted: false,
    canFinish: false,
    canUndo: false,
    sentence: '',
  };
}
