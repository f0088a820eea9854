/**
 * One series over one stretch of time, and how it is packed into bytes. A point stands for the samples of one step;
 * per column it has how many of them told a value, the smallest, the largest and the sum.
 */
import { ByteReader, ByteWriter } from './bytes.ts';
import { packColumn, unpackColumn, zeros } from './column.ts';

export interface Metric {
  /** Samples that told a value; where it is 0 the others mean nothing. */
  n: number[];
  min: number[];
  max: number[];
  sum: number[];
}

export interface Block {
  length: number;
  /** Epoch milliseconds at which each point's step starts, rising. */
  atMs: number[];
  /** Who holds the most of a pool: a name's id; 0 is nobody known. */
  label: number[];
  /** One a column. */
  metrics: Metric[];
}

/** Changes when the layout does; a block of another version cannot be read. */
const VERSION = 1;

/** How a metric is packed. */
const Shape = {
  /** No point tells a value. */
  absent: 1,
  /** Not every sample of a point tells a value: their numbers follow. */
  ownCounts: 2,
  /** Smallest and largest differ somewhere: range and mean follow. */
  spread: 4,
} as const;
/**
 * Below this range the sum is kept exactly, which tells a mean of 0.3 from 0; from it on the mean is rounded to a whole
 * number, which takes half the room.
 */
const EXACT_BELOW = 16;

/** Room for packing, used again for each block. */
export class PackingRoom {
  readonly whole = new ByteWriter(4096);
  readonly part = new ByteWriter(1024);
}

/** `startMs`, `stepMs`: of the chunk that it is to be stored in. */
export function packBlock(
  block: Block,
  startMs: number,
  stepMs: number,
  { whole: writer, part } = new PackingRoom(),
): Uint8Array {
  const { atMs, label, length, metrics } = block;
  writer.clear();
  writer.byte(VERSION);
  writer.unsigned(metrics.length);
  writer.unsigned(length);
  // How far a point is from where it would be without any missing before it: mostly zeros.
  packColumn(
    atMs.map((at, index) => (at - startMs) / stepMs - index),
    writer,
  );
  packColumn(label, writer);
  const counts = mostTold(metrics, length);
  packColumn(counts, writer);
  for (const metric of metrics) {
    part.clear();
    packMetric(metric, counts, part);
    writer.unsigned(part.length);
    writer.append(part.written());
  }
  return writer.written().slice();
}

/** Of each point the samples that the fullest column tells of. */
function mostTold(metrics: readonly Metric[], length: number): number[] {
  const counts = zeros(length);
  for (const { n } of metrics) {
    for (let index = 0; index < length; index++) counts[index] = Math.max(counts[index] ?? 0, n[index] ?? 0);
  }
  return counts;
}

function packMetric({ n, min, max, sum }: Metric, counts: readonly number[], writer: ByteWriter): void {
  if (n.every((told) => told === 0)) return writer.byte(Shape.absent);
  const hasOwnCounts = n.some((told, index) => told !== counts[index]);
  const lowest = heldOver(n, min);
  const range = n.map((told, index) => (told ? (max[index] ?? 0) - (min[index] ?? 0) : 0));
  const isSpread = range.some((width) => width !== 0);
  writer.byte((hasOwnCounts ? Shape.ownCounts : 0) | (isSpread ? Shape.spread : 0));
  if (hasOwnCounts) packColumn(n, writer);
  packColumn(lowest, writer);
  if (!isSpread) return;
  packColumn(range, writer);
  packColumn(
    range.map((width, index) => excessOf(width, n[index] ?? 0, min[index] ?? 0, sum[index] ?? 0)),
    writer,
  );
}

/** Where nothing was told the value before stays, so that the column does not jump. */
function heldOver(n: readonly number[], values: readonly number[]): number[] {
  let held = values[n.findIndex((told) => told > 0)] ?? 0;
  return n.map((told, index) => (held = told > 0 ? (values[index] ?? 0) : held));
}

function excessOf(range: number, n: number, min: number, sum: number): number {
  if (n === 0 || range === 0) return 0;
  return range < EXACT_BELOW ? sum - min * n : Math.round(sum / n - min);
}

/** The point at which the first column was largest. */
export function peakIndex({ metrics }: Block): number {
  const first = metrics[0];
  let peak = 0;
  first?.n.forEach((told, index) => {
    if (told > 0 && (first.max[index] ?? 0) > (first.max[peak] ?? 0)) peak = index;
  });
  return peak;
}

/** The whole block as one point, at the time of its peak and with the newest label. */
export function asOnePoint(block: Block): Block {
  return {
    length: 1,
    atMs: [block.atMs[peakIndex(block)] ?? 0],
    label: [block.label.findLast((label) => label !== 0) ?? 0],
    metrics: block.metrics.map(({ n, min, max, sum }) => {
      const one = { n: 0, min: Infinity, max: -Infinity, sum: 0 };
      n.forEach((told, index) => {
        if (told === 0) return;
        one.n += told;
        one.min = Math.min(one.min, min[index] ?? 0);
        one.max = Math.max(one.max, max[index] ?? 0);
        one.sum += sum[index] ?? 0;
      });
      const isTold = one.n > 0;
      return { n: [one.n], min: [isTold ? one.min : 0], max: [isTold ? one.max : 0], sum: [one.sum] };
    }),
  };
}

const MAX_POINTS = 100_000;
const NOTHING: Metric = { n: [], min: [], max: [], sum: [] };

/**
 * Unpacks the columns that `wanted` names by index, and all when it is null; others stand there empty. Throws a
 * RangeError where the bytes are not a block of `columnCount` columns.
 */
export function unpackBlock(
  bytes: Uint8Array,
  startMs: number,
  stepMs: number,
  columnCount: number,
  wanted: ReadonlySet<number> | null = null,
): Block {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== VERSION) throw new RangeError('a block of another version');
  const stored = reader.unsigned();
  const length = reader.unsigned();
  if (stored !== columnCount || length > MAX_POINTS) throw new RangeError('a block of another shape');
  const atMs = unpackColumn(reader, length);
  for (let index = 0; index < length; index++) atMs[index] = startMs + ((atMs[index] ?? 0) + index) * stepMs;
  const label = unpackColumn(reader, length);
  const counts = unpackColumn(reader, length);
  const metrics = Array.from({ length: columnCount }, (_, index) => {
    const bytesOfMetric = reader.unsigned();
    if (!wanted || wanted.has(index)) return unpackMetric(reader, counts);
    reader.skip(bytesOfMetric);
    return NOTHING;
  });
  return { length, atMs, label, metrics };
}

function unpackMetric(reader: ByteReader, counts: number[]): Metric {
  const length = counts.length;
  const shape = reader.byte();
  if (shape & Shape.absent) {
    const none = zeros(length);
    return { n: none, min: none, max: none, sum: none };
  }
  const n = shape & Shape.ownCounts ? unpackColumn(reader, length) : counts;
  const min = unpackColumn(reader, length);
  const isSpread = (shape & Shape.spread) !== 0;
  const max = isSpread ? unpackColumn(reader, length) : min;
  const sum = isSpread ? unpackColumn(reader, length) : zeros(length);
  for (let index = 0; index < length; index++) {
    const told = n[index] ?? 0;
    const low = min[index] ?? 0;
    const range = isSpread ? (max[index] ?? 0) : 0;
    const excess = sum[index] ?? 0;
    if (isSpread) max[index] = low + range;
    sum[index] = low * told + (range < EXACT_BELOW ? excess : excess * told);
  }
  return { n, min, max, sum };
}
