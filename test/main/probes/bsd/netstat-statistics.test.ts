import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BSD_TCP_COUNTERS,
  bsdNetstatStatisticsFormat,
  parseBsdNetstatStatistics,
} from '../../../../main/probes/bsd/netstat-statistics.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

function counters(text: string): Record<string, number> {
  const { reading } = listSockets(parseBsdNetstatStatistics, text);
  return Object.fromEntries(
    reading.facts.flatMap((fact) => (fact.kind === 'counter' ? [[fact.name, fact.value]] : [])),
  );
}

describe('netstat -s of macOS and the BSDs', () => {
  const text = readFixtureText('macos/netstat/s-tcp/stdout');

  it('names the counters that matter, one or many', () => {
    expect(counters(text)).toMatchObject({
      [BSD_TCP_COUNTERS.activeOpens]: 32_114,
      [BSD_TCP_COUNTERS.passiveOpens]: 1,
      [BSD_TCP_COUNTERS.established]: 31_203,
      [BSD_TCP_COUNTERS.closed]: 33_077,
      'connections closed: including drop': 701,
      [BSD_TCP_COUNTERS.failedOpens]: 912,
      [BSD_TCP_COUNTERS.listenOverflows]: 0,
      [BSD_TCP_COUNTERS.retransmitTimeouts]: 1902,
      [BSD_TCP_COUNTERS.retransmittedPackets]: 1894,
      'data packets retransmitted: byte': 1_503_219,
      'data packet': 407_251,
    });
  });

  it('calls a counter the same whether it counted one or many', () => {
    const names = (value: number, s: string) =>
      Object.keys(
        counters(
          `tcp:\n\t${value} connection request${s}\n\t${value} SYN entr${value === 1 ? 'y' : 'ies'} added\n\t${value} cookie${s} received\n`,
        ),
      );
    expect(names(1, '')).toEqual(names(2, 's'));
  });

  it('keeps sections apart and reports lines without a number', () => {
    const { reading } = listSockets(
      parseBsdNetstatStatistics,
      'tcp:\n\t3 connection requests\n\tTCP connection count by state:\n\t\t14 LISTEN\nwhat is this\nudp:\n\t5 datagrams received\n',
    );
    expect(
      reading.facts.map((fact) => (fact.kind === 'counter' ? [fact.group, fact.name, fact.value] : [])),
    ).toEqual([
      ['tcp', 'connection requests', 3],
      ['tcp TCP connection count by state', 'LISTEN', 14],
      ['udp', 'datagram received', 5],
    ]);
    expect(reading.problems).toEqual([{ line: 5, text: 'what is this', why: 'no number at its beginning' }]);
  });

  it('C5: drops a last line that is cut, because its number or words may be', () => {
    const { reading } = listSockets(
      parseBsdNetstatStatistics,
      'tcp:\n\t3 connection requests\n\t32 connection acc',
    );
    expect([reading.facts.length, reading.truncated]).toEqual([1, true]);
  });

  it('is recognised, and only it', () => {
    expect(bsdNetstatStatisticsFormat.recognises(text)).toBeGreaterThan(0.5);
    expect(bsdNetstatStatisticsFormat.recognises('Tcp:\n    3 active connection openings\n')).toBe(0);
  });

  it('never throws, whatever the text', () => {
    const line = fc
      .tuple(fc.bigInt({ min: 0n }), fc.string({ unit: 'binary' }))
      .map(([n, words]) => `\t${n} ${words}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string({ unit: 'binary' }))), (lines) => {
        expect(listSockets(parseBsdNetstatStatistics, `tcp:\n${lines.join('\n')}\n`).sockets).toEqual([]);
      }),
    );
  });

  it('bears 200,000 lines and a line of 10 MB', () => {
    expect(
      listSockets(parseBsdNetstatStatistics, `tcp:\n${'\t3 packets sent\n'.repeat(200_000)}`).reading.skipped,
    ).toEqual([{ what: 'facts', count: 100_000 }]);
    expect(
      listSockets(parseBsdNetstatStatistics, `\t1 ${'(1 '.repeat(3_000_000)}\n`).reading.problemCount,
    ).toBe(1);
  });
});
