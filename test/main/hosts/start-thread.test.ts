import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startThread } from '../../../main/hosts/start-thread.ts';
import type { ChildExit } from '../../../main/workbench/forked-process.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-thread-'));
  const echo = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (message) => {
      if (message.fail) throw new Error('a bug');
      parentPort.postMessage({ heard: message, env: Object.keys(process.env).length });
    });`;
  writeFileSync(join(folder, 'echo.mjs'), echo);
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(entry = 'echo.mjs') {
  const log: string[] = [];
  const thread = startThread<{ fail: boolean }>(join(folder, entry), (line) => log.push(line));
  const heard: unknown[] = [];
  const exits: ChildExit[] = [];
  thread.onMessage((message) => heard.push(message));
  thread.onExit((exit) => exits.push(exit));
  return { thread, heard, exits, log };
}

test('carries messages both ways, without our environment, and tells of its end once', async () => {
  const { thread, heard, exits } = start();
  thread.post({ fail: false });
  await vi.waitFor(() => expect(heard).toEqual([{ heard: { fail: false }, env: 0 }]), 5000);
  thread.kill();
  await vi.waitFor(() => expect(exits).toHaveLength(1), 5000);
  thread.post({ fail: false });
  thread.kill();
});

test('a bug in it ends it alone, and is told whole', async () => {
  const { thread, exits, log } = start();
  thread.post({ fail: true });
  await vi.waitFor(() => expect(exits).toEqual([{ code: 1, signal: null }]), 5000);
  expect(log).toEqual([expect.stringMatching(/^Bug in a thread: Error: a bug\n.*echo\.mjs/s)]);
});

test('an entry that is missing is told as an end', async () => {
  const { exits } = start('missing.mjs');
  await vi.waitFor(() => expect(exits).toEqual([{ code: 1, signal: null }]), 5000);
});
