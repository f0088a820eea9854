/**
 * How fast connections are opened and closed. One dump holds the last minute of closes: the age of each TIME_WAIT
 * socket is the hold less the time its timer has left. Two dumps hold the opens between them. Pure.
 */
import type { RateBasis } from './model.ts';

/** Ages in milliseconds, ascending: the newest close first. */
export type SortedAges = Uint32Array | Float64Array;

export interface CloseRate {
  ratePerSecond: number;
  /** Seconds of the past it averages over. */
  windowSeconds: number;
  /** Closes it rests on. */
  closes: number;
}

/** The window starts with this and grows while the older past agrees with it, so that a change shows at once. */
const FIRST_WINDOW_SECONDS = 5;
const WINDOWS_SECONDS = [10, 20, 30, 45, 58] as const;
/** A stream counts as stopped when its newest close is older than this many mean gaps, and than one second. */
const STOPPED_AFTER_GAPS = 4;
const STOPPED_AFTER_MS = 1000;

/**
 * Closes per second now. With ages a₀ ≤ … ≤ aₘ inside the window the rate is m / (aₘ − a₀): intervals over the time
 * they took, exact for a steady stream from its second close on; a stream that stopped is counted over the whole
 * window instead, so that its rate falls to 0.
 * `windowLimitSeconds` bounds the window where older ages are not complete (reuse in effect).
 */
export function estimateCloseRate(ages: SortedAges, windowLimitSeconds = Infinity): CloseRate {
  let windowSeconds = Math.min(FIRST_WINDOW_SECONDS, windowLimitSeconds);
  let closes = countUpTo(ages, windowSeconds * 1000);
  for (const wider of WINDOWS_SECONDS) {
    if (wider > windowLimitSeconds) break;
    const widerCloses = countUpTo(ages, wider * 1000);
    if (!agrees(closes / windowSeconds, widerCloses - closes, wider - windowSeconds)) break;
    windowSeconds = wider;
    closes = widerCloses;
  }
  if (closes === 0) return { ratePerSecond: 0, windowSeconds, closes };
  return { ratePerSecond: rateInWindow(ages, closes, windowSeconds), windowSeconds, closes };
}

function rateInWindow(ages: SortedAges, closes: number, windowSeconds: number): number {
  const newest = ages[0] ?? 0;
  const oldest = ages[closes - 1] ?? 0;
  const spanMs = oldest - newest;
  const counted = closes / windowSeconds;
  if (closes < 3 || spanMs <= 0) return counted;
  const meanGapMs = spanMs / (closes - 1);
  if (newest > Math.max(STOPPED_AFTER_MS, STOPPED_AFTER_GAPS * meanGapMs)) return counted;
  return ((closes - 1) * 1000) / spanMs;
}

/** Whether `observed` events in `seconds` fit a rate, within three standard deviations of counting. */
function agrees(ratePerSecond: number, observed: number, seconds: number): boolean {
  const expected = ratePerSecond * seconds;
  return Math.abs(observed - expected) <= 3 * Math.sqrt(expected) + 1;
}

/** How many ages are at most `limitMs`; ages ascend. */
function countUpTo(ages: SortedAges, limitMs: number): number {
  let low = 0;
  let high = ages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ages[middle] ?? 0) <= limitMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface OpenRateInput {
  closes: CloseRate;
  /** New 4-tuples seen between dumps and the seconds they took; null with a single dump. */
  arrivals: { count: number; seconds: number } | null;
  /** Open connections in the pool now, and at the start of the arrivals window. */
  liveNow: number;
  reuseEffective: boolean;
}

export interface OpenRate {
  opensPerSecond: number;
  closesPerSecond: number;
  basis: RateBasis;
  windowSeconds: number;
  /** Events the opening rate rests on, for its band. */
  events: number;
}

/**
 * Opens per second. Where the arrivals counted between dumps agree with the closes read from timers, the timers are
 * the better figure, because they average over a longer past; else the arrivals are what happens now.
 */
export function estimateOpenRate({ closes, arrivals, liveNow }: OpenRateInput): OpenRate {
  const fromTimers: OpenRate = {
    opensPerSecond: closes.ratePerSecond,
    closesPerSecond: closes.ratePerSecond,
    basis: closes.closes === 0 && liveNow > 0 ? 'none' : 'timers',
    windowSeconds: closes.windowSeconds,
    events: closes.closes,
  };
  if (arrivals === null || arrivals.seconds <= 0) return fromTimers;
  const expected = closes.ratePerSecond * arrivals.seconds;
  const difference = Math.abs(arrivals.count - expected);
  if (difference <= 1.5 + 2.5 * Math.sqrt(expected)) return { ...fromTimers, basis: 'timers and dumps' };
  return {
    opensPerSecond: arrivals.count / arrivals.seconds,
    closesPerSecond: closes.ratePerSecond,
    basis: 'dumps',
    windowSeconds: arrivals.seconds,
    events: arrivals.count,
  };
}

/** Change per second of a counter between two readings; null when either is missing, it fell, or no time passed. */
export function counterRate(earlier: number | null, later: number | null, seconds: number): number | null {
  if (earlier === null || later === null || seconds <= 0 || later < earlier) return null;
  return (later - earlier) / seconds;
}
