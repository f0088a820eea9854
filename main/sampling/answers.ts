/**
 * What the sampler answers: windows of rows, the port map, trends. The workbench has checked the arguments by the
 * contract's schemas before they come here.
 */
import { forecastCurve } from '../core/forecast.ts';
import { poolKeyOf } from '../core/pools.ts';
import type { ForecastCurve, Outcome, TrendColumns } from '../core/model.ts';
import type { ImportCall, Imports } from './imported/imports.ts';
import type { QueryContext } from './query/context.ts';
import { exportSockets, type ExportArgs } from './query/csv.ts';
import { describeSocket } from './query/detail.ts';
import { portMap } from './query/port-map.ts';
import { querySockets, type QueryArgs } from './query/query.ts';
import { suggestFilter } from './query/suggest.ts';
import { fixFactsOf } from './fix-facts.ts';
import type { SamplerCall, SamplerQuestion } from './protocol.ts';
import type { Sample, Sampler } from './sampler.ts';
import { ALL_POOLS } from './trend-recorder.ts';

/** Snapshots kept for renderers at one time; the oldest gives way. */
const MAX_PINNED = 4;
/** A forecast is drawn at most this far, in this many steps. */
const FORECAST_SECONDS = 240;
const FORECAST_STEPS = 60;

type PoolArgs = { poolKey: string | null };

/** Calls about sockets, ports and trends; the others are about files to open. */
export type SampleCall = Exclude<SamplerCall, ImportCall>;

/** Answers any call: from the files that are shown, or from this machine while none are. */
export async function answerCall(
  parts: { live: Sampler; imports: Imports },
  name: SamplerQuestion,
  args: unknown,
): Promise<Outcome<unknown>> {
  const { live, imports } = parts;
  switch (name) {
    case 'fixes.subject':
      return fixFactsOf(imports.opened ?? live, imports.openedFacts);
    case 'import.begin':
    case 'import.piece':
    case 'import.finish':
    case 'import.close':
      return imports.answer(name, args);
    case 'sockets.unpin': {
      // It may have been pinned before what is shown was.
      const { snapshotId } = args as { snapshotId: number };
      const holders = [live, ...(imports.opened ? [imports.opened] : [])];
      return done({ released: holders.filter((holder) => holder.pinned.delete(snapshotId)).length > 0 });
    }
    default:
      return answerSamplerCall(imports.opened ?? live, name, args);
  }
}

/** Answers one call; `gone` when the snapshot or pool it names is no more. */
export function answerSamplerCall(sampler: Sampler, name: SampleCall, args: unknown): Outcome<unknown> {
  const { last } = sampler;
  if (!last)
    return {
      ok: false,
      failure: { code: 'unavailable', what: 'socket list', why: 'the first sample is under way' },
    };
  switch (name) {
    case 'sockets.query':
      return onSnapshot(sampler, last, (args as QueryArgs).snapshotId, (context) =>
        querySockets(context, args as QueryArgs),
      );
    case 'sockets.suggest':
      return done(suggestFilter(contextOf(sampler, last), args as { filter: string; caret: number }));
    case 'sockets.detail': {
      const { key, snapshotId } = args as { key: string; snapshotId: number | null };
      return onSnapshot(sampler, last, snapshotId, (context) => describeSocket(context, key));
    }
    case 'sockets.pin':
      return done(pin(sampler, last));
    case 'sockets.unpin':
      return done({ released: sampler.pinned.delete((args as { snapshotId: number }).snapshotId) });
    case 'sockets.export': {
      const request = args as ExportArgs & { snapshotId: number };
      return onSnapshot(sampler, last, request.snapshotId, (context) => exportSockets(context, request));
    }
    case 'ports.map':
      return done(mapPorts(sampler, last, (args as PoolArgs).poolKey));
    case 'trend.query':
      return done(readTrend(sampler, last, args as PoolArgs & { seconds: number }));
  }
}

function onSnapshot<T>(
  sampler: Sampler,
  last: Sample,
  snapshotId: number | null,
  read: (context: QueryContext) => T,
): Outcome<T> {
  const isLast = snapshotId === null || snapshotId === last.table.snapshotId;
  const sample = isLast ? last : sampler.pinned.get(snapshotId);
  if (!sample) return { ok: false, failure: { code: 'gone', what: 'that snapshot of the sockets' } };
  return done(read(contextOf(sampler, sample)));
}

/** One context a sample, so that orderings cached by context survive between calls. */
const contexts = new WeakMap<Sample, QueryContext>();

function contextOf(sampler: Sampler, sample: Sample): QueryContext {
  let context = contexts.get(sample);
  if (!context) {
    const { startedMonotonicMs } = sampler;
    context = {
      table: sample.table,
      settings: sample.settings,
      timeWaitSeconds: sample.settings.timeWaitSeconds,
      ownerOf: (index) => sampler.ownerOf(index),
      ...(startedMonotonicMs === null ? {} : { startedMonotonicMs }),
      poolOf: (key) => sample.reports.find((report) => report.pool.key === key)?.pool ?? null,
    };
    contexts.set(sample, context);
  }
  return context;
}

function pin(sampler: Sampler, sample: Sample): { snapshotId: number; takenAtMs: number; total: number } {
  const { snapshotId, takenAtMs, length } = sample.table;
  sampler.pinned.set(snapshotId, sample);
  const [oldest] = sampler.pinned.keys();
  if (sampler.pinned.size > MAX_PINNED && oldest !== undefined) sampler.pinned.delete(oldest);
  return { snapshotId, takenAtMs, total: length };
}

function mapPorts(sampler: Sampler, sample: Sample, poolKey: string | null): unknown {
  const context = contextOf(sampler, sample);
  if (poolKey === null) return portMap(context, null);
  const { index, table } = sample;
  let pool = -1;
  for (let candidate = 0; candidate < index.count && pool < 0; candidate++) {
    if (poolKeyOf(table, index.firstRow[candidate] ?? 0, sample.settings.scope) === poolKey) pool = candidate;
  }
  return portMap(context, (row) => pool >= 0 && index.poolOfRow[row] === pool);
}

interface TrendAnswer {
  trend: TrendColumns;
  forecast: ForecastCurve | null;
  capacity: number | null;
  slowFrom: number | null;
}

function readTrend(sampler: Sampler, sample: Sample, args: PoolArgs & { seconds: number }): TrendAnswer {
  const atMs = sample.table.takenAtMs;
  const key = args.poolKey ?? ALL_POOLS;
  const trend = sampler.trends.read(key, args.seconds, atMs) ?? {
    atMs: [],
    timeWait: [],
    established: [],
    other: [],
    opensPerSecond: [],
    derivedUntilMs: null,
  };
  const report = sample.reports.find(({ pool }) => pool.key === args.poolKey);
  if (!report) return { trend, forecast: null, capacity: null, slowFrom: null };
  const { pool } = report;
  const forecast =
    pool.rateBasis === 'none' ? null : forecastCurve(report.forecast, atMs, FORECAST_SECONDS, FORECAST_STEPS);
  return { trend, forecast, capacity: pool.capacity, slowFrom: pool.slowFrom };
}

function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}
