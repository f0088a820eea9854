/** What is kept of a summary: whole numbers by column, and the names they belong to. */
import type { Consumer, Level, Pool, StackCounters, Summary } from '../core/model.ts';
import { sayPoolTarget } from '../core/words/pool-target.ts';
import {
  CONSUMER_COLUMNS,
  POOL_COLUMNS,
  SeriesKind,
  STATE_NAMES,
  TOTAL_COLUMNS,
  type Column,
  type SeriesKindValue,
} from './columns.ts';
import { MAX_CONSUMERS, MAX_POOLS } from './levels.ts';

/** A name as the file knows it: `text` identifies it, `detail` is what to show. */
export interface SeriesName {
  kind: SeriesKindValue;
  text: string;
  detail: Record<string, string | number | boolean | null>;
}

export interface SampledSeries {
  name: SeriesName;
  /** Who holds the most of a pool. */
  label: SeriesName | null;
  /** Scaled and rounded; NaN where the value is not known. */
  values: number[];
}

export interface Sample {
  atMs: number;
  totals: number[];
  pools: SampledSeries[];
  consumers: SampledSeries[];
}

/** Counters of the sample before and when they were read, monotonic milliseconds. */
export interface CountersBefore {
  counters: StackCounters;
  steadyMs: number;
}

const LEVEL_NUMBERS: Readonly<Record<Level, number | null>> = {
  ok: 0,
  notice: 1,
  warning: 2,
  critical: 3,
  unknown: null,
};
/** The level that a stored number stands for. */
export const LEVELS_BY_NUMBER = ['ok', 'notice', 'warning', 'critical'] as const;

/** These pools are kept however little they hold; others from FEW_PORTS on, or passing ones would fill the names. */
const ALWAYS_KEPT = 10;
const FEW_PORTS = 8;

/** `before`: null at the first sample, after a gap, and when counters fell. */
export function sampleOf(summary: Summary, before: CountersBefore | null, steadyMs: number): Sample {
  const { pools, consumers } = summary;
  return {
    atMs: summary.takenAtMs,
    totals: scaled(TOTAL_COLUMNS, totalsOf(summary, before, steadyMs)),
    pools: pools
      .slice(0, MAX_POOLS)
      .filter(({ used }, index) => index < ALWAYS_KEPT || used >= FEW_PORTS)
      .map(poolSeries),
    consumers: uniqueByName(consumers.slice(0, MAX_CONSUMERS).map(consumerSeries)),
  };
}

function totalsOf(
  { totals, rates, poolCount, pools, verdict, counters, sampler }: Summary,
  before: CountersBefore | null,
  steadyMs: number,
): (number | null)[] {
  const rate = (name: keyof StackCounters) => counterRate(name, counters, before, steadyMs);
  return [
    totals.sockets,
    ...STATE_NAMES.map((name) => totals.byState[name] ?? 0),
    rates.opensPerSecond,
    rates.closesPerSecond,
    poolCount,
    pools.reduce((most, { usedRatio }) => Math.max(most, usedRatio), 0),
    LEVEL_NUMBERS[verdict.level],
    rate('attemptFails'),
    rate('retransmittedSegments'),
    rate('timeWaitOverflow'),
    rate('listenOverflows'),
    counters.conntrackCount,
    counters.fileHandlesUsed,
    sampler.effectiveIntervalMs,
  ];
}

function counterRate(
  name: keyof StackCounters,
  now: StackCounters,
  before: CountersBefore | null,
  steadyMs: number,
): number | null {
  const value = now[name];
  const former = before?.counters[name] ?? null;
  if (before === null || value === null || former === null || value < former) return null;
  const seconds = (steadyMs - before.steadyMs) / 1000;
  return seconds > 0 ? (value - former) / seconds : null;
}

function poolSeries(pool: Pool): SampledSeries {
  const { key, localAddress, remoteAddress, remotePort, byState } = pool;
  const owner = pool.owners[0];
  return {
    name: {
      kind: SeriesKind.pool,
      text: key,
      detail: { target: sayPoolTarget(pool), localAddress, remoteAddress, remotePort },
    },
    label:
      owner && (owner.pid !== null || owner.process !== null) ? ownerName(owner.pid, owner.process) : null,
    values: scaled(POOL_COLUMNS, [
      pool.used,
      byState.TIME_WAIT ?? 0,
      byState.ESTABLISHED ?? 0,
      pool.openRatePerSecond,
      pool.capacity,
      pool.sustainableRatePerSecond,
      owner ? owner.share : null,
    ]),
  };
}

function ownerName(pid: number | null, process: string | null): SeriesName {
  return { kind: SeriesKind.owner, text: `${pid ?? ''}\t${process ?? ''}`, detail: { pid, process } };
}

function consumerSeries(consumer: Consumer): SampledSeries {
  const { pid, process, commandLine, unit, container, runtime, group, poolKey, destination } = consumer;
  // Short-lived processes of one name and parent are one consumer, whatever their pids.
  const who = group
    ? `group\t${process ?? ''}\t${group.parentPid ?? ''}\t${group.parentProcess ?? ''}`
    : `${pid ?? ''}\t${process ?? ''}`;
  return {
    name: {
      kind: SeriesKind.consumer,
      text: `${who}\t${poolKey}`,
      detail: {
        pid,
        process,
        commandLine,
        unit,
        container,
        runtime,
        isGroup: group !== null,
        poolKey,
        destination,
      },
    },
    label: null,
    values: scaled(CONSUMER_COLUMNS, [
      consumer.sockets,
      consumer.timeWait,
      consumer.established,
      consumer.openRatePerSecond,
      consumer.shareOfPool,
    ]),
  };
}

/** Two entries of one name (an owner seen and the same inferred) would make one series twice: the fuller one counts. */
function uniqueByName(series: SampledSeries[]): SampledSeries[] {
  const names = new Set<string>();
  return series.filter(({ name }) => !names.has(name.text) && names.add(name.text));
}

function scaled(columns: readonly Column[], values: readonly (number | null)[]): number[] {
  return columns.map(({ scale }, index) => {
    const value = values[index] ?? null;
    return value === null || !Number.isFinite(value) ? NaN : Math.max(0, Math.round(value * scale));
  });
}
