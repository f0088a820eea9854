import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ENTRY = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));

/** Runs the command line; `reader` "gone" closes its output at once, a path is opened as its output. */
async function run(args: string[], reader: 'here' | 'gone' | '/dev/full' = 'here') {
  const file = reader === '/dev/full' ? openSync(reader, 'w') : null;
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', file ?? 'pipe', 'pipe'] });
  if (file !== null) closeSync(file);
  const ran = { out: '', err: '', status: null as number | null };
  if (reader === 'gone') child.stdout?.destroy();
  child.stdout?.on('data', (chunk) => (ran.out += String(chunk)));
  child.stderr?.on('data', (chunk) => (ran.err += String(chunk)));
  await once(child, 'close');
  return { ...ran, status: child.exitCode };
}

test('without a command, help goes to standard error with status 3; asked for, to standard output with 0', async () => {
  const [bare, asked] = await Promise.all([run([]), run(['--help'])]);
  expect(bare).toMatchObject({ out: '', status: 3 });
  expect(bare.err).toContain('Usage: fourtuple <command>');
  expect(asked).toEqual({ out: bare.err, err: '', status: 0 });
}, 20_000);

test('a reader that went away changes no status', async () => {
  const [here, gone, help] = await Promise.all([
    run(['check', '--for', '0']),
    run(['check', '--for', '0'], 'gone'),
    run(['--help'], 'gone'),
  ]);
  expect(gone).toEqual({ out: '', err: '', status: here.status });
  expect(help).toEqual({ out: '', err: '', status: 0 });
  const bad = await run(['budget', '--no-such-option'], 'gone');
  expect(bad.status).toBe(3);
}, 20_000);

test('check --watch ends with its last status when nobody reads it any more', async () => {
  const once = await run(['check', '--for', '0']);
  const watched = await run(['check', '--for', '0', '--watch', '--every', '3600'], 'gone');
  expect(watched).toEqual({ out: '', err: '', status: once.status });
}, 20_000);

test.skipIf(process.platform === 'win32')(
  'check --from that waits for a pipe or standard input ends by a signal',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fourtuple-pipe-'));
    try {
      const pipe = join(folder, 'pipe');
      spawnSync('mkfifo', [pipe]);
      for (const from of [pipe, '-']) {
        const child = spawn(process.execPath, [ENTRY, 'check', '--from', from], { stdio: 'pipe' });
        // Signals sent before the entry runs end it in any case.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        child.kill('SIGINT');
        const [, signal] = (await once(child, 'close')) as [number | null, string | null];
        expect([from, signal]).toEqual([from, 'SIGINT']);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  20_000,
);

test.skipIf(!existsSync('/dev/full'))(
  'output that cannot be written is one sentence and status 3',
  async () => {
    for (const args of [['check', '--for', '0'], ['check', '--for', '0', '--watch'], ['--help']]) {
      const { err, status } = await run(args, '/dev/full');
      expect(status).toBe(3);
      expect(err).toMatch(/^fourtuple: the output could not be written: ENOSPC.*\.\n$/);
    }
  },
  20_000,
);

test('serve --help survives a reader that went away', async () => {
  expect(await run(['serve', '--help'], 'gone')).toEqual({ out: '', err: '', status: 0 });
}, 20_000);
