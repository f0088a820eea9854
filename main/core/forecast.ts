/**
 * When a pool runs out: known departures plus arrivals, not a straight line. Every TIME_WAIT socket says when its port
 * comes back; connections that close from now on give theirs back one hold later. With opens λ, closes μ, hold W and
 * u₀ ports in use now:
 *
 *   inUse(t) = u₀ + λ·t − departures(t) − μ·max(0, t − W)
 *
 * Exact while λ and μ stay as they are. With λ = μ it levels off at u₀ + λ·W − departures(W) and stays there.
 */
import type { Exhaustion, ForecastCurve } from './model.ts';

export interface ForecastInput {
  capacity: number;
  /** Ports in use now, those in `departuresMs` included. */
  inUse: number;
  /** Milliseconds from now until each locked port comes back, ascending. */
  departuresMs: Uint32Array;
  opensPerSecond: number;
  closesPerSecond: number;
  /** Seconds a closed connection keeps its port: the hold, or the reuse delay where reuse works. */
  waitSeconds: number;
  /** Events behind opensPerSecond and the seconds they took, for the band. */
  events: number;
  windowSeconds: number;
  basis: string;
}

/** Beyond this a forecast says nothing worth acting on. */
export const HORIZON_SECONDS = 6 * 3600;
/** Fewer new connections than this are no growth to be drawn out over hours. */
const EVENTS_FOR_GROWTH = 10;
/** Standard deviations of an 80 % band. */
const BAND_80 = 1.2816;

/** Whether and when connect() will find no free port. */
export function forecastExhaustion(input: ForecastInput): Exhaustion {
  const { opensPerSecond, capacity, inUse, basis } = input;
  if (inUse >= capacity) {
    return { expected: true, inSeconds: 0, likelySeconds: { from: 0, to: 0 }, steadyState: null, basis };
  }
  const inSeconds = crossing(input, opensPerSecond);
  if (inSeconds === null) {
    return { expected: false, inSeconds: null, likelySeconds: null, steadyState: steadyState(input), basis };
  }
  const deviation = rateDeviation(input);
  const from = crossing(input, opensPerSecond + BAND_80 * deviation) ?? inSeconds;
  const to = crossing(input, Math.max(0, opensPerSecond - BAND_80 * deviation)) ?? HORIZON_SECONDS;
  return { expected: true, inSeconds, likelySeconds: { from, to }, steadyState: null, basis };
}

/** Ports in use at `seconds` from now if opens run at `opensPerSecond`. */
export function portsInUseAt(input: ForecastInput, opensPerSecond: number, seconds: number): number {
  const closes = closesAt(input, opensPerSecond);
  const departed = countDepartures(input.departuresMs, seconds * 1000);
  return Math.max(
    0,
    input.inUse + opensPerSecond * seconds - departed - closes * Math.max(0, seconds - input.waitSeconds),
  );
}

/** The curve to draw from `nowMs` over `seconds`, in `steps` equal steps, never above the capacity. */
export function forecastCurve(
  input: ForecastInput,
  nowMs: number,
  seconds: number,
  steps: number,
): ForecastCurve {
  const deviation = BAND_80 * rateDeviation(input);
  const curve: ForecastCurve = { atMs: [], median: [], low: [], high: [] };
  const at = (rate: number, t: number) => Math.round(Math.min(input.capacity, portsInUseAt(input, rate, t)));
  for (let step = 0; step <= steps; step++) {
    const t = (seconds * step) / steps;
    curve.atMs.push(Math.round(nowMs + t * 1000));
    curve.median.push(at(input.opensPerSecond, t));
    curve.low.push(at(Math.max(0, input.opensPerSecond - deviation), t));
    curve.high.push(at(input.opensPerSecond + deviation, t));
  }
  return curve;
}

/** Ports in use once arrivals and departures balance, or null when they never do. */
function steadyState(input: ForecastInput): number | null {
  const { opensPerSecond, closesPerSecond, waitSeconds } = input;
  if (Math.abs(opensPerSecond - closesPerSecond) > 1e-9) return null;
  return Math.round(portsInUseAt(input, opensPerSecond, waitSeconds + 1) * 10) / 10;
}

/** First moment at which the pool is full, in seconds, or null within the horizon. */
function crossing(input: ForecastInput, opensPerSecond: number): number | null {
  const { capacity, inUse, departuresMs, waitSeconds } = input;
  if (opensPerSecond <= 0) return null;
  const waitMs = waitSeconds * 1000;
  const perMs = opensPerSecond / 1000;
  let departed = 0;
  for (; departed < departuresMs.length; departed++) {
    const untilMs = departuresMs[departed] ?? 0;
    if (untilMs > waitMs) break;
    const fullAtMs = (capacity - inUse + departed) / perMs;
    if (fullAtMs <= untilMs) return fullAtMs / 1000;
  }
  const fullAtMs = (capacity - inUse + departed) / perMs;
  if (fullAtMs <= waitMs) return fullAtMs / 1000;
  return crossingAfterWait(input, opensPerSecond, departed);
}

/** From the hold on, departures are those of connections closed after now: a straight line from there. */
function crossingAfterWait(input: ForecastInput, opensPerSecond: number, departed: number): number | null {
  const growth = opensPerSecond - closesAt(input, opensPerSecond);
  if (growth <= 1e-9 || input.events < EVENTS_FOR_GROWTH) return null;
  const atWait = input.inUse + opensPerSecond * input.waitSeconds - departed;
  const seconds = input.waitSeconds + (input.capacity - atWait) / growth;
  return seconds <= HORIZON_SECONDS ? seconds : null;
}

/** Closes follow opens: where both are the same now, they stay the same when the rate is varied for the band. */
function closesAt(input: ForecastInput, opensPerSecond: number): number {
  return input.closesPerSecond === input.opensPerSecond ? opensPerSecond : input.closesPerSecond;
}

/** Counting error of the opening rate: events arrive independently at worst. */
function rateDeviation({ events, windowSeconds }: ForecastInput): number {
  return windowSeconds > 0 ? Math.sqrt(Math.max(1, events)) / windowSeconds : 0;
}

function countDepartures(departuresMs: Uint32Array, limitMs: number): number {
  let low = 0;
  let high = departuresMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((departuresMs[middle] ?? 0) <= limitMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
