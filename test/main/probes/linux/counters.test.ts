import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputParser } from '../../../../main/core/readings.ts';
import { fileNrFormat, parseFileNr } from '../../../../main/probes/linux/file-nr.ts';
import { nstatFormat, parseNstat } from '../../../../main/probes/linux/nstat.ts';
import { parseProcNetstat, procNetstatFormat } from '../../../../main/probes/linux/proc-netstat.ts';
import { parseProcSnmp, procSnmpFormat } from '../../../../main/probes/linux/proc-snmp.ts';
import { parseProcSockstat, procSockstatFormat } from '../../../../main/probes/linux/proc-sockstat.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { read, valuesOf } from '../../../support/probe-facts.ts';

const REFUSED = 'cat: /proc/net/snmp: Permission denied\n';

describe('parseProcSnmp', () => {
  it('reads the counters of this kernel by name', () => {
    const reading = read(parseProcSnmp, readFixtureText('linux/proc-net-snmp/6.18/stdout'));
    expect(reading).toMatchObject({
      format: 'proc-snmp',
      system: 'linux',
      problemCount: 0,
      truncated: false,
    });
    expect(reading.facts.filter((fact) => fact.kind === 'counter' && fact.group === 'Tcp')).toHaveLength(15);
    expect(valuesOf(reading)).toMatchObject({
      'Tcp ActiveOpens': 1,
      'Tcp PassiveOpens': 12,
      'Tcp AttemptFails': 0,
      'Tcp EstabResets': 0,
      'Tcp CurrEstab': 8,
      'Tcp RetransSegs': 5,
      'Tcp MaxConn': -1,
    });
  });

  it('reads an older kernel with other columns and sections', () => {
    const reading = read(parseProcSnmp, readFixtureText('linux/proc-net-snmp/old/stdout'));
    expect(reading.problemCount).toBe(0);
    expect(valuesOf(reading)).toMatchObject({
      'IcmpMsg OutType3': 120,
      'Tcp ActiveOpens': 4821,
      'Tcp OutRsts': 771,
      'Udp NoPorts': 1,
    });
  });

  const old = readSharedFixture('linux-proc-net-snmp-old.txt');
  it.skipIf(!old.found)(
    `reads the shared recording of an older kernel${old.found ? '' : ` (${old.why})`}`,
    () => {
      const reading = read(parseProcSnmp, old.found ? new TextDecoder().decode(old.bytes) : '');
      expect(reading.problemCount).toBe(0);
      expect(new Set(reading.facts.map((fact) => (fact.kind === 'counter' ? fact.group : '')))).toEqual(
        new Set(['Ip', 'Icmp', 'IcmpMsg', 'Tcp', 'Udp', 'UdpLite']),
      );
      expect(valuesOf(reading)).toMatchObject({
        'Tcp ActiveOpens': 3556,
        'Tcp PassiveOpens': 230,
        'Tcp AttemptFails': 341,
        'Tcp EstabResets': 161,
        'Tcp CurrEstab': 0,
        'Tcp RetransSegs': 227,
        'Tcp InErrs': 5,
        'Tcp OutRsts': 1003,
      });
    },
  );

  it.each([
    ['Tcp: A B C\nTcp: 1 2\nUdp: D\nUdp: 4\n', { line: 2, why: '2 values for 3 names' }],
    ['Tcp: A B C\nUdp: D\nUdp: 4\n', { line: 1, why: 'names without a line of values' }],
    ['Tcp: 1 2\nUdp: D\nUdp: 4\n', { line: 1, why: 'values without a line of names' }],
    ['nonsense\nUdp: D\nUdp: 4\n', { line: 1, why: 'no section name at its start' }],
    ['Tcp: A B\nTcp: 1 x\nUdp: D\nUdp: 4\n', { line: 2, why: 'the value of B is no number' }],
    ['Udp: D\nUdp: 4\nTcp: A B\n', { line: 3, why: 'names without a line of values' }],
  ])('names the line that does not pair up and keeps the other section: %j', (text, problem) => {
    const reading = read(parseProcSnmp, text);
    expect(reading.problems).toHaveLength(1);
    expect(reading.problems[0]).toMatchObject(problem);
    expect(valuesOf(reading)).toMatchObject({ 'Udp D': 4 });
  });

  it('C5: drops a last pair whose values are cut off', () => {
    const reading = read(parseProcSnmp, 'Udp: D\nUdp: 4\nTcp: A B\nTcp: 1 2');
    expect(valuesOf(reading)).toEqual({ 'Udp D': 4 });
    expect(reading).toMatchObject({ truncated: true, problemCount: 0 });
  });

  it('S8: a file that may not be read is absent, not zero', () => {
    expect(read(parseProcSnmp, REFUSED).facts).toEqual([
      { kind: 'absent', line: 1, name: '/proc/net/snmp', why: 'reading it is not permitted' },
    ]);
  });
});

