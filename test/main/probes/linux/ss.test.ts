import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SocketTimer, TcpState } from '../../../../main/core/model.ts';
import { parseNetstat } from '../../../../main/probes/linux/netstat.ts';
import { parserForSsState, parseSs, ssFormat } from '../../../../main/probes/linux/ss.ts';
import { parseLsof } from '../../../../main/probes/lsof.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { hostileText, mutatedLine } from '../../../support/mutations.ts';
import {
  countStates,
  endpointText,
  growsLinearly,
  itReadsShared,
  listSockets,
  socketsWith,
  socketText,
} from '../../../support/probes.ts';

const SERVER = { LISTEN: 7, ESTABLISHED: 7, TIME_WAIT: 3, CLOSE_WAIT: 1, FIN_WAIT_2: 1, SYN_SENT: 1 };
const OWN = { LISTEN: 4, ESTABLISHED: 14, FIN_WAIT_2: 1, TIME_WAIT: 3, CLOSE_WAIT: 1 };
const HEADER = 'State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n';

function fixture(name: string): string {
  return readFixtureText(`linux/ss/${name}/stdout`);
}

function read(text: string) {
  return listSockets(parseSs, text);
}

function row(text: string) {
  const { sockets, reading } = read(text);
  expect(reading.problems).toEqual([]);
  return sockets[0] ?? expect.fail('no row');
}

