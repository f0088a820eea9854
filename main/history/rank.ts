/** Pools and consumers of a stretch of time, largest first. */
import type { Block } from './block.ts';
import { firstAtOrAfter } from './buckets.ts';
import {
  columnIndex,
  COLUMNS_OF,
  CONSUMER_COLUMNS,
  POOL_COLUMNS,
  SeriesKind,
  TOTAL_COLUMNS,
  type SeriesKindValue,
} from './columns.ts';
import { alignDown, levelAt } from './levels.ts';
import type { ConsumerRank, PoolRank } from './model.ts';
import { Names, type KnownName } from './names.ts';
import { blocksOf, levelFor, segmentsOf, type FoundBlock, type Source } from './read.ts';
import { TOTALS_ID } from './tail.ts';

/** Steps that a stretch has at least: smallest and largest are exact at every level, only its ends are rounded. */
const STEPS = 120;

const pool = (name: string) => columnIndex(POOL_COLUMNS, name);
const consumer = (name: string) => columnIndex(CONSUMER_COLUMNS, name);
const total = (name: string) => columnIndex(TOTAL_COLUMNS, name);
const POOL = {
  used: pool('used'),
  opens: pool('opensPerSecond'),
  capacity: pool('capacity'),
  ownerShare: pool('ownerShare'),
};
const CONSUMER = {
  sockets: consumer('sockets'),
  timeWait: consumer('timeWait'),
  opens: consumer('opensPerSecond'),
  share: consumer('shareOfPool'),
};
const TOTAL = { interval: total('intervalMs'), opens: total('opensPerSecond'), sockets: total('sockets') };
const WANTED: Readonly<Record<number, ReadonlySet<number>>> = {
  [SeriesKind.totals]: new Set(Object.values(TOTAL)),
  [SeriesKind.pool]: new Set(Object.values(POOL)),
  [SeriesKind.consumer]: new Set(Object.values(CONSUMER)),
};

export interface Stretch {
  /** How finely its ends are cut. */
  stepMs: number;
  pools: PoolRank[];
  consumers: ConsumerRank[];
  opened: number | null;
  peakOpensPerSecond: number | null;
  peakSockets: number | null;
  meanSockets: number | null;
}

/** What there was from `fromMs` to `untilMs`; pools by the share of their ports, consumers by what they opened. */
export function readStretch(source: Source, fromMs: number, untilMs: number, limit: number): Stretch {
  const level = levelFor((untilMs - fromMs) / STEPS);
  const { stepMs } = levelAt(level);
  const segments = segmentsOf(source.database, level, alignDown(fromMs, stepMs), untilMs);
  const sums = new Map<number, SeriesSum>();
  for (const found of blocksOf(source, segments, null, (kind) => WANTED[kind] ?? null, true)) {
    let sum = sums.get(found.id);
    if (!sum) sums.set(found.id, (sum = new SeriesSum(found.kind)));
    sum.add(found);
  }
  const names = new Names(source.database).known(
    [...sums].flatMap(([id, { kind, label }]) => (kind === SeriesKind.totals ? [] : [id, label])),
  );
  const totals = sums.get(TOTALS_ID);
  // Of a faster pace one sample a second is kept, and stands for that second.
  const intervalMs = Math.max(levelAt(0).stepMs, totals?.mean(TOTAL.interval) ?? stepMs);
  const named = (kind: SeriesKindValue) =>
    [...sums].flatMap(([id, sum]) => {
      // What is in a block, but not in this part of it, was not there.
      const name = sum.kind === kind && sum.isTold ? names.get(id) : undefined;
      return name ? [{ name, sum }] : [];
    });
  return {
    stepMs,
    pools: named(SeriesKind.pool)
      .map(({ name, sum }) => rankPool(name, sum, names))
      .sort((a, b) => b.peakShare - a.peakShare || b.peakUsed - a.peakUsed)
      .slice(0, limit),
    consumers: named(SeriesKind.consumer)
      .map(({ name, sum }) => rankConsumer(name, sum, intervalMs))
      .sort((a, b) => (b.opened ?? 0) - (a.opened ?? 0) || b.peakSockets - a.peakSockets)
      .slice(0, limit),
    opened: totals?.opened(TOTAL.opens, intervalMs) ?? null,
    peakOpensPerSecond: totals?.max(TOTAL.opens) ?? null,
    peakSockets: totals?.max(TOTAL.sockets) ?? null,
    meanSockets: totals?.mean(TOTAL.sockets) ?? null,
  };
}

/** All points of one series as one. */
class SeriesSum {
  readonly kind: SeriesKindValue;
  /** The newest. */
  label = 0;
  peakAtMs = 0;
  /** Of the pool at its peak. */
  peakCapacity = 0;
  readonly #peaks: number[];
  readonly #sums: number[];
  readonly #told: number[];
  readonly #scales: number[];

