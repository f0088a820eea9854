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

/** A window whose closes lie in less than this share of it is a burst, or the beginning of something. */
const STEADY_SPAN_SHARE = 0.5;
/** Bursts are averaged over this long, where there is such a past. */
const BURST_SECONDS = 30;

function rateInWindow(ages: SortedAges, closes: number, windowSeconds: number): number {
  const newest = ages[0] ?? 0;
  const oldest = ages[closes - 1] ?? 0;
  const spanMs = oldest - newest;
  const counted = closes / windowSeconds;
  if (closes < 3 || spanMs <= 0) return counted;
  const meanGapMs = spanMs / (closes - 1);
  if (newest > Math.max(STOPPED_AFTER_MS, STOPPED_AFTER_GAPS * meanGapMs)) return counted;
  if (spanMs < STEADY_SPAN_SHARE * windowSeconds * 1000) {
    return ages.length > closes ? countUpTo(ages, BURST_SECONDS * 1000) / BURST_SECONDS : counted;
  }
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
  /** What was counted between dumps; null with a single dump. */
  arrivals: { count: number; seconds: number; liveBefore: number } | null;
  /** Open connections in the pool now. */
  liveNow: number;
}

export interface OpenRate {
  opensPerSecond: number;
  closesPerSecond: number;
  /**
   * What the forecast goes on: opens less those that end without TIME_WAIT (the peer closed first, a reset). Equal to
   * closesForForecast where the number of open connections neither grows nor shrinks.
   */
  netOpensPerSecond: number;
  closesForForecast: number;
  basis: RateBasis;
  windowSeconds: number;
  /** Events the opening rate rests on, for its band. */
  events: number;
}

/**
 * Opens per second, and what they add. Where the arrivals counted between dumps agree with the closes read from
 * timers, the timers are the better figure, because they average over a longer past; else the arrivals are what
 * happens now. Ports are used up only by closes that leave TIME_WAIT and by a growing number of open connections.
 */
export function estimateOpenRate({ closes, arrivals, liveNow }: OpenRateInput): OpenRate {
  const rate = closes.ratePerSecond;
  const fromTimers: OpenRate = {
    opensPerSecond: rate,
    closesPerSecond: rate,
    netOpensPerSecond: rate,
    closesForForecast: rate,
    basis: closes.closes === 0 && liveNow > 0 ? 'none' : 'timers',
    windowSeconds: closes.windowSeconds,
    events: closes.closes,
  };
  if (arrivals === null || arrivals.seconds <= 0) return fromTimers;
  const { count, seconds } = arrivals;
  const expected = rate * seconds;
  const isAsExpected = Math.abs(count - expected) <= noise(expected);
  const growth = liveGrowth(arrivals, liveNow);
  // Fewer arrivals than closes of late: the closes are of a past that is over.
  const steady = isAsExpected ? rate : Math.min(rate, count / seconds);
  const net = {
    netOpensPerSecond: Math.max(0, steady + growth),
    closesForForecast: growth === 0 ? steady : rate,
  };
  if (isAsExpected) return { ...fromTimers, ...net, basis: 'timers and dumps' };
  return {
    ...fromTimers,
    ...net,
    opensPerSecond: count / seconds,
    basis: 'dumps',
    windowSeconds: seconds,
    events: count,
  };
}

/** Change of the number of open connections per second; 0 where it may be chance. */
function liveGrowth(
  arrivals: { count: number; seconds: number; liveBefore: number },
  liveNow: number,
): number {
  const { count, seconds, liveBefore } = arrivals;
  const growth = liveNow - liveBefore;
  const chance = Math.min(noise(count), noise(2 * Math.max(liveNow, liveBefore)));
  return Math.abs(growth) <= chance ? 0 : growth / seconds;
}

/** What a count of independent events may differ by without meaning anything. */
function noise(expected: number): number {
  return 1.5 + 2.5 * Math.sqrt(expected);
}

/** Change per second of a counter between two readings; null when either is missing, it fell, or no time passed. */
export function counterRate(earlier: number | null, later: number | null, seconds: number): number | null {
  if (earlier === null || later === null || seconds <= 0 || later < earlier) return null;
  return (later - earlier) / seconds;
}
