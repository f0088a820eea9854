/** New connections counted dump by dump, over the last seconds, for each pool and in all. */

/** The longest past that is averaged, and the shortest that is believed. */
const WINDOW_MS = 10_000;
const SHORTEST_SECONDS = 2;

interface Step {
  atMs: number;
  seconds: number;
  counts: Map<string, number>;
}

export class Arrivals {
  private steps: Step[] = [];

  /** One interval between two dumps and the new 4-tuples of each pool in it. */
  add(atMs: number, seconds: number, counts: Map<string, number>): void {
    this.steps.push({ atMs, seconds, counts });
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
  of(key: string): { count: number; seconds: number } | null {
    if (this.steps.length === 0) return null;
    let count = 0;
    let seconds = 0;
    for (const step of this.steps.toReversed()) {
      const arrived = step.counts.get(key) ?? 0;
      const expected = (count / seconds) * step.seconds;
      if (seconds >= SHORTEST_SECONDS && Math.abs(arrived - expected) > 3 * Math.sqrt(expected) + 1) break;
      count += arrived;
      seconds += step.seconds;
    }
    return { count, seconds };
  }
}
