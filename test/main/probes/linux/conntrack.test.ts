import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conntrackFormat,
  conntrackStatisticsFormat,
  parseConntrack,
  parseConntrackCount,
  parseConntrackStatistics,
} from '../../../../main/probes/linux/conntrack.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { factText, read, valuesOf } from '../../../support/probe-facts.ts';

describe('parseConntrack', () => {
  it('reads the kernel’s file: IPv6 in its short form, translation seen by the ports', () => {
    const reading = read(parseConntrack, readFixtureText('linux/proc-nf-conntrack/6.18/stdout'));
    expect(reading).toMatchObject({ format: 'conntrack', rows: 0, problemCount: 0, truncated: false });
    expect(reading.facts.map(factText)).toEqual([
      '1: tracked-flow tcp ESTABLISHED 431998 [2001:db8::10]:33268 [2001:db8::10]:8080 false',
      '2: tracked-flow tcp ESTABLISHED 431998 [2001:db8::10]:33276 [2001:db8::10]:8080 false',
      '3: tracked-flow tcp ESTABLISHED 431998 192.0.2.10:52940 192.0.2.10:8080 false',
      '4: tracked-flow tcp TIME_WAIT 118 192.0.2.10:52974 192.0.2.10:8080 false',
      '5: tracked-flow tcp ESTABLISHED 431998 192.0.2.10:34150 192.0.2.10:8081 true',
      '6: tracked-flow tcp ESTABLISHED 431998 192.0.2.10:34138 192.0.2.10:8081 true',
      '7: tracked-flow tcp ESTABLISHED 431998 192.0.2.10:52962 192.0.2.10:8080 false',
      '8: tracked-flow udp  28 192.0.2.10:37447 192.0.2.10:9999 false',
      '9: tracked-flow tcp SYN_SENT 118 192.0.2.10:52686 192.0.2.77:9 false',
      '10: tracked-flow tcp ESTABLISHED 431998 192.0.2.10:52950 192.0.2.10:8080 false',
    ]);
  });

  it('reads conntrack -L the same, with the notice that a terminal mixes in', () => {
    const reading = read(parseConntrack, readFixtureText('linux/conntrack-list/1.4.7/stdout'));
    const file = read(parseConntrack, readFixtureText('linux/proc-nf-conntrack/6.18/stdout'));
    expect(reading.facts).toEqual(file.facts);
    expect(reading.skipped).toEqual([{ what: 'notice', count: 1 }]);
  });

  it('reads accounting, security context, source NAT, ICMP and protocols without ports', () => {
    const reading = read(parseConntrack, readFixtureText('linux/proc-nf-conntrack/secctx/stdout'));
    expect(reading.problemCount).toBe(0);
    expect(reading.facts.map(factText)).toEqual([
      '1: tracked-flow tcp SYN_SENT 118 192.0.2.10:41000 198.51.100.7:443 false',
      '2: tracked-flow tcp ESTABLISHED 431999 10.1.2.3:41001 198.51.100.7:443 true',
      '3: tracked-flow icmp  29 192.0.2.10 198.51.100.7 false',
      '4: tracked-flow unknown  599 192.0.2.10 198.51.100.8 false',
    ]);
  });

  const shared = readSharedFixture('linux-proc-net-nf_conntrack.txt');
  it.skipIf(!shared.found)(`reads the shared recording${shared.found ? '' : ` (${shared.why})`}`, () => {
    const reading = read(parseConntrack, shared.found ? new TextDecoder().decode(shared.bytes) : '');
    expect(reading.problemCount).toBe(0);
    expect(reading.facts.map(factText)).toEqual([
      '1: tracked-flow tcp ESTABLISHED 88 10.0.12.12:48318 10.0.12.14:27017 false',
      '2: tracked-flow tcp ESTABLISHED 299 192.168.1.138:33290 192.168.1.139:22 true',
    ]);
  });

  it('S8: what may not be read is absent, and a refusal of the tool is counted as a message', () => {
    expect(read(parseConntrack, readFixtureText('linux/proc-nf-conntrack/refused/stdout')).facts).toEqual([
      { kind: 'absent', line: 1, name: '/proc/net/nf_conntrack', why: 'reading it is not permitted' },
    ]);
    expect(read(parseConntrack, readFixtureText('linux/conntrack-list/refused/stdout'))).toMatchObject({
      facts: [],
      problemCount: 0,
      skipped: [{ what: 'message', count: 1 }],
    });
  });

  it('C5: names lines it does not understand and drops a cut one', () => {
    const good =
      'tcp      6 10 CLOSE src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 use=1';
    const reading = read(parseConntrack, `hello\ntcp 6 10 CLOSE src=10.0.0.999 dst=1\n${good}\n${good}`);
    expect(reading.problems.map(({ line, why }) => [line, why])).toEqual([
      [1, 'no protocol at its start'],
      [2, 'its addresses are not understood'],
    ]);
    expect(reading.facts).toHaveLength(1);
    expect(reading.truncated).toBe(true);
  });

  it('is recognised by its lines', () => {
    for (const path of ['linux/proc-nf-conntrack/6.18/stdout', 'linux/conntrack-list/1.4.7/stdout']) {
      expect(conntrackFormat.recognises(readFixtureText(path))).toBe(1);
    }
    expect(conntrackFormat.recognises('tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n')).toBe(0);
  });

  it('never throws', () => {
    const line = fc.constantFrom(
      'tcp 6 1 ',
      'ipv4 2 tcp 6 ',
      'src=',
      'dst=::1 ',
      'sport=99999 ',
      '[ASSURED] ',
      '\n',
      '=',
    );
    fc.assert(fc.property(fc.array(line), (parts) => void read(parseConntrack, parts.join(''))));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void read(parseConntrack, text)));
  });
});

