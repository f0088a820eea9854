/**
 * A process of its own that changes settings, for tests that kill it or take its disk away: node settings-writer.ts WHAT
 * FOLDER.
 */
import { readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SettingsStore } from '../../main/settings/store.ts';

const [, , what = '', folder = ''] = process.argv;
const store = new SettingsStore({ ok: true, value: folder });

function tell(words: unknown): void {
  writeSync(1, `${JSON.stringify(words)}\n`);
}

/** Until it is killed; says each pace it has written. */
function write(): void {
  for (let intervalMs = 201; intervalMs <= 10_000; intervalMs++) {
    if (store.change({ sampling: { intervalMs } }).length > 0 || store.state.sentence !== null)
      process.exit(1);
    tell(intervalMs);
  }
}

/** What is in force and what is said after a change, and whether the file says so. */
function change(intervalMs: number): void {
  const problems = store.change({ sampling: { intervalMs } });
  const { settings, sentence } = store.state;
  const saved = new SettingsStore({ ok: true, value: folder }).current.sampling.intervalMs;
  tell({ problems, inForce: settings.sampling.intervalMs, saved, sentence });
}

/** Changes where there is no room left, then where there is again. */
function writeFull(): void {
  change(300);
  const filler = join(dirname(folder), 'filler');
  fill(filler);
  change(400);
  const text = readFileSync(join(folder, 'settings.json'), 'utf8');
  tell({ isWhole: text.endsWith('}\n') });
  rmSync(filler);
  change(500);
}

function fill(path: string): void {
  for (const size of [64 * 1024, 4096]) {
    for (;;) {
      try {
        writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
}

if (what === 'write') write();
else if (what === 'full') writeFull();
else change(Number(what));
