/** Calls sent to a child that wait for their answer. Each is settled once: answer, time out, or the child's end. */
import type { Failure, Outcome } from '../core/model.ts';

/** Milliseconds a child has for one answer; an ordinary one takes a few. */
export const CALL_TIMEOUT_MS = 10_000;

interface PendingCall {
  settle(outcome: Outcome<unknown>): void;
}

export class PendingCalls {
  readonly #pending = new Map<number, PendingCall>();
  readonly #whom: string;
  #nextId = 1;

  /** `whom`: who is asked, in sentences: "the sampler". */
  constructor(whom: string) {
    this.#whom = whom;
  }

  /** Hands a new id to `send` and answers what settle() or failAll() later say for it. */
  start(what: string, send: (id: number) => void, timeoutMs = CALL_TIMEOUT_MS): Promise<Outcome<unknown>> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const settle = (outcome: Outcome<unknown>) => {
        clearTimeout(timer);
        this.#pending.delete(id);
        resolve(outcome);
      };
      const timer = setTimeout(
        () => settle({ ok: false, failure: this.#lateFailure(what, timeoutMs) }),
        timeoutMs,
      );
      this.#pending.set(id, { settle });
      send(id);
    });
  }

  /** Settles one call; an answer to a dropped id is ignored. */
  settle(id: number, outcome: Outcome<unknown>): void {
    this.#pending.get(id)?.settle(outcome);
  }

  failAll(failure: Failure): void {
    for (const call of [...this.#pending.values()]) call.settle({ ok: false, failure });
  }

  get size(): number {
    return this.#pending.size;
  }

  #lateFailure(what: string, timeoutMs: number): Failure {
    const why = `${this.#whom} did not answer within ${timeoutMs / 1000} s`;
    return { code: 'unavailable', what, why };
  }
}