  constructor(kind: SeriesKindValue) {
    const columns = COLUMNS_OF[kind];
    this.kind = kind;
    this.#scales = columns.map(({ scale }) => scale);
    this.#peaks = columns.map(() => -Infinity);
    this.#sums = columns.map(() => 0);
    this.#told = columns.map(() => 0);
  }

  add({ block, segment }: FoundBlock): void {
    // A head stands at its peak; whether it is in the segment was decided for its chunk.
    const first = firstAtOrAfter(block.atMs, segment.fromMs);
    const end = firstAtOrAfter(block.atMs, segment.untilMs);
    for (let index = first; index < end; index++) {
      this.#addPeak(block, index);
      const label = block.label[index] ?? 0;
      if (label !== 0) this.label = label;
    }
    block.metrics.forEach(({ n, max, sum }, column) => {
      if (n.length === 0) return;
      for (let index = first; index < end; index++) {
        const told = n[index] ?? 0;
        if (told === 0) continue;
        this.#told[column] = (this.#told[column] ?? 0) + told;
        this.#sums[column] = (this.#sums[column] ?? 0) + (sum[index] ?? 0);
        this.#peaks[column] = Math.max(this.#peaks[column] ?? 0, max[index] ?? 0);
      }
    });
  }

  #addPeak({ metrics, atMs }: Block, index: number): void {
    const first = metrics[0];
    if (!first?.n[index] || (first.max[index] ?? 0) <= (this.#peaks[0] ?? 0)) return;
    this.#peaks[0] = first.max[index] ?? 0;
    this.peakAtMs = atMs[index] ?? 0;
    this.peakCapacity = metrics[POOL.capacity]?.max[index] ?? 0;
  }

  /** Whether any point of it lies in the stretch. */
  get isTold(): boolean {
    return (this.#told[0] ?? 0) > 0;
  }

  /** Null where no value was told. */
  max(column: number): number | null {
    return this.#told[column] ? (this.#peaks[column] ?? 0) / (this.#scales[column] ?? 1) : null;
  }

  mean(column: number): number | null {
    const told = this.#told[column] ?? 0;
    return told > 0 ? (this.#sums[column] ?? 0) / told / (this.#scales[column] ?? 1) : null;
  }

  /** Connections: each sample's rate held until the next one. */
  opened(column: number, intervalMs: number): number | null {
    if (!this.#told[column]) return null;
    return Math.round((((this.#sums[column] ?? 0) / (this.#scales[column] ?? 1)) * intervalMs) / 1000);
  }
}

function rankPool(name: KnownName, sum: SeriesSum, names: ReadonlyMap<number, KnownName>): PoolRank {
  const peakUsed = sum.max(POOL.used) ?? 0;
  const capacity = sum.peakCapacity;
  return {
    poolKey: name.text,
    target: textOf(name.detail['target']) ?? name.text,
    peakUsed,
    peakAtMs: sum.peakAtMs,
    capacity,
    peakShare: capacity > 0 ? peakUsed / capacity : 1,
    meanUsed: sum.mean(POOL.used) ?? 0,
    peakOpensPerSecond: sum.max(POOL.opens),
    owner: ownerOf(sum, names.get(sum.label)),
  };
}

function ownerOf(sum: SeriesSum, name: KnownName | undefined): PoolRank['owner'] {
  if (!name) return null;
  const { detail } = name;
  return {
    pid: numberOf(detail['pid']),
    process: textOf(detail['process']),
    share: sum.mean(POOL.ownerShare),
  };
}

function rankConsumer({ detail, text }: KnownName, sum: SeriesSum, intervalMs: number): ConsumerRank {
  return {
    consumerKey: text,
    pid: numberOf(detail['pid']),
    process: textOf(detail['process']),
    commandLine: textOf(detail['commandLine']),
    unit: textOf(detail['unit']),
    container: textOf(detail['container']),
    runtime: textOf(detail['runtime']),
    isGroup: detail['isGroup'] === true,
    poolKey: textOf(detail['poolKey']) ?? '',
    destination: textOf(detail['destination']) ?? '',
    peakSockets: sum.max(CONSUMER.sockets) ?? 0,
    peakAtMs: sum.peakAtMs,
    meanSockets: sum.mean(CONSUMER.sockets) ?? 0,
    peakTimeWait: sum.max(CONSUMER.timeWait) ?? 0,
    peakShareOfPool: sum.max(CONSUMER.share) ?? 0,
    opened: sum.opened(CONSUMER.opens, intervalMs),
    peakOpensPerSecond: sum.max(CONSUMER.opens),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
