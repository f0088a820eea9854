/** Fixes carried out by the command line itself: applied, read back by the kernel, kept, taken back exactly. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoad } from '../support/load/load.ts';
import { namespaceMissing, type NamespaceSettings, type TestNamespace } from '../support/namespace.ts';
import { runIn, withNamespace } from './support-check.ts';

/** The sources themselves: no build is needed for them. */
const CLI = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
// Carrying out asks for the rights with the tools of the machine where we have none: nobody could answer.
const missing = namespaceMissing() ?? (process.getuid?.() === 0 ? null : 'it needs root');

let folder = '';
let journals = 0;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'fourtuple-apply-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RANGE = 'ipv4/ip_local_port_range';
const RESERVED = 'ipv4/ip_local_reserved_ports';

/** The command line in a namespace, with a journal of its own. */
class CommandLine {
  readonly namespace: TestNamespace;
  readonly environment = {
    XDG_STATE_HOME: join(folder, String(++journals)),
    // The sources are understood once and not with every start.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  };

  constructor(namespace: TestNamespace) {
    this.namespace = namespace;
  }

  run(...words: string[]) {
    const settings = Object.entries(this.environment).map(([name, value]) => `${name}=${value}`);
    return runIn(this.namespace, ['env', ...settings, process.execPath, CLI, ...words]);
  }

  apply(...words: string[]) {
    return this.run('fix', ...words, '--apply', '--yes', '--for', '0');
  }

  async journal() {
    const ran = await this.run('journal', '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(ran.stdout);
  }

  /** After `setup`, in a mount namespace of its own. */
  within(setup: string, ...words: string[]) {
    const shell = `${setup} && exec "$@"`;
    const argv = ['unshare', '--mount', 'sh', '-c', shell, 'sh', process.execPath, CLI, ...words];
    return this.namespace.run(argv, { environment: this.environment });
  }

  values(...names: string[]): string[] {
    return names.map((name) => this.namespace.run(['cat', `/proc/sys/net/${name}`]).stdout);
  }
}

function inNamespace(settings: NamespaceSettings, body: (line: CommandLine) => Promise<void>): Promise<void> {
  return withNamespace(settings, (namespace) => body(new CommandLine(namespace)));
}

const FIXES: readonly [string, string[], NamespaceSettings, Record<string, [string, string]>][] = [
  [
    'a wider range with reservations',
    ['linux-widen-range', '--range', '10240-65535', '--reserve', '15432,27017-27019'],
    {},
    { [RANGE]: ['32768\t60999\n', '10240\t65535\n'], [RESERVED]: ['\n', '15432,27017-27019\n'] },
  ],
  [
    'reservations',
    ['linux-reserve-ports', '--reserve', '33000-33009,40000'],
    { reservedPorts: '50051' },
    { [RESERVED]: ['50051\n', '33000-33009,40000,50051\n'] },
  ],
  [
    'the limit of TIME_WAIT sockets',
    ['linux-tw-buckets', '--value', '300000'],
    { twBuckets: 5000 },
    { 'ipv4/tcp_max_tw_buckets': ['5000\n', '300000\n'] },
  ],
];

describe.skipIf(missing !== null)(`fourtuple fix --apply${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it.each(FIXES)('F6: applies, keeps and takes back %s, exactly', async (_what, words, settings, values) => {
    await inNamespace(settings, async (line) => {
      const names = Object.keys(values);
      const [before, after] = [0, 1].map((side) => Object.values(values).map((pair) => pair[side]));
      expect(line.values(...names)).toEqual(before);
      expect(await line.apply(...words, '--keep')).toMatchObject({ code: 0, stderr: '' });
      expect(line.values(...names)).toEqual(after);
      expect((await line.journal()).changes).toMatchObject([
        { phase: 'kept', canUndo: true, isInterrupted: false },
      ]);
      expect(await line.run('undo', '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(line.values(...names)).toEqual(before);
      expect(await line.run('undo', '1')).toMatchObject({ code: 0, stderr: '' });
      expect(line.values(...names)).toEqual(before);
    });
  });

  it('applies timestamps and reuse together, takes one back and then the other', async () => {
    await inNamespace({ twReuse: 0 }, async (line) => {
      const names = ['ipv4/tcp_timestamps', 'ipv4/tcp_tw_reuse'];
      line.namespace.set('ipv4/tcp_timestamps', '0');
      expect(await line.apply('linux-tw-reuse', '--keep')).toMatchObject({ code: 0, stderr: '' });
      expect(line.values(...names)).toEqual(['1\n', '1\n']);
      // Applying what is so already changes nothing.
      const again = await line.apply('linux-tw-reuse', '--keep');
      expect(again.stderr).toBe('');
      expect((await line.journal()).changes).toHaveLength(1);
      expect(await line.run('undo', '1', '--step', '2')).toMatchObject({ code: 0, stderr: '' });
      expect(line.values(...names)).toEqual(['1\n', '0\n']);
      expect((await line.journal()).changes).toMatchObject([
        { phase: 'kept', steps: [{ state: 'after' }, { state: 'before' }] },
      ]);
      expect(await line.run('undo', '1')).toMatchObject({ code: 0, stderr: '' });
      expect(line.values(...names)).toEqual(['0\n', '0\n']);
    });
  });

  it('takes everything back by itself after its time, and says that', async () => {
    await inNamespace({}, async (line) => {
      const ran = await line.apply('linux-tw-reuse', '--undo-after', '1');
      expect(ran).toMatchObject({ code: 2, stderr: '' });
      expect(ran.stdout).toMatch(
        /\$ sysctl -w net\.ipv4\.tcp_tw_reuse=1\n[^]*\nread back: 1\n[^]*In force\. It undoes itself in 1 s/,
      );
      expect(ran.stdout).toMatch(
        /\nNobody kept it within 1 s, so it was taken back\. Everything is as before\.\n$/,
      );
      expect(line.values('ipv4/tcp_tw_reuse')).toEqual(['2\n']);
    });
  });

  it('F6: leaves alone what somebody else has changed meanwhile, and says so', async () => {
    await inNamespace({}, async (line) => {
      const words = ['linux-widen-range', '--range', '10240-65535', '--reserve', '15432'];
      expect(await line.apply(...words, '--keep')).toMatchObject({ code: 0 });
      line.namespace.set(RESERVED, '15432,9999');
      const undone = await line.run('undo', '1');
      expect(undone).toMatchObject({ code: 4, stderr: '' });
      expect(undone.stdout).toMatch(
        /Left alone, as it is neither as before nor as intended: net\.ipv4\.ip_local_reserved_ports\./,
      );
      expect(line.values(RANGE, RESERVED)).toEqual(['32768\t60999\n', '9999,15432\n']);
      expect((await line.journal()).changes).toMatchObject([
        { phase: 'left', steps: [{ state: 'other', present: { text: '9999,15432' } }, { state: 'before' }] },
      ]);
    });
  });

  it('leaves a clear state when a command fails half-way, and nothing to undo', async () => {
    await inNamespace({}, async (line) => {
      const path = `/proc/sys/net/${RANGE}`;
      const readOnly = `mount --bind ${path} ${path} && mount -o remount,bind,ro ${path}`;
      const words = ['fix', 'linux-widen-range', '--reserve', '15432', '--apply', '--yes', '--for', '0'];
      const failed = line.within(readOnly, ...words);
      expect(failed).toMatchObject({ status: 2 });
      expect(failed.stdout).toMatch(
        /\nnet\.ipv4\.ip_local_port_range could not be changed \(.*\)\. Everything is as before\.\n$/,
      );
      expect(line.values(RANGE, RESERVED)).toEqual(['32768\t60999\n', '\n']);
      expect((await line.journal()).changes).toMatchObject([
        { phase: 'failed', isInterrupted: false, steps: [{ state: 'before' }, { state: 'before' }] },
      ]);
      expect(await line.run('undo', '1')).toMatchObject({ code: 0, stderr: '' });
      expect(line.values(RANGE, RESERVED)).toEqual(['32768\t60999\n', '\n']);
    });
  });

  it('F8: keeps it for good in a file of its own, and deletes that on undo', async () => {
    await inNamespace({}, async (line) => {
      const file = '/etc/sysctl.d/90-fourtuple.conf';
      const own = `mount -t tmpfs none /etc/sysctl.d && cli() { ${process.execPath} ${CLI} "$@"; }`;
      const steps = [
        own,
        'cli fix linux-tw-reuse --persist --apply --yes --keep --for 0 >/dev/null',
        `stat -c %a ${file}`,
        `tail -n 1 ${file}`,
        'cli undo 1 >/dev/null',
        'ls -A /etc/sysctl.d',
        'echo end',
      ].join(' && ');
      const ran = line.namespace.run(['unshare', '--mount', 'sh', '-c', steps], {
        environment: line.environment,
      });
      expect(ran).toMatchObject({ status: 0, stderr: '', stdout: '644\nnet.ipv4.tcp_tw_reuse = 1\nend\n' });
      expect(line.values('ipv4/tcp_tw_reuse')).toEqual(['2\n']);
    });
  });

  it('measures a pool while it holds: capacity as predicted, exactly', async () => {
    await inNamespace({ portRange: { first: 40000, last: 40099 }, twReuse: 0 }, async (line) => {
      const server = { address: '127.0.0.1', port: 8080 };
      const load = startLoad(
        { servers: [server], clients: [{ ...server, count: 60, holdMs: null }], seconds: 60 },
        line.namespace,
      );
      await load.first('flooded', 5000);
      const words = ['linux-widen-range', '--range', '40000-40199', '--pool', '127.0.0.1:8080'];
      const ran = await line.run('fix', ...words, '--apply', '--yes', '--keep', '--for', '1', '--json');
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      const { change, outcome } = JSON.parse(ran.stdout);
      expect(outcome).toMatchObject({ level: 'ok', before: { capacity: 100 }, after: { capacity: 200 } });
      expect(outcome.after.overSeconds).toBeGreaterThanOrEqual(2);
      expect(outcome.rows[0]).toMatchObject({
        title: 'Usable ports',
        before: '100',
        predicted: '200',
        measured: '200',
        state: 'held',
      });
      expect(change).toMatchObject({ phase: 'kept', after: { capacity: 200 } });
      await load.stop();
    });
  });

  it('asks, keeps on k and takes back on Ctrl-C in a real terminal', async () => {
    await inNamespace({}, async (line) => {
      const words = ['fix', 'linux-tw-reuse', '--apply', '--for', '0'];
      const kept = await inTerminal(line, words, [
        ['[y/N] ', 'y\r'],
        ['takes it back.', 'k\r'],
      ]);
      expect(kept).toMatchObject({
        code: 0,
        text: expect.stringMatching(/Kept\. fourtuple undo 1 takes it back\.\r\n$/),
      });
      expect(line.values('ipv4/tcp_tw_reuse')).toEqual(['1\n']);
      expect(await line.run('undo', '1')).toMatchObject({ code: 0 });
      const left = await inTerminal(line, words, [
        ['[y/N] ', 'y\r'],
        ['takes it back.', '\u0003'],
      ]);
      expect(left).toMatchObject({
        code: 130,
        text: expect.stringMatching(/Everything is as before\.\r\n$/),
      });
      expect(line.values('ipv4/tcp_tw_reuse')).toEqual(['2\n']);
    });
  });

  it('says in one line on stderr that a change was interrupted, whatever is asked', async () => {
    await inNamespace({}, async (line) => {
      const argv = [process.execPath, CLI, 'fix', 'linux-tw-reuse', '--apply', '--yes', '--for', '0'];
      const child = line.namespace.spawn(argv, { environment: line.environment });
      await expect.poll(() => line.values('ipv4/tcp_tw_reuse'), { timeout: 10_000 }).toEqual(['1\n']);
      child.kill('SIGKILL');
      // Who changed it hears that nobody is there any more.
      await expect.poll(() => line.values('ipv4/tcp_tw_reuse'), { timeout: 10_000 }).toEqual(['2\n']);
      const said = 'Change 1 was interrupted: fourtuple journal\n';
      expect(await line.run('check', '--for', '0')).toMatchObject({ stderr: said });
      const journal = await line.run('journal', '--json');
      expect(journal).toMatchObject({ code: 0, stderr: said });
      expect(JSON.parse(journal.stdout).changes).toMatchObject([
        { isInterrupted: true, steps: [{ state: 'before' }] },
      ]);
      const settled =
        'Change 1: Interrupted when Fourtuple was ended, and undone by itself. Everything is as before.\n';
      expect(await line.apply('linux-tw-reuse', '--keep')).toMatchObject({ code: 0, stderr: said + settled });
      expect(await line.run('undo', '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(await line.run('journal')).toMatchObject({ code: 0, stderr: '' });
    });
  });
});

/** Types each answer when what it waits for has been printed. */
function inTerminal(
  { namespace, environment }: CommandLine,
  words: readonly string[],
  answers: readonly (readonly [string, string])[],
): Promise<{ code: number; text: string }> {
  const [program = '', ...argv] = [...namespace.enter, process.execPath, CLI, ...words];
  const env = { PATH: process.env['PATH'], ...environment };
  const terminal = spawn(program, argv, { name: 'dumb', cols: 120, rows: 40, env });
  const left = [...answers];
  let text = '';
  terminal.onData((data) => {
    text += data;
    const [next] = left;
    if (next === undefined || !text.includes(next[0])) return;
    left.shift();
    terminal.write(next[1]);
  });
  return new Promise((resolve) => terminal.onExit(({ exitCode }) => resolve({ code: exitCode, text })));
}
