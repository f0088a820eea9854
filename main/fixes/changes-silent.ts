/**
 * Carries a change out with a helper that has no terminal to speak over (UAC, osascript): it is heard of again when it
 * has ended, so each way, there and back, is a helper of its own.
 */
import type { ChangePhase } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import { meaningOf, type Meaning } from './changes-end.ts';
import type { ChangesMakings, UndoReason, Work } from './changes-makings.ts';
import type { ChangeRecord } from './changes-record.ts';
import { HelperSession } from './changes-session.ts';
import { readStates, settle } from './changes-settle.ts';
import { sayFailed, sayLost, sayRefused, sayRest } from './changes-words.ts';
import type { HelperCommand, HelperEnd } from './helper.ts';
import { sayHelperEnd } from './rights.ts';

export interface SilentWays {
  command: HelperCommand;
  /** Starts taking all of it back. */
  takeBack(reason: UndoReason): Outcome<Work>;
  stay: ChangePhase;
}

/** Exit statuses of the script; any other is of who asks for the rights. */
const SCRIPT_STATUSES: readonly number[] = [0, 1, 2, 3];

export class SilentCarrying implements Work {
  readonly changeId: number;
  readonly ended: Promise<void>;
  readonly #record: ChangeRecord;
  readonly #makings: ChangesMakings;
  readonly #ways: SilentWays;
  #session: HelperSession | null = null;
  #back: Work | null = null;
  #reason: UndoReason | null = null;
  #resolve: () => void = () => undefined;
  #stopTimer: () => void = () => undefined;

  private constructor(record: ChangeRecord, makings: ChangesMakings, ways: SilentWays) {
    this.changeId = record.change.id;
    this.#record = record;
    this.#makings = makings;
    this.#ways = ways;
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Every step is written as started: which one is being done cannot be heard. Failure: it could not be started. */
  static start(record: ChangeRecord, makings: ChangesMakings, ways: SilentWays): Outcome<Work> {
    const work = new SilentCarrying(record, makings, ways);
    const atMs = makings.now();
    const steps = record.change.steps.map((step) => ({ ...step, status: 'started' as const, atMs }));
    if (!record.phase('applying', { steps }) && record.failure !== null) {
      return { ok: false, failure: record.failure };
    }
    const started = HelperSession.start(makings.startHelper, ways.command, {
      message: () => undefined,
      printed: (bytes) => makings.publish({ kind: 'printed', changeId: work.changeId, bytes }),
      ended: (end) => void work.#applied(end),
    });
    if (!started.ok) return started;
    work.#session = started.value;
    return { ok: true, value: work };
  }

  keep(): boolean {
    if (this.#record.change.phase !== 'holding' || this.#back !== null) return false;
    this.#stopTimer();
    this.#record.phase('kept', { undoesAtMs: null, sentence: null });
    this.#resolve();
    return true;
  }

  /** While the first helper runs, it is taken back when that has ended. */
  undo(reason: UndoReason): void {
    this.#reason ??= reason;
    if (this.#record.change.phase === 'holding' && this.#back === null) this.#takeBack(this.#reason);
  }

  cancel(): void {
    this.#reason ??= 'stop';
    (this.#back ?? this.#session)?.cancel();
  }

  type(bytes: Uint8Array): boolean {
    return (this.#back ?? this.#session)?.type(bytes) ?? false;
  }

  resize(columns: number, rows: number): boolean {
    return (this.#back ?? this.#session)?.resize(columns, rows) ?? false;
  }

  async #applied(end: HelperEnd): Promise<void> {
    const isOfScript = end.kind === 'exited' && SCRIPT_STATUSES.includes(end.exitCode ?? -1);
    const meaning = meaningOf(end, isOfScript, 'hold');
    if (meaning === 'after' && (await this.#hold())) return;
    try {
      await this.#settle(end, meaning);
    } finally {
      this.#resolve();
    }
  }

  /** True when it holds, or is being taken back already. */
  async #hold(): Promise<boolean> {
    const { change } = this.#record;
    const present = await readStates(change, this.#makings);
    if (present.some(({ state }) => state === 'before' || state === 'other')) return false;
    const atMs = this.#makings.now();
    const steps = change.steps.map((step) => ({ ...step, status: 'done' as const, atMs }));
    const { undoAfterSeconds } = change;
    if (undoAfterSeconds === null) {
      this.#record.phase('kept', { steps, undoesAtMs: null });
      this.#resolve();
      return true;
    }
    const afterMs = undoAfterSeconds * 1000;
    const isWritten = this.#record.phase('holding', { steps, undoesAtMs: atMs + afterMs });
    if (!isWritten) this.#reason ??= 'journal';
    if (this.#reason !== null) this.#takeBack(this.#reason);
    else this.#stopTimer = this.#makings.setTimer(afterMs, () => this.undo('time'));
    return true;
  }

  #takeBack(reason: UndoReason): void {
    this.#stopTimer();
    this.#record.phase('undoing', { undoesAtMs: null });
    const started = this.#ways.takeBack(reason);
    if (started.ok) {
      this.#back = started.value;
      void started.value.ended.then(this.#resolve);
      return;
    }
    const end: HelperEnd = { kind: 'failed', failure: started.failure };
    void this.#settle(end, 'lost').finally(this.#resolve);
  }

  async #settle(end: HelperEnd, meaning: Meaning): Promise<void> {
    const { change } = this.#record;
    const failedAt = change.steps.findIndex(({ status }) => status === 'started');
    const failedStep = end.kind === 'exited' && end.exitCode === 1 ? failedAt : null;
    await settle(this.#record, this.#makings, {
      meaning: meaning === 'after' ? 'lost' : meaning,
      failedStep,
      untouched: null,
      mayWork: false,
      stay: meaning === 'none' ? this.#ways.stay : change.phase,
      sentence: (now, present) => {
        if (meaning === 'none')
          return sayHelperEnd(this.#makings.rights.way, end, false, this.#session?.asked);
        if (meaning === 'refused') return sayRefused(now, null, present);
        if (meaning === 'left') return sayRest(now, present);
        return meaning === 'before' ? sayFailed(now, null, present) : sayLost(now, end, present);
      },
    });
  }
}
