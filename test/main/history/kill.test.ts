import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rigHistory, START_MS, temporaryFolder } from '../../support/history.ts';

const WRITER = fileURLToPath(new URL('../../support/history-writer.ts', import.meta.url));
const KILLS = 50;
/** At once, each in a folder of its own: most of the time goes into starting. */
const ABREAST = 2;
/** Samples written before a kill, two seconds apart: a chunk of ten minutes is folded in every few rounds. */
const MOST_SAMPLES = 120;
const PACE_MS = 2000;
/** What a writer goes on for until its killer has its turn; then it waits. */
const SPARE_SAMPLES = 150;

let folders: ReturnType<typeof temporaryFolder>[];
let cache: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folders = Array.from({ length: ABREAST }, temporaryFolder);
  cache = temporaryFolder();
});
afterEach(() => [...folders, cache].forEach((folder) => folder.remove()));

/** Lets a writer write and kills it after about so many samples; the last one it said was written. */
function writeAndKill(folder: string, fromMs: number, samples: number): Promise<number> {
  const child = spawn(
    process.execPath,
    [WRITER, folder, String(fromMs), String(PACE_MS), String(samples + SPARE_SAMPLES)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Most of a round would otherwise go into compiling the same sources again.
      env: { ...process.env, NODE_COMPILE_CACHE: cache.path },
    },
  );
  let lastMs = fromMs;
  let unread = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    lastMs = Number(lines.at(-1) ?? lastMs);
    if (lastMs >= fromMs + samples * PACE_MS) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', () => resolve(lastMs)));
}

function newestIn(folder: string): { newestMs: number; check: unknown; sentence: string | null } {
  const rig = rigHistory(folder);
  const { untilMs, sentence } = rig.state();
  rig.history.close();
  const database = new DatabaseSync(join(folder, 'history.db'), { readOnly: true });
  const check = database.prepare('PRAGMA quick_check').get();
  database.close();
  return { newestMs: untilMs ?? 0, check, sentence };
}

it('D2: killed fifty times while it writes, it opens each time, is sound, and has every second it said was written', async () => {
  let kills = 0;
  const rounds = async (folder: string, first: number) => {
    let fromMs = START_MS;
    for (let round = first; round < KILLS; round += ABREAST) {
      const writtenMs = await writeAndKill(folder, fromMs, (round * 37) % MOST_SAMPLES);
      const { newestMs, check, sentence } = newestIn(folder);
      expect({ check, sentence }).toEqual({ check: { quick_check: 'ok' }, sentence: null });
      expect(newestMs).toBeGreaterThanOrEqual(writtenMs);
      kills++;
      fromMs = newestMs + PACE_MS;
    }
  };
  await Promise.all(folders.map(({ path }, index) => rounds(path, index)));
  expect(kills).toBe(KILLS);
}, 120_000);
