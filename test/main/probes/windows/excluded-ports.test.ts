import { describe, expect, it } from 'vitest';
import { countPorts } from '../../../../main/core/port-range.ts';
import {
  excludedPorts4Probe,
  excludedPortsFormat,
  parseExcludedPorts,
} from '../../../../main/probes/windows/excluded-ports.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

function read(text: string, parser = parseExcludedPorts) {
  const { reading } = listSockets(parser, text);
  const ranges = reading.facts.filter((fact) => fact.kind === 'excluded-ports');
  return { reading, ranges };
}

function short({ ranges }: ReturnType<typeof read>): string[] {
  return ranges.map(
    ({ run, family, range, administered }) =>
      `${run} ${family ?? '?'} ${range.first}-${range.last}${administered ? ' *' : ''}`,
  );
}

const own = (name: string) => readFixtureText(`windows/netsh-excludedportrange/${name}/stdout`);

describe('netsh excludedportrange', () => {
  it('reads ranges and stars', () => {
    const listed = read(own('en'));
    expect([listed.reading.problems, listed.reading.skipped]).toEqual([[], []]);
    expect(short(listed)).toEqual([
      '1 ? 5357-5357',
      '1 ? 9800-9800',
      '1 ? 9801-9801',
      '1 ? 49671-49770',
      '1 ? 49871-49970',
      '1 ? 50000-50059 *',
      '1 ? 61117-61216',
      '1 ? 61220-61319',
      '1 ? 61902-62001',
    ]);
    expect(read(own('en'), excludedPorts4Probe.parse).ranges[0]?.family).toBe(4);
  });

  it('tells several runs apart, knows their families, leaves UDP out, and says when nothing is excluded', () => {
    const listed = read(own('runs'));
    expect([listed.reading.problems, listed.reading.skipped]).toEqual([[], [{ what: 'udp', count: 1 }]]);
    expect(short(listed)).toEqual(['1 4 50000-50059 *', '1 4 50000-50099']);
    expect(listed.reading.facts.filter(({ kind }) => kind === 'note')).toEqual([
      { line: 17, kind: 'note', name: 'excluded-ports', value: 'none, IPv6' },
    ]);
  });

  it('reports rows that are no range and text that is no row, and keeps the others', () => {
    const text = 'tcp\n\nA    B\n-----    -----\n  200    100\n  50    70000\n   7    8\nwhat\n';
    const { reading, ranges } = read(text);
    expect(ranges.map(({ range }) => range)).toEqual([{ first: 7, last: 8 }]);
    expect(reading.problems.map(({ line, why }) => [line, why])).toEqual([
      [5, '200 to 100 is no range of ports'],
      [6, '50 to 70000 is no range of ports'],
      [8, 'no range of excluded ports'],
    ]);
  });

  it('C5: drops a last row without a line end, says so, and invents none', () => {
    const whole = own('en');
    const all = short(read(whole));
    for (let length = 0; length < whole.length; length++) {
      const rows = short(read(whole.slice(0, length)));
      expect(rows).toEqual(all.slice(0, rows.length));
    }
    const headings = whole.slice(0, whole.indexOf('5357') - 6);
    expect(read(headings).reading.facts).toEqual([]);
    expect(read(whole.slice(0, whole.indexOf('49770') + 3)).reading.truncated).toBe(true);
  });

  it('reads 100,000 rows, an empty text, and T1 a hostile line', () => {
    expect(read(`tcp\n\na  b\n----  ----\n${'  100   200  *\r\n'.repeat(99_990)}`).ranges.length).toBe(
      99_990,
    );
    expect(read('').reading).toMatchObject({ facts: [], problemCount: 0, truncated: false });
    expect(read(`${own('en')}\u001b[2J\u202e1 2\n`).reading.problems[0]?.text).toBe('\\x1b[2J\\u202e1 2');
  });

  /** Figures of MANIFEST.md: ranges and administered ones a run, ports in all of the last, and rows. */
  const SHARED: Readonly<Record<string, { runs: [number, number][]; ports?: number; rows: string[] }>> = {
    'win-netsh-excluded-en.txt': {
      runs: [
        [5, 0],
        [4, 1],
      ],
      rows: ['1 ? 56638-56737', '2 ? 55679-55679 *'],
    },
    'win-netsh-excluded-de.txt': { runs: [[8, 0]], ports: 602, rows: ['1 ? 49711-49810', '1 ? 28380-28380'] },
    'win-netsh-excluded-es.txt': { runs: [[4, 1]], ports: 360, rows: ['1 4 1898-1997', '1 4 50000-50059 *'] },
    'win-netsh-excluded-zh-CN.txt': {
      runs: [[14, 3]],
      ports: 767,
      rows: ['1 ? 1203-1302', '1 ? 10362-10363 *', '1 ? 1433-1433 *', '1 ? 50000-50059 *'],
    },
  };
  for (const [name, expected] of Object.entries(SHARED)) {
    const shared = readSharedFixture(name);
    it.skipIf(!shared.found)(`reads the public recording ${name} to the figures of its manifest`, () => {
      if (!shared.found) return;
      const text = new TextDecoder().decode(shared.bytes);
      const listed = read(text);
      expect(listed.reading.problems).toEqual([]);
      const runs = expected.runs.map((_, index) => listed.ranges.filter(({ run }) => run === index + 1));
      expect(
        runs.map((rows) => [rows.length, rows.filter(({ administered }) => administered).length]),
      ).toEqual(expected.runs);
      const ports = listed.ranges.reduce((sum, { range }) => sum + countPorts(range), 0);
      if (expected.ports !== undefined) expect(ports).toBe(expected.ports);
      for (const row of expected.rows) expect(short(listed)).toContain(row);
      expect(excludedPortsFormat.recognises(text)).toBeGreaterThan(0.9);
    });
  }
});
