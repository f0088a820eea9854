import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { forkChild } from '../../../../main/hosts/web/fork-child.ts';
import type { ChildExit } from '../../../../main/workbench/forked-process.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-fork-'));
  const echo = `process.on('message', (message) => process.send({ heard: message }));
    process.on('disconnect', () => process.exit(0));
    console.log('this must not reach our standard output');`;
  writeFileSync(join(folder, 'echo.mjs'), echo);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('carries messages both ways, and tells when and how the process ended', async () => {
  const child = forkChild(join(folder, 'echo.mjs'));
  const heard: unknown[] = [];
  const exits: ChildExit[] = [];
  child.onMessage((message) => heard.push(message));
  child.onExit((exit) => exits.push(exit));
  expect(child.pid).toBeGreaterThan(0);
  child.post({ type: 'configure', paused: true });
  await vi.waitFor(() => expect(heard).toEqual([{ heard: { type: 'configure', paused: true } }]), 5000);
  child.kill();
  await vi.waitFor(() => expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]), 5000);
  child.post({ type: 'stop' });
  child.kill();
});
