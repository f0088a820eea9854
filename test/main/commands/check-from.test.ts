import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCheck } from '../../../main/commands/check.ts';
import {
  DUMPED_AT_MS,
  LINUX_SYSCTL,
  MACOS_SYSCTL,
  WINDOWS_DYNAMIC_PORTS,
  WINDOWS_EXCLUDED_PORTS,
  linuxSs,
  macosNetstat,
  windowsNetstat,
} from '../../support/dumps.ts';
import { readSharedFixture } from '../../support/fixtures.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'fourtuple-check-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  utimesSync(path, DUMPED_AT_MS / 1000, DUMPED_AT_MS / 1000);
  return path;
}

async function check(argv: string[], input: string | Uint8Array = '') {
  const ran = { out: '', err: '', status: -1 };
  const output = {
    out: (text: string) => void (ran.out += text),
    err: (text: string) => void (ran.err += text),
  };
  async function* stdin() {
    yield Buffer.from(input);
  }
  ran.status = await runCheck(argv, output, new AbortController().signal, { stdin });
  return ran;
}

async function checkJson(...argv: string[]) {
  const ran = await check([...argv, '--json']);
  return { status: ran.status, json: JSON.parse(ran.out) as Record<string, never> & CheckJson };
}
interface CheckJson {
  origin: unknown;
  verdict: { level: string; sentence: string };
  pools: { capacity: number; used: number; blocked: number }[];
  profile: unknown;
}

describe('check --from', () => {
  it('gives the verdict on a Windows machine, here', async () => {
    const listing = iconv.encode(windowsNetstat(16_000, 323), 'utf-16le');
    const netstat = write('netstat.txt', Buffer.concat([Buffer.from([0xff, 0xfe]), listing]));
    const ports = write('ports.txt', WINDOWS_DYNAMIC_PORTS + WINDOWS_EXCLUDED_PORTS);
    const { status, json } = await checkJson('--from', netstat, ports);
    // 16,384 − 60 excluded − 1 listening; ports 50,100 to 65,535 are 15,436 of the rows, the rest is no port.
    expect(json.pools[0]).toMatchObject({ capacity: 16_323, used: 15_436, blocked: 1 });
    expect([status, json.verdict.level]).toEqual([2, 'critical']);
    expect(json.verdict.sentence).toContain('At the time of the dump');
  });

  it('gives the verdict on a Mac and on a Linux machine, here', async () => {
    const mac = await checkJson(
      '--from',
      write('mac.txt', macosNetstat(60_000, 500)),
      write('mac-sysctl.txt', MACOS_SYSCTL),
    );
    expect(mac.json.pools[0]).toMatchObject({ capacity: 1000, used: 500 });
    expect([mac.status, mac.json.profile]).toMatchObject([0, { id: 'macos', timeWaitSeconds: 30 }]);
    const linux = await checkJson(
      '--from',
      write('ss.txt', linuxSs(20_000)),
      write('sysctl.txt', LINUX_SYSCTL),
    );
    // 20,000 less the 32 on reserved ports, of 28,200; past half of it connect() is slow.
    expect(linux.json.pools[0]).toMatchObject({ capacity: 28_200, used: 19_968 });
    expect([linux.status, linux.json.verdict.level]).toEqual([1, 'warning']);
    expect(linux.json.origin).toEqual({
      kind: 'imported',
      profileBasis: 'detected',
      files: [
        {
          name: 'ss.txt',
          format: 'ss of Linux',
          sockets: 20_001,
          problemCount: 0,
          modifiedAt: '2026-11-20T14:32:07.000Z',
        },
        {
          name: 'sysctl.txt',
          format: 'sysctl',
          sockets: 0,
          problemCount: 0,
          modifiedAt: '2026-11-20T14:32:07.000Z',
        },
      ],
    });
  });

  it('says for people that it is imported, from which files and when, what was assumed, and the pools', async () => {
    const ran = await check(['--from', write('ss.txt', linuxSs(300))]);
    expect(ran.status).toBe(0);
    const [first, , ...rest] = ran.out.trimEnd().split('\n');
    expect(first).toMatch(/^FOURTUPLE OK - imported ss\.txt: At the time of the dump, .* \| sockets=301;/);
    expect(rest).toEqual([
      'imported: ss.txt (2026-11-20 14:32 UTC)',
      '  ss.txt: 301 TCP sockets (ss of Linux).',
      'read as Linux (detected)',
      '  The port range is not told: 32768–60999, the default of Linux, is assumed.',
      '  Not told and assumed, the defaults of Linux: no reserved ports, TIME_WAIT reuse on loopback only.',
      '',
      expect.stringMatching(/^pool +used +of +TIME_WAIT$/),
      expect.stringMatching(/^10\.0\.2\.7 to 10\.0\.3\.12:443 +300 +28232 +300$/),
    ]);
  });

  it('reads standard input', async () => {
    const ran = await check(['--from', '-', '--json'], linuxSs(5));
    expect(JSON.parse(ran.out)).toMatchObject({
      origin: { files: [{ name: 'standard input', modifiedAt: null }] },
      totals: { sockets: 6 },
    });
  });

  it('asks for the system by its option', async () => {
    const bare = write(
      'bare.txt',
      'tcp4       0      0 10.8.0.6.54433         203.0.113.4.443        ESTABLISHED\n',
    );
    const asked = await check(['--from', bare]);
    expect(asked.status).toBe(3);
    expect(asked.out).toContain('--profile macos or --profile freebsd');
    expect((await check(['--from', bare, '--profile', 'macos'])).status).toBe(0);
  });

  it.each([
    {
      name: 'a missing file',
      path: () => join(folder, 'none.txt'),
      says: 'there is no such file: check the path.',
    },
    { name: 'a folder', path: () => folder, says: 'it is a folder: name the files in it.' },
    {
      name: 'an empty file',
      path: () => write('empty.txt', ''),
      says: 'empty.txt is empty: write the output',
    },
    { name: 'a program', path: () => process.execPath, says: 'is not text: open the output of a command' },
    {
      name: 'another text',
      path: () => write('x.txt', 'hello\n'),
      says: 'holds no output that can be read. These can: ',
    },
    { name: 'settings alone', path: () => write('s.txt', LINUX_SYSCTL), says: 'no list of sockets' },
  ])('says in one sentence what is wrong with $name, and ends with 3', async ({ path, says }) => {
    const plain = await check(['--from', path()]);
    expect(plain).toMatchObject({ status: 3, err: '' });
    expect(plain.out).toContain(says);
    expect(plain.out.trimEnd().split('\n')).toHaveLength(1);
    const { status, json } = await checkJson('--from', path());
    expect([status, json.verdict.level]).toEqual([3, 'unknown']);
  });

  it.skipIf(process.geteuid?.() === 0)('names a file that may not be read', async () => {
    const path = write('secret.txt', linuxSs(1));
    chmodSync(path, 0);
    expect((await check(['--from', path])).out).toContain('may not read it');
  });

  it.each([
    ['--from'],
    ['--from', 'a', '--watch'],
    ['--from', 'a', '--for=2'],
    ['--from', '-', '-'],
    ['--profile', 'linux'],
    ['--from', 'a', '--profile', 'azure-lb'],
    ['dump.txt'],
  ])('refuses %j with usage and 3', async (...argv) => {
    const ran = await check(argv);
    expect(ran).toMatchObject({ out: '', status: 3 });
    expect(ran.err).toMatch(/^fourtuple check: [^\n]+; see fourtuple check --help\n$/);
  });
});

