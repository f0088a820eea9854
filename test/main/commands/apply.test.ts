import { afterEach, describe, expect, test } from 'vitest';
import type { ChangeMachine } from '../../../main/commands/changes-here.ts';
import { runFix } from '../../../main/commands/fix.ts';
import { runJournal } from '../../../main/commands/journal.ts';
import { runUndo } from '../../../main/commands/undo.ts';
import type { PoolFigures } from '../../../main/core/fixes/change.ts';
import {
  AFTER,
  aFolder,
  BEFORE,
  changesRig,
  planOf,
  RANGE,
  removeFolders,
  until,
} from '../../support/changes-rig.ts';
import type { FakeMachine } from '../../support/fake-helper.ts';
import { FakeMachine as Machine } from '../../support/fake-helper.ts';
import { aState, summaryFor } from '../../support/fixes.ts';

afterEach(removeFolders);

const WORDS = ['linux-widen-range', '--range', '20000-65535', '--reserve', '20001'];
const KEY = '10.0.2.7>10.0.3.12:443';
const SUMMARY = summaryFor('linux');
const PLAN = planOf(
  'linux-widen-range',
  { range: { first: 20000, last: 65535 }, reserve: [{ first: 20001, last: 20001 }] },
  'linux',
  SUMMARY,
);

function figures(capacity: number, overSeconds: number): PoolFigures {
  return {
    atMs: 1,
    overSeconds,
    poolKey: KEY,
    target: '10.0.3.12:443',
    capacity,
    used: 26_000,
    timeWait: 25_000,
    reusable: 0,
    opensPerSecond: 412,
    sustainableRatePerSecond: capacity / 60,
    runsOutInSeconds: null,
    isFull: false,
  };
}

/** A terminal, with somebody who types these lines or with nobody. */
class Terminal {
  out = '';
  err = '';
  raw = '';
  readonly folder = aFolder();
  readonly machine: FakeMachine = new Machine(PLAN);
  lines: string[] | null = null;
  measured: PoolFigures[] = [];
  rights: { way: 'none' | 'sudo' | 'missing'; obstacle: string | null } = { way: 'none', obstacle: null };
  timers: (() => void)[] = [];
  readonly abort = new AbortController();

  async run(...argv: string[]): Promise<number> {
    const [command, ...rest] = argv;
    const output = {
      out: (text: string) => void (this.out += text),
      err: (text: string) => void (this.err += text),
    };
    const { signal } = this.abort;
    if (command === 'undo') return runUndo(rest, output, signal, this.here());
    if (command === 'journal') return runJournal(rest, output, signal, this.here());
    const look = () =>
      Promise.resolve({ ok: true as const, value: { summary: SUMMARY, state: aState('linux') } });
    return runFix(rest, output, signal, look, this.here());
  }

  private here(): ChangeMachine {
    return {
      open: (publish) => {
        const rig = changesRig({
          plan: PLAN,
          folder: this.folder,
          machine: this.machine,
          makings: {
            publish,
            rights: this.rights,
            setTimer: (_milliseconds, run) => {
              this.timers.push(run);
              return () => undefined;
            },
          },
        });
        return { ok: true, value: { changes: rig.changes, folder: '/journal' } };
      },
      person: { isThere: this.lines !== null, readLine: (signal) => this.readLine(signal) },
      raw: (bytes) => void (this.raw += new TextDecoder().decode(bytes)),
      watchPool: (_poolKey, _signal, measured) => {
        for (const each of this.measured) measured(each);
        return Promise.resolve();
      },
    };
  }

  private readLine(signal: AbortSignal): Promise<string | null> {
    const line = this.lines?.shift();
    if (line !== undefined) return Promise.resolve(line);
    return new Promise((resolve) => {
      if (signal.aborted) resolve(null);
      signal.addEventListener('abort', () => resolve(null));
    });
  }

  values(): Record<string, string> {
    return Object.fromEntries(this.machine.values);
  }
}

