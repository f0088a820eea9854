import { describe, expect, it } from 'vitest';
import { countInside, countPorts } from '../../../../main/core/port-range.ts';
import type { Fact, OutputParser } from '../../../../main/core/readings.ts';
import { parseDynamicPorts } from '../../../../main/probes/windows/dynamic-ports.ts';
import { parseExcludedPorts } from '../../../../main/probes/windows/excluded-ports.ts';
import { parseWindowsNetstat } from '../../../../main/probes/windows/netstat.ts';
import { parseRegistry } from '../../../../main/probes/windows/registry.ts';
import { deriveWindowsStack } from '../../../../main/probes/windows/stack.ts';
import { parseTcpSetting } from '../../../../main/probes/windows/tcp-setting.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

function facts(parser: OutputParser, sample: string): Fact[] {
  return listSockets(parser, readFixtureText(`windows/${sample}/stdout`)).reading.facts;
}

const registry = (name: string, value: number | null): Fact => ({ line: 1, kind: 'registry', name, value });
const dynamic = (family: 4 | 6 | null, first: number, count: number): Fact => ({
  line: 1,
  kind: 'dynamic-ports',
  protocol: 'tcp',
  family,
  first,
  count,
});
const version = (value: string): Fact => ({ line: 1, kind: 'note', name: 'windows-version', value });

