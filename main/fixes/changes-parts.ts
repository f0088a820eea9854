/** What carries changes out, for those who use it (main/workbench, main/commands); main/fixes/changes.ts does it. */
import type { ChangeAccount } from '../core/fixes/account.ts';
import type { Change, ChangePhase, PoolFigures } from '../core/fixes/change.ts';
import type { Plan } from '../core/fixes/model.ts';
import type { Outcome } from '../core/model.ts';

export type ChangesEvent =
  | { kind: 'updated'; change: Change }
  /** What the helper printed for the person, its protocol left out; may end within a line (a password prompt). */
  | { kind: 'printed'; changeId: number; bytes: Uint8Array };

export interface ApplyRequest {
  plan: Plan;
  /** Of the plan that the person saw; another one is refused (hardening F1). */
  planHash: string;
  /** Null: kept at once. */
  undoAfterSeconds: number | null;
  before: PoolFigures | null;
}

export interface Changes {
  /** Every change of the journal, oldest first, with what is so now. */
  accounts(): Promise<Outcome<ChangeAccount[]>>;
  /** Why nothing can be applied now, as a sentence; null when it can. */
  obstacle(): string | null;
  /** Writes the change down and starts the helper. Failures: invalid plan or hash, journal, lock, missing rights. */
  apply(request: ApplyRequest): Outcome<Change>;
  /** Keeps a change that holds. */
  keep(changeId: number): Outcome<Change>;
  /** Takes a change back: one that is at work stops and takes back; one of the past, wholly or the steps named. */
  undo(changeId: number, steps: readonly number[] | null): Promise<Outcome<Change>>;
  /** Carries out what an interrupted change has left to do; then it holds as a new one does. */
  finish(changeId: number): Promise<Outcome<Change>>;
  /**
   * Writes down which interrupted changes are over: nothing of them is in force any more, now and a moment later, because
   * their helper has put it back. Gives them as written; what may be in force still, or come to be, stays as it is.
   */
  settle(): Promise<Change[]>;
  /** Figures measured after it; kept in the journal when it comes to an end. */
  measured(changeId: number, after: PoolFigures): void;
  /** True when a helper is there to hear it. */
  type(changeId: number, bytes: Uint8Array): boolean;
  resize(changeId: number, columns: number, rows: number): boolean;
  /** The change at work in this process, or null. */
  atWork(): { changeId: number; phase: ChangePhase } | null;
  /** Stops what is at work (it is taken back) and resolves when it has ended. */
  stop(): Promise<void>;
}
