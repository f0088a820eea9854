/** A history in a folder of its own, and summaries of a machine with many pools. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Consumer, Pool, Summary } from '../../main/core/model.ts';
import { History, type HistoryOptions } from '../../main/history/history.ts';
import { DEFAULT_RETENTION } from '../../main/history/levels.ts';
import type { HistoryState, SeriesAnswer } from '../../main/history/model.ts';
import type { AppendedSample } from '../../main/history/protocol.ts';
import { ownSqlite } from '../../main/history/sqlite.ts';
import { quietSummary } from './fake-sampler.ts';
import { aPool } from './pools.ts';

/** 2026-11-20 00:00:00 UTC. */
export const START_MS = Date.UTC(2026, 10, 20);

/** A folder that is removed after the test. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'fourtuple-history-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface HistoryRig {
  history: History;
  /** Sets what the time is for the history, epoch milliseconds. */
  setNow(atMs: number): void;
  append(...summaries: Summary[]): void;
  state(): HistoryState;
  states: HistoryState[];
  log: string[];
}

/** An open history whose clock is the newest sample's time. */
export function rigHistory(folder: string, change: Partial<HistoryOptions> = {}): HistoryRig {
  let nowMs = START_MS;
  const states: HistoryState[] = [];
  const log: string[] = [];
  const history = new History({
    folder,
    retention: DEFAULT_RETENTION,
    sqlite: ownSqlite(),
    now: () => nowMs,
    onState: (state) => states.push(state),
    log: (line) => log.push(line),
    ...change,
  });
  history.open();
  return {
    history,
    setNow: (atMs) => (nowMs = atMs),
    append: (...summaries) => {
      nowMs = Math.max(nowMs, summaries.at(-1)?.takenAtMs ?? nowMs);
      history.append(summaries.map(appended));
    },
    state: () => history.state,
    states,
    log,
  };
}

/** All clocks agree. */
export function appended(summary: Summary): AppendedSample {
  return { summary, steadyMs: summary.takenAtMs, uptimeMs: summary.takenAtMs };
}

/** A quiet machine at a time. */
export function quietAt(atMs: number, change: Partial<Summary> = {}): Summary {
  return quietSummary({ takenAtMs: atMs, ...change });
}

/** A machine with `poolCount` pools in use, whose numbers wander; the same for the same time and `seed`. */
export function busyAt(atMs: number, poolCount = 50, seed = 1): Summary {
  const pools = Array.from({ length: poolCount }, (_, index) => busyPool(atMs, index, seed));
  const used = pools.reduce((sum, pool) => sum + pool.used, 0);
  const timeWait = pools.reduce((sum, pool) => sum + (pool.byState.TIME_WAIT ?? 0), 0);
  return quietSummary({
    takenAtMs: atMs,
    totals: {
      sockets: used + 40,
      byState: { TIME_WAIT: timeWait, ESTABLISHED: used - timeWait, LISTEN: 40 },
    },
    rates: {
      opensPerSecond: pools.reduce((sum, pool) => sum + (pool.openRatePerSecond ?? 0), 0),
      closesPerSecond: 100,
      basis: 'timers and dumps',
    },
    pools,
    poolCount,
    consumers: pools.slice(0, 12).map(consumerOf),
  });
}

function busyPool(atMs: number, index: number, seed: number): Pool {
  const second = Math.floor(atMs / 1000);
  const size = 20_000 / (1 + index);
  const used = Math.round(
    size * (1 + 0.2 * Math.sin(second / 300 + index)) + size * 0.02 * noise(second, index, seed),
  );
  const established = Math.round(used * 0.1 + 3 * Math.abs(noise(second, index + 1000, seed)));
  const process = `worker-${index % 7}`;
  return aPool({
    remoteAddress: `192.0.2.${index + 1}`,
    remotePort: 443,
    used,
    byState: { TIME_WAIT: used - established, ESTABLISHED: established },
    openRatePerSecond: (used / 60) * (1 + 0.05 * noise(second, index + 2000, seed)),
    owners: [{ pid: 4000 + (index % 7), process, sockets: used, share: 0.97, confidence: 'observed' }],
  });
}

function consumerOf(pool: Pool): Consumer {
  const owner = pool.owners[0];
  return {
    pid: owner?.pid ?? null,
    process: owner?.process ?? null,
    commandLine: `/usr/bin/${owner?.process ?? ''} --serve`,
    unit: null,
    container: null,
    group: null,
    runtime: null,
    requestsPerConnection: null,
    poolKey: pool.key,
    destination: `${pool.remoteAddress}:${pool.remotePort}`,
    sockets: pool.used,
    timeWait: pool.byState.TIME_WAIT ?? 0,
    established: pool.byState.ESTABLISHED ?? 0,
    openRatePerSecond: pool.openRatePerSecond,
    shareOfPool: pool.usedRatio,
    confidence: 'observed',
  };
}

/** Like a normal deviate of 1 and never the same twice in a row: a sum of three hashes. */
function noise(second: number, index: number, seed: number): number {
  let sum = 0;
  for (let part = 0; part < 3; part++) {
    let hash = (second * 374761393 + index * 668265263 + seed * 2147483647 + part * 1274126177) | 0;
    hash = Math.imul(hash ^ (hash >>> 13), 1274126177);
    sum += (((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * 2 - 1;
  }
  return sum;
}

/** The value of a call that must work. */
export function valueOf<T>(outcome: { ok: boolean; value?: unknown; failure?: unknown }): T {
  if (!outcome.ok) throw new Error(`the call failed: ${JSON.stringify(outcome.failure)}`);
  return outcome.value as T;
}

/** Whether a point of the first column tells of exactly these values; means may be rounded to a whole number. */
export function isPointOf({ columns: [column] }: SeriesAnswer, index: number, values: number[]): boolean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return (
    column?.min[index] === Math.min(...values) &&
    column?.max[index] === Math.max(...values) &&
    Math.abs((column?.mean[index] ?? NaN) - mean) <= 1
  );
}