describe('ss in every layout', () => {
  it.each<[string, Record<string, number>]>([
    ['tan-6.1', SERVER],
    ['tanp-6.1', SERVER],
    ['tanpoie-6.1', SERVER],
    ['tan-6.1-client', { ESTABLISHED: 7, SYN_SENT: 2, FIN_WAIT_2: 1, CLOSE_WAIT: 1 }],
    ['tno-state-time-wait-6.1', { TIME_WAIT: 3 }],
    ['tano-state-time-wait', { TIME_WAIT: 3 }],
    ['hostile-name-tanpoie', OWN],
    ['hostile-name-tulpen', { LISTEN: 4 }],
    ['one-line', OWN],
    ['no-header', OWN],
    ['cgroup', OWN],
    ['pty-60-columns', OWN],
  ])('counts the states of %s and understands every line', (name, states) => {
    const { reading, sockets } = read(fixture(name));
    expect(countStates(sockets)).toEqual(states);
    expect(reading).toMatchObject({
      format: 'ss',
      system: 'linux',
      rows: Object.values(states).reduce((sum, count) => sum + count),
      problems: [],
      problemCount: 0,
      truncated: false,
    });
  });

  it('reads queues, both endpoints, interfaces and mapped addresses', () => {
    const { sockets } = read(fixture('tan-6.1'));
    const [busy] = socketsWith(sockets, '192.0.2.10:8080 > 192.0.2.20:41206');
    expect(busy).toMatchObject({ line: 6, state: TcpState.ESTABLISHED, receiveQueue: 0, sendQueue: 33624 });
    expect(socketsWith(sockets, 'LISTEN 127.0.0.1:9001 > 0.0.0.0:0')).toHaveLength(1);
    expect(socketsWith(sockets, 'LISTEN [fe80::5eff:fe00:5301]:9100 > [::]:0')).toHaveLength(1);
    expect(socketsWith(sockets, 'ESTABLISHED 192.0.2.10:8443 > 192.0.2.20:57670')[0]?.family).toBe(4);
    expect(socketsWith(sockets, 'LISTEN [::]:8443 > [::]:0')[0]?.family).toBe(6);
    expect(
      sockets.filter(({ receiveQueue, sendQueue }) => receiveQueue === 2 && sendQueue === 1),
    ).toHaveLength(1);
  });

  it('reads processes, timers, inodes, cookies and control groups over two lines', () => {
    const { sockets } = read(fixture('tanpoie-6.1'));
    const [busy] = socketsWith(sockets, '> 192.0.2.20:41206');
    expect(busy).toMatchObject({
      // "2.032ms" of iproute2 before 6.11 is 2.032 seconds.
      timer: { kind: SocketTimer.probe, expiresMs: 2032, retransmits: 0 },
      uid: 0,
      inode: 1880940,
      cookie: '87ba1',
      holders: [
        { pid: 12122, process: 'web worker', fd: 17 },
        { pid: 12037, process: 'web worker', fd: 17 },
      ],
      details: new Map([['cgroup', 'unreachable:1']]),
    });
    expect(socketsWith(sockets, 'SYN_SENT')[0]?.timer).toEqual({
      kind: SocketTimer.retransmit,
      expiresMs: 920,
      retransmits: 4,
    });
    const timeWait = socketsWith(sockets, 'TIME_WAIT');
    expect(timeWait.map(({ timer, uid, holders }) => [timer?.expiresMs, uid, holders])).toEqual([
      [55_000, null, []],
      [55_000, null, []],
      [56_000, null, []],
    ]);
    expect(sockets.find(({ inode }) => inode === 1880925)?.timer?.expiresMs).toBe(594_000);
  });

  it('says from what it knows a state that no column tells', () => {
    const [first] = read(fixture('tno-state-time-wait-6.1')).sockets;
    expect(first?.details?.get('state')).toBe('not printed');
    const untold = 'Recv-Q Send-Q Local Address:Port Peer Address:Port\n0 0 10.0.0.1:1 10.0.0.2:2 \n';
    expect(read(untold).sockets[0]?.state).toBe(0);
    expect(listSockets(parserForSsState(TcpState.TIME_WAIT), untold).sockets[0]?.state).toBe(
      TcpState.TIME_WAIT,
    );
  });

  it('takes the state of a filter from the command on a copied screen', () => {
    const text = `me@web:~$ sudo ss -tan state fin-wait-2\n0 0 10.0.0.1:1 10.0.0.2:2 \n`;
    expect(read(text).sockets.map(({ state }) => state)).toEqual([TcpState.FIN_WAIT_2]);
    expect(read('$ ss -uan\nUNCONN 0 0 10.0.0.1:53 0.0.0.0:* \n').reading).toMatchObject({
      rows: 0,
      skipped: [{ what: 'udp', count: 1 }],
    });
  });

  it('tells apart the star of old and of new versions', () => {
    const old =
      'LISTEN 0 128 *:22 *:* \nLISTEN 0 128 :::22 :::* \nESTAB 0 0 ::ffff:10.0.0.1:8080 ::ffff:10.0.0.2:5 \n';
    expect(read(old).sockets.map(({ family, local }) => [family, endpointText(local)])).toEqual([
      [4, '0.0.0.0:22'],
      [6, '[::]:22'],
      [4, '10.0.0.1:8080'],
    ]);
    expect(row('LISTEN 0 128 *:22 *:* \n').family).toBe(6);
  });

  itReadsShared('linux-ss-tno-ubuntu1804-timers.txt', 'reads very wide columns and minutes', (text) => {
    const { reading, sockets } = read(text);
    expect(countStates(sockets)).toEqual({ ESTABLISHED: 3, CLOSE_WAIT: 1, FIN_WAIT_2: 1 });
    expect(reading.problems).toEqual([]);
    expect(socketsWith(sockets, '10.10.244.34:22 > 10.9.228.66:41676')[0]?.timer).toEqual({
      kind: SocketTimer.keepalive,
      expiresMs: 104 * 60_000,
      retransmits: 0,
    });
    expect(socketsWith(sockets, 'FIN_WAIT_2 127.0.0.1:8111 > 127.0.0.1:56947')[0]?.timer?.expiresMs).toBe(
      5636,
    );
  });

  itReadsShared('linux-ss-tulpen-ubuntu1804.txt', 'skips UDP and reads cut names with slashes', (text) => {
    const { reading, sockets } = read(text);
    expect(countStates(sockets)).toEqual({ LISTEN: 10 });
    expect(reading).toMatchObject({ skipped: [{ what: 'udp', count: 3 }], problems: [] });
    const [web] = socketsWith(sockets, '0.0.0.0:80 ');
    expect(web).toMatchObject({ sendQueue: 511 });
    expect(web?.holders.map(({ process }) => process)).toEqual(Array(7).fill('/usr/sbin/apach'));
    expect(socketsWith(sockets, '127.0.0.53:53')[0]).toMatchObject({
      uid: 101,
      inode: 29401,
      cookie: '2e',
      holders: [{ pid: 1117, process: 'systemd-resolve', fd: 13 }],
    });
  });

  itReadsShared('linux-ss-tulpen-cgroup-debian.txt', 'reads control groups under a glued header', (text) => {
    const { reading, sockets } = read(text);
    expect(countStates(sockets)).toEqual({ LISTEN: 21 });
    expect(reading).toMatchObject({ skipped: [{ what: 'udp', count: 2 }], problems: [] });
    expect(socketsWith(sockets, '0.0.0.0:3306')[0]).toMatchObject({
      uid: 105,
      inode: 815317211,
      holders: [{ pid: 1978620, process: 'mariadbd', fd: 15 }],
      details: new Map([['cgroup', '/system.slice/mariadb.service']]),
    });
    const pair = sockets.find(({ holders }) => holders.some(({ process }) => process === 'liveconfig/SRVR'));
    expect(pair?.holders.map(({ pid, process }) => [pid, process])).toEqual(
      expect.arrayContaining([
        [3279783, 'liveconfig/SRVR'],
        [3279782, 'liveconfig'],
      ]),
    );
  });
});