describe('parseConntrackCount', () => {
  it('reads the one number', () => {
    expect(
      valuesOf(read(parseConntrackCount, readFixtureText('linux/conntrack-count/1.4.7/stdout'))),
    ).toEqual({
      'nf_conntrack entries': 10,
    });
    expect(read(parseConntrackCount, 'ten\n').problemCount).toBe(1);
  });
});

describe('parseConntrackStatistics', () => {
  it('reads hexadecimal columns and never adds up the number of entries', () => {
    const reading = read(
      parseConntrackStatistics,
      readFixtureText('linux/proc-stat-nf-conntrack/four-cpus/stdout'),
    );
    expect(reading.problemCount).toBe(0);
    expect(valuesOf(reading)).toMatchObject({
      'nf_conntrack entries': 42,
      'nf_conntrack invalid': 5 + 17 + 255,
      'nf_conntrack insert_failed': 12,
      'nf_conntrack drop': 2,
      'nf_conntrack early_drop': 3,
      'nf_conntrack search_restart': 8,
      'nf_conntrack cpu 1 early_drop': 3,
      'nf_conntrack cpu 3 insert_failed': 10,
    });
    expect(reading.facts).toHaveLength(5 * 17);
  });

  it('reads conntrack -S, old and new', () => {
    expect(
      valuesOf(read(parseConntrackStatistics, readFixtureText('linux/conntrack-statistics/losses/stdout'))),
    ).toMatchObject({
      'nf_conntrack insert_failed': 3,
      'nf_conntrack drop': 5,
      'nf_conntrack early_drop': 4,
      'nf_conntrack cpu 0 found': 11,
      'nf_conntrack cpu 1 drop': 2,
    });
    const now = read(parseConntrackStatistics, readFixtureText('linux/conntrack-statistics/1.4.7/stdout'));
    expect(now.problemCount).toBe(0);
    expect(valuesOf(now)).toMatchObject({ 'nf_conntrack drop': 0, 'nf_conntrack cpu 1 chaintoolong': 0 });
  });

  const hex = readSharedFixture('linux-proc-net-stat-nf_conntrack.txt');
  it.skipIf(!hex.found)(`reads the shared file of the kernel${hex.found ? '' : ` (${hex.why})`}`, () => {
    const reading = read(parseConntrackStatistics, hex.found ? new TextDecoder().decode(hex.bytes) : '');
    expect(reading.problemCount).toBe(0);
    expect(valuesOf(reading)).toMatchObject({
      'nf_conntrack entries': 33,
      'nf_conntrack invalid': 53,
      'nf_conntrack insert_failed': 0,
      'nf_conntrack drop': 0,
      'nf_conntrack early_drop': 0,
      'nf_conntrack cpu 3 invalid': 47,
    });
  });

  const decimal = readSharedFixture('linux-conntrack-S.txt');
  it.skipIf(!decimal.found)(
    `reads the shared conntrack -S${decimal.found ? '' : ` (${decimal.why})`}`,
    () => {
      const reading = read(
        parseConntrackStatistics,
        decimal.found ? new TextDecoder().decode(decimal.bytes) : '',
      );
      expect(reading.problemCount).toBe(0);
      expect(valuesOf(reading)).toMatchObject({
        'nf_conntrack found': 52848,
        'nf_conntrack insert_failed': 0,
        'nf_conntrack drop': 0,
        'nf_conntrack early_drop': 0,
        'nf_conntrack cpu 3 error': 18,
      });
    },
  );

  it('names a row that does not match its names', () => {
    const reading = read(
      parseConntrackStatistics,
      'entries  found\n00000021  00000000\n00000021\ncpu=0 found=x\n',
    );
    expect(reading.problems.map(({ line }) => line)).toEqual([3, 4]);
    expect(valuesOf(reading)).toMatchObject({ 'nf_conntrack entries': 33 });
  });

  it('is recognised in both forms', () => {
    for (const path of [
      'linux/conntrack-statistics/losses/stdout',
      'linux/conntrack-statistics/1.4.7/stdout',
      'linux/proc-stat-nf-conntrack/6.18/stdout',
      'linux/proc-stat-nf-conntrack/four-cpus/stdout',
    ]) {
      expect(conntrackStatisticsFormat.recognises(readFixtureText(path))).toBe(1);
    }
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void read(parseConntrackStatistics, text)),
    );
  });
});
