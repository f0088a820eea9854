import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bsdNetstatFormat, parseBsdNetstat } from '../../../../main/probes/bsd/netstat.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { countStates, listSockets, socketText } from '../../../support/probes.ts';

const HEADING = 'Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)\n';

function rows(text: string): string[] {
  return listSockets(parseBsdNetstat, text).sockets.map(socketText);
}

describe('netstat of macOS and the BSDs, recordings of our own', () => {
  it('reads addresses, states and what stands beside them in the layout of macOS 26', () => {
    const { reading, sockets } = listSockets(
      parseBsdNetstat,
      readFixtureText('macos/netstat/anv-tcp-process-pid/stdout'),
    );
    expect(reading).toMatchObject({ system: 'macos', rows: 7, problemCount: 0, truncated: false });
    expect(sockets.map(socketText)).toEqual([
      'ESTABLISHED 192.0.2.7:51422 > 198.51.100.9:443',
      'TIME_WAIT 192.0.2.7:51423 > 198.51.100.9:443',
      'TIME_WAIT 192.0.2.7:51424 > 198.51.100.9:443',
      'SYN_SENT 192.0.2.7:51425 > 198.51.100.9:443',
      'LISTEN [::]:7000 > [::]:0',
      'LISTEN [::]:8080 > [::]:0',
      'CLOSE 127.0.0.1:49160 > 0.0.0.0:0',
    ]);
    expect(sockets.map(({ holders }) => holders)).toEqual([
      [{ pid: 4312, process: 'Google Chrome H', fd: null }],
      [],
      [],
      [{ pid: 88, process: 'a:b 12:34', fd: null }],
      [{ pid: 640, process: 'ControlCenter', fd: null }],
      [{ pid: 5120, process: 'java', fd: null }],
      [{ pid: 77, process: 'x', fd: null }],
    ]);
    expect(Object.fromEntries(sockets[0]?.details ?? [])).toEqual({
      rxbytes: '8452',
      txbytes: '4310',
      rhiwat: '131072',
      shiwat: '131396',
    });
    expect(sockets[5]?.details?.get('protocol')).toBe('tcp46');
  });

  it('takes a port for unknown where the column is too narrow for it, and a long address with it', () => {
    const { sockets, reading } = listSockets(
      parseBsdNetstat,
      readFixtureText('macos/netstat/Abn-cut/stdout'),
    );
    expect(reading).toMatchObject({
      system: 'macos',
      rows: 4,
      skipped: [
        { what: 'udp', count: 1 },
        { what: 'unix', count: 2 },
      ],
    });
    expect(sockets.map(socketText)).toEqual([
      'ESTABLISHED 192.168.100.221:? > 198.51.100.26:443',
      'TIME_WAIT "2001:db8:aaaa:bb.5":? > [2001:db8:1:2::4]:?',
      'ESTABLISHED 127.0.0.1:53755 > 127.0.0.1:53763',
      'CLOSE_WAIT 192.0.2.7:50001 > 203.0.113.200:?',
    ]);
  });

  it('reads FreeBSD, with its closed rows and the UNIX sockets that follow', () => {
    const { sockets, reading } = listSockets(parseBsdNetstat, readFixtureText('freebsd/netstat/an/stdout'));
    expect(reading).toMatchObject({ system: 'freebsd', rows: 6, problemCount: 0 });
    expect(reading.skipped).toEqual([
      { what: 'udp', count: 2 },
      { what: 'icm', count: 1 },
      { what: 'unix', count: 3 },
    ]);
    expect(countStates(sockets)).toEqual({ ESTABLISHED: 1, TIME_WAIT: 2, CLOSE: 1, LISTEN: 2 });
    expect(socketText(sockets[2] ?? (undefined as never))).toBe(
      'TIME_WAIT "fe80::1234:56ff:.50002":50002 > [2001:db8::9]:443',
    );
  });
});

