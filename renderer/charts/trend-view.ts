/** From a trend and its forecast to the columns and the window of time that are drawn. Pure. */

export interface TrendInput {
  trend: {
    atMs: number[];
    /** Null where it is not known. */
    timeWait: (number | null)[];
    established: (number | null)[];
    other: (number | null)[];
    /** All that is in use, known even where its parts are not; absent: the sum of the parts. */
    used?: (number | null)[];
    derivedUntilMs: number | null;
  };
  /** Time that was not sampled, where that is known; absent: what lies far between two samples. */
  gaps?: { fromMs: number; toMs: number }[];
  forecast: { atMs: number[]; median: number[]; low: number[]; high: number[] } | null;
  capacity: number | null;
  slowFrom: number | null;
  /** Epoch milliseconds of the last sample, on the host's clock: the "now" line. */
  takenAtMs: number;
  /** Present time on the same clock; later than takenAtMs by more than a sample when nothing is sampled. */
  nowMs: number;
  /** Why nothing is sampled now, or null: then time after the last sample is hatched or dotted, not forecast. */
  silence: 'paused' | 'stale' | 'imported' | null;
  /** Moment of exhaustion, or null when none is expected. */
  exhaustedAtMs: number | null;
  /** Pace in force, milliseconds: a much longer time without a sample is a break. */
  intervalMs: number;
}

/** Columns for the engine, one x axis for past and future; cumulative from the bottom: TIME-WAIT, Established, other. */
export interface TrendView {
  xs: number[];
  timeWait: (number | null)[];
  established: (number | null)[];
  total: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  median: (number | null)[];
  window: { fromMs: number; toMs: number };
  yMax: number;
  gaps: { fromMs: number; toMs: number }[];
  lastTotal: number | null;
  input: TrendInput;
}

const MIN_SPAN_MS = 60_000;
const SPANS_MS = [60_000, 120_000, 180_000, 300_000, 600_000];
const FUTURE_SHARE = 0.4;
const MAX_FUTURE_MS = 240_000;
/** More than 2.5 paces without a sample break the line (a suspend, a stall), never less than 3 s. */
const BREAK_PACES = 2.5;
const MIN_BREAK_MS = 3000;
/** No pace of sampling is slower: of the past it is not known which one was in force. */
const SLOWEST_PACE_MS = 10_000;
/** Below a quarter of the pool the line of its capacity would squash the data: it is then named, not drawn. */
const NEAR_CAPACITY = 0.25;

/** What is drawn of a trend; `maxSpanMs` limits the past on a narrow chart. */
export function buildTrendView(input: TrendInput, maxSpanMs: number): TrendView {
  const { atMs, timeWait } = input.trend;
  const view: TrendView = {
    xs: [],
    timeWait: [],
    established: [],
    total: [],
    low: [],
    high: [],
    median: [],
    window: chooseWindow(input, maxSpanMs),
    yMax: 0,
    gaps: [...(input.gaps ?? [])],
    lastTotal: null,
    input,
  };
  const breakMs = breakOf(input);
  for (const [index, at] of atMs.entries()) {
    const before = atMs[index - 1];
    if (before !== undefined && at - before > breakMs) addBreak(view, before, at);
    const row = stackAt(input, index);
    view.lastTotal = row.total ?? view.lastTotal;
    pushRow(view, at, { timeWait: timeWait[index], ...row });
  }
  if (input.silence === null) addForecast(view);
  view.yMax = chooseYMax(view);
  return view;
}

/** Evenly spaced values for at most `count` grid lines from zero: 0, 10k, 20k, 30k. */
export function gridValues(yMax: number, count = 4): number[] {
  const rough = yMax / count;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? power * 10;
  const whole = Math.max(1, Math.round(step));
  return Array.from({ length: Math.floor(yMax / whole) + 1 }, (_, index) => index * whole);
}

/** Whether the capacity is drawn to scale. */
export function showsCapacity({ yMax, input }: TrendView): boolean {
  return input.capacity !== null && input.capacity <= yMax;
}

