import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunResult, RunWay } from '../../../main/terminal/run.ts';
import { endedWell } from '../../../main/terminal/run.ts';
import { chooseSystem } from '../../../main/terminal/choose-system.ts';
import { createRunner, RUNS_AT_ONCE } from '../../../main/terminal/runner.ts';
import { HOSTILE_PROGRAMS, markedRunner, type MarkedRunner } from '../../support/terminal/commands.ts';
import { ownResources } from '../../support/terminal/resources.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8').replaceAll('\r\n', '\n');

let runner: MarkedRunner;
beforeEach(() => void (runner = markedRunner()));
afterEach(async () => {
  vi.unstubAllEnvs();
  await runner.end();
  expect(runner.leftovers(), 'processes left running').toEqual([]);
});

async function finished(tool: string, way: RunWay, argv: string[] = []): Promise<RunResult> {
  const outcome = await runner.run({ tool, argv, way });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

describe.skipIf(process.platform !== 'linux').each(['quiet', 'visible'] as const)('%s', (way) => {
  test('C3: nothing of our environment reaches a command', async () => {
    const hostile = {
      LD_PRELOAD: '/nowhere/evil.so',
      NODE_OPTIONS: '--no-warnings',
      BASH_ENV: '/nowhere/evil',
      PAGER: 'evil',
      COLUMNS: '20',
      LANG: 'tr_TR',
      SECRET_TOKEN: 'secret',
      HOME: '/nowhere',
      PATH: `/nowhere:${process.env['PATH']}`,
    };
    for (const [name, value] of Object.entries(hostile)) vi.stubEnv(name, value);
    const plain = createRunner({
      programs: HOSTILE_PROGRAMS,
      now: () => Date.now(),
      monotonicMs: () => performance.now(),
      elevated: false,
    });
    const outcome = await plain.run({ tool: 'environment', argv: [], way });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    const lines = text(outcome.value.stdout).trim().split('\n').sort();
    const names = lines.map((line) => line.slice(0, line.indexOf('=')));
    // PWD and OLDPWD are the shell's own; TERM and PWD come with a terminal.
    expect(names.filter((name) => !['PWD', 'OLDPWD', 'TERM', '_', 'SHLVL'].includes(name))).toEqual([
      'HOME',
      'LANG',
      'LC_ALL',
      'NO_COLOR',
      'PATH',
    ]);
    expect(lines).toEqual(expect.arrayContaining(['LANG=C', 'LC_ALL=C', 'NO_COLOR=1']));
    expect(lines.join()).not.toContain('nowhere');
  });

  test('C9: a command has no open file above standard error, whatever else runs', async () => {
    const hang = (at: RunWay) => {
      const started = runner.start({ tool: 'hangs', argv: [], way: at, limits: { graceMs: 100 } });
      if (!started.ok) throw new Error('not started');
      return started.value;
    };
    const first = hang('visible');
    hang('visible');
    hang('quiet');
    await expect.poll(() => runner.leftovers().length, { timeout: 3000 }).toBe(3);
    // A gap among our descriptors: node-pty's own closing stops there.
    first.cancel();
    await first.result;
    hang(way);
    hang(way);
    await expect.poll(() => runner.leftovers().length, { timeout: 3000 }).toBe(4);
    const open = () => runner.leftovers().map((pid) => readdirSync(`/proc/${pid}/fd`).join(' '));
    await expect.poll(open).toEqual(['0 1 2', '0 1 2', '0 1 2', '0 1 2']);
  });

  test('success is the status without a signal and without a cut', async () => {
    expect(endedWell(await finished('both-streams', way))).toBe(true);
    expect(endedWell(await finished('fails', way))).toBe(false);
    expect(endedWell(await finished('fails', way), [0, 3])).toBe(true);
    expect(endedWell(await finished('dies', way))).toBe(false);
    const cut = { ...(await finished('both-streams', way)), truncated: true };
    expect(endedWell(cut)).toBe(false);
  });

  test('the last line of fast output is never lost', async () => {
    for (let run = 0; run < 8; run++) {
      const result = await finished('fast', way, ['500000']);
      expect(text(result.stdout.subarray(-20))).toMatch(/x\n?END\n$/);
      expect(text(result.stdout).replaceAll('\n', '').length).toBe(500_003);
    }
  }, 20_000);

  test('the last line is not lost either while we are busy', async () => {
    const busy = setInterval(() => {
      const untilMs = performance.now() + 260;
      while (performance.now() < untilMs);
    }, 1);
    try {
      const runs = Array.from({ length: 3 }, () =>
        runner.run({ tool: 'fast', argv: ['15000'], way, limits: { timeoutMs: 60_000, silenceMs: 60_000 } }),
      );
      for (const outcome of await Promise.all(runs)) {
        const said = outcome.ok ? text(outcome.value.stdout).replaceAll('\n', '') : '';
        expect([said.length, said.slice(-4)]).toEqual([15_003, 'xEND']);
      }
    } finally {
      clearInterval(busy);
    }
  }, 30_000);

  test('output is heard as it comes, and need not be kept', async () => {
    const heard: [string, string][] = [];
    const outcome = await runner.run(
      { tool: 'both-streams', argv: [], way },
      { keepOutput: false, onOutput: (stream, bytes) => heard.push([stream, text(bytes)]) },
    );
    expect(outcome).toMatchObject({ ok: true, value: { stdout: new Uint8Array(0), end: 'exited' } });
    const of = (name: string) => heard.filter(([stream]) => stream === name).map(([, said]) => said);
    if (way === 'quiet') expect([of('out').join(''), of('err').join('')]).toEqual(['out\n', 'err\n']);
    else expect([of('out').join(''), of('err').join('')]).toEqual(['out\nerr\n', '']);
  });

  test('one that hangs delays no other', async () => {
    const hung = runner.start({ tool: 'hangs', argv: [], way, limits: { timeoutMs: 5000, graceMs: 100 } });
    const quick = await Promise.all(Array.from({ length: 12 }, () => finished('both-streams', way)));
    expect(quick.every((result) => endedWell(result))).toBe(true);
    if (!hung.ok) throw new Error('not started');
    hung.value.cancel();
    expect(await hung.value.result).toMatchObject({ ok: true, value: { end: 'cancelled' } });
  });

  test('as many as there are places run at once; the next waits, and can be cancelled while it waits', async () => {
    const limits = { timeoutMs: 5000, graceMs: 100 };
    const starts = Array.from({ length: RUNS_AT_ONCE + 2 }, () =>
      runner.start({ tool: 'hangs', argv: [], way, limits }),
    );
    await expect.poll(() => runner.leftovers().length, { timeout: 3000 }).toBe(RUNS_AT_ONCE);
    await pause(100);
    expect(runner.leftovers().length).toBe(RUNS_AT_ONCE);
    const other = way === 'quiet' ? 'visible' : 'quiet';
    expect(endedWell(await finished('both-streams', other))).toBe(true);
    const last = starts.at(-1);
    if (!last?.ok) throw new Error('not started');
    last.value.cancel();
    expect(await last.value.result).toMatchObject({ ok: true, value: { end: 'cancelled', tookMs: 0 } });
    const first = starts[0];
    if (!first?.ok) throw new Error('not started');
    first.value.cancel();
    await first.value.result;
    await expect.poll(() => runner.leftovers().length, { timeout: 3000 }).toBe(RUNS_AT_ONCE);
  });

  test('after the end nothing runs and nothing starts', async () => {
    const started = runner.start({ tool: 'ignores-term', argv: [], way, limits: { graceMs: 100 } });
    await expect.poll(() => runner.leftovers().length).toBeGreaterThan(0);
    await runner.end();
    expect(runner.leftovers()).toEqual([]);
    expect(started.ok && (await started.value.result)).toMatchObject({ value: { end: 'cancelled' } });
    expect(await runner.run({ tool: 'hangs', argv: [], way })).toMatchObject({
      failure: { code: 'unavailable' },
    });
  });

  test('a folder that is gone is told, not run in', async () => {
    const elsewhere = markedRunner({ directory: '/nowhere' });
    expect(await elsewhere.run({ tool: 'both-streams', argv: [], way })).toEqual({
      ok: false,
      failure: { code: 'gone', what: 'the folder /nowhere' },
    });
  });
});

test.skipIf(process.platform !== 'linux')(
  'a visible run can be typed into, without its terminal showing it',
  async () => {
    const heard: string[] = [];
    const started = runner.start(
      { tool: 'asks', argv: [], way: 'visible', columns: 100, rows: 30 },
      { onOutput: (_stream, bytes) => heard.push(text(bytes)) },
    );
    if (!started.ok) throw new Error('not started');
    expect(started.value.write(Buffer.from('too early\n'))).toBe(false);
    await expect.poll(() => heard.join(''), { timeout: 3000 }).toContain('Password: ');
    started.value.resize(120, 40);
    expect(started.value.write(Buffer.from('hunter2\n'))).toBe(true);
    const result = await started.value.result;
    expect(heard.join('').replaceAll('\n', '|')).toBe('Password: got 7 characters|40 120|');
    expect(result).toMatchObject({ ok: true, value: { end: 'exited', exitCode: 0 } });
    expect(started.value.write(Buffer.from('too late\n'))).toBe(false);
  },
);

describe('G1: where a terminal may not be used', () => {
  test('a visible run goes over a pipe and says why', async () => {
    const system = { ...chooseSystem(process.platform), visibleRefusal: () => 'No terminal here.' };
    const piped = markedRunner({ system, loadPty: () => Promise.reject(new Error('never asked')) });
    expect(await piped.run({ tool: 'both-streams', argv: [], way: 'visible' })).toMatchObject({
      ok: true,
      value: { way: 'quiet', note: 'No terminal here.', exitCode: 0 },
    });
  });

  test('so it does where node-pty has no binary', async () => {
    const system = {
      ...chooseSystem(process.platform),
      visibleRefusal: () => null,
      keepPrivate: async () => () => undefined,
    };
    const piped = markedRunner({ system, loadPty: () => Promise.reject(new Error('no binary\nat all')) });
    const outcome = await piped.run({ tool: 'both-streams', argv: [], way: 'visible' });
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        way: 'quiet',
        note: 'Ran over a pipe instead of a terminal: node-pty cannot be loaded (no binary).',
      },
    });
  });
});

