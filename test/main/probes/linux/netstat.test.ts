import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SocketTimer, TcpState } from '../../../../main/core/model.ts';
import { netstatFormat, parseNetstat } from '../../../../main/probes/linux/netstat.ts';
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
const HEADING = 'Proto Recv-Q Send-Q Local Address           Foreign Address         State      \n';
const ROW = 'tcp        0      0 10.0.0.1:1              10.0.0.2:2              ';

function fixture(name: string): string {
  return readFixtureText(`linux/netstat/${name}/stdout`);
}

function read(text: string) {
  return listSockets(parseNetstat, text);
}

/** The only socket of a row, which must be understood whole. */
function row(text: string) {
  const { sockets, reading } = read(`${text}\n`);
  expect(reading.problems).toEqual([]);
  return sockets[0] ?? expect.fail('no row');
}

describe('netstat of net-tools in every locale', () => {
  it.each<[string, Record<string, number>]>([
    ['tanpo-en', SERVER],
    ['tanpo-de', SERVER],
    ['tanpo-fr', SERVER],
    ['tanpo-ja', SERVER],
    ['tanpo-pt_BR', SERVER],
    ['tanpoe-cs', OWN],
    ['tanpoe-et', OWN],
    ['anp', OWN],
    ['wide', OWN],
    ['busybox-1.35', OWN],
  ])('counts the states of %s and understands every line', (name, states) => {
    const { reading, sockets } = read(fixture(name));
    expect(countStates(sockets)).toEqual(states);
    expect(reading).toMatchObject({ format: 'netstat', system: 'linux', problems: [], truncated: false });
  });

  it.each([
    ['tanpo-en', 1960, 810],
    ['tanpo-de', 1920, 810],
    ['tanpo-fr', 1900, null],
    ['tanpo-ja', 1880, 770],
    ['tanpo-pt_BR', 1860, 750],
  ])('reads queues, program and timers of %s, with a comma or a point', (name, probeMs, retransmitMs) => {
    const { sockets } = read(fixture(name));
    const [busy] = socketsWith(sockets, '192.0.2.10:8080 > 192.0.2.20:41206');
    expect(busy).toMatchObject({
      state: TcpState.ESTABLISHED,
      sendQueue: 33624,
      holders: [{ pid: 12037, process: 'python3', fd: null }],
      timer: { kind: SocketTimer.probe, expiresMs: probeMs, retransmits: 0 },
    });
    const [opening] = socketsWith(sockets, 'SYN_SENT');
    expect(opening?.timer).toMatchObject({ kind: SocketTimer.retransmit, retransmits: 4 });
    if (retransmitMs !== null && name !== 'tanpo-en') expect(opening?.timer?.expiresMs).toBe(retransmitMs);
    const kinds = new Set(sockets.map(({ timer }) => timer?.kind));
    expect(kinds).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(sockets.filter(({ timer }) => timer?.kind === SocketTimer.timeWait)).toHaveLength(3);
  });

  it('knows user and inode of -e, and that TIME_WAIT has none', () => {
    const { sockets } = read(fixture('tanpoe-cs'));
    expect(socketsWith(sockets, '192.0.2.10:8080 > 192.0.2.10:40588')[0]).toMatchObject({
      uid: 0,
      inode: 8012700,
      holders: [{ pid: 25807, process: 'python3' }],
    });
    expect(socketsWith(sockets, 'TIME_WAIT')[0]).toMatchObject({ uid: null, inode: 0, holders: [] });
    expect(row(`${ROW}ESTABLISHED www-data   4711       812/nginx: worker   off (0.00/0/0)`)).toMatchObject({
      uid: null,
      inode: 4711,
      details: new Map([['user', 'www-data']]),
      holders: [{ pid: 812, process: 'nginx: worker' }],
    });
  });

  it('does not take a cut IPv6 address for a whole one, but knows its port', () => {
    const { sockets } = read(fixture('tanpo-en'));
    const cut = sockets.filter(({ local }) => local.address === null);
    expect(cut.map(({ local, family }) => [endpointText(local), family])).toEqual([
      ['"fe80::5eff:fe00:53:9100":9100', 6],
      ['"fe80::5eff:fe00:53:9100":9100', 6],
    ]);
    expect(cut[1]?.remote.port).toBe(38876);
    // busybox cuts the end: 23 characters of "tcp" with an IPv6 address tell neither address nor port.
    expect(endpointText(row('tcp 0 0 2001:db8:1111:2222:33:4 :::* LISTEN ').local)).toContain(':33:4":?');
    const wide = socketsWith(
      read(fixture('wide')).sockets,
      '[2001:db8:1111:2222:3333:4444:5555:6666]:9443 >',
    );
    expect(wide).toHaveLength(2);
  });

  it('reads the states of two words that Czech prints, and words of a wrong code page', () => {
    expect(row(`${ROW}POSLEDNÍ ACK`)).toMatchObject({ state: TcpState.LAST_ACK, holders: [] });
    expect(row(`${ROW}POSLEDNÍ ACK -                    vyp (0.00/0/0)`).state).toBe(TcpState.LAST_ACK);
    expect(row(`${ROW}OU?A       12037/python3`)).toMatchObject({ state: TcpState.LISTEN });
    expect(row(`${ROW}NASLOUCH?`).state).toBe(TcpState.LISTEN);
  });

  it.each([
    ['eikäi ((0.00/0/0)', SocketTimer.none, null],
    ['ligado 5 (2.20/3)', SocketTimer.unknown, 2200],
    ['käib-7 (1,50/3/1)', SocketTimer.unknown, 1500],
    ['unkn-9 (1.50/3/1)', SocketTimer.unknown, 1500],
    ['打开 (0.14/1/0)', SocketTimer.retransmit, 140],
  ])('reads the timer %s', (text, kind, expiresMs) => {
    expect(row(`${ROW}ESTABLISHED -                    ${text}`).timer).toMatchObject({ kind, expiresMs });
  });

  it('keeps the notice that processes of others are hidden, in three languages in one text', () => {
    const { reading, sockets } = read(fixture('nonroot-en-de-fr'));
    expect(countStates(sockets)).toEqual({ LISTEN: 11, ESTABLISHED: 4 });
    expect(reading.problems).toEqual([]);
    expect(reading.facts.map((fact) => [fact.line, fact.kind])).toEqual([
      [1, 'note'],
      [10, 'note'],
      [19, 'note'],
    ]);
    expect(sockets.every(({ holders }) => holders.length === 0)).toBe(true);
  });

  it('keeps a notice of several lines whole', () => {
    const notice =
      '(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)\n';
    const { reading } = read(
      `${notice}Active Internet connections (w/o servers)\n${HEADING}${ROW}ESTABLISHED\n`,
    );
    expect(reading).toMatchObject({
      rows: 1,
      problems: [],
      facts: [{ kind: 'note', name: 'notice', line: 1 }],
    });
  });

  itReadsShared(
    'linux-netstat-tupuna-es.txt',
    'reads Spanish, and names with spaces that are cut',
    (text) => {
      const { reading, sockets } = read(text);
      expect(countStates(sockets)).toEqual({ LISTEN: 10 });
      expect(reading.problems).toEqual([]);
      expect(reading.skipped).toEqual([
        { what: 'udp', count: 3 },
        { what: 'udp6', count: 2 },
      ]);
      expect(socketsWith(sockets, '0.0.0.0:57621')[0]).toMatchObject({
        holders: [{ pid: 24950, process: 'spotify' }],
        timer: { kind: SocketTimer.none, expiresMs: null },
      });
      expect(socketsWith(sockets, '127.0.0.1:41184')[0]?.holders[0]?.process).toBe('app --node-in');
    },
  );

  itReadsShared('linux-netstat-natp-it.txt', 'reads Italian', (text) => {
    const { reading, sockets } = read(text);
    expect(countStates(sockets)).toEqual({ LISTEN: 6, ESTABLISHED: 8, TIME_WAIT: 6 });
    expect(reading.problems).toEqual([]);
    expect(socketsWith(sockets, '192.168.11.58:38422 > 203.0.113.31:443')[0]?.holders).toEqual([
      { pid: 3775, process: 'firefox', fd: null },
    ]);
  });

  itReadsShared(
    'linux-netstat-nao-zh-CN.txt',
    'reads Chinese timers and a raw row with a number as state',
    (text) => {
      const { reading, sockets } = read(text);
      expect(countStates(sockets)).toEqual({ LISTEN: 7, SYN_SENT: 2, ESTABLISHED: 1 });
      expect(reading).toMatchObject({ problems: [] });
      expect(reading.skipped.find(({ what }) => what === 'raw6')?.count).toBe(1);
      expect(socketsWith(sockets, '> 1.1.1.1:53')[0]).toMatchObject({
        sendQueue: 1,
        timer: { kind: SocketTimer.retransmit, expiresMs: 140, retransmits: 1 },
      });
    },
  );

  itReadsShared('linux-netstat-tunlp-busybox-alpine312.txt', 'reads busybox, with tcp for IPv6', (text) => {
    const { reading, sockets } = read(text);
    expect(reading).toMatchObject({ rows: 5, problems: [], facts: [{ kind: 'note' }] });
    expect(socketsWith(sockets, '[::]:8080')[0]).toMatchObject({
      family: 6,
      holders: [{ pid: 10, process: 'nginx: worker pr' }],
    });
    expect(socketsWith(sockets, '[::]:22')[0]?.holders).toEqual([]);
  });
});

