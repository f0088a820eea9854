import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWindowsNetstat, windowsNetstatFormat } from '../../../../main/probes/windows/netstat.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { countStates, endpointText, listSockets, socketText } from '../../../support/probes.ts';

const HEADING =
  '\nActive Connections\n\n  Proto  Local Address          Foreign Address        State           PID\n';

function own(name: string) {
  return listSockets(parseWindowsNetstat, readFixtureText(`windows/netstat/${name}/stdout`));
}

describe('netstat of Windows, samples of our own', () => {
  it('reads every column of -ano, counts UDP apart, and has no owner where the process id is 0', () => {
    const { reading, sockets } = own('ano-en');
    expect(reading).toEqual({
      format: 'windows-netstat',
      system: 'windows',
      rows: 10,
      facts: [],
      skipped: [{ what: 'udp', count: 2 }],
      problems: [],
      problemCount: 0,
      truncated: false,
    });
    expect(sockets.map((socket) => `${socketText(socket)} ${socket.holders[0]?.pid ?? '-'}`)).toEqual([
      'LISTEN 0.0.0.0:135 > 0.0.0.0:0 1204',
      'LISTEN 0.0.0.0:445 > 0.0.0.0:0 4',
      'TIME_WAIT 192.0.2.15:443 > 198.51.100.60:51822 -',
      'ESTABLISHED 192.0.2.15:49671 > 203.0.113.9:443 5512',
      'TIME_WAIT 192.0.2.15:49672 > 203.0.113.9:443 -',
      'TIME_WAIT 192.0.2.15:49673 > 203.0.113.9:443 -',
      'SYN_SENT 192.0.2.15:49674 > 203.0.113.9:443 5512',
      'CLOSE_WAIT 192.0.2.15:49675 > 203.0.113.10:8080 7720',
      'LISTEN [::]:135 > [::]:0 1204',
      'FIN_WAIT_2 [fe80::5eff:fe00:5301%12]:49680 > [fe80::5eff:fe00:5302%12]:445 4',
    ]);
    expect(sockets[0]).toMatchObject({ line: 5, timer: null, uid: null, inode: null, receiveQueue: null });
  });

  it('reads the owners that -b prints below the rows, and says where Windows did not tell one', () => {
    const { reading, sockets } = own('anobq-en');
    expect([reading.problems, reading.skipped]).toEqual([[], [{ what: 'udp', count: 1 }]]);
    expect(sockets.map(({ holders, details }) => [holders[0], Object.fromEntries(details ?? [])])).toEqual([
      [{ pid: 1204, process: 'svchost.exe', fd: null }, { component: 'RpcEptMapper' }],
      [{ pid: 4, process: null, fd: null }, { ownership: 'not readable' }],
      [{ pid: 5512, process: 'Example [beta] Client.exe', fd: null }, {}],
      [undefined, {}],
      [{ pid: 5512, process: 'Example [beta] Client.exe', fd: null }, {}],
      [
        { pid: 3300, process: null, fd: null },
        { ownership: 'not readable', component: 'Dnscache' },
      ],
    ]);
    expect(countStates(sockets)).toEqual({ LISTEN: 3, ESTABLISHED: 1, TIME_WAIT: 1, BOUND: 1 });
  });

  it('takes an unknown line of one space below a row for the notice about its owner, in any language', () => {
    const row = '  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4\n';
    const { reading, sockets } = listSockets(
      parseWindowsNetstat,
      `${HEADING}${row} Informace o majiteli chybi\n`,
    );
    expect([reading.problems, sockets[0]?.details?.get('ownership')]).toEqual([[], 'not readable']);
  });

  it('reads the chains of components, banner and prompts of Windows XP', () => {
    const { reading, sockets } = own('anb-xp');
    expect(reading.problems).toEqual([]);
    expect(reading.facts).toEqual([{ line: 1, kind: 'note', name: 'windows-version', value: '5.1.2600' }]);
    expect(sockets.map(({ holders }) => holders[0]?.process ?? null)).toEqual([
      'svchost.exe',
      null,
      'System',
    ]);
    expect(sockets[0]?.details?.get('component')?.split(', ')).toEqual([
      'c:\\windows\\system32\\WS2_32.dll',
      'C:\\WINDOWS\\system32\\RPCRT4.dll',
      '-- unknown component(s) --',
    ]);
  });

  it('reads German states whatever a wrong code page made of their letters', () => {
    const { reading, sockets } = own('ano-de-damaged');
    expect([reading.problemCount, countStates(sockets)]).toEqual([
      0,
      { LISTEN: 4, ESTABLISHED: 1, TIME_WAIT: 1, CLOSE_WAIT: 1 },
    ]);
    expect(sockets[2]?.holders).toEqual([{ pid: 4, process: null, fd: null }]);
  });

  it('tells by the shape of a row what an unknown language calls LISTEN and TIME_WAIT, and reports the words', () => {
    const { reading, sockets } = own('ano-unknown-language');
    expect(countStates(sockets)).toEqual({ LISTEN: 2, UNKNOWN: 1, TIME_WAIT: 2 });
    expect(reading.problems.map(({ line, why }) => [line, why])).toEqual([
      [5, '"NASLOUCHA" is not known; taken for LISTEN, as nothing is on the other side'],
      [6, '"NAVAZANO" is no state that is known'],
      [7, '"CEKANI NA CAS" is not known; taken for TIME_WAIT, as it has no owner'],
    ]);
    expect(sockets[3]?.details?.get('state')).toBe('CEKANI NA CAS');
  });

  it('keeps what is known of rows with host and service names', () => {
    const { reading, sockets } = own('plain-ru');
    expect(reading.problemCount).toBe(0);
    expect(sockets.map(socketText)).toEqual([
      'ESTABLISHED 192.0.2.15:49671 > "host-a:https":443',
      'TIME_WAIT 192.0.2.15:49672 > "203-0-113-9:http":80',
      'CLOSE_WAIT 192.0.2.15:49673 > "host-b:unknown-svc":?',
      'ESTABLISHED 127.0.0.1:49700 > "DESKTOP:49701":49701',
    ]);
  });

  it('reads the offload column of -t, also beside a process id, and the template of -y', () => {
    const { reading, sockets } = own('tn-offload-de');
    expect(reading.problemCount).toBe(0);
    expect(sockets.map(({ details }) => details?.get('offload'))).toEqual(['InHost', 'InHost', 'Offloaded']);
    const rows =
      '  TCP  192.0.2.1:50000  192.0.2.2:443  ESTABLISHED  77  InHost\n' +
      '  TCP  192.0.2.1:50001  192.0.2.2:443  ESTABLISHED  Internet\n';
    const more = listSockets(parseWindowsNetstat, HEADING + rows).sockets;
    expect(
      more.map(({ holders, details }) => [
        holders[0]?.pid,
        details?.get('offload'),
        details?.get('template'),
      ]),
    ).toEqual([
      [77, 'InHost', undefined],
      [undefined, undefined, 'Internet'],
    ]);
  });

  it('reads the Italian sample with CRLF line ends', () => {
    const { reading, sockets } = own('ano-it');
    expect([reading.rows, reading.problemCount, reading.skipped]).toEqual([
      5,
      0,
      [{ what: 'udp', count: 1 }],
    ]);
    expect(socketText(sockets[3] ?? fail())).toBe('ESTABLISHED 127.0.0.1:52301 > 127.0.0.1:3030');
  });

  it('T1: reports hostile and broken rows one by one, escaped, and reads those between them', () => {
    const { reading, sockets } = own('ano-en-hostile');
    expect(reading.problems.map(({ line }) => line)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(JSON.stringify(reading)).not.toMatch(/[\u001b\u202e]|\\u001b|\\u202e(?!T)/);
    expect(sockets.map(socketText)).toEqual([
      'LISTEN 0.0.0.0:135 > 0.0.0.0:0',
      'UNKNOWN 192.0.2.15:49673 > 203.0.113.9:443',
      'TIME_WAIT 192.0.2.15:49674 > 203.0.113.9:443',
    ]);
    expect(sockets[1]?.details?.get('state')).toBe('\\u202eTIAW_EMIT');
  });

  it('says of an empty listing that it is whole and empty, and of an empty text the same', () => {
    for (const text of [HEADING, '', '\r\n']) {
      const { reading } = listSockets(parseWindowsNetstat, text);
      expect([reading.rows, reading.problemCount, reading.truncated]).toEqual([0, 0, false]);
    }
  });

  it('makes no row of a message, and says what the message means', () => {
    const text = 'Der angeforderte Vorgang erfordert erhöhte Rechte.\n';
    const { reading } = listSockets(parseWindowsNetstat, text);
    expect([reading.rows, reading.problems[0]?.line]).toEqual([0, 1]);
    expect(reading.problems[0]?.why).toContain('Run as administrator');
  });

  it('says that `netstat 5` repeats itself', () => {
    const row = '  TCP    192.0.2.15:49672       203.0.113.9:443        TIME_WAIT       0\n';
    const { reading } = listSockets(parseWindowsNetstat, HEADING + row + HEADING + row);
    expect([reading.rows, reading.problemCount]).toEqual([2, 0]);
    expect(reading.facts).toEqual([{ line: 9, kind: 'note', name: 'netstat listing', value: '2' }]);
  });

  it('reads 200,000 rows and a line of 10 MB among them', () => {
    const row = '  TCP    192.0.2.15:49672       203.0.113.9:443        TIME_WAIT       0\r\n';
    const long = `  TCP    ${'x'.repeat(10_000_000)}\r\n`;
    let rows = 0;
    const text = HEADING + row.repeat(100_000) + long + row.repeat(100_000);
    const reading = parseWindowsNetstat(text, () => rows++);
    expect([rows, reading.rows, reading.problemCount, reading.problems[0]?.line]).toEqual([
      200_000, 200_000, 1, 100_005,
    ]);
  });
});

describe('netstat of Windows, cut and changed texts', () => {
  const whole = readFixtureText('windows/netstat/ano-en/stdout');
  const rows = listSockets(parseWindowsNetstat, whole).sockets.map(socketText);

  it('C5: invents nothing wherever the output was cut off', () => {
    for (let length = 0; length < whole.length; length++) {
      const { reading, sockets } = listSockets(parseWindowsNetstat, whole.slice(0, length));
      expect(sockets.map(socketText)).toEqual(rows.slice(0, sockets.length));
      for (const [index, { holders }] of sockets.entries()) {
        // A process id that ends the text may lack digits: it is not told.
        const pid = holders[0]?.pid ?? null;
        const isLast = index === sockets.length - 1;
        if (pid !== null || !isLast)
          expect(pid).toBe([1204, 4, null, 5512, null, null, 5512, 7720, 1204, 4][index]);
      }
      expect(reading.rows).toBe(sockets.length);
    }
  });

  it('loses no row to a line of anything put between them', () => {
    const lines = whole.split('\n');
    const junk = fc
      .oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
      .map((text) => `~${text.replaceAll('\n', '')}`);
    fc.assert(
      fc.property(junk, fc.integer({ min: 4, max: lines.length }), (text, at) => {
        const changed = [...lines.slice(0, at), text, ...lines.slice(at)].join('\n');
        const { reading, sockets } = listSockets(parseWindowsNetstat, changed);
        expect(sockets.map(socketText)).toEqual(rows);
        expect(reading.problemCount + Number(reading.truncated)).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  it('recognises its own output and no other', () => {
    expect(windowsNetstatFormat.recognises(whole)).toBeGreaterThan(0.9);
    expect(windowsNetstatFormat.recognises(HEADING)).toBeGreaterThan(0.5);
    expect(windowsNetstatFormat.recognises(readFixtureText('windows/netsh-dynamicport/en/stdout'))).toBe(0);
    const linux =
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State\ntcp        0      0 0.0.0.0:22  0.0.0.0:*  LISTEN\n';
    expect(windowsNetstatFormat.recognises(linux)).toBe(0);
  });
});

interface Expected {
  rows: number;
  udp: number;
  states: Record<string, number>;
  families: [number, number];
  /** Text of sockets that must be among them, with pid, program and details where they are told. */
  among: readonly string[];
}

/** Figures and rows of MANIFEST.md. */
const SHARED: Readonly<Record<string, Expected>> = {
  'win-netstat-ano-en-win10.txt': {
    rows: 51,
    udp: 8,
    states: { LISTEN: 38, ESTABLISHED: 13 },
    families: [36, 15],
    among: ['LISTEN 0.0.0.0:135 > 0.0.0.0:0 1712', 'ESTABLISHED 127.0.0.1:1031 > 127.0.0.1:1032 10644'],
  },
  'win-netstat-anob-en-win10.txt': {
    rows: 34,
    udp: 4,
    states: { LISTEN: 28, ESTABLISHED: 6 },
    families: [26, 8],
    among: [
      'LISTEN 0.0.0.0:135 > 0.0.0.0:0 1712 svchost.exe component=RpcSs',
      'LISTEN 127.0.0.1:29802 > 0.0.0.0:0 6372 NVIDIA Web Helper.exe',
      'LISTEN 0.0.0.0:445 > 0.0.0.0:0 4 ownership=not readable',
    ],
  },
  'win-netstat-anb-en-winxp.txt': {
    rows: 4,
    udp: 2,
    states: { LISTEN: 4 },
    families: [4, 0],
    among: ['LISTEN 192.168.0.104:139 > 0.0.0.0:0 4 System'],
  },
  'win-netstat-ano-de.txt': {
    rows: 39,
    udp: 5,
    states: { LISTEN: 15, ESTABLISHED: 12, FIN_WAIT_2: 1, TIME_WAIT: 10, CLOSE_WAIT: 1 },
    families: [31, 8],
    among: ['LISTEN 0.0.0.0:1110 > 0.0.0.0:0 2588', 'CLOSE_WAIT 127.0.0.1:54995 > 127.0.0.1:1110 12600'],
  },
  'win-netstat-tn-de-offload.txt': {
    rows: 12,
    udp: 0,
    states: { ESTABLISHED: 6, FIN_WAIT_2: 1, TIME_WAIT: 4, CLOSE_WAIT: 1 },
    families: [9, 3],
    among: [
      'ESTABLISHED 127.0.0.1:5354 > 127.0.0.1:53494 offload=InHost',
      'ESTABLISHED [fe80::10b0:462e:c279:f46a%9]:49156 > [fe80::10b0:462e:c279:f46a%9]:8080 offload=InHost',
    ],
  },
  'win-netstat-ano-fr.txt': {
    rows: 34,
    udp: 7,
    states: { LISTEN: 18, TIME_WAIT: 6, ESTABLISHED: 7, CLOSE_WAIT: 3 },
    families: [29, 5],
    among: [
      'ESTABLISHED 192.168.0.31:49901 > 203.0.113.3:5228 10160',
      'TIME_WAIT 127.0.0.1:51114 > 127.0.0.1:49350',
    ],
  },
  'win-netstat-nabo-es-cp850.txt': {
    rows: 23,
    udp: 4,
    states: { LISTEN: 11, ESTABLISHED: 8, TIME_WAIT: 4 },
    families: [20, 3],
    among: [
      'ESTABLISHED 192.168.0.106:49962 > 203.0.113.11:443 3508 svchost.exe component=WpnService',
      'TIME_WAIT 192.168.0.106:50046 > 203.0.113.13:443',
    ],
  },
  'win-netstat-ano-ja.txt': {
    rows: 5,
    udp: 0,
    states: { LISTEN: 5 },
    families: [5, 0],
    among: ['LISTEN 0.0.0.0:21 > 0.0.0.0:0 12636', 'LISTEN 0.0.0.0:135 > 0.0.0.0:0 72'],
  },
  'win-netstat-ano-zh-CN.txt': {
    rows: 7,
    udp: 0,
    states: { LISTEN: 7 },
    families: [7, 0],
    among: ['LISTEN 0.0.0.0:443 > 0.0.0.0:0 5184', 'LISTEN 0.0.0.0:1688 > 0.0.0.0:0 3672'],
  },
  'win-netstat-ru.txt': {
    rows: 8,
    udp: 0,
    states: { ESTABLISHED: 2, FIN_WAIT_2: 6 },
    families: [8, 0],
    among: [
      'ESTABLISHED 127.0.0.1:443 > "view-localhost:59654":59654',
      'FIN_WAIT_2 127.0.0.1:19999 > "view-localhost:59608":59608',
    ],
  },
  'win-netstat-pt-BR.txt': {
    rows: 15,
    udp: 0,
    states: { ESTABLISHED: 14, CLOSE_WAIT: 1 },
    families: [15, 0],
    among: [
      'ESTABLISHED 192.168.42.80:57276 > 203.0.113.20:443',
      'CLOSE_WAIT 192.168.42.80:58264 > 203.0.113.24:443',
    ],
  },
  'synth-win-netstat-ano-it.txt': {
    rows: 5,
    udp: 1,
    states: { LISTEN: 4, ESTABLISHED: 1 },
    families: [4, 1],
    among: ['ESTABLISHED 127.0.0.1:52301 > 127.0.0.1:3030 22468', 'LISTEN [::]:135 > [::]:0 1452'],
  },
};

describe('netstat of Windows, public recordings (read in place, skipped where they are not)', () => {
  for (const [name, expected] of Object.entries(SHARED)) {
    const shared = readSharedFixture(name);
    it.skipIf(!shared.found)(`reads ${name} to the figures of its manifest`, () => {
      if (!shared.found) return;
      const { reading, sockets } = listSockets(parseWindowsNetstat, new TextDecoder().decode(shared.bytes));
      expect(reading.problems).toEqual([]);
      const udp = reading.skipped.find(({ what }) => what === 'udp')?.count ?? 0;
      const families = [4, 6].map((family) => sockets.filter((socket) => socket.family === family).length);
      expect([reading.rows, udp, countStates(sockets), families]).toEqual([
        expected.rows,
        expected.udp,
        expected.states,
        expected.families,
      ]);
      const texts = sockets.map((socket) => {
        const { pid = null, process = null } = socket.holders[0] ?? {};
        const details = [...(socket.details ?? [])].map(([key, value]) => `${key}=${value}`);
        return [socketText(socket), pid, process, ...details].filter((part) => part !== null).join(' ');
      });
      for (const text of expected.among) expect(texts).toContain(text);
    });
  }

  const owners = readSharedFixture('win-netstat-anob-en-win10.txt');
  it.skipIf(!owners.found)('knows the owner of 25 sockets and that 9 are not told', () => {
    if (!owners.found) return;
    const { sockets } = listSockets(parseWindowsNetstat, new TextDecoder().decode(owners.bytes));
    expect(sockets.filter(({ holders }) => holders[0]?.process !== null).length).toBe(25);
    expect(sockets.filter(({ details }) => details?.get('ownership') === 'not readable').length).toBe(9);
  });

  const chains = readSharedFixture('win-netstat-anb-en-winxp.txt');
  it.skipIf(!chains.found)('reads the five components of svchost.exe on XP', () => {
    if (!chains.found) return;
    const { sockets } = listSockets(parseWindowsNetstat, new TextDecoder().decode(chains.bytes));
    expect([endpointText(sockets[0]?.local ?? fail()), sockets[0]?.holders[0]]).toEqual([
      '0.0.0.0:135',
      { pid: 988, process: 'svchost.exe', fd: null },
    ]);
    expect(sockets[0]?.details?.get('component')?.split(', ').length).toBe(5);
  });
});

function fail(): never {
  throw new Error('there is no such socket');
}