test('where terminals cannot be kept apart, a visible run goes over a pipe', async () => {
  const system = {
    ...chooseSystem(process.platform),
    visibleRefusal: () => null,
    keepPrivate: async () => null,
  };
  const outcome = await markedRunner({ system }).run({ tool: 'both-streams', argv: [], way: 'visible' });
  expect(outcome).toMatchObject({
    ok: true,
    value: { way: 'quiet', note: expect.stringContaining('koffi') },
  });
});

test('a request that may not be made is refused with its field', async () => {
  const refused = (more: object) =>
    runner.run({ tool: 'both-streams', argv: [], way: 'quiet', ...more } as never);
  for (const [more, field] of [
    [{ tool: '../../bin/sh' }, 'tool'],
    [{ tool: 'toString' }, 'tool'],
    [{ argv: ['a\0b'] }, 'argv'],
    [{ argv: 'all' }, 'argv'],
    [{ way: 'loud' }, 'way'],
    [{ limits: { timeoutMs: Infinity } }, 'limits.timeoutMs'],
    [{ limits: { outputBytes: 2 ** 40 } }, 'limits.outputBytes'],
    [{ columns: 0 }, 'columns'],
  ] as const) {
    expect(await refused(more)).toMatchObject({ ok: false, failure: { code: 'invalid', field } });
  }
});

test.skipIf(process.platform !== 'linux')(
  'C10: 500 runs leave descriptors, threads, children and listeners as they were',
  async () => {
    const batch = async (count: number) => {
      const abort = new AbortController();
      const runs = Array.from({ length: count }, (_, at) =>
        runner.run(
          {
            tool: at % 5 === 0 ? 'fails' : 'both-streams',
            argv: [],
            way: at % 2 === 0 ? 'quiet' : 'visible',
          },
          { signal: abort.signal },
        ),
      );
      const outcomes = await Promise.all(runs);
      expect(outcomes.every(({ ok }) => ok)).toBe(true);
    };
    await batch(20);
    const before = ownResources();
    for (let done = 0; done < 500; done += 50) await batch(50);
    await expect.poll(ownResources, { timeout: 5000 }).toEqual(before);
  },
  60_000,
);
