import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseOpenMetrics } from '../support/open-metrics.ts';

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

test('check --watch ends with the worst it saw when nobody reads it any more', async () => {
  const once = await run(['check', '--for', '0']);
  const watched = await run(['check', '--watch'], 'gone');
  expect(watched).toEqual({ out: '', err: '', status: once.status });
}, 20_000);

test.skipIf(process.platform === 'win32')(
  'check --watch notices a reader that leaves after the first line, though it has nothing more to say',
  async () => {
    const child = spawn(process.execPath, [ENTRY, 'check', '--watch'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [status, signal] = (await ended) as [number | null, string | null];
    expect([status === null, signal]).toEqual([false, null]);
    const piped = spawnSync('sh', ['-c', `"$0" "$1" check --watch | head -n 1`, process.execPath, ENTRY], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(piped.stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+ - .+\n$/);
  },
  40_000,
);

test('check --watch --for ends by itself', async () => {
  const watched = await run(['check', '--watch', '--for', '1']);
  expect(watched).toMatchObject({ err: '', status: expect.any(Number) });
  expect(watched.out.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
}, 20_000);

test('check --prometheus prints what a strict reader takes, and nothing else', async () => {
  const { out, err, status } = await run(['check', '--prometheus', '--for', '0']);
  expect([err, status]).toEqual(['', 0]);
  expect([...parseOpenMetrics(out).keys()]).toContain('fourtuple_range_ports');
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
    for (const args of [['check', '--for', '0'], ['check', '--watch'], ['--help']]) {
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
