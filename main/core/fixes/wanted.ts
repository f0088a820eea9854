/**
 * How many connections a full pool is asked for. What is opened while it is full is only what the kernel lets through,
 * and a failed connect() is counted nowhere: so the pace at which it was opened while it still had ports. Pure.
 */
import type { Pool, Summary } from '../model.ts';

/** Opens a second, by the key of the pool; of full pools alone. */
export type WantedRates = ReadonlyMap<string, number>;

/** Samples that a pace is a mean of: a small pool fills within a few, and one burst is no pace. */
const SAMPLES = 3;

/** Its whole life in one look: two holds of a minute. */
export const WANTED_OVER_SECONDS = 120;

/** The highest mean of successive samples; null where none of them knows a rate. */
export function wantedRate(opensPerSecond: readonly (number | null)[]): number | null {
  const known = opensPerSecond.filter((rate) => rate !== null);
  const width = Math.min(SAMPLES, known.length);
  if (width === 0) return null;
  let sum = 0;
  let highest = 0;
  known.forEach((rate, at) => {
    sum += rate - (known[at - width] ?? 0);
    if (at >= width - 1) highest = Math.max(highest, sum / width);
  });
  return highest;
}

export function isFull({ used, capacity }: Pick<Pool, 'used' | 'capacity'>): boolean {
  return used >= capacity;
}

/** The sample with the rate that its full pools are asked for in place of the one that is let through. */
export function withWantedRates(summary: Summary, wanted: WantedRates): Summary {
  if (wanted.size === 0) return summary;
  const pools = summary.pools.map((pool) => {
    const rate = isFull(pool) ? (wanted.get(pool.key) ?? null) : null;
    return rate === null || rate <= (pool.openRatePerSecond ?? 0)
      ? pool
      : { ...pool, openRatePerSecond: rate };
  });
  return { ...summary, pools };
}
