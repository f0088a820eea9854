/** Samples that wait for a slow writer: when there are too many, every other one goes, so history gets coarser. */

/** A quarter of a minute at the usual pace; a summary is some 20 KB. */
const MAX_WAITING = 16;

export class SampleQueue<T> {
  #waiting: T[] = [];
  #missed = 0;

  get size(): number {
    return this.#waiting.length;
  }

  add(sample: T): void {
    this.#waiting.push(sample);
    if (this.#waiting.length <= MAX_WAITING) return;
    const before = this.#waiting.length;
    // The newest stays.
    this.#waiting = this.#waiting.filter((_, index) => (before - index) % 2 === 1);
    this.#missed += before - this.#waiting.length;
  }

  /** All that wait, oldest first, and how many had to go since the last time. */
  take(): { samples: T[]; missed: number } {
    const taken = { samples: this.#waiting, missed: this.#missed };
    this.#waiting = [];
    this.#missed = 0;
    return taken;
  }
}
