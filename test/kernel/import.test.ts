/** Large files opened in the sampler's own process, which goes on beating, sampling and answering. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { HEARTBEAT_MS, type FromSampler, type SamplerCall } from '../../main/sampling/protocol.ts';
import { MAX_IMPORT_PIECE } from '../../preload/contract-import.ts';
import { DUMPED_AT_MS } from '../support/dumps.ts';

const WORKER = fileURLToPath(new URL('../../main/sampling/worker.ts', import.meta.url));
const LINES = 1_000_000;

let child: ChildProcess | null = null;
afterEach(() => void child?.kill('SIGKILL'));

/** A million rows of netstat -ano on Windows; 15,000 ports of its range are in use. */
function dump(): string {
  const row = (index: number) => {
    const local = index < 15_000 ? `192.0.2.15:${50_000 + index}` : `192.0.2.15:${1024 + (index % 40_000)}`;
    return `  TCP    ${local.padEnd(22)} 203.0.${Math.floor(index / 40_000)}.9:443         TIME_WAIT       0\r\n`;
  };
  const head =
    '\r\nActive Connections\r\n\r\n  Proto  Local Address          Foreign Address        State           PID\r\n';
  return head + Array.from({ length: LINES }, (_, index) => row(index)).join('');
}

function begin() {
  const worker = fork(WORKER, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child = worker;
  const heardMs: number[] = [];
  const summaries: Extract<FromSampler, { type: 'summary' }>['summary'][] = [];
  const waiting = new Map<number, (message: Extract<FromSampler, { type: 'answer' }>) => void>();
  worker.on('message', (raw) => {
    heardMs.push(performance.now());
    const message = raw as FromSampler;
    if (message.type === 'summary') summaries.push(message.summary);
    if (message.type === 'answer') waiting.get(message.id)?.(message);
  });
  let id = 0;
  const call = (name: SamplerCall, args: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      const own = ++id;
      waiting.set(own, (message) =>
        message.ok ? resolve(message.value) : reject(new Error(JSON.stringify(message.failure))),
      );
      worker.send({ type: 'call', id: own, name, args });
    });
  return { heardMs, summaries, call };
}

it('opens a million lines without missing a beat, and comes back to this machine', async () => {
  const { heardMs, summaries, call } = begin();
  await expect.poll(() => summaries.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const text = dump();
  const packed = gzipSync(text, { level: 1 });
  const file = { name: `netstat-${randomUUID()}.txt`, modifiedAtMs: DUMPED_AT_MS, bytes: text.length };
  const { importId } = (await call('import.begin', { files: [file] })) as { importId: string };
  const pieceBytes = (MAX_IMPORT_PIECE / 4) * 3;
  for (let at = 0; at < packed.length; at += pieceBytes) {
    const data = packed.subarray(at, at + pieceBytes).toString('base64');
    await call('import.piece', { importId, fileIndex: 0, data });
  }
  const startedMs = performance.now();
  const report = await call('import.finish', { importId, profileId: null });
  const tookMs = performance.now() - startedMs;
  expect(report).toMatchObject({ opened: true, profile: { id: 'windows', basis: 'detected' } });
  await expect.poll(() => summaries.at(-1)?.origin.kind, { timeout: 20_000 }).toBe('imported');
  const shown = summaries.at(-1);
  expect(shown?.totals.sockets).toBe(LINES);
  expect(shown?.pools[0]).toMatchObject({ capacity: 16_384, used: 15_000 });
  const rows = await call('sockets.query', {
    filter: '',
    sort: { column: 'localPort', descending: true },
    group: 'none',
    collapsed: [],
    offset: 0,
    limit: 1,
    snapshotId: null,
  });
  expect(rows).toMatchObject({ matching: LINES, rows: [{ localPort: 64_999 }] });
  await call('import.close', {});
  expect(summaries.at(-1)?.origin.kind).toBe('live');
  const gaps = heardMs.slice(1).map((atMs, index) => atMs - (heardMs[index] ?? atMs));
  process.stdout.write(
    `A million lines: read in ${Math.round(tookMs)} ms, longest silence ${Math.round(Math.max(...gaps))} ms\n`,
  );
  // What the watchdog of the workbench allows before it grows uneasy.
  expect(Math.max(...gaps)).toBeLessThan(HEARTBEAT_MS + 1000);
}, 120_000);
