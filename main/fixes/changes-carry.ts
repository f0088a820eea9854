/** Carries a change out with a helper that speaks: journal first, then "go"; holds it until it is kept or undone. */
import type { Change, ChangePhase } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import { meaningOf, type Meaning, type Present } from './changes-end.ts';
import type { ChangesMakings, UndoReason, Work } from './changes-makings.ts';
import type { ChangeRecord } from './changes-record.ts';
import { Patience } from './changes-patience.ts';
import { HelperSession } from './changes-session.ts';
import { settle } from './changes-settle.ts';
import {
  sayFailed,
  sayJournal,
  sayLost,
  sayRefused,
  sayRest,
  sayStuck,
  sayTakenBack,
} from './changes-words.ts';
import type { HelperCommand, HelperEnd, HelperMessage } from './helper.ts';
import { sayHelperEnd } from './rights.ts';

export class Carrying implements Work {
  readonly changeId: number;
  readonly ended: Promise<void>;
  readonly #record: ChangeRecord;
  readonly #makings: ChangesMakings;
  /** As it was found: of an interrupted change that is finished, else 'prepared'. */
  readonly #stay: ChangePhase;
  readonly #patience: Patience;
  #session: HelperSession | null = null;
  #resolve: () => void = () => undefined;
  #stopTimer: () => void = () => undefined;
  #reason: UndoReason | null = null;
  #failedStep: number | null = null;
  #refusedStep: number | null = null;

  private constructor(record: ChangeRecord, makings: ChangesMakings, stay: ChangePhase) {
    this.changeId = record.change.id;
    this.#record = record;
    this.#makings = makings;
    this.#stay = stay;
    this.#patience = new Patience(makings, {
      end: () => this.#session?.cancel(),
      giveUp: () => record.set({ sentence: sayStuck() }),
    });
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Failure: the helper could not be started. */
  static start(
    record: ChangeRecord,
    command: HelperCommand,
    makings: ChangesMakings,
    stay: ChangePhase,
  ): Outcome<Work> {
    const work = new Carrying(record, makings, stay);
    const started = HelperSession.start(makings.startHelper, command, {
      message: (message) => work.#heard(message),
      printed: (bytes) => {
        work.#patience.heard();
        makings.publish({ kind: 'printed', changeId: work.changeId, bytes });
      },
      ended: (end) => void work.#over(end),
    });
    if (!started.ok) return started;
    work.#session = started.value;
    return { ok: true, value: work };
  }

  keep(): boolean {
    if (this.#record.change.phase !== 'holding' || this.#reason !== null) return false;
    this.#stopTimer();
    this.#session?.say({ kind: 'keep' });
    return true;
  }

  undo(reason: UndoReason): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.#stopTimer();
    if (!this.#session?.hasRights) return this.#session?.cancel();
    this.#record.phase('undoing', { undoesAtMs: null });
    this.#session.say({ kind: 'undo' });
    this.#patience.expect();
  }

  cancel(): void {
    this.#reason ??= 'stop';
    this.#session?.cancel();
  }

  type(bytes: Uint8Array): boolean {
    return this.#session?.type(bytes) ?? false;
  }

  resize(columns: number, rows: number): boolean {
    return this.#session?.resize(columns, rows) ?? false;
  }

  #heard(message: HelperMessage): void {
    const record = this.#record;
    this.#patience.heard();
    switch (message.kind) {
      case 'ready':
        return this.#must(record.phase('applying'));
      case 'begin':
        return this.#begin(message.step);
      case 'done':
        return this.#must(record.step(message.step - 1, { status: 'done', note: null }));
      case 'holding':
        return this.#hold();
      case 'refused':
        this.#refusedStep = message.step - 1;
        return;
      case 'failed':
        this.#failedStep = message.step - 1;
        record.phase('undoing', {
          steps: record.stepsWith(message.step - 1, { note: sayStatus(message.status) }),
        });
        this.#patience.expect();
        return;
      case 'undone':
        record.step(message.step - 1, { status: 'undone' });
        return;
      case 'left':
        record.step(message.step - 1, { status: 'left' });
        return;
      case 'kept':
        // Written at its end, which follows at once.
        return;
    }
  }

  /** Who has been told to undo hears it at its next question. */
  #begin(step: number): void {
    if (this.#reason !== null) return;
    if (this.#record.change.steps[step - 1] === undefined) return this.undo('confused');
    const isWritten = this.#record.step(step - 1, { status: 'started', note: null });
    if (isWritten) this.#session?.say({ kind: 'go', step });
    else this.undo('journal');
  }

  #hold(): void {
    const { undoAfterSeconds } = this.#record.change;
    if (this.#reason !== null) return;
    if (undoAfterSeconds === null) return this.#session?.say({ kind: 'keep' });
    const afterMs = undoAfterSeconds * 1000;
    const undoesAtMs = this.#makings.now() + afterMs;
    if (!this.#record.phase('holding', { undoesAtMs })) return this.undo('journal');
    this.#stopTimer = this.#makings.setTimer(afterMs, () => this.undo('time'));
  }

  /** Nothing goes on that is not written down. */
  #must(isWritten: boolean): void {
    if (!isWritten) this.undo('journal');
  }

  async #over(end: HelperEnd): Promise<void> {
    this.#stopTimer();
    this.#patience.over();
    const hadRights = this.#session?.hasRights ?? false;
    const meaning = meaningOf(end, hadRights, 'hold');
    try {
      await settle(this.#record, this.#makings, {
        meaning,
        failedStep: this.#failedStep,
        untouched: this.#failedStep ?? this.#refusedStep,
        // What a killed shell was running has ended with its output; behind sudo the shell may have outlived what was killed.
        mayWork: end.kind === 'failed' || this.#makings.rights.way !== 'none',
        stay: this.#record.change.phase === 'prepared' ? this.#stay : this.#record.change.phase,
        sentence: (change, present, phase) => this.#say(change, present, { end, meaning, phase }),
      });
    } finally {
      this.#resolve();
    }
  }

  #say(
    change: Change,
    present: readonly Present[],
    { end, meaning, phase }: { end: HelperEnd; meaning: Meaning; phase: ChangePhase | null },
  ): string | null {
    switch (meaning) {
      case 'after':
        return this.#record.failure === null ? null : sayJournal(this.#record.failure).trim();
      case 'before':
      case 'left':
        if (this.#failedStep !== null) return sayFailed(change, this.#failedStep, present);
        if (phase === 'left') return sayRest(change, present);
        return sayTakenBack(change, this.#reason, this.#record.failure, end);
      case 'refused':
        return sayRefused(change, this.#refusedStep, present);
      case 'none':
        return this.#reason === null
          ? sayHelperEnd(this.#makings.rights.way, end, false, this.#session?.asked)
          : 'Stopped before it had the rights. Nothing was changed.';
      case 'lost':
        return sayLost(change, end, present, this.#patience.wasLost);
    }
  }
}

function sayStatus(status: number): string {
  return status === 0 ? 'it is not as planned any more, or reads back otherwise' : `exit status ${status}`;
}
