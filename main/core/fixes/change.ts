/**
 * The nouns of a change: a plan that is carried out, as the journal keeps it. A change is written before anything is
 * done and again before each step; what is really so is read from the system (core/fixes/account.ts).
 */
import type { Plan } from './model.ts';

/**
 * How far it came, as last written.
 * prepared: nothing was done yet · applying: steps are being carried out · holding: all done and read back, undoes
 * itself when its time is over · kept: the person chose to keep it · undoing: being taken back · undone: all is as
 * before · failed: a step failed, and what was done has been taken back · refused: a value was not as planned, nothing
 * was changed · left: something could not be put back or is someone else's now, and stays as it is.
 */
export type ChangePhase =
  'prepared' | 'applying' | 'holding' | 'kept' | 'undoing' | 'undone' | 'failed' | 'refused' | 'left';

/** Phases in which a process is at work on it; found in the journal without one, the change was interrupted. */
export const OPEN_PHASES: readonly ChangePhase[] = ['prepared', 'applying', 'holding', 'undoing'];

/** waiting: not begun · started: written before it is done · done: done and read back · undone · left: see above. */
export type StepStatus = 'waiting' | 'started' | 'done' | 'undone' | 'left';

export interface ChangeStep {
  status: StepStatus;
  /** Epoch milliseconds of the last change of status; null while waiting. */
  atMs: number | null;
  /** What there is to say: the value that was found instead, the exit status; null when nothing. */
  note: string | null;
}

/** Where a change holds: settings of a network namespace count in that one only. */
export interface Place {
  /** Identifies this run of the system: a change that does not outlast it is void in another. Null when not known. */
  bootId: string | null;
  /** Linux: the network namespace, "net:[4026531840]"; null elsewhere. */
  networkNamespace: string | null;
}

export interface Change {
  /** Counts from 1, never used twice. */
  id: number;
  /** As previewed, whole. */
  plan: Plan;
  /** Of the plan's canonical JSON (hardening F1): SHA-256, hexadecimal. */
  planHash: string;
  place: Place;
  /** "root", "uid 1000". */
  asUser: string;
  /** Epoch milliseconds. */
  preparedAtMs: number;
  /** Seconds after which it undoes itself unless it is kept; null: it is kept at once. */
  undoAfterSeconds: number | null;
  phase: ChangePhase;
  /** Epoch milliseconds at which `phase` began. */
  phaseAtMs: number;
  /** One for each step of the plan. */
  steps: readonly ChangeStep[];
  /** Epoch milliseconds at which it undoes itself; null when it does not. */
  undoesAtMs: number | null;
  /** One sentence: how it ended, or what is the matter; null when there is nothing to add. */
  sentence: string | null;
  /** Figures of its pool just before; null when there was no sample. */
  before: PoolFigures | null;
  /** Figures measured after it; null until there are some. */
  after: PoolFigures | null;
}

/** A pool as it was at one moment, or over the seconds that were measured. */
export interface PoolFigures {
  /** Epoch milliseconds of the (last) sample. */
  atMs: number;
  /** Seconds of samples behind it; 0 is one sample. */
  overSeconds: number;
  poolKey: string;
  /** "10.0.3.12:443". */
  target: string;
  capacity: number;
  used: number;
  timeWait: number;
  /** Ports of closed connections that connect() takes again at once. */
  reusable: number;
  /** Null when not known, here and below. */
  opensPerSecond: number | null;
  sustainableRatePerSecond: number | null;
  /** Seconds until it is full; null: it does not run out, or it cannot be said. */
  runsOutInSeconds: number | null;
  /** Whether connect() fails for want of a port, from what the sample shows. */
  isFull: boolean;
}

/** What a step's target is now, beside what was before and what was intended. */
export type StepState =
  | 'before'
  | 'after'
  /** Neither: somebody else changed it. */
  | 'other'
  | 'unknown'
  /** It was gone with the last restart of the system, the end of its process or of its namespace. */
  | 'void'
  /** A command without a value to compare. */
  | 'no-value';
