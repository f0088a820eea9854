/** One pool as the summary shows it, from its rows: use, rates, forecast, owners. */
import { sustainableRate } from '../core/budget.ts';
import { forecastExhaustion, type ForecastInput } from '../core/forecast.ts';
import { estimateCloseRate, estimateOpenRate, type OpenRate } from '../core/rates.ts';
import { isReuseEffective, poolEndsOf, poolKeyOf, poolStates, type PoolIndex } from '../core/pools.ts';
import {
  OwnerConfidence,
  OwnerIndex,
  SocketTimer,
  TcpState,
  type Exhaustion,
  type Pool,
  type PoolOwner,
  type SocketOwner,
  type StackSettings,
} from '../core/model.ts';
import type { RecentArrivals } from './arrivals.ts';
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
  /** Shares of the processes seen using this pool lately. */
  userShares: ReadonlyMap<number, number>;
  ownerOf(index: number): SocketOwner | null;
}

export interface PoolReport {
  pool: Pool;
  /** What its forecast was made from, to draw the curve. */
  forecast: ForecastInput;
  /** Index in the owner registry of each of pool.owners; null where the owner is unknown. */
  ownerIndexes: (number | null)[];
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
  const held = shareOwners(input);
  return {
    forecast,
    ownerIndexes: held.map(({ index: owner }) => owner),
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
      openRatePerSecond: rate.basis === 'none' ? null : rate.opensPerSecond,
      closeRatePerSecond: input.blind && rate.basis === 'none' ? null : rate.closesPerSecond,
      rateBasis: rate.basis,
      rateWindowSeconds: rate.windowSeconds,
      sustainableRatePerSecond: sustainableRate(capacity, waitSeconds + holdSeconds),
      reuseEffective,
      exhaustion: sayUnknownRate(forecastExhaustion(forecast), input.blind !== null && rate.basis === 'none'),
      owners: held.map(({ owner }) => owner),
    },
  };
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

/** A process's part of a pool, and its index in the owner registry. */
interface HeldBy {
  index: number | null;
  owner: PoolOwner;
}

/** Who holds the pool: seen owners first, the rest shared out among the processes seen using it lately. */
function shareOwners({ table, rows, userShares, ownerOf }: PoolReportInput): HeldBy[] {
  const observed = new Map<number, number>();
  let unknown = 0;
  let hidden = 0;
  for (const row of rows) {
    const owner = table.owner[row] ?? OwnerIndex.unknown;
    if (owner >= 0) observed.set(owner, (observed.get(owner) ?? 0) + 1);
    else if (owner === OwnerIndex.notPermitted) hidden++;
    else unknown++;
  }
  const total = Math.max(1, rows.length);
  const held: HeldBy[] = [];
  const add = (index: number | null, sockets: number, confidence: PoolOwner['confidence']) => {
    const owner = index === null ? null : ownerOf(index);
    const share = sockets / total;
    const part = { pid: owner?.pid ?? null, process: owner?.process ?? null, sockets, share, confidence };
    held.push({ index, owner: part });
  };
  const inferred = inferShares(userShares, unknown);
  for (const index of new Set([...observed.keys(), ...inferred.keys()])) {
    const seen = observed.get(index) ?? 0;
    const guessed = inferred.get(index) ?? 0;
    add(index, seen + guessed, seen >= guessed ? 'observed' : 'inferred');
  }
  const rest = unknown - [...inferred.values()].reduce((sum, count) => sum + count, 0) + hidden;
  held.sort((a, b) => b.owner.sockets - a.owner.sockets);
  if (rest > 0) add(null, rest, 'unknown');
  return held.slice(0, 8);
}

function inferShares(shares: ReadonlyMap<number, number>, sockets: number): Map<number, number> {
  const counts = new Map<number, number>();
  let left = sockets;
  for (const [owner, share] of shares) {
    const count = Math.min(left, Math.round(sockets * share));
    if (count > 0) counts.set(owner, count);
    left -= count;
  }
  return counts;
}

/**
 * Writes what the pool's rows without an owner are inferred to be: only where a single process was seen in the pool.
 * Returns how many rows it gave an owner.
 */
export function inferRowOwners(
  table: SocketTable,
  rows: Int32Array,
  shares: ReadonlyMap<number, number>,
): number {
  const [only] = shares.keys();
  if (shares.size !== 1 || only === undefined) return 0;
  let inferred = 0;
  for (const row of rows) {
    if (table.owner[row] !== OwnerIndex.unknown) continue;
    table.owner[row] = only;
    table.ownerConfidence[row] = OwnerConfidence.inferred;
    inferred++;
  }
  return inferred;
}
