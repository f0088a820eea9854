/** Slows guessing (hardening W5): after five failures within a minute, attempts of everybody pass one a second. */

const MAX_FAILURES = 5;
const FAILURE_WINDOW_MS = 60_000;
const SLOW_SPACING_MS = 1000;
/** More than these waiting are turned away, so that a flood costs no memory. */
const MAX_WAITING = 5;

export class AttemptGate {
  readonly #now: () => number;
  #failuresAtMs: number[] = [];
  #nextSlotMs = 0;

  /** `now`: milliseconds of a clock that never steps back, or everybody would be locked out until it caught up. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Waits for its turn; false when too many wait already. */
  async enter(): Promise<boolean> {
    const nowMs = this.#now();
    this.#failuresAtMs = this.#failuresAtMs.filter((atMs) => nowMs - atMs < FAILURE_WINDOW_MS);
    if (this.#failuresAtMs.length < MAX_FAILURES) return true;
    const slotMs = Math.max(nowMs, this.#nextSlotMs);
    if (slotMs - nowMs > MAX_WAITING * SLOW_SPACING_MS) return false;
    this.#nextSlotMs = slotMs + SLOW_SPACING_MS;
    await new Promise((resolve) => setTimeout(resolve, slotMs - nowMs));
    return true;
  }

  failed(): void {
    this.#failuresAtMs = [...this.#failuresAtMs, this.#now()].slice(-MAX_FAILURES);
    if (this.#failuresAtMs.length === MAX_FAILURES)
      this.#nextSlotMs = Math.max(this.#nextSlotMs, this.#now() + SLOW_SPACING_MS);
  }
}
