/** One pool as the summary shows it, from its rows: use, rates, forecast, owners. */
import { sustainableRate } from '../core/budget.ts';
import { forecastExhaustion, type ForecastInput } from '../core/forecast.ts';
import { estimateCloseRate, estimateOpenRate, type OpenRate } from '../core/rates.ts';
import { isReuseEffective, poolEndsOf, poolKeyOf, poolStates, type PoolIndex } from '../core/pools.ts';
import {
  SocketTimer,
  TcpState,
  type Exhaustion,
  type Pool,
  type SocketOwner,
  type StackSettings,
} from '../core/model.ts';
import type { RecentArrivals } from './arrivals.ts';
import { sharePool, type HeldBy } from './pool-holders.ts';
import type { Attributed } from './pool-attribution.ts';
import { estimatePoolWithoutTimers } from './pool-without-timers.ts';
import { sortMilliseconds } from './sort-milliseconds.ts';
import type { SocketTable } from './socket-table.ts';

export interface PoolReportInput {
  table: SocketTable;
  index: PoolIndex;
  pool: number;
  rows: Int32Array;
  settings: StackSettings;
  /** New 4-tuples of this pool and the seconds they took, or null. */
  arrivals: RecentArrivals | null;
  /** Whether TIME_WAIT sockets were reused lately (they vanish from the ages), or null when unknown. */
  reuseSeen: boolean | null;
  /** Where the source tells no timers: connections counted as they closed, and since when. */
  blind: { closings: RecentArrivals | null; watchedSinceMs: number } | null;
  /** Connections that ended by the kernel's own word, all and those that left no TIME_WAIT; null where it gives none. */
  ends: { all: RecentArrivals | null; unseen: RecentArrivals | null };
  /** Who closes connections here; the rows have their owners. */
  attributed: Attributed;
  ownerOf(index: number): SocketOwner | null;
}

export interface PoolReport {
  pool: Pool;
  /** What its forecast was made from, to draw the curve. */
  forecast: ForecastInput;
  /** What each of pool.owners holds, in the same order. */
  holders: HeldBy[];
  /** TIME_WAIT sockets that no row says the owner of, but the shares of the pool do. */
  inferredByShare: number;
}

/** Puts a pool together; a few thousand rows take well under a millisecond. */
export function reportPool(input: PoolReportInput): PoolReport {
  const { table, index, settings } = input;
  const row = index.firstRow[input.pool] ?? 0;
  const reuseEffective = isReuseEffective(table, row, settings);
  const waitSeconds = reuseEffective ? settings.reuse.delayMs / 1000 : settings.timeWaitSeconds;
  const seen = input.blind
    ? estimatePoolWithoutTimers(input, input.blind)
    : readPoolTimers(input, reuseEffective);
  const { rate, liveNow, used } = seen;
  const { capacity, blockedCount } = index.ledger;
  const forecast: ForecastInput = {
    capacity,
    inUse: used,
    departuresMs: seen.departuresMs,
    opensPerSecond: rate.netOpensPerSecond,
    closesPerSecond: rate.closesForForecast,
    waitSeconds,
    events: rate.events,
    windowSeconds: rate.windowSeconds,
    basis: seen.basis,
  };
  const holdSeconds = reuseEffective && rate.opensPerSecond > 0 ? liveNow / rate.opensPerSecond : 0;
  const { holders, inferredByShare } = sharePool(input);
  const told = opensTold(rate, input.ends.all);
  return {
    forecast,
    holders,
    inferredByShare,
    pool: {
      key: poolKeyOf(table, row, settings.scope),
      ...poolEndsOf(table, row, settings.scope),
      capacity,
      blocked: blockedCount,
      slowFrom: settings.slowFromShare === null ? null : Math.floor(capacity * settings.slowFromShare),
      used,
      reusable: seen.reusable,
      byState: poolStates(index, input.pool),
      usedRatio: capacity === 0 ? 1 : used / capacity,
      openRatePerSecond: told.basis === 'none' ? null : told.opensPerSecond,
      closeRatePerSecond: input.blind && rate.basis === 'none' ? null : rate.closesPerSecond,
      rateBasis: told.basis,
      rateWindowSeconds: told.windowSeconds,
      closesUnseenPerSecond: input.ends.unseen && input.ends.unseen.count / input.ends.unseen.seconds,
      sustainableRatePerSecond: sustainableRate(capacity, waitSeconds + holdSeconds),
      reuseEffective,
      exhaustion: sayUnknownRate(forecastExhaustion(forecast), input.blind !== null && rate.basis === 'none'),
      owners: holders.map(({ owner }) => owner),
    },
  };
}

