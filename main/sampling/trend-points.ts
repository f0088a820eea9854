/** From a sample to one point of each trend. */
import {
  TcpState,
  TCP_STATE_NAMES,
  type CountByState,
  type Rates,
  type StackSettings,
} from '../core/model.ts';
import type { PoolIndex } from '../core/pools.ts';
import type { PoolReport } from './pool-report.ts';
import type { SocketTable } from './socket-table.ts';
import { ALL_POOLS, type TrendPoint, type TrendRecorder } from './trend-recorder.ts';

/** Pools with a trend of their own. */
const POOLS_WITH_TREND = 24;

export interface TrendSample {
  table: SocketTable;
  index: PoolIndex;
  settings: StackSettings;
  reports: readonly PoolReport[];
  rates: Rates;
  /** Whether TIME_WAIT timers tell of the past; without them a trend begins now. */
  hasTimers: boolean;
}

/** Adds the sample to the trend of all pools together and of each of the fullest. */
export function recordTrends(trends: TrendRecorder, sample: TrendSample): void {
  const atMs = Math.round(sample.table.takenAtMs);
  const { timeWaitSeconds } = sample.settings;
  const { hasTimers } = sample;
  const seedAll = trends.has(ALL_POOLS) || !hasTimers ? null : { agesMs: agesOfAll(sample), timeWaitSeconds };
  trends.add(ALL_POOLS, atMs, allPoint(sample), seedAll);
  for (const report of sample.reports.slice(0, POOLS_WITH_TREND)) {
    const { pool } = report;
    const seed =
      trends.has(pool.key) || !hasTimers
        ? null
        : { agesMs: agesOfPool(report, timeWaitSeconds), timeWaitSeconds };
    trends.add(pool.key, atMs, pointOf(pool.byState, pool.openRatePerSecond), seed);
  }
  trends.forgetBefore(atMs);
}

function allPoint({ index, rates }: TrendSample): TrendPoint {
  const counts: CountByState = {};
  const width = TCP_STATE_NAMES.length;
  for (let at = 0; at < index.stateCounts.length; at++) {
    const name = TCP_STATE_NAMES[at % width];
    const count = index.stateCounts[at] ?? 0;
    if (name && count > 0) counts[name] = (counts[name] ?? 0) + count;
  }
  return pointOf(counts, rates.opensPerSecond);
}

function pointOf(byState: CountByState, opensPerSecond: number | null): TrendPoint {
  let total = 0;
  for (const count of Object.values(byState)) total += count;
  const timeWait = byState.TIME_WAIT ?? 0;
  const established = byState.ESTABLISHED ?? 0;
  return { timeWait, established, other: total - timeWait - established, opensPerSecond };
}

/** Ages read back from the pool's known departures, which are holds less ages. */
function agesOfPool(report: PoolReport, timeWaitSeconds: number): Float64Array {
  if (report.pool.reuseEffective) return new Float64Array();
  return Float64Array.from(report.forecast.departuresMs, (leftMs) =>
    Math.max(0, timeWaitSeconds * 1000 - leftMs),
  ).sort();
}

function agesOfAll({ table, index, settings }: TrendSample): Float64Array {
  const ages: number[] = [];
  for (let row = 0; row < table.length; row++) {
    if (table.state[row] !== TcpState.TIME_WAIT || (index.poolOfRow[row] ?? -1) < 0) continue;
    ages.push(Math.max(0, settings.timeWaitSeconds * 1000 - (table.expiresMs[row] ?? 0)));
  }
  return Float64Array.from(ages).sort();
}