describe('parseProcNetstat', () => {
  it('pairs all columns of this kernel', () => {
    const reading = read(parseProcNetstat, readFixtureText('linux/proc-net-netstat/6.18/stdout'));
    expect(reading.problemCount).toBe(0);
    const columns = (group: string) =>
      reading.facts.filter((fact) => fact.kind === 'counter' && fact.group === group).length;
    expect([columns('TcpExt'), columns('IpExt'), columns('MPTcpExt')]).toEqual([135, 18, 76]);
    expect(valuesOf(reading)).toMatchObject({
      'TcpExt TW': 3,
      'TcpExt ListenOverflows': 8,
      'TcpExt ListenDrops': 8,
      'TcpExt TCPTimeouts': 4,
      'TcpExt TCPSynRetrans': 4,
      'TcpExt SyncookiesSent': 0,
      'TcpExt TCPTimeWaitOverflow': 0,
    });
  });
});

describe('parseProcSockstat', () => {
  it('reads both files, one after the other', () => {
    const reading = read(parseProcSockstat, readFixtureText('linux/proc-net-sockstat/6.18/stdout'));
    expect(reading.problemCount).toBe(0);
    expect(valuesOf(reading)).toMatchObject({
      'sockstat sockets used': 18,
      'sockstat TCP inuse': 11,
      'sockstat TCP orphan': 0,
      'sockstat TCP tw': 3,
      'sockstat TCP alloc': 29,
      'sockstat TCP mem': 221,
      'sockstat TCP6 inuse': 6,
    });
  });

  it('reads a machine whose sockets leak', () => {
    expect(
      valuesOf(read(parseProcSockstat, readFixtureText('linux/proc-net-sockstat/leak/stdout'))),
    ).toMatchObject({
      'sockstat TCP inuse': 512,
      'sockstat TCP alloc': 40211,
      'sockstat FRAG memory': 0,
    });
  });

  const leak = readSharedFixture('linux-proc-net-sockstat-leak.txt');
  it.skipIf(!leak.found)(`reads the shared recording of a leak${leak.found ? '' : ` (${leak.why})`}`, () => {
    const reading = read(parseProcSockstat, leak.found ? new TextDecoder().decode(leak.bytes) : '');
    expect(reading.problemCount).toBe(0);
    expect(valuesOf(reading)).toMatchObject({
      'sockstat sockets used': 75724,
      'sockstat TCP inuse': 886,
      'sockstat TCP orphan': 0,
      'sockstat TCP tw': 0,
      'sockstat TCP alloc': 72134,
      'sockstat TCP mem': 222,
    });
  });

  it('keeps IPv4 where there is no IPv6', () => {
    const text = 'sockets: used 3\nTCP: inuse 2\ncat: /proc/net/sockstat6: No such file or directory\n';
    const reading = read(parseProcSockstat, text);
    expect(valuesOf(reading)).toEqual({ 'sockstat sockets used': 3, 'sockstat TCP inuse': 2 });
    expect(reading.facts.at(-1)).toMatchObject({ kind: 'absent', name: '/proc/net/sockstat6' });
  });

  it('names a line whose numbers do not pair up', () => {
    const reading = read(parseProcSockstat, 'TCP: inuse 2 orphan\nUDP: inuse x\nRAW: inuse 1\n');
    expect(reading.problems.map(({ line }) => line)).toEqual([1, 2]);
    expect(valuesOf(reading)).toEqual({ 'sockstat RAW inuse': 1 });
  });
});

