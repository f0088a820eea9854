/** How fast one page may send (hardening W8): 20 messages a second, with a burst for opening a screen. */

const MESSAGES_PER_SECOND = 20;
const BURST = 40;

export class MessageRate {
  readonly #now: () => number;
  #tokens = BURST;
  #filledAtMs: number;

  /** `now`: milliseconds of a clock that never steps back. */
  constructor(now: () => number) {
    this.#now = now;
    this.#filledAtMs = now();
  }

  /** 0 and one message is spent, or the milliseconds until the next one may pass. */
  take(): number {
    const nowMs = this.#now();
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#tokens = Math.min(BURST, this.#tokens + (elapsedMs * MESSAGES_PER_SECOND) / 1000);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * 1000) / MESSAGES_PER_SECOND);
    this.#tokens -= 1;
    return 0;
  }
}