describe('fourtuple fix --apply', () => {
  test('shows the plan, asks, applies, measures, and keeps on k', async () => {
    const terminal = new Terminal();
    terminal.lines = ['y', 'what?', 'k'];
    terminal.measured = [figures(45_535, 1), figures(45_535, 3)];
    expect(await terminal.run('fix', ...WORDS, '--apply')).toBe(0);
    expect(terminal.values()).toEqual(AFTER);
    expect(terminal.err).toBe('\nApply 2 changes? [y/N] ');
    expect(terminal.out).toMatch(/\n2\. net\.ipv4\.ip_local_port_range\n {3}32768 60999 → 20000 65535: /);
    expect(terminal.out).toMatch(/\nIn force\. It undoes itself in 5 min unless you keep it:\n/);
    expect(terminal.out).toMatch(/\nIt works: 26,000 of 45,535 ports are in use/);
    expect(terminal.out).toMatch(/\n {2}Usable ports +28,232 +45,535 +45,535 +as predicted\n/);
    expect(terminal.out).toMatch(/k and Enter keeps it, u and Enter takes it back\.\n/);
    expect(terminal.out).toMatch(/\nKept\. fourtuple undo 1 takes it back\.\n$/);
    expect(terminal.raw).toContain('$ set net.ipv4.ip_local_port_range\n');
  });

  test('changes nothing without a yes', async () => {
    for (const answer of ['', 'n', 'nay']) {
      const terminal = new Terminal();
      terminal.lines = [answer];
      expect(await terminal.run('fix', ...WORDS, '--apply')).toBe(1);
      expect(terminal.out).toMatch(/\nNothing was changed\.\n$/);
      expect(terminal.machine.helpers).toEqual([]);
    }
  });

  test('takes it back on u, on Ctrl-C, and when its time is over', async () => {
    const ways: [(terminal: Terminal) => void, RegExp][] = [
      [(terminal) => void terminal.lines?.push('u'), /Taken back as asked\./],
      [(terminal) => terminal.abort.abort(), /Taken back as asked\./],
      [(terminal) => terminal.timers[0]?.(), /Nobody kept it within 5 min/],
    ];
    for (const [takeBack, sentence] of ways) {
      const terminal = new Terminal();
      terminal.lines = [];
      const ended = terminal.run('fix', ...WORDS, '--apply', '--yes');
      if (takeBack === ways[0]?.[0]) takeBack(terminal);
      else {
        await until(() => terminal.out.includes('In force.'));
        takeBack(terminal);
      }
      expect(await ended).toBe(2);
      expect(terminal.out).toMatch(sentence);
      expect(terminal.values()).toEqual(BEFORE);
    }
  });

  test('waits and takes back where there is no terminal, unless it is to be kept', async () => {
    const terminal = new Terminal();
    const ended = terminal.run('fix', ...WORDS, '--apply', '--yes', '--undo-after', '60');
    await until(() => terminal.out.includes('In force. It undoes itself in 1 min; with --keep it stays.'));
    terminal.timers[0]?.();
    expect(await ended).toBe(2);
    terminal.measured = [figures(45_535, 3)];
    expect(await terminal.run('fix', ...WORDS, '--apply', '--yes', '--keep')).toBe(0);
    expect(terminal.out).toMatch(/\nIt works: [^]*\nKept\. fourtuple undo 2 takes it back\.\n$/);
    expect(terminal.values()).toEqual(AFTER);
  });

  test('is one object with --json, with what is so and what was measured', async () => {
    const terminal = new Terminal();
    terminal.measured = [figures(45_535, 3)];
    expect(await terminal.run('fix', ...WORDS, '--apply', '--yes', '--keep', '--json')).toBe(0);
    const printed = JSON.parse(terminal.out);
    expect(printed).toMatchObject({
      schema: 'fourtuple.change/1',
      change: {
        id: 1,
        fixId: 'linux-widen-range',
        phase: 'kept',
        canUndo: true,
        steps: [
          { status: 'done', state: 'after', before: { text: '' }, present: { text: '20001' } },
          { status: 'done', state: 'after', intended: { text: '20000 65535' } },
        ],
      },
      outcome: { level: 'ok', predicted: { capacity: { now: 28_232, then: 45_535 } } },
      printed: expect.stringContaining('$ set '),
    });
    expect([terminal.raw, terminal.err]).toEqual(['', '']);
  });

  test('has nothing to do when it is so already', async () => {
    const terminal = new Terminal();
    const words = ['linux-widen-range', '--range', '32768-60999'];
    expect(await terminal.run('fix', ...words, '--apply', '--yes')).toBe(0);
    expect(terminal.out).toMatch(/\nAll of it is so already\.\n$/);
    expect(terminal.machine.helpers).toEqual([]);
  });

  test('F7: ends with 1 when the plan is refused, and changes nothing', async () => {
    const terminal = new Terminal();
    expect(await terminal.run('fix', 'linux-widen-range', '--range', '100-200', '--apply', '--yes')).toBe(1);
    expect(terminal.out).toContain('\nRefused\n');
    expect(terminal.machine.helpers).toEqual([]);
  });

  test('F10: shows the exact commands where the rights cannot be had or are not given', async () => {
    const terminal = new Terminal();
    terminal.rights = { way: 'missing', obstacle: 'Neither sudo, doas nor pkexec can be used here.' };
    expect(await terminal.run('fix', ...WORDS, '--apply', '--yes')).toBe(3);
    const commands =
      /\nBy hand, as an administrator:\n {2}sysctl -w net\.ipv4\.ip_local_reserved_ports=20001\n {2}sysctl -w net\.ipv4\.ip_local_port_range="20000 65535"\nor the script/;
    expect(terminal.err).toMatch(/Neither sudo, doas nor pkexec can be used here\./);
    expect(terminal.err).toMatch(commands);
    terminal.rights = { way: 'sudo', obstacle: null };
    terminal.err = '';
    terminal.machine.misbehaviours.push({ kind: 'denied', exitCode: 1 });
    expect(await terminal.run('fix', ...WORDS, '--apply', '--yes')).toBe(3);
    expect(`\n${terminal.err}`).toMatch(commands);
    expect(terminal.values()).toEqual(BEFORE);
  });

  test('ends with 2 when a step fails and all is taken back, with 4 when the helper is killed', async () => {
    const terminal = new Terminal();
    terminal.machine.misbehaviours.push({ kind: 'fails', step: 2 }, { kind: 'dies', before: 'begin 2' });
    expect(await terminal.run('fix', ...WORDS, '--apply', '--yes')).toBe(2);
    expect(terminal.out).toMatch(/could not be changed \(exit status 1\)\. Everything is as before\.\n$/);
    expect(await terminal.run('fix', ...WORDS, '--apply', '--yes')).toBe(4);
    expect(terminal.out).toMatch(
      /The helper was lost \(SIGKILL\)\. Still in force: .* See fourtuple journal\.\n$/,
    );
    expect(await terminal.run('fix', ...WORDS, '--apply', '--yes')).toBe(3);
    expect(terminal.err).toMatch(
      /Change 2 \(Widen the port range\) was interrupted: finish it or take it back first/,
    );
    // What stands in the way is to be dealt with, not passed by.
    expect(terminal.err).not.toContain('By hand');
  });
});

