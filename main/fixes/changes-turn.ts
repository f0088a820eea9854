/** One change at work at a time: in this process, and by the journal's lock in any (hardening F9). */
import type { Change } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import { unavailable } from './changes-check.ts';
import { BUSY } from './journal-words.ts';
import type { ChangesMakings, Work } from './changes-makings.ts';
import type { ChangeRecord } from './changes-record.ts';

/** Milliseconds that a helper may take to end when all has to stop. */
const STOP_MS = 10_000;

export interface Started {
  work: Work;
  record: ChangeRecord;
}

export class Turn {
  #current: Started | null = null;
  #isStopping = false;
  readonly #makings: ChangesMakings;

  constructor(makings: ChangesMakings) {
    this.#makings = makings;
  }

  get current(): Started | null {
    return this.#current;
  }

  find(changeId: number): Started | null {
    return this.#current?.work.changeId === changeId ? this.#current : null;
  }

  /** Starts something under the lock, which is held until that has ended; then it is published once more. */
  take(begin: () => Outcome<Started>): Outcome<Change> {
    if (this.#current !== null || this.#isStopping) return this.#busy();
    const lock = this.#makings.journal.lock();
    if (!lock.ok) return lock;
    const begun = begin();
    if (!begun.ok) {
      lock.value.release();
      return begun;
    }
    const { work, record } = (this.#current = begun.value);
    void work.ended.then(() => {
      this.#current = null;
      lock.value.release();
      this.#makings.publish({ kind: 'updated', change: record.change });
    });
    return { ok: true, value: record.change };
  }

  /** One write under the lock. */
  write(write: () => Outcome<Change>): Outcome<Change> {
    if (this.#current !== null) return this.#busy();
    const lock = this.#makings.journal.lock();
    if (!lock.ok) return lock;
    try {
      return write();
    } finally {
      lock.value.release();
    }
  }

  /** Takes back what is at work and begins nothing more. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const current = this.#current;
    if (current === null) return;
    const stopTimer = this.#makings.setTimer(STOP_MS, () => current.work.cancel());
    current.work.undo('stop');
    await current.work.ended;
    stopTimer();
  }

  #busy(): { ok: false; failure: ReturnType<typeof unavailable>['failure'] } {
    const id = this.#current?.work.changeId;
    const why =
      id === undefined ? 'Fourtuple is ending' : `change ${id} is at work: keep it or take it back first`;
    return unavailable(BUSY, why);
  }
}
