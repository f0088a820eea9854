import { Buffer } from 'node:buffer';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startForeground, type ForegroundRequest } from '../../../main/terminal/foreground.ts';
import { HOSTILE_PROGRAMS } from '../../support/terminal/commands.ts';

const SH = { candidates: ['/bin/sh'], hint: 'sh is there' };
const programs = new Map([...HOSTILE_PROGRAMS, ['sh', SH]]);

function start(request: ForegroundRequest) {
  let text = '';
  const started = startForeground(
    request,
    { onOutput: (bytes) => (text += Buffer.from(bytes).toString('latin1')) },
    { programs, elevated: false },
  );
  if (!started.ok) throw new Error(JSON.stringify(started.failure));
  const seen = (word: string) => expect.poll(() => text, { interval: 5 }).toContain(word);
  return { ...started.value, text: () => text, seen };
}

const shell = (script: string): ForegroundRequest => ({ tool: 'sh', argv: ['-c', script] });

describe.skipIf(process.platform === 'win32')('a command in the own terminal', () => {
  test('hears what is written, and its exit status is told', async () => {
    const run = start(shell('read -r line; echo "heard $line"; exit 7'));
    run.write(Buffer.from('go 1\n'));
    expect(await run.result).toEqual({ ok: true, value: { exitCode: 7, signal: null } });
    expect(run.text()).toBe('heard go 1\n');
    // What is written after its end is lost, without an error.
    run.write(Buffer.from('more\n'));
    run.closeInput();
    run.cancel();
  });

  test('reads the end of its input', async () => {
    const run = start(shell('read -r line || exit 4'));
    run.closeInput();
    expect(await run.result).toMatchObject({ value: { exitCode: 4 } });
  });

  test.skipIf(process.platform !== 'linux')(
    'stays in our session and group, where sudo finds /dev/tty',
    async () => {
      const run = start(shell('cut -d " " -f 5,6 </proc/$$/stat; cut -d " " -f 5,6 </proc/$PPID/stat'));
      await run.result;
      const [own, parent] = run.text().split('\n');
      expect(own).toBe(parent);
    },
  );

  test('C3: nothing of our environment reaches it', async () => {
    process.env['SECRET_TOKEN'] = 'secret';
    try {
      const run = start(shell('env'));
      await run.result;
      expect(run.text()).toContain('LC_ALL=C\n');
      expect(run.text()).not.toContain('SECRET_TOKEN');
    } finally {
      delete process.env['SECRET_TOKEN'];
    }
  });

  test('can put things back on SIGTERM when it is cancelled', async () => {
    const run = start(shell("trap 'echo back; exit 4' TERM; echo ready; while :; do sleep 0.05; done"));
    await run.seen('ready');
    run.cancel();
    expect(await run.result).toMatchObject({ value: { exitCode: 4, signal: null } });
    expect(run.text()).toBe('ready\nback\n');
  });

  test('is killed after the grace, and after its time', async () => {
    const limits = { graceMs: 50, timeoutMs: 100 };
    const run = start({ ...shell("trap '' TERM; while :; do sleep 0.05; done"), limits });
    expect(await run.result).toMatchObject({ value: { exitCode: null, signal: 'SIGKILL' } });
  });

  test('is ended when it prints too much', async () => {
    const run = start({ ...shell('while :; do echo xxxxxxxx; done'), limits: { outputBytes: 1000 } });
    expect(await run.result).toMatchObject({ value: { signal: 'SIGTERM' } });
    expect(run.text()).toHaveLength(1000);
  });

  test('what it left behind does not keep us waiting once it was killed', async () => {
    const run = start(shell('exec 3<&0; cat <&3 & echo ready $!; wait'));
    await run.seen('ready');
    run.cancel();
    expect(await run.result).toMatchObject({ value: { signal: 'SIGTERM' } });
  });

  test.each([
    [{ tool: 'nowhere', argv: [] }, 'invalid'],
    [{ tool: 'missing', argv: [] }, 'tool-missing'],
    [{ tool: 'not-executable', argv: [] }, 'not-permitted'],
    [{ tool: 'sh', argv: ['a\0b'] }, 'invalid'],
    [{ tool: 'sh', argv: [], limits: { timeoutMs: 0 } }, 'invalid'],
  ] as const)('is refused: %j', (request, code) => {
    expect(
      startForeground(request, { onOutput: () => undefined }, { programs, elevated: false }),
    ).toMatchObject({
      ok: false,
      failure: { code },
    });
  });

  test('C1: as root, a program that others can change is refused', () => {
    const loose = new Map([['loose', { candidates: [fileURLToPath(import.meta.url)], hint: 'x' }]]);
    const request = { tool: 'loose', argv: [] };
    expect(
      startForeground(request, { onOutput: () => undefined }, { programs: loose, elevated: true }),
    ).toMatchObject({
      ok: false,
    });
  });
});
