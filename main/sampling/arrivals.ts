/** New connections, and how many are open, counted dump by dump over the last seconds, for each pool. */

/** The longest past that is averaged, and the shortest that is believed. */
const WINDOW_MS = 10_000;
const SHORTEST_SECONDS = 2;

export interface Step {
  atMs: number;
  seconds: number;
  counts: ReadonlyMap<string, number>;
  /** Open connections at the beginning of the step. */
  liveBefore: ReadonlyMap<string, number>;
}

export interface RecentArrivals {
  /** New 4-tuples, closed since or not. */
  count: number;
  seconds: number;
  /** Open connections when the time began. */
  liveBefore: number;
}

export class Arrivals {
  private steps: Step[] = [];

  /** One interval between two dumps: the new 4-tuples of each pool in it, and what was open when it began. */
  add(step: Step): void {
    const { atMs } = step;
    this.steps.push(step);
    while ((this.steps[0]?.atMs ?? atMs) <= atMs - WINDOW_MS) this.steps.shift();
  }

  /** Forgets everything: after a gap the past says nothing of the present. */
  reset(): void {
    this.steps = [];
  }

  /**
   * Arrivals of a pool over the recent past, or null before the second dump. Goes back as long as the counts agree
   * with each other, so that a client that started or stopped is seen within two seconds.
   */
  of(key: string): RecentArrivals | null {
    if (this.steps.length === 0) return null;
    let count = 0;
    let seconds = 0;
    let liveBefore = 0;
    for (const step of this.steps.toReversed()) {
      const arrived = step.counts.get(key) ?? 0;
      const expected = (count / seconds) * step.seconds;
      if (seconds >= SHORTEST_SECONDS && Math.abs(arrived - expected) > 3 * Math.sqrt(expected) + 1) break;
      count += arrived;
      seconds += step.seconds;
      liveBefore = step.liveBefore.get(key) ?? 0;
    }
    return { count, seconds, liveBefore };
  }
}
