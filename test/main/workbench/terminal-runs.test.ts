import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HelperEnd } from '../../../main/fixes/helper.ts';
import { helperStarter } from '../../../main/workbench/fix-helper.ts';
import { quietRuns } from '../../../main/workbench/quiet-runs.ts';
import { TerminalLink } from '../../../main/workbench/terminal-link.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

let terminal: FakeTerminal;
let link: TerminalLink;
beforeEach(() => {
  vi.useFakeTimers();
  terminal = new FakeTerminal(2000);
  link = new TerminalLink({ forkTerminal: () => terminal, now: Date.now, jitter: () => 0, log: () => {} });
});
afterEach(async () => {
  await link.stop();
  vi.useRealTimers();
});

function startHelper(speaks = true) {
  const heard: string[] = [];
  const ends: HelperEnd[] = [];
  const watch = {
    started: () => heard.push('started'),
    hasSpoken: () => heard.push('spoken'),
    ended: () => heard.push('ended'),
  };
  const start = helperStarter(link, watch);
  const started = start(
    { tool: 'sudo', argv: ['--', '/bin/sh'], speaks },
    { printed: (bytes) => heard.push(Buffer.from(bytes).toString()), ended: (end) => ends.push(end) },
  );
  if (!started.ok) throw new Error(JSON.stringify(started.failure));
  return { heard, ends, helper: started.value };
}

describe('a helper in the terminal', () => {
  test('runs in a pty that outlives us, for longer than a change may hold', () => {
    startHelper();
    expect(terminal.request()).toMatchObject({
      tool: 'sudo',
      way: 'visible',
      onParentDeath: 'hang-up',
      limits: { timeoutMs: 5_400_000, silenceMs: 5_400_000 },
    });
    startHelper(false);
    expect(terminal.request().way).toBe('quiet');
  });

  test('is typed into and resized while it runs, and not after', () => {
    const { helper } = startHelper();
    helper.write(Buffer.from('go 1\n'));
    helper.resize(100, 40);
    terminal.end();
    helper.write(Buffer.from('late'));
    helper.cancel();
    expect(terminal.received.slice(1)).toEqual([
      { type: 'write', id: 1, data: Buffer.from('go 1\n').toString('base64') },
      { type: 'resize', id: 1, columns: 100, rows: 40 },
    ]);
  });

  test('has its rights when it says its first word, once', () => {
    const { heard } = startHelper();
    terminal.print('Password: ');
    terminal.print('\r\n\u001eready\r\n');
    terminal.print('\u001ebegin 1\r\n');
    terminal.end();
    expect(heard).toEqual([
      'started',
      'Password: ',
      '\r\n\u001eready\r\n',
      'spoken',
      '\u001ebegin 1\r\n',
      'ended',
    ]);
  });

  test.each([
    ['its exit status', { exitCode: 3 }, { kind: 'exited', exitCode: 3 }],
    [
      'its exit status when it was cancelled',
      { end: 'cancelled', exitCode: 4 },
      { kind: 'exited', exitCode: 4 },
    ],
    [
      'the signal',
      { end: 'signalled', exitCode: null, signal: 'SIGKILL' },
      { kind: 'signalled', signal: 'SIGKILL' },
    ],
  ] as const)('ends with %s', (_what, change, end) => {
    const { ends } = startHelper();
    terminal.end(change);
    expect(ends).toEqual([end]);
  });

  test('is lost with the process that carries it', () => {
    const { heard, ends } = startHelper();
    terminal.exit();
    expect(ends).toMatchObject([{ kind: 'failed', failure: { code: 'gone' } }]);
    expect(heard.at(-1)).toBe('ended');
  });
});

describe('a quiet run', () => {
  test('is handed back whole', async () => {
    const ran = quietRuns(link)({ tool: 'netsh', argv: ['int'], way: 'quiet' });
    terminal.print('one ');
    terminal.print('oops', 'err');
    terminal.print('two');
    terminal.end({ exitCode: 1 });
    const outcome = await ran;
    expect(outcome).toMatchObject({ ok: true, value: { exitCode: 1, tool: 'netsh' } });
    expect(outcome.ok && Buffer.from(outcome.value.stdout).toString()).toBe('one two');
    expect(outcome.ok && Buffer.from(outcome.value.stderr).toString()).toBe('oops');
  });

  test('ends when it is aborted, and fails when it could not be started', async () => {
    const stop = new AbortController();
    const ran = quietRuns(link)({ tool: 'netsh', argv: [], way: 'quiet' }, { signal: stop.signal });
    stop.abort();
    expect(terminal.cancelledIds).toEqual([1]);
    terminal.refuse({ code: 'tool-missing', tool: 'netsh', hint: 'it is part of Windows' });
    expect(await ran).toMatchObject({ ok: false, failure: { code: 'tool-missing' } });
  });
});
