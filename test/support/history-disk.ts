/**
 * Records history on a small file system of its own (argv: its folder) that gets full, gets room again, and at last may
 * only be read. Prints what became of it as JSON.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Mark, SeriesAnswer } from '../../main/history/model.ts';
import { busyAt, rigHistory, START_MS, valueOf, type HistoryRig } from './history.ts';

const [root = ''] = process.argv.slice(2);
const folder = join(root, 'history');
const ballast = join(root, 'ballast');
const RETRY_MS = 11_000;

const rig = rigHistory(folder);
let atMs = START_MS;
const steps: Record<string, unknown> = {};

record(rig, 120);
steps['before'] = told(rig);
fillDisk();
record(rig, 3000);
steps['full'] = {
  ...told(rig),
  points: pointsOf(rig),
  hasReserve: existsSync(join(folder, 'history.reserve')),
};
atMs += RETRY_MS;
record(rig, 1);
steps['stillFull'] = told(rig);
rmSync(ballast);
atMs += RETRY_MS;
record(rig, 60);
steps['room'] = { ...told(rig), hasReserve: existsSync(join(folder, 'history.reserve')), gaps: gapsOf(rig) };
rig.history.close();
const remounted = spawnSync('mount', ['-o', 'remount,ro', root]);
steps['remounted'] = remounted.status;
const reader = rigHistory(folder);
record(reader, 1);
steps['readOnly'] = { ...told(reader), points: pointsOf(reader) };
process.stdout.write(JSON.stringify(steps));

function record(into: HistoryRig, seconds: number): void {
  for (let index = 0; index < seconds; index++, atMs += 1000) {
    into.setNow(atMs);
    into.append(busyAt(atMs, 10));
  }
}

function told(from: HistoryRig): Record<string, unknown> {
  const { mode, sentence, missedSamples } = from.state();
  return { mode, sentence, hasMissed: missedSamples > 0 };
}

function pointsOf(from: HistoryRig): number {
  const question = { fromMs: START_MS, untilMs: START_MS + 100_000, points: 100, columns: ['sockets'] };
  const answer = from.history.ask('query', { ...question, series: { kind: 'totals' } });
  return valueOf<SeriesAnswer>(answer).atMs.length;
}

function gapsOf(from: HistoryRig): string[] {
  const range = { fromMs: START_MS, untilMs: atMs, kinds: ['gap'] as const };
  return valueOf<{ marks: Mark[] }>(from.history.ask('marks', range)).marks.map(({ detail }) => detail);
}

/** Until not a byte is left. */
function fillDisk(): void {
  const file = openSync(ballast, 'w');
  for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2)) {
    const piece = new Uint8Array(size);
    try {
      while (writeSync(file, piece) > 0) continue;
    } catch {
      // Full for this size.
    }
  }
  closeSync(file);
}