describe('names of processes, which strangers choose (T3)', () => {
  const base = `${HEADER}ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 `;

  it.each([
    ['a"b,pid=1'],
    ['a",pid=1'],
    ['x)),(('],
    ['",pid=1,fd=2))'],
    ['",pid=1,fd=2)) '],
    ['",pid=1,fd=2)'],
    ['",pid=9,fd=9),('],
    ['a\nb'],
    ['\n\n\n'],
    ['x\n0 0 *:1 *:2\n'],
    ['\u202egnp.exe'],
  ])('reads %j without believing it', (name) => {
    const { reading, sockets } = read(`${base}users:(("${name}",pid=5,fd=3)) ino:7 sk:1 <->\n${HEADER}`);
    expect(reading).toMatchObject({ rows: 1, problems: [] });
    expect(sockets[0]).toMatchObject({ inode: 7, cookie: '1' });
    expect(sockets[0]?.holders).toMatchObject([{ pid: 5, fd: 3 }]);
  });

  it('T1: shows hidden characters of a name as escapes', () => {
    const [socket] = read(`${base}users:(("\u202ea\x1b[0m\nb",pid=5,fd=3)) \n`).sockets;
    expect(socket?.holders[0]?.process).toBe('\\u202ea\\x1b[0m\\x0ab');
  });

  it('lets a name with line ends forge no row, with or without a State column', () => {
    const forged = 'users:(("\n0 0 *:1 *:2\n",pid=5,fd=3)) \n';
    const filter = 'Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n';
    const texts = [
      `${base}${forged}`,
      `${filter}0 0 10.0.0.1:1 10.0.0.2:2 ${forged}`,
      `0 0 10.0.0.1:1 10.0.0.2:2 ${forged}`,
    ];
    for (const text of texts) {
      expect(read(text).sockets.map((socket) => endpointText(socket.local))).toEqual(['10.0.0.1:1']);
    }
  });

  it('loses no row when a pager cut off every name', () => {
    const cut = 'ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 users:(("ngi\nESTAB 0 0 10.0.0.1:3 10.0.0.2:4 users:(("n\n';
    expect(read(HEADER + cut).sockets.map((socket) => socket.local.port)).toEqual([1, 3]);
    const stateless = cut.replaceAll('ESTAB ', '').replaceAll('10.0.0.', '198.51.100.10');
    expect(read(stateless).sockets.map((socket) => socket.local.port)).toEqual([1, 3]);
  });

  it('reads the entries of ss before 2014', () => {
    expect(row('LISTEN 0 128 10.0.0.1:22 *:* users:(("sshd",812,3))\n').holders).toEqual([
      { pid: 812, process: 'sshd', fd: 3 },
    ]);
  });

  it('reads what a name cannot hide: details after the list', () => {
    const socket = row(
      `${base}users:(("a ino:1 timer:(on,1sec,1)",pid=5,fd=3)) timer:(keepalive,2sec,0) ino:9 sk:a\n`,
    );
    expect(socket).toMatchObject({ inode: 9, timer: { kind: SocketTimer.keepalive, expiresMs: 2000 } });
  });
});

