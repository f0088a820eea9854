/** Real processes and real terminals: whatever a command does, its run ends, bounded and told, with nothing left. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRequest, RunResult, RunWay } from '../../../main/terminal/run.ts';
import { markedRunner, SHORT, type MarkedRunner } from '../../support/terminal/commands.ts';

const MEBIBYTE = 1024 * 1024;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8').replaceAll('\r\n', '\n');

let runner: MarkedRunner;
beforeEach(() => void (runner = markedRunner()));
afterEach(async () => {
  await runner.end();
  expect(runner.leftovers(), 'processes left running').toEqual([]);
});

async function finished(tool: string, way: RunWay, more: Partial<RunRequest> = {}): Promise<RunResult> {
  const outcome = await runner.run({ tool, argv: [], way, limits: SHORT, ...more });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

/** How it ended, for one comparison of everything. */
function ending({ end, exitCode, signal, truncated, survivors }: RunResult) {
  return { end, exitCode, signal, truncated, survivors };
}
/** For what ends by itself, however busy the machine is. */
const PATIENT = { ...SHORT, timeoutMs: 30_000, silenceMs: 30_000 };
const ENDED = { exitCode: null, signal: null, truncated: false, survivors: [] };

describe.skipIf(process.platform !== 'linux').each(['quiet', 'visible'] as const)('%s', (way) => {
  test('a command that hangs ends at its time limit, with what it said', async () => {
    const result = await finished('hangs', way, { limits: { ...SHORT, silenceMs: 5000 } });
    expect(ending(result)).toEqual({ ...ENDED, end: 'timed-out', signal: 'SIGTERM' });
    expect(text(result.stdout)).toBe('waiting\n');
    expect(result.tookMs).toBeGreaterThanOrEqual(600);
  });

  test('a command that says nothing ends at its silence limit, and its child with it', async () => {
    const result = await finished('silent', way, { limits: { ...SHORT, timeoutMs: 5000, silenceMs: 300 } });
    expect(ending(result)).toEqual({ ...ENDED, end: 'silent', signal: 'SIGTERM' });
  });

  test('C6: a command that ignores SIGTERM gets SIGKILL after the grace', async () => {
    const result = await finished('ignores-term', way);
    expect(ending(result)).toEqual({ ...ENDED, end: 'timed-out', signal: 'SIGKILL' });
    expect(result.tookMs).toBeGreaterThanOrEqual(800);
  });

  test('C6: a command that prints for ever ends at its byte limit, which is what is kept', async () => {
    const limits = { ...SHORT, timeoutMs: 10_000, outputBytes: MEBIBYTE };
    const result = await finished('prints-for-ever', way, { limits });
    expect(ending(result)).toEqual({ ...ENDED, end: 'too-much-output', signal: 'SIGTERM', truncated: true });
    expect(result.stdout.length).toBe(MEBIBYTE);
  });

  test('C6: ten megabytes without a line end stop at the limit of a line', async () => {
    const result = await finished('long-line', way, { limits: { ...SHORT, timeoutMs: 10_000 } });
    expect(result).toMatchObject({ end: 'line-too-long', truncated: true });
    expect(result.stdout.length).toBe(MEBIBYTE);
  });

  test('C6: too many lines stop at the last that is allowed', async () => {
    const limits = { ...SHORT, timeoutMs: 10_000, lines: 1000 };
    const result = await finished('many-lines', way, { argv: ['100000000'], limits });
    expect(result).toMatchObject({ end: 'too-many-lines', truncated: true });
    expect(text(result.stdout).split('\n').slice(-2)).toEqual(['1000', '']);
  });

  test.each(['leaves-group', 'leaves-session'])('a grandchild that %s is ended too', async (tool) => {
    const result = await finished(tool, way);
    expect(result).toMatchObject({ end: 'timed-out', survivors: [] });
    expect(text(result.stdout)).toBe('started\n');
  });

  test.each(['leaves-one-behind', 'leaves-one-unheard'])(
    'a command that %s is said to have done so',
    async (tool) => {
      const result = await finished(tool, way);
      expect(ending(result)).toEqual({ ...ENDED, end: 'exited', exitCode: 0 });
      expect(text(result.stdout)).toBe('done\n');
      expect(result.note).toBe('It left processes running when it ended; they were ended too.');
    },
  );

  test('output that somebody out of reach holds open is let go', async () => {
    const result = await finished('daemon-holds-output', way);
    expect(ending(result)).toEqual({ ...ENDED, end: 'exited', exitCode: 0 });
    expect(text(result.stdout)).toBe('done\n');
    expect(result.tookMs).toBeLessThan(1900);
    // Not ours to find; it ends by itself.
    await expect.poll(() => runner.leftovers(), { timeout: 5000 }).toEqual([]);
  });

  test('a command that dies by a signal is told so', async () => {
    const result = await finished('dies', way, { limits: PATIENT });
    expect(ending(result)).toEqual({ ...ENDED, end: 'signalled', signal: 'SIGSEGV' });
    expect(text(result.stdout)).toBe('about to die\n');
  });

  test('a command that fails tells its status', async () => {
    const result = await finished('fails', way, { limits: PATIENT });
    expect(ending(result)).toEqual({ ...ENDED, end: 'exited', exitCode: 3 });
    expect(text(way === 'quiet' ? result.stderr : result.stdout)).toBe('cannot open that\n');
  });

  test('escape sequences, NUL and broken UTF-8 come through as they are', async () => {
    const result = await finished('odd-bytes', way, { limits: PATIENT });
    expect(Buffer.from(result.stdout).toString('latin1')).toBe(
      'title \x1b]0;owned\x07 red \x1b[31m nul \0 bad \xff\xfe end',
    );
  });

  test('a missing tool is named with what brings it', async () => {
    expect(await runner.run({ tool: 'missing', argv: [], way })).toEqual({
      ok: false,
      failure: { code: 'tool-missing', tool: 'missing', hint: 'missing is in the package lost' },
    });
  });

  test('a file that may not be executed is refused', async () => {
    expect(await runner.run({ tool: 'not-executable', argv: [], way })).toMatchObject({
      ok: false,
      failure: { code: 'not-permitted', needs: 'permission to execute that file' },
    });
  });

  test('a cancelled run ends with its whole group', async () => {
    const abort = new AbortController();
    const heard: string[] = [];
    const outcome = await runner.run(
      { tool: 'leaves-group', argv: [], way, limits: { graceMs: 200 } },
      {
        signal: abort.signal,
        onOutput: (_stream, bytes) => {
          heard.push(text(bytes));
          abort.abort();
        },
      },
    );
    expect(outcome).toMatchObject({ ok: true, value: { end: 'cancelled', survivors: [] } });
    expect(heard.join('')).toBe('started\n');
  });
});
