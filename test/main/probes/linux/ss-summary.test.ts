import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputReading } from '../../../../main/core/readings.ts';
import { parseSsSummary, ssSummaryFormat } from '../../../../main/probes/linux/ss-summary.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { hostileText } from '../../../support/mutations.ts';
import { growsLinearly, itReadsShared } from '../../../support/probes.ts';

const RECORDED = readFixtureText('linux/ss-summary/6.1/stdout');

function read(text: string): OutputReading {
  return parseSsSummary(text, () => expect.fail('a summary lists no sockets'));
}

/** "ss TCP timewait" to its value. */
function counters(text: string): Map<string, number> {
  return new Map(
    read(text).facts.flatMap((fact): [string, number][] =>
      fact.kind === 'counter' ? [[`${fact.group} ${fact.name}`, fact.value]] : [],
    ),
  );
}

describe('ss -s', () => {
  it('reads the totals, the parts of TCP and the table', () => {
    const found = counters(RECORDED);
    const tcp = ['sockets', 'estab', 'closed', 'orphaned', 'timewait'].map((name) =>
      found.get(`ss TCP ${name}`),
    );
    expect(tcp).toEqual([32, 8, 15, 0, 3]);
    expect(found.get('ss Total sockets')).toBe(24);
    expect(['Total', 'IP', 'IPv6'].map((name) => found.get(`ss table TCP ${name}`))).toEqual([17, 11, 6]);
    expect(read(RECORDED)).toMatchObject({ rows: 0, problems: [], truncated: false });
    expect(read(RECORDED).facts[0]?.line).toBe(1);
  });

  it('understands every line of our own recording', () => {
    expect(read(readFixtureText('linux/ss-summary/own/stdout')).problems).toEqual([]);
  });

  itReadsShared(
    'linux-ss-s-old-kernel-leak.txt',
    'reads kernel totals, ports and the second TIME_WAIT',
    (text) => {
      const found = counters(text);
      expect(read(text).problems).toEqual([]);
      expect(found).toEqual(
        new Map([
          ...found,
          ['ss Total sockets', 76052],
          ['ss Total kernel', 76254],
          ['ss TCP sockets', 75924],
          ['ss TCP estab', 123],
          ['ss TCP closed', 75524],
          ['ss TCP synrecv', 0],
          ['ss TCP timewait', 173],
          ['ss TCP ports', 104],
          ['ss table TCP Total', 116],
        ]),
      );
      expect(found.has('ss table * IP')).toBe(false);
    },
  );

  it('reports what it does not understand and drops a cut end', () => {
    const text = 'Total: 24\nTCP: what\nTCP:   32 (estab 8, closed 15';
    expect(read(text)).toMatchObject({ truncated: true, problems: [{ line: 2 }], facts: [{ value: 24 }] });
    expect(read('Total: 2')).toMatchObject({ facts: [], truncated: true });
  });

  it('never throws, and takes time in proportion to the text', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        expect(read(text).rows).toBe(0);
      }),
    );
    expect(growsLinearly(parseSsSummary, RECORDED.repeat(1000), RECORDED.repeat(10_000))).toBe(true);
  });

  it('recognises its own and nothing else', () => {
    expect(ssSummaryFormat.recognises(RECORDED)).toBe(1);
    expect(ssSummaryFormat.recognises('Total: 24 files\n')).toBe(0);
  });
});