describe('netstat of macOS and the BSDs, line by line', () => {
  it('reports a line it does not understand by its number and keeps the others', () => {
    const { reading, sockets } = listSockets(
      parseBsdNetstat,
      `${HEADING}tcp4 0 0 10.0.0.1.22 10.0.0.2.40000 ESTABLISHED\nnonsense\ntcp4 0 0 10.0.0.1.70000 *.* LISTEN\ntcp4 0 0 *.22 *.* LISTEN\n`,
    );
    expect(sockets).toHaveLength(2);
    expect(reading.problems).toEqual([
      { line: 3, text: 'nonsense', why: 'neither a heading nor a row of netstat' },
      { line: 4, text: 'tcp4 0 0 10.0.0.1.70000 *.* LISTEN', why: 'the local address is none' },
    ]);
  });

  it('trusts addresses of a paste that has lost its spaces', () => {
    expect(
      rows(
        'Proto Recv-Q Send-Q Local Address Foreign Address (state)\ntcp4 0 0 192.168.1.64.53380 198.51.100.100.443 TIME_WAIT\n',
      ),
    ).toEqual(['TIME_WAIT 192.168.1.64:53380 > 198.51.100.100:443']);
  });

  it('reads whole IPv6 addresses of wide columns (-W, -l)', () => {
    const wide =
      'Proto Recv-Q Send-Q Local Address                                 Foreign Address                               (state)\n' +
      'tcp6       0      0 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1.50000     2001:db8:aaaa:bbbb:cccc:dddd:eeee:2.443       TIME_WAIT\n';
    expect(rows(wide)).toEqual([
      'TIME_WAIT [2001:db8:aaaa:bbbb:cccc:dddd:eeee:1]:50000 > [2001:db8:aaaa:bbbb:cccc:dddd:eeee:2]:443',
    ]);
  });

  it('reads rows without a heading, as grep leaves them', () => {
    const { sockets } = listSockets(
      parseBsdNetstat,
      'tcp4       0      0  10.8.0.6.54433         198.51.100.4.443       TIME_WAIT    131072  131072  43379      0 00100 00000006\n',
    );
    expect(sockets[0]?.holders).toEqual([{ pid: 43379, process: null, fd: null }]);
  });

  it('C5: drops a last row that is cut and says so, and keeps one that is only without its line end', () => {
    const row = 'tcp4       0      0  10.8.0.6.54433         198.51.100.4.443       ESTABLISHED';
    const whole = listSockets(parseBsdNetstat, `${HEADING}${row}\n${row}`);
    expect([whole.sockets.length, whole.reading.truncated]).toEqual([2, false]);
    for (const length of [10, 30, 50, row.length - 1]) {
      const cut = listSockets(parseBsdNetstat, `${HEADING}${row}\n${row.slice(0, length)}`);
      expect([cut.sockets.length, cut.reading.truncated, cut.reading.problemCount]).toEqual([1, true, 0]);
    }
  });

  it('T1: shows a hostile process name as text', () => {
    const { sockets } = listSockets(
      parseBsdNetstat,
      'Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options\n' +
        'tcp4       0      0  127.0.0.1.8080         *.*                    LISTEN                 0            0  131072  131072        \u001b[2J\u202eevil:99    00100 00000106\n',
    );
    expect(sockets[0]?.holders[0]).toMatchObject({ pid: 99, process: String.raw`\x1b[2J\u202eevil` });
  });

  it('never throws, whatever the text', () => {
    const words = fc.constantFrom(
      'tcp4',
      'tcp6',
      '0',
      '  ',
      '10.0.0.1.22',
      '*.*',
      'LISTEN',
      '\n',
      'Active Internet',
      'Local Address',
      'Foreign Address',
      '(state)',
      ':',
      '7fb03cb94d505aed',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(words, { maxLength: 60 }).map((w) => w.join(' ')),
        ),
        (text) => {
          const { reading, sockets } = listSockets(parseBsdNetstat, text);
          expect(reading.rows).toBe(sockets.length);
        },
      ),
    );
  });

  it('loses no other row to a broken one', () => {
    const row = (port: number) =>
      `tcp4       0      0  10.8.0.6.${port}         198.51.100.4.443       TIME_WAIT\n`;
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !/[\n\r]|Active|Local Address|Registered/i.test(text)),
        (broken) => {
          const read = rows(`${HEADING}${row(50001)}${broken}\n${row(50002)}`);
          expect(read).toEqual(
            expect.arrayContaining([
              'TIME_WAIT 10.8.0.6:50001 > 198.51.100.4:443',
              'TIME_WAIT 10.8.0.6:50002 > 198.51.100.4:443',
            ]),
          );
        },
      ),
    );
  });

  it('takes time in proportion to the number of lines', () => {
    const seconds = (lines: number) => {
      const text =
        HEADING +
        'tcp4       0      0  10.8.0.6.54433         198.51.100.4.443       TIME_WAIT\n'.repeat(lines);
      const start = performance.now();
      expect(parseBsdNetstat(text, () => undefined).rows).toBe(lines);
      return performance.now() - start;
    };
    seconds(20_000);
    const [few, many] = [seconds(20_000), seconds(200_000)];
    expect(many / few).toBeLessThan(40);
  });

  it('bears a line of 10 MB', () => {
    expect(listSockets(parseBsdNetstat, `tcp4 0 0 ${'1.'.repeat(5_000_000)}`).reading.rows).toBe(0);
    expect(listSockets(parseBsdNetstat, ' '.repeat(10_000_000)).reading.rows).toBe(0);
  });
});

