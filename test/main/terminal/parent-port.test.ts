import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function forked(path: string): ChildProcess {
  const child = fork(path, [], { stdio: 'ignore', execArgv: [] });
  children.push(child);
  return child;
}

test('C8: a parent that went before anybody listened is noticed at once', async () => {
  const child = forked(at('../../support/late-listener.mjs'));
  const ended = once(child, 'exit');
  child.disconnect();
  expect(await ended).toEqual([7, null]);
}, 10_000);

const WORKERS = { sampler: '../../../main/sampling/worker.ts', terminal: '../../../main/terminal/worker.ts' };

test.each([0, 10, 50, 100, 150, 600].flatMap((ms) => [['sampler', ms] as const, ['terminal', ms] as const]))(
  'C8: the %s ends when its parent goes %i ms after the fork',
  async (worker, afterMs) => {
    const child = forked(at(WORKERS[worker]));
    const ended = once(child, 'exit');
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    if (child.connected) child.disconnect();
    expect(await ended).toEqual([0, null]);
  },
  10_000,
);
