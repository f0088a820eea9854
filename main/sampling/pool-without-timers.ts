/**
 * What a pool's rows say of its ports where the system tells no TIME_WAIT timers: ages are counted from first sight,
 * rates from what opened and closed between listings.
 */
import { estimateDepartures } from '../core/closed-ages.ts';
import { SocketTimer, TcpState } from '../core/model.ts';
import { estimateOpenRate, type OpenRate } from '../core/rates.ts';
import type { RecentArrivals } from './arrivals.ts';
import type { PoolReportInput, PoolUse } from './pool-report.ts';
import { CLOSED_BEFORE, NOT_CLOSED } from './socket-table.ts';

export function estimatePoolWithoutTimers(
  input: PoolReportInput,
  { closings, watchedSinceMs }: NonNullable<PoolReportInput['blind']>,
): PoolUse {
  const { table, settings } = input;
  const ports = portHolders(input);
  const closed = readClosed(input, ports);
  const estimated = estimateDepartures({
    sinceMs: closed.sinceMs,
    closedBefore: closed.before,
    watchedSinceMs,
    nowMs: table.takenMonotonicMs,
    holdMs: settings.timeWaitSeconds * 1000,
  });
  const departuresMs =
    closed.timersMs.length === 0 ? estimated : Uint32Array.from([...estimated, ...closed.timersMs]).sort();
  const liveNow = input.rows.reduce((count, row) => count + (isClosed(input, row) ? 0 : 1), 0);
  const rate = countedRate(input.arrivals, closings, liveNow);
  return {
    used: ports.length,
    liveNow,
    reusable: 0,
    departuresMs,
    rate,
    basis: basisWords(rate, closed.before),
  };
}

interface Closed {
  /** When each was first seen closed. */
  sinceMs: number[];
  /** Closed already at the first listing. */
  before: number;
  /** What is left of those that have a timer after all: files may come from several tools. */
  timersMs: number[];
}

function readClosed({ table }: PoolReportInput, rows: ArrayLike<number>): Closed {
  const closed: Closed = { sinceMs: [], before: 0, timersMs: [] };
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    const since = table.closedSinceMs?.[row] ?? NOT_CLOSED;
    if (since === CLOSED_BEFORE) closed.before++;
    else if (since !== NOT_CLOSED) closed.sinceMs.push(since);
    else if (table.timer[row] === SocketTimer.timeWait) closed.timersMs.push(table.expiresMs[row] ?? 0);
  }
  return closed;
}

/**
 * One row for each port of the pool. Where ports are locked for more than one destination, two sockets may share one
 * (SO_REUSEADDR, auto-reuse on Windows): it is in use once, and as long as the one that stays longest.
 */
function portHolders(input: PoolReportInput): ArrayLike<number> {
  const { table, rows, settings } = input;
  if (settings.scope === 'destination') return rows;
  const byPort = new Map<number, number>();
  for (const row of rows) {
    const port = table.localPort[row] ?? 0;
    const held = byPort.get(port);
    if (held === undefined || staysLonger(input, row, held)) byPort.set(port, row);
  }
  return byPort.size === rows.length ? rows : [...byPort.values()];
}

function staysLonger(input: PoolReportInput, row: number, other: number): boolean {
  if (isClosed(input, other) !== isClosed(input, row)) return isClosed(input, other);
  const since = input.table.closedSinceMs;
  return (since?.[row] ?? NOT_CLOSED) > (since?.[other] ?? NOT_CLOSED);
}

function isClosed({ table }: PoolReportInput, row: number): boolean {
  return table.state[row] === TcpState.TIME_WAIT || table.timer[row] === SocketTimer.timeWait;
}

const UNKNOWN_RATE: OpenRate = {
  opensPerSecond: 0,
  closesPerSecond: 0,
  netOpensPerSecond: 0,
  closesForForecast: 0,
  basis: 'none',
  windowSeconds: 0,
  events: 0,
};

function countedRate(
  arrivals: RecentArrivals | null,
  closings: RecentArrivals | null,
  liveNow: number,
): OpenRate {
  if (arrivals === null || arrivals.seconds <= 0) return UNKNOWN_RATE;
  const seconds = closings?.seconds ?? 0;
  const closes =
    closings === null || seconds <= 0
      ? { ratePerSecond: 0, windowSeconds: arrivals.seconds, closes: 0 }
      : { ratePerSecond: closings.count / seconds, windowSeconds: seconds, closes: closings.count };
  return { ...estimateOpenRate({ closes, arrivals, liveNow }), basis: 'dumps' };
}

function basisWords(rate: OpenRate, closedBefore: number): string {
  if (rate.basis === 'none') return 'no timers and one listing only: no rate is known';
  const seconds = Math.round(rate.windowSeconds * 10) / 10;
  const spread =
    closedBefore === 0 ? '' : `; ${closedBefore} closed before that are spread evenly over the hold`;
  return `no timers: ages counted since first seen, opens and closes counted over ${seconds} s${spread}`;
}