describe('parseNstat', () => {
  it('reads every counter by the names of the kernel’s files', () => {
    const reading = read(parseNstat, readFixtureText('linux/nstat/6.1/stdout'));
    expect(reading).toMatchObject({ problemCount: 0, skipped: [{ what: 'heading', count: 1 }] });
    expect(reading.facts).toHaveLength(395);
    const values = valuesOf(reading);
    expect(values).toMatchObject({ 'Tcp ActiveOpens': 9, 'TcpExt TW': 1, 'Ip6 InReceives': 16 });
    expect(Object.keys(values).filter((name) => name.startsWith('nstat '))).toEqual([]);
  });

  it('keeps the whole name where the section is not known', () => {
    expect(valuesOf(read(parseNstat, '#kernel\nFooBar 3 0.0\n'))).toEqual({ 'nstat FooBar': 3 });
  });

  it('C5: names broken lines and drops a cut one', () => {
    const reading = read(parseNstat, '#kernel\nTcpActiveOpens x 0.0\nTcpPassiveOpens 4 0.0\nTcpInSegs 12');
    expect(reading).toMatchObject({ problemCount: 1, truncated: true });
    expect(valuesOf(reading)).toEqual({ 'Tcp PassiveOpens': 4 });
  });
});

describe('parseFileNr', () => {
  it('reads the three numbers', () => {
    expect(valuesOf(read(parseFileNr, '608\t0\t9223372036854775807\n'))).toEqual({
      'file-nr allocated': 608,
      'file-nr unused': 0,
      'file-nr max': 9223372036854775807,
    });
    expect(read(parseFileNr, readFixtureText('linux/file-nr/6.18/stdout')).facts).toHaveLength(3);
  });

  it('names anything else', () => {
    expect(read(parseFileNr, '608 0\nabc\n').problems.map(({ why }) => why)).toEqual([
      'not three numbers',
      'not three numbers',
    ]);
  });
});

const PARSERS: readonly (readonly [string, OutputParser, string])[] = [
  ['snmp', parseProcSnmp, 'linux/proc-net-snmp/6.18/stdout'],
  ['netstat', parseProcNetstat, 'linux/proc-net-netstat/6.18/stdout'],
  ['sockstat', parseProcSockstat, 'linux/proc-net-sockstat/6.18/stdout'],
  ['nstat', parseNstat, 'linux/nstat/6.1/stdout'],
  ['file-nr', parseFileNr, 'linux/file-nr/6.18/stdout'],
];

describe('each counter parser', () => {
  it.each(PARSERS)('%s never throws on any text', (_, parser) => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void read(parser, text)));
  });

  it.each(PARSERS)('%s: cut anywhere, it tells no value that the whole does not', (_, parser, path) => {
    const text = readFixtureText(path);
    const whole = valuesOf(read(parser, text));
    fc.assert(
      fc.property(fc.nat(text.length), (length) => {
        expect(whole).toMatchObject(valuesOf(read(parser, text.slice(0, length))));
      }),
      { numRuns: 40 },
    );
  });

  it.each(PARSERS)('%s reads CR LF of a terminal the same', (_, parser, path) => {
    const text = readFixtureText(path);
    expect(valuesOf(read(parser, text.replaceAll('\n', '\r\n')))).toEqual(valuesOf(read(parser, text)));
  });

  it.each(PARSERS)('%s: a hostile line costs only itself', (_, parser, path) => {
    const text = readFixtureText(path);
    const reading = read(parser, `\u001b]0;owned\u0007 ${'x '.repeat(5000)}\n${text}`);
    expect(valuesOf(reading)).toEqual(valuesOf(read(parser, text)));
    expect(reading.problems).toHaveLength(1);
    expect(reading.problems[0]?.text).not.toContain('\u001b');
  });
});

describe('the formats of counters', () => {
  const formats = [procSnmpFormat, procNetstatFormat, procSockstatFormat, nstatFormat, fileNrFormat];
  it.each(PARSERS.map(([name, , path]) => [name, path] as const))(
    '%s is taken by its own format only',
    (_, path) => {
      const head = readFixtureText(path).slice(0, 16 * 1024);
      const sure = formats.filter((format) => format.recognises(head) > 0.5).map(({ id }) => id);
      expect(sure).toHaveLength(1);
    },
  );
});
