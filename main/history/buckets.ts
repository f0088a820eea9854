/** Points of blocks put together into wider ones; minimum, maximum and sum stay exact. */
import type { Block, Metric } from './block.ts';
import { zeros } from './column.ts';

export class Buckets {
  readonly #fromMs: number;
  readonly #widthMs: number;
  readonly #count: number;
  readonly #metrics: Metric[];
  readonly #hasData: Uint8Array;
  readonly #label: number[];

  /** `count` buckets of `widthMs` from `fromMs` on; of the columns those in `wanted`, or all when it is null. */
  constructor(
    fromMs: number,
    widthMs: number,
    count: number,
    metricCount: number,
    wanted: ReadonlySet<number> | null = null,
  ) {
    this.#fromMs = fromMs;
    this.#widthMs = widthMs;
    this.#count = count;
    this.#hasData = new Uint8Array(count);
    this.#label = zeros(count);
    this.#metrics = Array.from({ length: metricCount }, (_, index) => {
      const room = !wanted || wanted.has(index) ? count : 0;
      return {
        n: zeros(room),
        min: new Array<number>(room).fill(Infinity),
        max: new Array<number>(room).fill(-Infinity),
        sum: zeros(room),
      };
    });
  }

  /** Adds the points from `fromMs` up to, not including, `untilMs`. A column that the block lacks adds nothing. */
  add(block: Block, fromMs = -Infinity, untilMs = Infinity): void {
    const first = firstAtOrAfter(block.atMs, fromMs);
    const end = firstAtOrAfter(block.atMs, untilMs);
    const bucketOf = new Int32Array(end - first);
    for (let index = first; index < end; index++) {
      const bucket = Math.floor(((block.atMs[index] ?? 0) - this.#fromMs) / this.#widthMs);
      const isInside = bucket >= 0 && bucket < this.#count;
      bucketOf[index - first] = isInside ? bucket : -1;
      if (!isInside) continue;
      this.#hasData[bucket] = 1;
      const label = block.label[index] ?? 0;
      if (label !== 0) this.#label[bucket] = label;
    }
    block.metrics.forEach((metric, column) => {
      const into = this.#metrics[column];
      if (into && into.n.length > 0 && metric.n.length > 0) addMetric(metric, into, bucketOf, first);
    });
  }

  /** The buckets that got anything. */
  block(): Block {
    const kept: number[] = [];
    for (let bucket = 0; bucket < this.#count; bucket++) if (this.#hasData[bucket]) kept.push(bucket);
    const atMs = zeros(kept.length);
    kept.forEach((bucket, index) => (atMs[index] = this.#fromMs + bucket * this.#widthMs));
    return {
      length: kept.length,
      atMs,
      label: picked(this.#label, kept),
      metrics: this.#metrics.map(({ n, min, max, sum }) => ({
        n: picked(n, kept),
        min: picked(min, kept),
        max: picked(max, kept),
        sum: picked(sum, kept),
      })),
    };
  }
}

/** The same where all are kept; empty where the column was not wanted. */
function picked(values: number[], kept: readonly number[]): number[] {
  if (values.length === 0 || values.length === kept.length) return values;
  const found = zeros(kept.length);
  for (let index = 0; index < kept.length; index++) found[index] = values[kept[index] ?? 0] ?? 0;
  return found;
}

function addMetric(metric: Metric, into: Metric, bucketOf: Int32Array, first: number): void {
  const { n, min, max, sum } = metric;
  for (let offset = 0; offset < bucketOf.length; offset++) {
    const bucket = bucketOf[offset] ?? -1;
    const index = first + offset;
    const told = n[index] ?? 0;
    if (bucket < 0 || told === 0) continue;
    into.n[bucket] = (into.n[bucket] ?? 0) + told;
    into.sum[bucket] = (into.sum[bucket] ?? 0) + (sum[index] ?? 0);
    const low = min[index] ?? 0;
    const high = max[index] ?? 0;
    if (low < (into.min[bucket] ?? 0)) into.min[bucket] = low;
    if (high > (into.max[bucket] ?? 0)) into.max[bucket] = high;
  }
}

/** Index of the first of sorted numbers that is not below `wanted`; their number when all are. */
export function firstAtOrAfter(sorted: number[], wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
