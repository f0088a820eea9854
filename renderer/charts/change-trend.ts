/** Where everything stands on a pool around the moment of a change: its ports by state, the limit before and after. Pure. */
import { formatClock, formatClockMinute } from '../format/durations.ts';
import { formatAxisCount, formatCount, formatShare } from '../format/numbers.ts';
import { gridValues } from './trend-view.ts';
import { thinned, type Point } from './svg-paths.ts';

/** A pool over time; columns of one length. */
export interface PoolTrend {
  atMs: readonly number[];
  timeWait: readonly number[];
  established: readonly number[];
  other: readonly number[];
}

export interface ChangeTrendInput {
  width: number;
  height: number;
  trend: PoolTrend;
  /** When the change took effect; null while it has not. */
  changedAtMs: number | null;
  /** Ports of the pool before it and since; null where not known. */
  capacityBefore: number | null;
  capacityAfter: number | null;
  /** Present time on the clock of the samples. */
  nowMs: number;
  /** Milliseconds of the past that are shown. */
  spanMs: number;
  /** Share of the pool instead of ports. */
  asShare: boolean;
  /** Shares predicted at seconds after the change; null where there are none. */
  predicted: { atSeconds: readonly number[]; withChange: readonly number[] } | null;
}

export interface ChangeTrend {
  left: number;
  right: number;
  top: number;
  bottom: number;
  grid: { y: number; words: string }[];
  times: { x: number; words: string; anchor: 'middle' | 'end' }[];
  timeWait: Point[];
  established: Point[];
  total: Point[];
  /** Prediction with its tolerance: upper and lower edge. */
  predicted: { upper: Point[]; lower: Point[] } | null;
  changedX: number | null;
  limits: { before: Limit | null; after: Limit | null };
  /** The last value, and the last one before the change. */
  last: (Point & { words: string }) | null;
  lastBefore: (Point & { words: string }) | null;
}

interface Limit {
  fromX: number;
  toX: number;
  y: number;
  words: string;
}

const MARGIN = { left: 46, right: 16, top: 14, bottom: 26 };
/** Within this share of the prediction it is said to hold. */
const TOLERANCE = 0.05;
const STEPS_MS = [10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];
const LABEL_PX = 66;

/** The whole chart; null where there is no room or no sample. */
export function buildChangeTrend(input: ChangeTrendInput): ChangeTrend | null {
  const { width, height, nowMs, changedAtMs } = input;
  if (width < 140 || height < 70 || input.trend.atMs.length === 0) return null;
  const frame = {
    left: MARGIN.left,
    right: width - MARGIN.right - (input.asShare ? 44 : 0),
    top: MARGIN.top,
    bottom: height - MARGIN.bottom,
  };
  const fromMs = nowMs - input.spanMs;
  const rows = rowsOf(input, fromMs);
  const most = mostOf(input, rows);
  const toX = (at: number) => frame.left + ((at - fromMs) / input.spanMs) * (frame.right - frame.left);
  const toY = (value: number) => frame.bottom - (Math.min(value, most) / most) * (frame.bottom - frame.top);
  const drawn = thinned(rows, frame.right - frame.left);
  const line = (key: 'timeWait' | 'established' | 'total') =>
    drawn.map((row) => ({ x: toX(row.atMs), y: toY(row[key]) }));
  const markOf = (row: Row | undefined) =>
    row ? { x: toX(row.atMs), y: toY(row.total), words: say(row.total, input.asShare) } : null;
  const changedX =
    changedAtMs === null || changedAtMs < fromMs || changedAtMs > nowMs ? null : toX(changedAtMs);
  return {
    ...frame,
    grid: (input.asShare ? [0, 0.5, 1] : gridValues(most)).map((value) => ({
      y: toY(value),
      words: input.asShare ? formatShare(value) : formatAxisCount(value),
    })),
    times: timesOf(fromMs, input, toX, frame),
    timeWait: line('timeWait'),
    established: line('established'),
    total: line('total'),
    predicted: predictedOf(input, toX, toY),
    changedX,
    limits: limitsOf(
      input,
      { ...frame, changedX, wasBefore: changedAtMs === null || changedAtMs > fromMs },
      toY,
    ),
    last: markOf(rows.at(-1)),
    lastBefore: changedX === null ? null : markOf(rows.findLast(({ atMs }) => atMs < (changedAtMs ?? 0))),
  };
}