/**
 * Opens a second as shown. Connections that end at once and leave nothing are in no dump: where the kernel tells of
 * clearly more ends than dumps show opens, that is the better figure. The forecast goes on without them, for they lock
 * no port.
 */
function opensTold(
  rate: OpenRate,
  ends: RecentArrivals | null,
): Pick<OpenRate, 'opensPerSecond' | 'basis' | 'windowSeconds'> {
  if (ends === null || ends.seconds <= 0) return rate;
  const expected = rate.opensPerSecond * ends.seconds;
  if (ends.count <= expected + 3 * Math.sqrt(expected) + 3) return rate;
  return { opensPerSecond: ends.count / ends.seconds, basis: 'close events', windowSeconds: ends.seconds };
}

/** Without a rate there is no level that use would settle at. */
function sayUnknownRate(exhaustion: Exhaustion, isRateUnknown: boolean): Exhaustion {
  return isRateUnknown ? { ...exhaustion, steadyState: null } : exhaustion;
}

/** What a pool's rows say of its ports: in use, coming back, and how fast they are taken. */
export interface PoolUse {
  used: number;
  /** Sockets that are not closed yet. */
  liveNow: number;
  reusable: number;
  /** When each locked port comes back, milliseconds from now, ascending. */
  departuresMs: Uint32Array;
  rate: OpenRate;
  basis: string;
}

function readPoolTimers(input: PoolReportInput, reuseEffective: boolean): PoolUse {
  const timers = readTimers(input, reuseEffective);
  const liveNow = input.rows.length - timers.closedCount;
  const closes = estimateCloseRate(timers.agesMs, ageLimitSeconds(input, reuseEffective));
  const rate = estimateOpenRate({ closes, arrivals: input.arrivals, liveNow });
  return {
    used: input.rows.length - timers.reusable,
    liveNow,
    reusable: timers.reusable,
    departuresMs: timers.departuresMs,
    rate,
    basis: basisWords(rate),
  };
}

interface PoolTimers {
  /** Ages of TIME_WAIT sockets, ascending. */
  agesMs: Uint32Array;
  /** When each locked port comes back, ascending. */
  departuresMs: Uint32Array;
  closedCount: number;
  reusable: number;
}

function readTimers({ table, rows, settings }: PoolReportInput, reuseEffective: boolean): PoolTimers {
  const waitMs = settings.timeWaitSeconds * 1000;
  const left = new Uint32Array(rows.length);
  const orphans: number[] = [];
  let count = 0;
  for (const row of rows) {
    if (table.timer[row] !== SocketTimer.timeWait) continue;
    const leftMs = table.expiresMs[row] ?? 0;
    if (table.state[row] === TcpState.TIME_WAIT) left[count++] = leftMs;
    // An orphan FIN_WAIT_2 has the same timer with another meaning: never reused, its age unknown.
    else orphans.push(leftMs);
  }
  const leftMs = sortMilliseconds(left.subarray(0, count));
  const agesMs = new Uint32Array(count);
  for (let at = 0; at < count; at++) agesMs[at] = Math.max(0, waitMs - (leftMs[count - 1 - at] ?? 0));
  const locked = reuseEffective ? shorten(leftMs, waitMs - settings.reuse.delayMs) : leftMs;
  const departuresMs = orphans.length === 0 ? locked : Uint32Array.from([...locked, ...orphans]).sort();
  return { agesMs, departuresMs, closedCount: count + orphans.length, reusable: count - locked.length };
}

/** What is left of each timer when a port may be reused `byMs` before its timer ends; those that may be now are out. */
function shorten(leftMs: Uint32Array, byMs: number): Uint32Array {
  const first = leftMs.findIndex((value) => value > byMs);
  return first < 0 ? new Uint32Array() : leftMs.subarray(first).map((value) => value - byMs);
}

/** Where sockets are being reused, ages above the delay are incomplete: those closes were overwritten. */
function ageLimitSeconds({ settings, reuseSeen }: PoolReportInput, reuseEffective: boolean): number {
  if (!reuseEffective || reuseSeen === false) return Infinity;
  return Math.max(0.25, settings.reuse.delayMs / 1000);
}

function basisWords(rate: OpenRate): string {
  const seconds = Math.round(rate.windowSeconds * 10) / 10;
  if (rate.basis === 'none') return 'one dump of open connections: no rate yet';
  if (rate.basis === 'dumps') return `timers of closed connections, and opens counted over ${seconds} s`;
  return `timers of closed connections, and closes of the last ${seconds} s`;
}
