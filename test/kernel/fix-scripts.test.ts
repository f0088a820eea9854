/** Scripts of fixes, really run: applied, verified by the kernel, undone exactly; and what they predict, counted. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoad } from '../support/load/load.ts';
import { namespaceMissing, type NamespaceSettings, type TestNamespace } from '../support/namespace.ts';
import { runIn, withNamespace } from './support-check.ts';

/** The sources themselves: no build is needed for them. */
const CLI = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
const missing = namespaceMissing();

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'fourtuple-fix-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fix(namespace: TestNamespace, ...words: string[]) {
  return runIn(namespace, [process.execPath, CLI, 'fix', ...words, '--for', '0']);
}

/** Makes the script of a fix in the namespace; gives what runs it. */
async function scriptFor(namespace: TestNamespace, ...words: string[]) {
  const made = await fix(namespace, ...words, '--script', 'sh');
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const path = join(folder, 'fix.sh');
  writeFileSync(path, made.stdout);
  return (action: string) => namespace.run(['sh', path, action]);
}

function read(namespace: TestNamespace, name: string): string {
  return namespace.run(['cat', `/proc/sys/net/${name}`]).stdout;
}

const RANGE = 'ipv4/ip_local_port_range';
const RESERVED = 'ipv4/ip_local_reserved_ports';
const RUNTIME: readonly [
  string,
  string[],
  NamespaceSettings,
  Record<string, string>,
  Record<string, string>,
][] = [
  [
    'a range with an empty list of reservations',
    ['linux-widen-range', '--range', '10240-65535', '--reserve', '15432,27017-27019'],
    {},
    { [RANGE]: '32768\t60999\n', [RESERVED]: '\n' },
    { [RANGE]: '10240\t65535\n', [RESERVED]: '15432,27017-27019\n' },
  ],
  [
    'a range that keeps reservations that are there',
    ['linux-widen-range'],
    { portRange: { first: 40000, last: 40099 }, reservedPorts: '8080,40010-40019' },
    { [RANGE]: '40000\t40099\n', [RESERVED]: '8080,40010-40019\n' },
    {
      [RANGE]: '10240\t65535\n',
      [RESERVED]:
        '8080,10250,10255-10257,10259,11211,11434,15432,15672,15692,16379,16686,19999,24224,25672,26257,26379,27017-27019,28015,40010-40019,50051\n',
    },
  ],
  [
    'reservations',
    ['linux-reserve-ports', '--reserve', '33000-33009,40000'],
    { reservedPorts: '50051' },
    { [RESERVED]: '50051\n' },
    { [RESERVED]: '33000-33009,40000,50051\n' },
  ],
  [
    'reuse',
    ['linux-tw-reuse'],
    { twReuse: 2 },
    { 'ipv4/tcp_tw_reuse': '2\n' },
    { 'ipv4/tcp_tw_reuse': '1\n' },
  ],
  [
    'the limit of TIME_WAIT sockets',
    ['linux-tw-buckets', '--value', '300000'],
    { twBuckets: 5000 },
    { 'ipv4/tcp_max_tw_buckets': '5000\n' },
    { 'ipv4/tcp_max_tw_buckets': '300000\n' },
  ],
];

