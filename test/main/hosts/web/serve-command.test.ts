import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';

/** Node strips the types itself. There is no built sampler beside the source: its failure must not end the server. */
const ENTRY = fileURLToPath(new URL('../../../../main/serve.ts', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function serve(...args: string[]) {
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const run = { child, out: '', err: '', ended: once(child, 'close') };
  child.stdout.on('data', (chunk) => (run.out += String(chunk)));
  child.stderr.on('data', (chunk) => (run.err += String(chunk)));
  return run;
}

async function serving(...args: string[]) {
  const run = serve(...args);
  await vi.waitFor(() => expect(run.out.split('\n')).toHaveLength(3), { timeout: 10_000 });
  const [address = ''] = run.out.split('\n');
  return { ...run, run, address };
}

test('prints the address and how to stop, serves, and ends cleanly on SIGTERM', async () => {
  const { run, address, child } = await serving('--port', '0');
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}$/);
  expect(run.out.split('\n')[1]).toMatch(/SIGTERM/);
  const { origin } = new URL(address);
  expect((await fetch(`${origin}/index.html`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await run.ended).toEqual([0, null]);
  expect(run.out.split('\n')).toHaveLength(3);
}, 20_000);

test.skipIf(!existsSync('/proc/self/environ'))(
  'W6: the code is in no argument, environment or log',
  async () => {
    const { run, address, child } = await serving('--port', '0');
    const code = address.split('#code=')[1] ?? '';
    expect(code).toHaveLength(43);
    for (const file of ['cmdline', 'environ']) {
      expect(readFileSync(`/proc/${child.pid}/${file}`, 'latin1')).not.toContain(code);
    }
    child.kill('SIGINT');
    expect(await run.ended).toEqual([0, null]);
    expect(run.err).not.toContain(code);
  },
  20_000,
);

test('W1: says so and exits 1 when the port is taken', async () => {
  const { address } = await serving('--port', '0');
  const { port } = new URL(address);
  const second = serve('--port', port);
  expect(await second.ended).toEqual([1, null]);
  expect(second.err).toBe(
    `fourtuple: Port ${port} is not available: another program listens there. Choose another one with --port, or 0 for any free one.\n`,
  );
}, 20_000);

test('a reader that goes away does not end the server', async () => {
  const { run, child, address } = await serving('--port', '0');
  child.stdout?.destroy();
  child.stderr?.destroy();
  // The missing sampler writes to the log after this.
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect((await fetch(`${new URL(address).origin}/index.html`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await run.ended).toEqual([0, null]);
}, 20_000);

test('wrong usage exits 3 with one sentence; --help explains', async () => {
  const wrong = serve('--host', '0.0.0.0');
  expect(await wrong.ended).toEqual([3, null]);
  expect(wrong.err.trim().split('\n')).toHaveLength(1);
  const help = serve('--help');
  expect(await help.ended).toEqual([0, null]);
  expect(help.out).toContain('--port N');
}, 20_000);

test.skipIf(process.platform === 'win32')(
  'W6: refuses a token file that others may read before anything is started, and says how to make one',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fourtuple-token-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9\n', { mode: 0o644 });
    const run = serve('--port', '0', '--metrics-token-file', file);
    expect(await run.ended).toEqual([3, null]);
    expect(run.out).toBe('');
    expect(run.err).toBe(
      `fourtuple: The token of /metrics is not available: ${file} can be read or written by others. Make one with: head -c 32 /dev/urandom | base64 > FILE; chmod 600 FILE.\n`,
    );
    chmodSync(file, 0o600);
    const { address } = await serving('--port', '0', '--metrics-token-file', file);
    expect((await fetch(`${new URL(address).origin}/metrics`)).status).toBe(401);
    rmSync(folder, { recursive: true });
  },
  20_000,
);
