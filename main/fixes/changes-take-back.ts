/** Takes steps of a change back with a helper of their own. */
import type { ChangePhase } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import { inForce, leftAlone, meaningOf, settledSteps, type Meaning, type Present } from './changes-end.ts';
import type { ChangesMakings, UndoReason, Work } from './changes-makings.ts';
import type { ChangeRecord } from './changes-record.ts';
import { Patience } from './changes-patience.ts';
import { HelperSession } from './changes-session.ts';
import { readStates } from './changes-settle.ts';
import { sayLost, sayRest, sayStuck, sayTakenBack } from './changes-words.ts';
import type { HelperCommand, HelperEnd, HelperMessage } from './helper.ts';
import { sayHelperEnd } from './rights.ts';

export interface TakeBackPlan {
  command: HelperCommand;
  /** Steps of the change that the script has, in its order, as indexes from 0. */
  indexes: readonly number[];
  reason: UndoReason;
  /** The phase where something stays in force: the one before. */
  stay: ChangePhase;
}

export class TakingBack implements Work {
  readonly changeId: number;
  readonly ended: Promise<void>;
  readonly #record: ChangeRecord;
  readonly #makings: ChangesMakings;
  readonly #plan: TakeBackPlan;
  readonly #patience: Patience;
  #session: HelperSession | null = null;
  #resolve: () => void = () => undefined;

  private constructor(record: ChangeRecord, makings: ChangesMakings, plan: TakeBackPlan) {
    this.changeId = record.change.id;
    this.#record = record;
    this.#makings = makings;
    this.#plan = plan;
    this.#patience = new Patience(makings, {
      end: () => this.#session?.cancel(),
      giveUp: () => record.set({ sentence: sayStuck() }),
    });
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** The journal has it as 'undoing' already. Failure: the helper could not be started. */
  static start(record: ChangeRecord, makings: ChangesMakings, plan: TakeBackPlan): Outcome<Work> {
    const work = new TakingBack(record, makings, plan);
    const started = HelperSession.start(makings.startHelper, plan.command, {
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
    return false;
  }

  /** It is at it. */
  undo(): void {}

  cancel(): void {
    this.#session?.cancel();
  }

  type(bytes: Uint8Array): boolean {
    return this.#session?.type(bytes) ?? false;
  }

  resize(columns: number, rows: number): boolean {
    return this.#session?.resize(columns, rows) ?? false;
  }

  /** Before the first word a person may still be asked for the rights: that takes as long as it takes. */
  #heard(message: HelperMessage): void {
    this.#patience.expect();
    if (message.kind !== 'undone' && message.kind !== 'left') return;
    const index = this.#plan.indexes[message.step - 1];
    if (index !== undefined) this.#record.step(index, { status: message.kind });
  }

  async #over(end: HelperEnd): Promise<void> {
    try {
      await this.#settle(end);
    } finally {
      this.#resolve();
    }
  }

  async #settle(end: HelperEnd): Promise<void> {
    this.#patience.over();
    const { command, reason } = this.#plan;
    const hadRights = this.#session?.hasRights === true || (!command.speaks && end.kind === 'exited');
    const meaning = meaningOf(end, hadRights, 'take-back');
    const present = await readStates(this.#record.change, this.#makings);
    const steps = settledSteps(this.#record.change.steps, present, {
      meaning,
      untouched: null,
      atMs: this.#makings.now(),
    });
    const change = { ...this.#record.change, steps };
    const isInForce = inForce(steps, present).length > 0;
    const phase = isInForce
      ? this.#unfinished(meaning, present)
      : leftAlone(steps).length > 0
        ? 'left'
        : 'undone';
    const { failure } = this.#record;
    const rest = () =>
      phase === 'undone' ? sayTakenBack(change, reason, failure, end) : sayRest(change, present);
    const sentence =
      meaning === 'none'
        ? `${sayHelperEnd(this.#makings.rights.way, end, false, this.#session?.asked)} ${sayRest(change, present)}`
        : meaning === 'lost'
          ? sayLost(change, end, present, this.#patience.wasLost)
          : rest();
    this.#record.phase(phase, { steps, undoesAtMs: null, sentence });
  }

  /** Half of it taken back and then lost is interrupted; else it stays what it was. */
  #unfinished(meaning: Meaning, present: readonly Present[]): ChangePhase {
    const { indexes, stay } = this.#plan;
    const isBegun = indexes.some((index) => present[index]?.state !== 'after');
    return meaning === 'lost' && isBegun ? 'undoing' : stay;
  }
}