describe.skipIf(missing !== null)(`scripts of fixes${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it.each(RUNTIME)('apply, verify and undo %s', async (_what, words, settings, before, after) => {
    await withNamespace(settings, async (namespace) => {
      await cycle(namespace, words, before, after);
    });
  });

  it('apply, verify and undo timestamps and reuse together', async () => {
    await withNamespace({ twReuse: 0 }, async (namespace) => {
      namespace.set('ipv4/tcp_timestamps', '0');
      await cycle(
        namespace,
        ['linux-tw-reuse'],
        { 'ipv4/tcp_timestamps': '0\n', 'ipv4/tcp_tw_reuse': '0\n' },
        { 'ipv4/tcp_timestamps': '1\n', 'ipv4/tcp_tw_reuse': '1\n' },
      );
      await cycle(
        namespace,
        ['linux-timestamps'],
        { 'ipv4/tcp_timestamps': '0\n' },
        { 'ipv4/tcp_timestamps': '1\n' },
      );
    });
  });

  it('apply, verify and undo somaxconn', async () => {
    await withNamespace({}, async (namespace) => {
      namespace.set('core/somaxconn', '256');
      await cycle(
        namespace,
        ['linux-backlog'],
        { 'core/somaxconn': '256\n' },
        { 'core/somaxconn': '4096\n' },
      );
    });
  });

  it('F4: refuse when a value has changed since, and change nothing', async () => {
    await withNamespace({}, async (namespace) => {
      const run = await scriptFor(namespace, 'linux-widen-range', '--reserve', '15432');
      namespace.set(RANGE, '30000 60999');
      expect(run('apply')).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/ip_local_port_range has changed since this was made: 30000 60999\n/),
      });
      expect([read(namespace, RANGE), read(namespace, RESERVED)]).toEqual(['30000\t60999\n', '\n']);
    });
  });

  it('take back what was done when a later step fails', async () => {
    await withNamespace({}, async (namespace) => {
      const run = await scriptFor(namespace, 'linux-widen-range', '--reserve', '15432');
      // The kernel then takes no range that begins lower.
      namespace.set('ipv4/ip_unprivileged_port_start', '20000');
      expect(run('apply')).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('taking back what was'),
      });
      expect([read(namespace, RANGE), read(namespace, RESERVED)]).toEqual(['32768\t60999\n', '\n']);
    });
  });

  it('F6: leave alone on undo what someone else has changed meanwhile, and say so', async () => {
    await withNamespace({}, async (namespace) => {
      const run = await scriptFor(namespace, 'linux-widen-range', '--reserve', '15432');
      expect(run('apply')).toMatchObject({ status: 0 });
      namespace.set(RESERVED, '15432,9999');
      expect(run('undo')).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('left alone: 9999,15432'),
      });
      expect([read(namespace, RANGE), read(namespace, RESERVED)]).toEqual(['32768\t60999\n', '9999,15432\n']);
    });
  });

  it('do nothing without a word that says what', async () => {
    await withNamespace({}, async (namespace) => {
      const run = await scriptFor(namespace, 'linux-widen-range');
      expect(run('')).toMatchObject({ status: 2 });
      expect(read(namespace, RANGE)).toBe('32768\t60999\n');
    });
  });

  it.each(['127.0.0.1', '::1'])(
    'release the TIME_WAIT ports towards %s, and of no other pool',
    async (address) => {
      await withNamespace({ twReuse: 0 }, async (namespace) => {
        const servers = [
          { address, port: 8080 },
          { address, port: 8081 },
        ];
        const load = startLoad(
          { servers, clients: servers.map((server) => ({ ...server, count: 20, holdMs: 0 })), seconds: 60 },
          namespace,
        );
        await load.first('flooded', 5000);
        const waiting = (port: number) =>
          namespace.run(['ss', '-Htn', 'state', 'time-wait', 'dport', '=', `:${port}`]).stdout.split('\n')
            .length - 1;
        await expect.poll(() => [waiting(8080), waiting(8081)]).toEqual([20, 20]);
        const pool = address.includes(':') ? `[${address}]:8080` : `${address}:8080`;
        const run = await scriptFor(namespace, 'linux-release-time-wait', '--pool', pool);
        expect(run('apply')).toMatchObject({ status: 0, stderr: '' });
        expect([waiting(8080), waiting(8081)]).toEqual([0, 20]);
        expect(run('undo')).toMatchObject({
          status: 0,
          stderr: expect.stringContaining('cannot be brought back'),
        });
        await load.stop();
      });
    },
  );

  it('F8: write a file of their own as a whole, mode 0644, and delete it again', async () => {
    await withNamespace({}, async (namespace) => {
      const made = await fix(namespace, 'linux-tw-reuse', '--persist', '--script', 'sh');
      const path = join(folder, 'keep.sh');
      writeFileSync(path, made.stdout);
      const file = '/etc/sysctl.d/90-fourtuple.conf';
      // The folder is one of this process alone.
      const steps = [
        'mount -t tmpfs none /etc/sysctl.d',
        `sh ${path} apply`,
        `stat -c %a ${file}`,
        `tail -n 1 ${file}`,
        `sh ${path} undo`,
        'ls -A /etc/sysctl.d',
      ].join(' && ');
      expect(namespace.run(['unshare', '--mount', 'sh', '-c', steps])).toMatchObject({
        status: 0,
        stdout: [
          'net.ipv4.tcp_tw_reuse: done',
          `${file}: done`,
          '644',
          'net.ipv4.tcp_tw_reuse = 1',
          `${file}: as before`,
          'net.ipv4.tcp_tw_reuse: as before',
          '',
        ].join('\n'),
      });
    });
  });

  it('raise the limit of open files of a running process up to its hard one, and put it back', async () => {
    await withNamespace({}, async (namespace) => {
      const child = namespace.spawn(['prlimit', '--nofile=512:4096', '--', 'cat']);
      await expect.poll(() => openFiles(child.pid)).toEqual(['512', '4096']);
      const words = ['linux-descriptor-limit', '--pid', String(child.pid), '--value', '2048'];
      const run = await scriptFor(namespace, ...words);
      expect(run('apply')).toMatchObject({ status: 0, stderr: '' });
      expect(openFiles(child.pid)).toEqual(['2048', '4096']);
      expect(run('undo')).toMatchObject({ status: 0, stderr: '' });
      expect(openFiles(child.pid)).toEqual(['512', '4096']);
      child.kill('SIGKILL');
    });
  });

  it('F7: reserve around a service that listens in the new part, and count its ports exactly', async () => {
    await withNamespace({ portRange: { first: 40000, last: 40099 }, twReuse: 0 }, async (namespace) => {
      const server = { address: '127.0.0.1', port: 39990 };
      const service = startLoad({ servers: [server], seconds: 60 }, namespace);
      await service.first('listening', 5000);
      const words = ['linux-widen-range', '--range', '39900-40099'];
      const refused = await fix(namespace, ...words, '--json');
      expect(refused.code).toBe(1);
      const options: string = JSON.parse(refused.stdout).plan.refused.offerOptions;
      expect(options).toBe('--range 39900-40099 --reserve 39990');
      const held = startLoad({ clients: [{ ...server, count: 10, holdMs: null }], seconds: 60 }, namespace);
      await held.first('flooded', 5000);
      const planned = await fix(namespace, 'linux-widen-range', ...options.split(' '), '--json');
      expect(planned).toMatchObject({ code: 0, stderr: '' });
      const { effect } = JSON.parse(planned.stdout).plan;
      expect(effect.capacity).toEqual({ now: 100, then: 199 });
      const run = await scriptFor(namespace, 'linux-widen-range', ...options.split(' '));
      expect(run('apply')).toMatchObject({ status: 0, stderr: '' });
      const more = startLoad({ clients: [{ ...server, count: 250, holdMs: null }], seconds: 60 }, namespace);
      const counts = await more.first('flooded', 20_000);
      expect(counts).toMatchObject({ opened: 189 });
      expect(more.firstFailureMs('EADDRNOTAVAIL')).not.toBeNull();
      await more.stop();
      await held.stop();
      await service.stop();
    });
  });
});

function openFiles(pid: number | undefined): string[] {
  const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
  return /^Max open files +(\d+) +(\d+)/m.exec(limits)?.slice(1) ?? [];
}

/** Applied, verified, applied again without a change, undone exactly, undone again without a change. */
async function cycle(
  namespace: TestNamespace,
  words: string[],
  before: Record<string, string>,
  after: Record<string, string>,
): Promise<void> {
  const values = (of: Record<string, string>) =>
    Object.fromEntries(Object.keys(of).map((name) => [name, read(namespace, name)]));
  const run = await scriptFor(namespace, ...words);
  expect(values(before)).toEqual(before);
  expect(run('check').stdout).not.toMatch(/after apply|neither/);
  expect(run('apply')).toMatchObject({ status: 0, stderr: '' });
  expect(values(after)).toEqual(after);
  expect(run('check').stdout).not.toMatch(/was when|neither/);
  expect(run('apply')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(run('undo')).toMatchObject({ status: 0, stderr: '' });
  expect(values(before)).toEqual(before);
  expect(run('undo')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(readFileSync(join(folder, 'fix.sh'), 'utf8')).toMatch(/^#!\/bin\/sh\n/);
}
