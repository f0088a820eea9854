/** Many runs of every kind in one process: what they hold of the system is given back, and no output loses its end. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRequest, RunWay } from '../../main/terminal/run.ts';
import { markedRunner, type MarkedRunner } from '../support/terminal/commands.ts';
import { ownResources } from '../support/terminal/resources.ts';

const MEBIBYTE = 1024 * 1024;
const TAIL_RUNS = 10;
const MIXED_RUNS = 1000;
const AT_ONCE = 40;

let runner: MarkedRunner;
beforeAll(() => void (runner = markedRunner()));
afterAll(async () => {
  await runner.end();
  expect(runner.leftovers()).toEqual([]);
});

describe.skipIf(process.platform !== 'linux')('runs in a row', () => {
  test.each(['visible', 'quiet'] as const)(`%s: ${TAIL_RUNS} of 16 MiB keep their last line`, async (way) => {
    const startedMs = performance.now();
    for (let run = 0; run < TAIL_RUNS; run++) {
      const outcome = await runner.run({
        tool: 'fast',
        argv: [String(16 * MEBIBYTE)],
        way,
        limits: { outputBytes: 32 * MEBIBYTE, timeoutMs: 60_000, silenceMs: 60_000 },
      });
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
      const { stdout, end, exitCode } = outcome.value;
      let letters = 0;
      for (const byte of stdout) if (byte === 120) letters++;
      expect({ end, exitCode, letters, tail: Buffer.from(stdout.subarray(-8)).includes('END') }).toEqual({
        end: 'exited',
        exitCode: 0,
        letters: 16 * MEBIBYTE,
        tail: true,
      });
    }
    const seconds = (performance.now() - startedMs) / 1000;
    console.log(`${way}: ${((TAIL_RUNS * 16) / seconds).toFixed(0)} MiB/s`);
  });

  test(`C10: ${MIXED_RUNS} mixed runs leave no descriptor, thread, child or listener behind`, async () => {
    const kinds: Partial<RunRequest>[] = [
      { tool: 'both-streams' },
      { tool: 'fails' },
      { tool: 'dies' },
      { tool: 'odd-bytes' },
      { tool: 'missing' },
      { tool: 'not-executable' },
      { tool: 'many-lines', argv: ['5000'] },
      { tool: 'hangs', limits: { timeoutMs: 100, graceMs: 100 } },
      { tool: 'prints-for-ever', limits: { outputBytes: 100_000 } },
      { tool: 'leaves-session', limits: { timeoutMs: 150, graceMs: 50 } },
    ];
    const batch = async (first: number, count: number) => {
      const requests = Array.from({ length: count }, (_, at): RunRequest => {
        const way: RunWay = Math.floor((first + at) / kinds.length) % 2 === 0 ? 'quiet' : 'visible';
        return { tool: '', argv: [], way, ...kinds[(first + at) % kinds.length] };
      });
      await Promise.all(requests.map((request) => runner.run(request)));
    };
    await batch(0, AT_ONCE);
    const before = ownResources();
    for (let done = 0; done < MIXED_RUNS; done += AT_ONCE) await batch(done, AT_ONCE);
    await expect.poll(ownResources, { timeout: 5000 }).toEqual(before);
    expect(runner.leftovers()).toEqual([]);
  });
});