describe('deriveWindowsStack', () => {
  it('assumes what Windows since Vista does, and says so, where nothing tells', () => {
    expect(deriveWindowsStack([])).toEqual({
      profileId: 'windows',
      profileName: 'Windows',
      range: { first: 49152, last: 65535 },
      isRangeKnown: false,
      reserved: [],
      isExclusionKnown: false,
      families: {
        ipv4: {
          range: { first: 49152, last: 65535 },
          isRangeKnown: false,
          reserved: [],
          isExclusionKnown: false,
        },
        ipv6: {
          range: { first: 49152, last: 65535 },
          isRangeKnown: false,
          reserved: [],
          isExclusionKnown: false,
        },
      },
      timeWaitSeconds: 120,
      timeWaitBasis: 'documented',
      autoReuse: undefined,
      scope: 'host',
      notes: ['TIME_WAIT is taken as 120 s, as measured; Microsoft documents 240 s in places.'],
      holdNotes: ['TIME_WAIT is taken as 120 s, as measured; Microsoft documents 240 s in places.'],
    });
  });

  it('keeps the ranges of IPv4 and IPv6 apart, and leaves those of UDP out', () => {
    const stack = deriveWindowsStack(facts(parseDynamicPorts, 'netsh-dynamicport/de'));
    expect([stack.range, stack.families.ipv6.range, stack.isRangeKnown]).toEqual([
      { first: 10000, last: 59999 },
      { first: 49152, last: 65535 },
      true,
    ]);
    expect(stack.notes[0]).toContain('IPv4 and IPv6 have ranges of their own');
    expect(countPorts(stack.range) / stack.timeWaitSeconds).toBeCloseTo(416.6667, 4);
  });

  it('takes a range without a family for both, the smallest where several disagree', () => {
    const one = deriveWindowsStack([dynamic(null, 1025, 64511)]);
    expect([one.range.last, one.families.ipv6.range.last, one.families.ipv6.isRangeKnown]).toEqual([
      65535,
      65535,
      true,
    ]);
    const two = deriveWindowsStack([dynamic(null, 1025, 64511), dynamic(null, 49152, 16384)]);
    expect(two.range).toEqual({ first: 49152, last: 65535 });
    expect(two.notes.filter((note) => note.includes('the smallest counts')).length).toBe(1);
    expect(deriveWindowsStack([dynamic(6, 1025, 64511)])).toMatchObject({
      range: { first: 49152 },
      isRangeKnown: false,
      families: { ipv6: { isRangeKnown: true } },
    });
  });

  it('subtracts excluded ports as their union: acceptance figures 21 and 22', () => {
    const stack = deriveWindowsStack(facts(parseExcludedPorts, 'netsh-excludedportrange/en'));
    const usable = countPorts(stack.range) - countInside(stack.range, stack.reserved);
    expect([usable, stack.isExclusionKnown]).toEqual([15824, true]);
    expect(usable / 120).toBeCloseTo(131.8667, 4);
    const runs = deriveWindowsStack(facts(parseExcludedPorts, 'netsh-excludedportrange/runs'));
    expect([runs.reserved, runs.families.ipv6]).toMatchObject([
      [{ first: 50000, last: 50099 }],
      { reserved: [], isExclusionKnown: true },
    ]);
  });

  it('reads MaxUserPort only before Vista', () => {
    const maxUserPort = registry('MaxUserPort', 65534);
    const vista = deriveWindowsStack([maxUserPort, version('10.0.19044.1766')]);
    expect([vista.range.first, vista.profileName]).toEqual([49152, 'Windows 10.0.19044']);
    expect(vista.notes[0]).toContain('MaxUserPort is set to 65534');
    const xp = deriveWindowsStack([maxUserPort, version('5.1.2600'), registry('TcpTimedWaitDelay', 30)]);
    expect([xp.profileId, xp.range, xp.timeWaitSeconds]).toEqual([
      'windows-legacy',
      { first: 1025, last: 65534 },
      30,
    ]);
    expect(countPorts(xp.range) / xp.timeWaitSeconds).toBeCloseTo(2150.3333, 4);
    expect(deriveWindowsStack([registry('MaxUserPort', 80)], { isLegacy: true })).toMatchObject({
      range: { first: 1025, last: 5000 },
      timeWaitSeconds: 240,
    });
    expect(deriveWindowsStack([registry('MaxUserPort', null)], { isLegacy: true }).isRangeKnown).toBe(true);
  });

  it('knows Windows XP by its banner: 3,976 ports, 120 s for IPv4', () => {
    const stack = deriveWindowsStack(facts(parseWindowsNetstat, 'netstat/anb-xp'));
    expect([countPorts(stack.range), stack.timeWaitSeconds, stack.timeWaitBasis]).toEqual([
      3976,
      120,
      'documented',
    ]);
    expect(stack.notes.at(-1)).toContain('for IPv6 it is 240 s');
  });

  it('uses TcpTimedWaitDelay of 30 to 300 s, with the doubt said, and no other', () => {
    for (const [value, seconds, basis] of [
      [29, 120, 'documented'],
      [30, 30, 'setting'],
      [300, 300, 'setting'],
      [301, 120, 'documented'],
      [null, 120, 'documented'],
    ] as const) {
      const stack = deriveWindowsStack([registry('TcpTimedWaitDelay', value)]);
      expect([value, stack.timeWaitSeconds, stack.timeWaitBasis]).toEqual([value, seconds, basis]);
    }
    expect(deriveWindowsStack(facts(parseRegistry, 'reg-query/key')).notes[0]).toContain('is not certain');
    expect(deriveWindowsStack([registry('TcpTimedWaitDelay', 5)]).notes[0]).toContain('outside of 30–300 s');
  });

  it('takes the auto-reuse range where one is set: each destination has it for itself', () => {
    const on = deriveWindowsStack(facts(parseTcpSetting, 'get-nettcpsetting/list'));
    expect([on.autoReuse, on.range, on.scope]).toEqual([
      { first: 10000, last: 59999 },
      { first: 10000, last: 59999 },
      'destination',
    ]);
    expect(on.families.ipv4.range).toEqual({ first: 49152, last: 65535 });
    const off = deriveWindowsStack(facts(parseTcpSetting, 'get-nettcpsetting/json'));
    expect([off.autoReuse, off.scope, off.isRangeKnown]).toEqual([null, 'host', true]);
  });

  it('believes netsh before Get-NetTCPSetting', () => {
    const setting: Fact = { line: 1, kind: 'setting', name: 'DynamicPortRange', value: '49152-65535' };
    expect(deriveWindowsStack([setting, dynamic(4, 10000, 1000)]).range).toEqual({
      first: 10000,
      last: 10999,
    });
  });

  it('has notes that are sentences', () => {
    for (const list of [
      facts(parseDynamicPorts, 'netsh-dynamicport/de'),
      facts(parseTcpSetting, 'get-nettcpsetting/list'),
      facts(parseRegistry, 'reg-query/file'),
      [dynamic(6, 1025, 64511), registry('TcpTimedWaitDelay', 1), version('5.0.2195')],
    ]) {
      const { notes } = deriveWindowsStack(list);
      expect(notes.length).toBeGreaterThan(0);
      for (const note of notes) expect(note).toMatch(/\.$/);
    }
  });
});