describe('lines that are no rows', () => {
  itReadsShared('linux-errors.txt', 'makes no socket of what tools print when they fail', (text) => {
    expect(read(text).reading).toMatchObject({ rows: 0, truncated: false });
    expect(listSockets(parseNetstat, text).reading.rows).toBe(0);
    expect(listSockets(parseLsof, text).reading.rows).toBe(0);
  });

  it('reports each with its number and loses none of the others', () => {
    const text = `${HEADER}ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 \nwhat is this?\nESTAB 0 0 10.0.0.1:99999 10.0.0.2:2 \nESTAB 0 0 10.0.0.1:3 10.0.0.2:4 \n`;
    const { reading, sockets } = read(text);
    expect(sockets.map((socket) => socket.local.port)).toEqual([1, 3]);
    expect(reading.problems.map(({ line, why }) => [line, why])).toEqual([
      [3, 'not a row of ss'],
      [4, 'no address and port: 10.0.0.1:99999'],
    ]);
  });

  it('keeps a socket in a state that has no name here, and says so', () => {
    const { reading, sockets } = read('NEW-STATE 0 0 10.0.0.1:1 10.0.0.2:2 \n');
    expect(sockets[0]).toMatchObject({ state: 0, details: new Map([['state', 'NEW-STATE']]) });
    expect(reading.problemCount).toBe(1);
  });

  it('C5: drops a last row that is cut off, and keeps one that shows its end', () => {
    const whole = 'ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 \n';
    expect(read(`${whole}ESTAB 0 0 10.0.0.1:3 10.0.0.2:4`).reading).toMatchObject({
      rows: 1,
      truncated: true,
    });
    expect(read(`${whole}ESTAB 0 0 10.0.0.1:3 10.`).reading).toMatchObject({
      rows: 1,
      truncated: true,
      problems: [],
    });
    expect(read(`${whole}EST`).reading).toMatchObject({ rows: 1, truncated: true, problems: [] });
    expect(read(`${whole}ESTAB 0 0 10.0.0.1:3 10.0.0.2:4 `).reading).toMatchObject({
      rows: 2,
      truncated: false,
    });
  });

  it('finds nothing in nothing', () => {
    expect(read('').reading).toMatchObject({ rows: 0, problems: [], truncated: false });
    expect(read(HEADER).reading).toMatchObject({ rows: 0, problems: [], truncated: false });
  });
});

describe('ss, whatever the text', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        expect(read(text).reading.format).toBe('ss');
      }),
    );
  });

  it.each(['tan-6.1', 'tulpen'])('loses at most the row that was damaged (%s)', (name) => {
    const text = fixture(name === 'tulpen' ? 'hostile-name-tulpen' : name);
    const before = new Set(read(text).sockets.map(socketText));
    fc.assert(
      fc.property(mutatedLine(text, 1), ({ lines }) => {
        const { sockets } = read(`${lines.join('\n')}\n`);
        const after = new Set(sockets.map(socketText));
        expect([...before].filter((socket) => !after.has(socket)).length).toBeLessThanOrEqual(1);
        expect(sockets.map(({ line }) => line)).toEqual(
          sockets.map(({ line }) => line).sort((a, b) => a - b),
        );
      }),
    );
  });

  // A million lines: test/bench/parser-bench.ts.
  it.each(['tan-6.1', 'tanpoie-6.1'])('takes time in proportion to the lines (%s)', (name) => {
    const body = fixture(name).replaceAll(/ +$/gm, '').split('\n').slice(1, -1).join('\n');
    const times = (count: number) => `${HEADER}${`${body}\n`.repeat(count)}`;
    expect(read(times(500)).reading).toMatchObject({ rows: 10_000, problems: [] });
    expect(growsLinearly(parseSs, times(500), times(5000))).toBe(true);
  });

  it.each([
    ['spaces', `ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 cgroup:/${' '.repeat(1_000_000)}x\n`],
    ['open users', `ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 users:((${'"",pid=1,fd=2) '.repeat(60_000)}\n`],
    ['many holders', `ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 users:((${'"a",pid=1,fd=2),('.repeat(60_000)}\n`],
    ['details', `ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 users:(("a\n${'\t x\n'.repeat(200_000)}`],
    ['line ends', '\n'.repeat(1_000_000)],
    ['one line', 'x '.repeat(500_000)],
  ])('is not slowed down by a megabyte of %s', (_, text) => {
    expect(growsLinearly(parseSs, text.slice(0, text.length / 10), text)).toBe(true);
  });
});

describe('recognising ss', () => {
  it.each([
    'tan-6.1',
    'tno-state-time-wait-6.1',
    'hostile-name-tulpen',
    'no-header',
    'one-line',
    'pty-60-columns',
  ])('takes %s', (name) => {
    expect(ssFormat.recognises(fixture(name))).toBeGreaterThan(0.5);
  });

  it.each(['', 'hello\n', 'tcp 0 0 10.0.0.1:1 10.0.0.2:2 ESTABLISHED\n', 'Total: 24\nTCP: 32 (estab 8)\n'])(
    'leaves %j to others',
    (text) => {
      expect(ssFormat.recognises(text)).toBeLessThanOrEqual(0.5);
    },
  );
});