describe('fourtuple undo and journal', () => {
  async function kept(): Promise<Terminal> {
    const terminal = new Terminal();
    expect(await terminal.run('fix', ...WORDS, '--apply', '--yes', '--keep', '--for', '0')).toBe(0);
    terminal.out = '';
    return terminal;
  }

  test('list what is in force and take back the newest after asking', async () => {
    const terminal = await kept();
    terminal.lines = ['n', 'y'];
    expect(await terminal.run('undo')).toBe(1);
    expect(terminal.out).toMatch(
      /^1 {2}Widen the port range \(linux-widen-range\), .*, as root\n[^]*in force\n/,
    );
    expect(terminal.err).toBe('Take back change 1 (Widen the port range)? [y/N] ');
    expect(await terminal.run('undo')).toBe(0);
    expect(terminal.out).toMatch(/\nTaken back as asked\. Everything is as before\.\n$/);
    expect(terminal.values()).toEqual(BEFORE);
    terminal.out = '';
    expect(await terminal.run('undo')).toBe(0);
    expect(terminal.out).toBe(
      'Nothing is in force, says the journal in /journal. Another user has another one.\n',
    );
  });

  test('take back one step of one change, and say what stays', async () => {
    const terminal = await kept();
    expect(await terminal.run('undo', '1', '--step', '2', '--json')).toBe(0);
    expect(JSON.parse(terminal.out)).toMatchObject({
      change: { phase: 'kept', steps: [{ state: 'after' }, { state: 'before', status: 'undone' }] },
    });
    expect(terminal.values()).toEqual({ ...AFTER, [RANGE]: BEFORE[RANGE] });
  });

  test('call nothing of a change that was taken back changed, whatever the value became since', async () => {
    const terminal = await kept();
    terminal.machine.values.set(RANGE, '1024 65535');
    expect(await terminal.run('journal')).toBe(0);
    expect(terminal.out).toMatch(/\n {2}2\. .* changed since \(now 1024 65535\)\n/);
    terminal.machine.values.set(RANGE, AFTER[RANGE]);
    expect(await terminal.run('undo', '1')).toBe(0);
    terminal.machine.values.set(RANGE, '1024 65535');
    terminal.out = '';
    expect(await terminal.run('journal')).toBe(0);
    expect(terminal.out).toMatch(/\n {2}1\. .* as before\n {2}2\. .* taken back \(now 1024 65535\)\n/);
  });

  test('F6: end with 4 when something is somebody else’s now', async () => {
    const terminal = await kept();
    terminal.machine.values.set(RANGE, '1024 65535');
    expect(await terminal.run('undo', '1')).toBe(4);
    expect(terminal.values()).toEqual({ ...BEFORE, [RANGE]: '1024 65535' });
    expect(await terminal.run('undo', '1')).toBe(4);
  });

  test('show the journal, and finish what was interrupted', async () => {
    const terminal = new Terminal();
    expect(await terminal.run('journal')).toBe(0);
    expect(terminal.out).toBe('Nothing stands in the journal in /journal. Another user has another one.\n');
    terminal.machine.misbehaviours.push({ kind: 'dies', before: 'begin 2' });
    expect(await terminal.run('fix', ...WORDS, '--apply', '--yes')).toBe(4);
    terminal.out = '';
    expect(await terminal.run('journal', '--json')).toBe(0);
    expect(JSON.parse(terminal.out)).toMatchObject({
      schema: 'fourtuple.journal/1',
      changes: [
        { id: 1, isInterrupted: true, canFinish: true, steps: [{ state: 'after' }, { state: 'before' }] },
      ],
    });
    expect(await terminal.run('journal', '--finish', '1', '--keep')).toBe(0);
    expect(terminal.values()).toEqual(AFTER);
    expect(await terminal.run('journal', '--finish', '1')).toBe(4);
    terminal.out = '';
    expect(await terminal.run('journal')).toBe(0);
    expect(terminal.out).toMatch(/^1 {2}Widen the port range [^]*\nThe journal is in \/journal\.\n$/);
  });

  test.each([
    [['undo', 'x'], '"x" is no number of a change'],
    [['undo', '9'], 'there is no change 9'],
    [['undo', '--step', '1'], '--step is of one change'],
    [['undo', '1', '--step', 'all'], '--step takes the number of a step'],
    [['undo', '1', '2'], 'one change at a time'],
    [['undo', '--nonsense'], "Unknown option '--nonsense'"],
    [['journal', 'x'], "Unexpected argument 'x'"],
    [['journal', '--finish', 'x'], '--finish takes the number of a change'],
    [['journal', '--keep'], '--keep goes with --finish'],
  ])('end with 3 and one sentence for %j', async (argv, sentence) => {
    const terminal = new Terminal();
    expect(await terminal.run(...argv)).toBe(3);
    expect(terminal.out).toBe('');
    expect(terminal.err).toContain(sentence);
    expect(terminal.err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('ask nothing where nobody is there to answer', async () => {
    const terminal = await kept();
    expect(await terminal.run('undo')).toBe(3);
    expect(terminal.err).toContain('name the change, as in fourtuple undo 1, or say --yes');
    terminal.out = '';
    expect(await terminal.run('undo', '--json', '--yes')).toBe(0);
    expect(JSON.parse(terminal.out)).toMatchObject({
      schema: 'fourtuple.change/1',
      change: { phase: 'undone' },
    });
    terminal.out = '';
    expect(await terminal.run('undo', '--json', '--yes')).toBe(0);
    expect(JSON.parse(terminal.out)).toMatchObject({ schema: 'fourtuple.journal/1' });
  });

  test('say their exit statuses in the help', async () => {
    const terminal = new Terminal();
    expect(await terminal.run('undo', '--help')).toBe(0);
    expect(await terminal.run('journal', '--help')).toBe(0);
    expect(terminal.out).toMatch(
      /\n {2}4 {2}something could not be put back[^]*\n {2}4 {2}it could not be finished/,
    );
  });
});
