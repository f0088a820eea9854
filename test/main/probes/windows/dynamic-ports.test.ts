import { describe, expect, it } from 'vitest';
import {
  dynamicPorts4Probe,
  dynamicPorts6Probe,
  dynamicPortsFormat,
  parseDynamicPorts,
} from '../../../../main/probes/windows/dynamic-ports.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

function read(text: string, parser = parseDynamicPorts) {
  const { reading } = listSockets(parser, text);
  const ranges = reading.facts.map((fact) =>
    fact.kind === 'dynamic-ports' ? [fact.line, fact.protocol, fact.family, fact.first, fact.count] : fact,
  );
  return {
    ranges,
    problems: reading.problems.map(({ line, why }) => [line, why]),
    truncated: reading.truncated,
  };
}

const own = (name: string) => readFixtureText(`windows/netsh-dynamicport/${name}/stdout`);

describe('netsh dynamicport', () => {
  it('reads start and number by their position, English and with full-width colons', () => {
    expect(read(own('en'))).toEqual({
      ranges: [[4, 'tcp', null, 49152, 16384]],
      problems: [],
      truncated: false,
    });
    expect(read(own('ja'))).toEqual({
      ranges: [[4, 'tcp', null, 1025, 64511]],
      problems: [],
      truncated: false,
    });
  });

  it('knows the family from the prompt of a paste, and from the probe that asked', () => {
    expect(read(own('de')).ranges).toEqual([
      [6, 'tcp', 4, 10000, 50000],
      [13, 'tcp', 6, 49152, 16384],
      [20, 'udp', 4, 49152, 16384],
    ]);
    expect(read(own('en'), dynamicPorts4Probe.parse).ranges).toEqual([[4, 'tcp', 4, 49152, 16384]]);
    expect(read(own('en'), dynamicPorts6Probe.parse).ranges).toEqual([[4, 'tcp', 6, 49152, 16384]]);
  });

  it('refuses ranges that end above 65535 or are empty, and says what is missing', () => {
    const table = (first: string, count: string) => `tcp\n-----------\nA : ${first}\nB : ${count}\n`;
    expect(read(table('1025', '64511')).ranges).toEqual([[3, 'tcp', null, 1025, 64511]]);
    expect(read(table('1025', '64512')).problems).toEqual([
      [4, '64512 ports from 1025 on are no range of ports'],
    ]);
    expect(read(table('49152', '0')).problems.length).toBe(1);
    expect(read('tcp\n-----------\nA : 49152\n').problems).toEqual([[3, 'the number of ports is missing']]);
    expect(read('stray\ntcp\n-----------\nA : 1025\nB : 255\nstray again\n').problems).toEqual([
      [1, 'no line of a dynamic port range'],
      [6, 'no line of a dynamic port range'],
    ]);
  });

  it('C5: tells no range of an output that was cut off', () => {
    const whole = own('en');
    for (let length = 0; length < whole.trimEnd().length; length++) {
      expect(read(whole.slice(0, length)).ranges).toEqual([]);
    }
    expect(read(whole.trimEnd())).toMatchObject({ ranges: [], truncated: true });
  });

  it('says of an empty output that it is empty, and of a message what it means', () => {
    expect(read('')).toEqual({ ranges: [], problems: [], truncated: false });
    expect(read('Acceso denegado.\n').problems[0]?.[1]).toContain('Windows refused access');
  });

  it('reads 100,000 tables, and T1 a hostile title', () => {
    const text = own('en').repeat(100_000);
    expect(read(text).ranges.length).toBe(100_000);
    const hostile = `\u001b]0;x\u0007\u202e${'-'.repeat(100_000)}\n`;
    expect(read(hostile + own('en')).problems[0]).toEqual([1, 'no line of a dynamic port range']);
  });

  for (const [name, family, first, count] of [
    ['win-netsh-dynamicport-en.txt', 4, 1024, 64511],
    ['win-netsh-dynamicport-fr.txt', null, 49152, 16384],
  ] as const) {
    const shared = readSharedFixture(name);
    it.skipIf(!shared.found)(`reads the public recording ${name} to the figures of its manifest`, () => {
      if (!shared.found) return;
      const text = new TextDecoder().decode(shared.bytes);
      const { ranges, problems } = read(text);
      expect([ranges.map((range) => (Array.isArray(range) ? range.slice(1) : range)), problems]).toEqual([
        [['tcp', family, first, count]],
        [],
      ]);
      expect(dynamicPortsFormat.recognises(text)).toBeGreaterThan(0.9);
    });
  }
});