describe('lines that are no rows of netstat', () => {
  it('T3: does not take a program for a timer where there is no timer column', () => {
    const heading = HEADING.replace('State      ', 'State       PID/Program name    ');
    const [socket] = read(`${heading}${ROW}ESTABLISHED 812/x off (0.00/0/0)\n`).sockets;
    expect(socket).toMatchObject({ timer: null, holders: [{ pid: 812, process: 'x off (0.00/0/0)' }] });
    const timed = heading.replace('name    ', 'name     Timer');
    const [other] = read(`${timed}${ROW}ESTABLISHED 812/x off (1.00/0/0) on (2.00/1/0)\n`).sockets;
    expect(other?.timer).toMatchObject({ kind: SocketTimer.retransmit, expiresMs: 2000 });
  });

  it('reports each with its number, keeps the others, and passes over other sections', () => {
    const text = `Active Internet connections (servers and established)\n${HEADING}${ROW}ESTABLISHED \ntcp 0 0 nonsense\nhello\n${ROW}LISTEN \nudp 0 0 10.0.0.1:53 0.0.0.0:* \nActive UNIX domain sockets (servers and established)\nProto RefCnt Flags       Type       State         I-Node   Path\nunix  2      [ ACC ]     STREAM     LISTENING     17713    /run/x 1\n`;
    const { reading, sockets } = read(text);
    expect(sockets.map(({ state }) => state)).toEqual([TcpState.ESTABLISHED, TcpState.LISTEN]);
    expect(reading.problems.map(({ line }) => line)).toEqual([4, 5]);
    expect(reading.skipped).toEqual([
      { what: 'udp', count: 1 },
      { what: 'unix', count: 1 },
    ]);
  });

  it('keeps a socket in a state that has no name here, and says so', () => {
    const { reading, sockets } = read(`${ROW}LAUSCHT     812/x\n`);
    expect(sockets[0]).toMatchObject({
      state: 0,
      details: new Map([['state', 'LAUSCHT']]),
      holders: [{ pid: 812 }],
    });
    expect(reading.problems).toMatchObject([{ line: 1, why: 'state LAUSCHT is not known' }]);
  });

  it.each([
    [`${ROW}ESTABLI`, 0],
    [`${ROW}CLOSE`, 0],
    [`${ROW}TIME_WAIT`, 1],
    ['tcp 0 0 10.0.', 0],
    ['tcp', 0],
  ])('C5: drops a last row that is cut off: %j', (end, kept) => {
    const { reading } = read(`${ROW}LISTEN \n${end}`);
    expect(reading).toMatchObject({ rows: 1 + kept, truncated: kept === 0, problems: [] });
  });
});