const REAL = [
  {
    name: 'win-netstat-ano-en-win10.txt',
    profile: 'windows',
    sockets: 51,
    byState: { LISTEN: 38, ESTABLISHED: 13 },
    status: 0,
  },
  {
    name: 'win-netstat-ano-de.txt',
    profile: 'windows',
    sockets: 39,
    byState: { LISTEN: 15, ESTABLISHED: 12, FIN_WAIT_2: 1, TIME_WAIT: 10, CLOSE_WAIT: 1 },
    status: 0,
  },
  {
    name: 'win-netstat-nabo-es-cp850.txt',
    profile: 'windows',
    sockets: 23,
    byState: { LISTEN: 11, ESTABLISHED: 8, TIME_WAIT: 4 },
    status: 0,
  },
  {
    name: 'linux-ss-tan-6.1.txt',
    profile: 'linux',
    sockets: 20,
    byState: { LISTEN: 7, ESTABLISHED: 7, TIME_WAIT: 3, CLOSE_WAIT: 1, FIN_WAIT_2: 1, SYN_SENT: 1 },
    status: 0,
  },
  {
    name: 'linux-netstat-natp-it.txt',
    profile: 'linux',
    sockets: 20,
    byState: { LISTEN: 6, ESTABLISHED: 8, TIME_WAIT: 6 },
    status: 0,
  },
  {
    name: 'macos-netstat-an-osx1012.txt',
    profile: 'macos',
    sockets: 3,
    byState: { ESTABLISHED: 1, LISTEN: 2 },
    status: 0,
  },
  {
    name: 'freebsd-netstat-an-10.1.txt',
    profile: 'freebsd',
    sockets: 23,
    byState: { CLOSE_WAIT: 1, CLOSE: 1, LISTEN: 17, ESTABLISHED: 4 },
    status: 0,
  },
];
describe('check --from on real dumps (read in place, not part of the project)', () => {
  for (const { name, profile, sockets, byState, status } of REAL) {
    const fixture = readSharedFixture(name);
    it.skipIf(!fixture.found)(`${name}${fixture.found ? '' : ` (skipped: ${fixture.why})`}`, async () => {
      const { json, status: ended } = await checkJson(
        '--from',
        write(name, fixture.found ? fixture.bytes : ''),
      );
      expect(json).toMatchObject({ profile: { id: profile }, totals: { sockets, byState } });
      expect(ended).toBe(status);
    });
  }
});
