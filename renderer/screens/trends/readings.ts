/** Values of the history at one time, and rows of them over a window. Pure. */
import { columnOf } from '../../charts/history-lane.ts';
import { limitPieces, pastLimit } from '../../charts/history-steps.ts';
import type { Span } from '../../charts/history-time.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatCount } from '../../format/numbers.ts';
import type { TrendsFrame } from '../../stores/trend-questions.ts';

export interface Reading {
  atMs: number;
  timeWait: number | null;
  established: number | null;
  other: number | null;
  used: number | null;
  /** Where the points stand for several samples. */
  usedRange: { from: number; to: number } | null;
  capacity: number | null;
  opensPerSecond: number | null;
  sustainablePerSecond: number | null;
  failsPerSecond: number | null;
}

/** The columns of a frame's main series, by what they are called here. */
export function columnsOf({ subject, series }: Pick<TrendsFrame, 'subject' | 'series'>) {
  const isPool = subject.kind === 'pool';
  const total = isPool ? 'used' : 'sockets';
  return {
    timeWait: columnOf(series, isPool ? 'timeWait' : 'TIME_WAIT', 'mean'),
    established: columnOf(series, isPool ? 'established' : 'ESTABLISHED', 'mean'),
    used: columnOf(series, total, 'mean'),
    low: columnOf(series, total, 'min'),
    high: columnOf(series, total, 'max'),
    capacity: columnOf(series, 'capacity', 'mean'),
    opens: columnOf(series, 'opensPerSecond', 'mean'),
    opensHigh: columnOf(series, 'opensPerSecond', 'max'),
    sustainable: columnOf(series, 'sustainablePerSecond', 'mean'),
    fails: columnOf(series, 'attemptFailsPerSecond', 'mean'),
  };
}

type Columns = ReturnType<typeof columnsOf>;

/** The reading at the point of an index; null past the ends. */
export function readingAt(
  frame: Pick<TrendsFrame, 'subject' | 'series'>,
  index: number,
  columns: Columns = columnsOf(frame),
): Reading | null {
  const atMs = frame.series.atMs[index];
  if (atMs === undefined) return null;
  const used = columns.used[index] ?? null;
  const timeWait = columns.timeWait[index] ?? null;
  const established = columns.established[index] ?? null;
  const low = columns.low[index] ?? null;
  const high = columns.high[index] ?? null;
  return {
    atMs,
    timeWait,
    established,
    other: used === null ? null : Math.max(0, used - (timeWait ?? 0) - (established ?? 0)),
    used,
    usedRange: low !== null && high !== null && high - low >= 1 ? { from: low, to: high } : null,
    capacity: columns.capacity[index] ?? null,
    opensPerSecond: columns.opens[index] ?? null,
    sustainablePerSecond: columns.sustainable[index] ?? null,
    failsPerSecond: columns.fails[index] ?? null,
  };
}

/** Index of the newest point at or before a time, the first where there is none; -1 without points. */
export function indexAt(atMs: readonly number[], wantedMs: number): number {
  let [low, high] = [0, atMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atMs[middle] ?? 0) <= wantedMs) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, atMs.length > 0 ? 0 : -1);
}

/** Rows of a window, evenly thinned to `most`. */
export function readingsIn(frame: TrendsFrame, window: Span, most: number): Reading[] {
  const { atMs } = frame.series;
  const columns = columnsOf(frame);
  const inside = atMs.flatMap((at, index) => (at >= window.fromMs && at <= window.untilMs ? [index] : []));
  const every = Math.max(1, Math.ceil(inside.length / most));
  return inside
    .filter((_, place) => (inside.length - 1 - place) % every === 0)
    .flatMap((index) => readingAt(frame, index, columns) ?? []);
}

/** What the figures of a moment mean, in a sentence; null where they need none. */
export function readingSentence(frame: TrendsFrame, reading: Reading): string | null {
  const { series } = frame;
  const { used, capacity, usedRange, atMs, sustainablePerSecond, opensPerSecond } = reading;
  if (used === null) return 'Nothing is known of this time: it was not sampled.';
  const highest = usedRange?.to ?? used;
  const pieces = limitPieces(series.atMs, columnsOf(frame).capacity, series.stepMs);
  const former = pastLimit(pieces.filter(({ fromMs }) => fromMs <= atMs));
  if (capacity !== null && former && former.value < capacity && used > former.value)
    return `The old pool would have been full here. With the wider range ${formatCount(capacity - used)} ports were still free.`;
  if (capacity !== null && highest >= capacity * 0.99)
    return 'The pool was full: new connections failed, or waited for a port.';
  if (sustainablePerSecond !== null && opensPerSecond !== null && opensPerSecond > sustainablePerSecond)
    return `More was opened than the pool sustains (${formatCount(Math.floor(sustainablePerSecond))}/s): it filled.`;
  if (usedRange && series.stepMs > 1000)
    return `Between ${formatCount(usedRange.from)} and ${formatCount(usedRange.to)} in these ${formatDuration(series.stepMs / 1000)}.`;
  return null;
}

/** The largest of a column inside a window. */
export function peakIn(
  atMs: readonly number[],
  values: readonly (number | null | undefined)[],
  window: Span,
): { atMs: number; value: number } | null {
  let best: { atMs: number; value: number } | null = null;
  for (const [index, at] of atMs.entries()) {
    const value = values[index];
    if (typeof value !== 'number' || at < window.fromMs || at > window.untilMs) continue;
    if (!best || value > best.value) best = { atMs: at, value };
  }
  return best;
}

/** The mean of a column inside a window; null where nothing is known. */
export function meanIn(
  atMs: readonly number[],
  values: readonly (number | null | undefined)[],
  window: Span,
): number | null {
  let [sum, told] = [0, 0];
  for (const [index, at] of atMs.entries()) {
    const value = values[index];
    if (typeof value !== 'number' || at < window.fromMs || at > window.untilMs) continue;
    sum += value;
    told++;
  }
  return told > 0 ? sum / told : null;
}