describe('the format of netstat of macOS and the BSDs', () => {
  it.each([
    [
      'rows of macOS',
      'tcp4       0      0  10.8.0.6.54433         1.2.3.4.443            ESTABLISHED\n',
      0.95,
    ],
    ['Linux', 'tcp        0      0 10.8.0.6:54433          1.2.3.4:443             ESTABLISHED\n', 0],
    ['Windows', '  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1712\n', 0],
    ['nothing', '', 0],
  ])('is told by the dot before the port: %s', (_name, text, sureness) => {
    expect(bsdNetstatFormat.recognises(text)).toBe(sureness);
  });
});

describe('netstat of macOS and the BSDs, shared recordings', () => {
  const shared: [string, { rows: number; states: Record<string, number>; skipped: number | null }][] = [
    ['macos-netstat-an-osx1012.txt', { rows: 3, states: { ESTABLISHED: 1, LISTEN: 2 }, skipped: 3 }],
    ['macos-netstat-Abn-osx1014.txt', { rows: 49, states: { ESTABLISHED: 43, CLOSE_WAIT: 6 }, skipped: 1 }],
    ['macos-netstat-vanp-tcp-2021.txt', { rows: 2, states: { LISTEN: 1, TIME_WAIT: 1 }, skipped: null }],
    ['macos-netstat-anv-tcp-26.4.txt', { rows: 5, states: { ESTABLISHED: 1, LISTEN: 4 }, skipped: null }],
    [
      'freebsd-netstat-an-10.1.txt',
      { rows: 23, states: { CLOSE_WAIT: 1, CLOSE: 1, LISTEN: 17, ESTABLISHED: 4 }, skipped: 13 },
    ],
  ];
  it.for(shared)('%s has the counts of its manifest', ([name, expected], { skip }) => {
    const { reading, sockets } = listSockets(parseBsdNetstat, textOf(name, skip));
    expect({
      rows: reading.rows,
      states: countStates(sockets),
      skipped: reading.skipped.find(({ what }) => what === 'udp')?.count ?? null,
    }).toEqual(expected);
    expect([reading.problemCount, reading.truncated]).toEqual([0, false]);
    expect(reading.system).toBe(name.startsWith('macos') ? 'macos' : 'freebsd');
    expect(bsdNetstatFormat.recognises(textOf(name, skip).slice(0, 16_384))).toBeGreaterThan(0.5);
  });

  it('OS X 10.14: cut ports and addresses are unknown, whole ones are not', ({ skip }) => {
    const { sockets } = listSockets(parseBsdNetstat, textOf('macos-netstat-Abn-osx1014.txt', skip));
    const texts = sockets.map(socketText);
    expect(texts).toContain('CLOSE_WAIT 192.168.1.221:? > 203.0.113.93:8081');
    expect(texts).toContain('ESTABLISHED 127.0.0.1:53755 > 127.0.0.1:53763');
    expect(texts).toContain('ESTABLISHED "fe80::aede:48ff:.5":? > "fe80::aede:48ff:.4":?');
    expect(sockets.find((socket) => socket.receiveQueue === 31)).toMatchObject({
      details: new Map([
        ['rxbytes', '1424'],
        ['txbytes', '2595'],
      ]),
    });
    expect(sockets.filter(({ family }) => family === 4)).toHaveLength(22);
  });

  it('macOS 2021 and 26: names and pids are those of their rows', ({ skip }) => {
    const old = listSockets(parseBsdNetstat, textOf('macos-netstat-vanp-tcp-2021.txt', skip)).sockets;
    expect(old.map((socket) => [socketText(socket), socket.holders[0]?.pid])).toEqual([
      ['LISTEN [::]:2222 > [::]:0', 43379],
      ['TIME_WAIT [::1]:58090 > [::1]:2222', 43387],
    ]);
    const now = listSockets(parseBsdNetstat, textOf('macos-netstat-anv-tcp-26.4.txt', skip)).sockets;
    expect(now[0]).toMatchObject({ sendQueue: 168, holders: [{ pid: 4976, process: 'sshd-session' }] });
    expect(now[3]).toMatchObject({
      local: { port: 49615 },
      holders: [{ pid: 1232, process: 'io.tailscale.ipn' }],
    });
  });

  it('FreeBSD 10.1: sample rows', ({ skip }) => {
    const { sockets } = listSockets(parseBsdNetstat, textOf('freebsd-netstat-an-10.1.txt', skip));
    expect(sockets.map(socketText)).toContain('CLOSE 192.168.1.33:632 > 192.168.1.10:2049');
    expect(sockets.find(({ sendQueue }) => sendQueue === 52)).toMatchObject({
      local: { port: 22 },
      remote: { port: 41487 },
    });
    expect(sockets.filter(({ family }) => family === 4)).toHaveLength(15);
  });
});

function textOf(name: string, skip: (why: string) => never): string {
  const found = readSharedFixture(name);
  return found.found ? new TextDecoder().decode(found.bytes) : skip(found.why);
}
