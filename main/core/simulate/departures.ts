/** Moments at which ports come back. */

const FIRST_SIZE = 256;

/** A first-in first-out queue of (moment, pool); moments must not fall. Grows by doubling. */
export class DepartureQueue {
  #moments = new Float64Array(FIRST_SIZE);
  #pools = new Int32Array(FIRST_SIZE);
  #head = 0;
  #length = 0;

  /** The earliest moment, or Infinity when it is empty. */
  get first(): number {
    return this.#length === 0 ? Infinity : (this.#moments[this.#head] ?? Infinity);
  }

  push(moment: number, pool: number): void {
    if (this.#length === this.#moments.length) this.#grow();
    const at = (this.#head + this.#length++) & (this.#moments.length - 1);
    this.#moments[at] = moment;
    this.#pools[at] = pool;
  }

  /** Removes the earliest; gives its pool. */
  shift(): number {
    const pool = this.#pools[this.#head] ?? 0;
    this.#head = (this.#head + 1) & (this.#moments.length - 1);
    this.#length--;
    return pool;
  }

  #grow(): void {
    const size = this.#moments.length;
    const moments = new Float64Array(size * 2);
    const pools = new Int32Array(size * 2);
    for (let index = 0; index < size; index++) {
      const from = (this.#head + index) & (size - 1);
      moments[index] = this.#moments[from] ?? 0;
      pools[index] = this.#pools[from] ?? 0;
    }
    this.#moments = moments;
    this.#pools = pools;
    this.#head = 0;
  }
}
