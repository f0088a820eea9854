import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Summary } from '../../../main/core/model.ts';
import { bytesOnDisk } from '../../../main/history/files.ts';
import { DAY_MS, DEFAULT_RETENTION } from '../../../main/history/levels.ts';
import type { PoolRank, SeriesAnswer } from '../../../main/history/model.ts';
import {
  busyAt,
  isPointOf,
  rigHistory,
  START_MS,
  temporaryFolder,
  valueOf,
  type HistoryRig,
} from '../../support/history.ts';

const MEBIBYTE = 1024 * 1024;
const DAYS = 94;
const PACE_MS = 2 * 60 * 60_000;
const POOL = '10.0.2.7>192.0.2.1:443';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** Two pools, sampled every two hours. */
function thinAt(atMs: number): Summary {
  const summary = busyAt(atMs, 2);
  return { ...summary, sampler: { ...summary.sampler, intervalMs: PACE_MS, effectiveIntervalMs: PACE_MS } };
}

function usedOf(rig: HistoryRig, fromMs: number, untilMs: number, points: number): SeriesAnswer {
  const series = { kind: 'pool' as const, poolKey: POOL };
  return valueOf(rig.history.ask('query', { fromMs, untilMs, points, series, columns: ['used'] }));
}

function logBytes(): number {
  return statSync(join(folder.path, 'history.db-wal'), { throwIfNoEntry: false })?.size ?? 0;
}

it('D5: three months pass: ninety days stay, with the right smallest, largest and mean, and the log stays small', () => {
  const rig = rigHistory(folder.path);
  const endMs = START_MS + DAYS * DAY_MS;
  const used = new Map<number, number>();
  let largestLog = 0;
  for (let at = START_MS; at < endMs; at += PACE_MS) {
    const summary = thinAt(at);
    used.set(at, summary.pools[0]?.used ?? 0);
    rig.append(summary);
    if (at % DAY_MS === 0) largestLog = Math.max(largestLog, logBytes());
  }
  expect(largestLog).toBeLessThan(16 * MEBIBYTE);
  const { fromMs, bytes, sentence, mode } = rig.state();
  expect({ mode, sentence }).toEqual({ mode: 'recording', sentence: null });
  expect(endMs - (fromMs ?? 0)).toBeGreaterThanOrEqual(90 * DAY_MS - PACE_MS);
  expect(endMs - (fromMs ?? 0)).toBeLessThanOrEqual(92 * DAY_MS);
  expect(bytes).toBeLessThan(DEFAULT_RETENTION.maxBytes);
  for (const [days, points] of [
    [90, 300],
    [90, 2000],
    [30, 500],
    [3, 1000],
    [1, 48],
  ] as const) {
    const answer = usedOf(rig, endMs - days * DAY_MS, endMs, points);
    expect(answer.gaps).toEqual([]);
    const wrong = answer.atMs.filter((atMs, index) => {
      const values: number[] = [];
      const firstMs = Math.ceil(Math.max(atMs, fromMs ?? 0) / PACE_MS) * PACE_MS;
      const lastMs = Math.min(atMs + answer.stepMs, endMs);
      for (let at = firstMs; at < lastMs; at += PACE_MS) values.push(used.get(at) ?? NaN);
      return !isPointOf(answer, index, values);
    });
    expect(wrong).toEqual([]);
    const spannedMs = (answer.atMs.at(-1) ?? 0) + answer.stepMs - (answer.atMs[0] ?? 0);
    expect(spannedMs).toBeGreaterThanOrEqual(days * DAY_MS - 2 * PACE_MS);
  }
  const peak = Math.max(...[...used].filter(([at]) => at >= endMs - 80 * DAY_MS).map(([, value]) => value));
  const range = { fromMs: endMs - 80 * DAY_MS, untilMs: endMs, limit: 1 };
  const { pools } = valueOf<{ pools: PoolRank[] }>(rig.history.ask('pools', range));
  expect(pools[0]).toMatchObject({ poolKey: POOL, peakUsed: peak });
  expect(used.get(Math.floor((pools[0]?.peakAtMs ?? 0) / PACE_MS) * PACE_MS) ?? 0).toBeGreaterThan(0);
  rig.history.close();
}, 120_000);

it('D5: over its size it drops the oldest minutes first, gives the room back and keeps the quarters of hours', () => {
  const maxBytes = 40 * MEBIBYTE;
  const retention = { ...DEFAULT_RETENTION, maxBytes };
  rigHistory(folder.path, { retention }).history.close();
  const database = new DatabaseSync(join(folder.path, 'history.db'));
  const insert = database.prepare(
    'INSERT INTO chunk (level, start, series, head, data) VALUES (?, ?, 0, ?, ?)',
  );
  const [head, data] = [new Uint8Array(60).fill(7), new Uint8Array(40_000).fill(7)];
  database.exec('BEGIN');
  for (let at = START_MS - 60 * DAY_MS; at < START_MS; at += DAY_MS / 24) insert.run(2, at, head, data);
  for (let at = START_MS - 60 * DAY_MS; at < START_MS; at += DAY_MS)
    insert.run(3, at, head, new Uint8Array(900));
  database.exec('COMMIT');
  database.close();
  expect(bytesOnDisk(folder.path)).toBeGreaterThan(60 * MEBIBYTE);
  const rig = rigHistory(folder.path, { retention });
  for (let at = START_MS; at < START_MS + 60_000; at += 1000) rig.append(busyAt(at, 3));
  expect(bytesOnDisk(folder.path)).toBeLessThan(maxBytes);
  expect(logBytes()).toBeLessThan(16 * MEBIBYTE);
  rig.history.close();
  const reader = new DatabaseSync(join(folder.path, 'history.db'), { readOnly: true });
  const count = reader.prepare(
    'SELECT count(*) AS count, min(start) AS first, max(start) AS last FROM chunk WHERE level = ?',
  );
  expect(count.get(3)).toMatchObject({ count: 60 });
  const minutes = count.get(2);
  expect(Number(minutes?.['count'])).toBeGreaterThan(200);
  expect(minutes?.['last']).toBe(START_MS - DAY_MS / 24);
  expect(Number(minutes?.['first'])).toBeGreaterThan(START_MS - 40 * DAY_MS);
  reader.close();
});
