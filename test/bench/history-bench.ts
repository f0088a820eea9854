/** Prints what keeping history costs: an hour of seconds with 50 pools, read at every zoom; ninety days and their size. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bytesOnDisk } from '../../main/history/files.ts';
import { LEVELS } from '../../main/history/levels.ts';
import type { SeriesAnswer } from '../../main/history/model.ts';
import {
  busyAt,
  rigHistory,
  START_MS,
  temporaryFolder,
  valueOf,
  type HistoryRig,
} from '../support/history.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const POOL = '10.0.2.7>192.0.2.1:443';
const DAYS = 90;
const PACE_MS = 30 * 60_000;

export function benchHistory(print: (line: string) => void): void {
  const folder = temporaryFolder();
  try {
    benchHour(print, folder.path);
  } finally {
    folder.remove();
  }
  const long = temporaryFolder();
  try {
    benchMonths(print, long.path);
  } finally {
    long.remove();
  }
}

function benchHour(print: (line: string) => void, folder: string): void {
  const rig = rigHistory(folder);
  const writes: number[] = [];
  const summaries = Array.from({ length: 3601 }, (_, second) => busyAt(START_MS + second * 1000));
  for (const summary of summaries) {
    const from = performance.now();
    rig.append(summary);
    writes.push(performance.now() - from);
  }
  print(`one hour of seconds, 50 pools: a write ${spread(writes)}`);
  benchZooms(print, rig, START_MS, START_MS + HOUR_MS, [1, 5, 15, 60]);
  rig.history.close();
  printSizes(print, folder);
}

/** What is kept of one hour by level, and what that comes to when each level is as old as it may get. */
function printSizes(print: (line: string) => void, folder: string): void {
  const database = new DatabaseSync(join(folder, 'history.db'), { readOnly: true });
  const sum = database.prepare(
    'SELECT sum(length(data) + length(head) + 40) AS bytes FROM chunk WHERE level = ? AND start < ?',
  );
  const snapshots = database.prepare('SELECT avg(length(data)) AS bytes FROM snapshot').get();
  const perSnapshot = Number(snapshots?.['bytes'] ?? 0);
  let total = perSnapshot * (720 + 48 * 60 + 90 * 48);
  for (const [level, { keepMs, stepMs }] of LEVELS.entries()) {
    const perHour = Number(sum.get(level, START_MS + HOUR_MS)?.['bytes'] ?? 0);
    if (perHour > 0) print(`  steps of ${stepMs / 1000} s: ${(perHour / 1024).toFixed(0)} KB an hour`);
    total += (perHour * keepMs) / HOUR_MS;
  }
  database.close();
  print(
    `  ninety days of it: about ${(total / 1024 / 1024).toFixed(0)} MB (a whole summary ${perSnapshot.toFixed(0)} B)`,
  );
}

function benchMonths(print: (line: string) => void, folder: string): void {
  const rig = rigHistory(folder);
  const endMs = START_MS + DAYS * DAY_MS;
  const from = performance.now();
  for (let at = START_MS; at < endMs; at += PACE_MS) rig.append(busyAt(at));
  const took = (performance.now() - from) / 1000;
  print(
    `${DAYS} days, a sample every half hour: ${took.toFixed(0)} s to write; ${megabytes(folder)} on the disk`,
  );
  benchZooms(print, rig, START_MS, endMs, [1440, 7 * 1440, 10 * 1440, 30 * 1440, 90 * 1440]);
  rig.history.close();
}

function benchZooms(
  print: (line: string) => void,
  rig: HistoryRig,
  startMs: number,
  endMs: number,
  minutes: readonly number[],
): void {
  for (const width of minutes) {
    const range = { fromMs: Math.max(startMs, endMs - width * 60_000), untilMs: endMs };
    const wide = (series: { kind: 'totals' } | { kind: 'pool'; poolKey: string }) => () =>
      valueOf<SeriesAnswer>(rig.history.ask('query', { ...range, points: 1000, series, columns: [] })).atMs
        .length;
    const totals = timed(wide({ kind: 'totals' }));
    const pool = timed(wide({ kind: 'pool', poolKey: POOL }));
    const pools = timed(() => rig.history.ask('pools', { ...range, limit: 50 }));
    const moment = timed(() => rig.history.ask('moment', { atMs: endMs - width * 30_000 }));
    print(`  ${width} min: totals ${totals}, a pool ${pool}, ranks ${pools}, a moment ${moment}`);
  }
}

function timed(work: () => unknown): string {
  const times = Array.from({ length: 5 }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return spread(times);
}

function spread(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return `${at(0.5).toFixed(2)} ms (worst ${(sorted.at(-1) ?? 0).toFixed(1)})`;
}

function megabytes(folder: string): string {
  return `${(bytesOnDisk(folder) / 1024 / 1024).toFixed(1)} MB`;
}

if (process.argv[1] === import.meta.filename) benchHistory((line) => void process.stdout.write(`${line}\n`));