interface Row {
  atMs: number;
  timeWait: number;
  established: number;
  total: number;
}

/** Cumulative from the bottom, as ports or as shares of the pool that was in force. */
function rowsOf({ trend, asShare, ...input }: ChangeTrendInput, fromMs: number): Row[] {
  const rows: Row[] = [];
  for (const [index, atMs] of trend.atMs.entries()) {
    if (atMs < fromMs) continue;
    const isAfter = input.changedAtMs !== null && atMs >= input.changedAtMs;
    const capacity = isAfter ? input.capacityAfter : input.capacityBefore;
    if (asShare && !capacity) continue;
    const unit = asShare && capacity ? capacity : 1;
    const timeWait = (trend.timeWait[index] ?? 0) / unit;
    const established = timeWait + (trend.established[index] ?? 0) / unit;
    rows.push({ atMs, timeWait, established, total: established + (trend.other[index] ?? 0) / unit });
  }
  return rows;
}

function mostOf(input: ChangeTrendInput, rows: readonly Row[]): number {
  if (input.asShare) return 1.24;
  const measured = rows.reduce((most, { total }) => Math.max(most, total), 10);
  // A limit far above what is in use would press the data flat: it is then named, not drawn.
  const limits = [input.capacityBefore, input.capacityAfter].filter(
    (capacity): capacity is number => capacity !== null && capacity <= measured * 4,
  );
  return Math.max(measured, ...limits) * 1.12;
}

function say(value: number, asShare: boolean): string {
  return asShare ? `${(value * 100).toFixed(1)}%` : formatCount(value);
}

function predictedOf(
  { predicted, changedAtMs, capacityAfter, nowMs, asShare }: ChangeTrendInput,
  toX: (at: number) => number,
  toY: (value: number) => number,
): ChangeTrend['predicted'] {
  if (!predicted || changedAtMs === null || capacityAfter === null) return null;
  const upper: Point[] = [];
  const lower: Point[] = [];
  for (const [index, seconds] of predicted.atSeconds.entries()) {
    const atMs = changedAtMs + seconds * 1000;
    if (atMs > nowMs) break;
    const value = (predicted.withChange[index] ?? 0) * (asShare ? 1 : capacityAfter);
    upper.push({ x: toX(atMs), y: toY(value * (1 + TOLERANCE)) });
    lower.push({ x: toX(atMs), y: toY(value * (1 - TOLERANCE)) });
  }
  return upper.length < 2 ? null : { upper, lower };
}

function limitsOf(
  { capacityBefore, capacityAfter, asShare, changedAtMs }: ChangeTrendInput,
  frame: { left: number; right: number; top: number; changedX: number | null; wasBefore: boolean },
  toY: (value: number) => number,
): ChangeTrend['limits'] {
  if (asShare) {
    return {
      before: { fromX: frame.left, toX: frame.right, y: toY(1), words: 'pool full' },
      after: null,
    };
  }
  const x = frame.changedX;
  const limit = (capacity: number | null, fromX: number, toX: number): Limit | null =>
    capacity === null || toX - fromX < 2 || toY(capacity) <= frame.top
      ? null
      : { fromX, toX, y: toY(capacity), words: `Pool ${formatCount(capacity)}` };
  const isDone = changedAtMs !== null;
  return {
    before: frame.wasBefore ? limit(capacityBefore, frame.left, x ?? frame.right) : null,
    after: isDone ? limit(capacityAfter, x ?? frame.left, frame.right) : null,
  };
}

function timesOf(
  fromMs: number,
  { nowMs, spanMs }: ChangeTrendInput,
  toX: (at: number) => number,
  { left, right }: { left: number; right: number },
): ChangeTrend['times'] {
  const step = STEPS_MS.find((ms) => (ms / spanMs) * (right - left) >= LABEL_PX) ?? 900_000;
  const times: ChangeTrend['times'] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= nowMs; at += step) {
    const x = toX(at);
    const words = step < 60_000 ? formatClock(at) : formatClockMinute(at);
    if (x < left + 24) continue;
    // The last one stays within the chart.
    times.push(x > right - 10 ? { x: right + 14, words, anchor: 'end' } : { x, words, anchor: 'middle' });
  }
  return times;
}