interface Row {
  timeWait?: number | null;
  established?: number | null;
  total?: number | null;
  low?: number;
  high?: number;
  median?: number;
}

function pushRow(view: TrendView, atMs: number, row: Row): void {
  view.xs.push(atMs);
  for (const key of ['timeWait', 'established', 'total', 'low', 'high', 'median'] as const) {
    view[key].push(row[key] ?? null);
  }
}

function breakOf({ gaps, intervalMs }: TrendInput): number {
  const paceMs = gaps ? Math.max(SLOWEST_PACE_MS, intervalMs) : intervalMs;
  return Math.max(MIN_BREAK_MS, paceMs * BREAK_PACES);
}

/** No line from one sample to the next; a gap as well, unless it is known where those are: a pool may just not have been. */
function addBreak(view: TrendView, fromMs: number, toMs: number): void {
  if (!view.input.gaps) view.gaps.push({ fromMs, toMs });
  pushRow(view, (fromMs + toMs) / 2, {});
}

/** Cumulative from the bottom; null where a part below is not known. */
function stackAt({ trend }: TrendInput, index: number): { established: number | null; total: number | null } {
  const { timeWait, established, other, used } = trend;
  const open = sum(timeWait[index], established[index]);
  return { established: open, total: used ? (used[index] ?? null) : sum(open, other[index]) };
}

function sum(below: number | null | undefined, part: number | null | undefined): number | null {
  return typeof below === 'number' && typeof part === 'number' ? below + part : null;
}

function addForecast(view: TrendView): void {
  const { forecast, takenAtMs } = view.input;
  if (!forecast || view.lastTotal === null) return;
  const last = view.xs.length - 1;
  // The curve starts where the measurement ends, so that the two meet.
  view.low[last] = view.high[last] = view.median[last] = view.lastTotal;
  const after = Math.max(takenAtMs, view.xs[last] ?? takenAtMs);
  for (const [index, at] of forecast.atMs.entries()) {
    if (at <= after) continue;
    const [low, high, median] = [forecast.low[index], forecast.high[index], forecast.median[index]];
    pushRow(view, at, { low, high, median });
  }
}

function chooseWindow(input: TrendInput, maxSpanMs: number): { fromMs: number; toMs: number } {
  const { takenAtMs, exhaustedAtMs, silence, nowMs } = input;
  const first = input.trend.atMs[0] ?? takenAtMs;
  const history = takenAtMs - first;
  // A twentieth of slack: a history that is a sample longer than a span does not change the scale.
  const span = SPANS_MS.find((size) => size >= history * 0.95) ?? maxSpanMs;
  const pastMs = Math.max(MIN_SPAN_MS, Math.min(maxSpanMs, span));
  let futureMs = pastMs * FUTURE_SHARE;
  const untilMs = exhaustedAtMs === null ? null : exhaustedAtMs - takenAtMs;
  if (untilMs !== null && untilMs * 1.4 > futureMs && untilMs <= MAX_FUTURE_MS) {
    futureMs = Math.min(MAX_FUTURE_MS, Math.ceil((untilMs * 1.4) / 30_000) * 30_000);
  }
  if (silence === null) return { fromMs: takenAtMs - pastMs, toMs: takenAtMs + futureMs };
  // While nothing is sampled the right edge is the present, once that leaves the room kept for it.
  const toMs = Math.max(takenAtMs + futureMs, nowMs);
  return { fromMs: toMs - pastMs - futureMs, toMs };
}

function chooseYMax(view: TrendView): number {
  const { capacity } = view.input;
  const { fromMs, toMs } = view.window;
  let most = 0;
  for (const [index, at] of view.xs.entries()) {
    if (at < fromMs || at > toMs) continue;
    most = Math.max(most, view.total[index] ?? 0, view.median[index] ?? 0);
  }
  if (capacity !== null && most >= capacity * NEAR_CAPACITY) return Math.max(capacity * 1.19, most * 1.06);
  return Math.max(10, most * 1.45);
}
