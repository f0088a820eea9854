/** What carrying changes out is made of, passed in by who uses it. */
import type { SayMoment } from '../core/fixes/account.ts';
import type { Place } from '../core/fixes/change.ts';
import type { Known, Plan } from '../core/fixes/model.ts';
import type { ChangesEvent } from './changes-parts.ts';
import type { RightsWay, StartHelper } from './helper.ts';
import type { Journal } from './journal-parts.ts';

export interface ChangesMakings {
  journal: Journal;
  startHelper: StartHelper;
  /** How rights are had here (chooseRights of rights.ts); `obstacle` is a sentence. */
  rights: { way: RightsWay; obstacle: string | null };
  /** What the target of each step is now, in their order (present.ts). */
  readPresent(plan: Pick<Plan, 'system' | 'steps'>): Promise<Known[]>;
  /** Where we are: this run of the system, this network namespace (present.ts). */
  place(): Place;
  /** "root", "uid 1000". */
  asUser: string;
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `run` once after so many milliseconds unless the function it gives is called before. */
  setTimer(milliseconds: number, run: () => void): () => void;
  /** Also once when nothing is at work on a change any more. */
  publish(event: ChangesEvent): void;
  /** How an account says a moment; without it, moments are left out. */
  sayMoment?: SayMoment;
  /** Milliseconds that a helper which was lost may take to put things back; default 3000. */
  settleMs?: number;
}

/** Why something is being taken back. */
export type UndoReason =
  /** A person asked. */
  | 'asked'
  /** Nobody kept it in time. */
  | 'time'
  /** The journal could not be written. */
  | 'journal'
  /** This process ends. */
  | 'stop'
  /** The helper said what does not fit the plan. */
  | 'confused';

/** A change that a helper is at work on. */
export interface Work {
  readonly changeId: number;
  /** False when it cannot be kept now. */
  keep(): boolean;
  undo(reason: UndoReason): void;
  /** Ends the helper, whatever it does; it takes back what it can. */
  cancel(): void;
  type(bytes: Uint8Array): boolean;
  resize(columns: number, rows: number): boolean;
  /** When nothing of it is left running and its end is written down. */
  readonly ended: Promise<void>;
}