describe('netstat, whatever the text', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        expect(read(text).reading.format).toBe('netstat');
      }),
    );
  });

  it('loses at most the row that was damaged', () => {
    const text = fixture('tanpoe-cs');
    const before = read(text).sockets.map(({ line }) => line);
    fc.assert(
      fc.property(mutatedLine(text, 2), ({ lines, lineIndex }) => {
        const { sockets } = read(`${lines.join('\n')}\n`);
        const after = new Set(sockets.map(({ line }) => line));
        expect(before.filter((line) => !after.has(line) && line !== lineIndex + 1)).toEqual([]);
        expect(new Set(sockets.map(socketText)).size).toBeGreaterThan(0);
      }),
    );
  });

  it.each([
    ['rows', `${fixture('tanpo-de').split('\n').slice(2).join('\n')}`.repeat(2500)],
    ['line ends', '\n'.repeat(1_000_000)],
    ['spaces', `${ROW}${' '.repeat(1_000_000)}x\n`],
    ['brackets', `${ROW}ESTABLISHED ${'off (0.00/0/0) '.repeat(60_000)}x\n`],
    ['one notice', `(${'x\n'.repeat(500_000)}`],
  ])('takes time in proportion to the text: %s', (_, text) => {
    const small =
      text.slice(0, text.lastIndexOf('\n', text.length / 10) + 1) || text.slice(0, text.length / 10);
    expect(growsLinearly(parseNetstat, small, text)).toBe(true);
  });

  it('recognises rows of net-tools, not those of BSD, Windows or ss', () => {
    for (const name of ['tanpo-ja', 'nonroot-en-de-fr', 'busybox-1.35', 'anp']) {
      expect(netstatFormat.recognises(fixture(name))).toBe(1);
    }
    const others = [
      'tcp4 0 0 10.0.0.1.1 10.0.0.2.2 ESTABLISHED\n',
      '  TCP 0.0.0.0:135 0.0.0.0:0 LISTENING\n',
      'x\n',
    ];
    for (const other of [...others, readFixtureText('linux/ss/tan-6.1/stdout')]) {
      expect(netstatFormat.recognises(other)).toBeLessThanOrEqual(0.5);
    }
  });
});
