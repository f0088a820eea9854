import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../../main/core/readings.ts';
import { parseSysctl } from '../../../../main/probes/sysctl.ts';
import { parseEvents } from '../../../../main/probes/windows/events.ts';
import { parseRegistry } from '../../../../main/probes/windows/registry.ts';
import { extrasFrom, surroundingsFrom } from '../../../../main/sampling/readings/extras.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

const NOWHERE = { addresses: [], container: null, cloud: null };
const CONTEXT = { atMs: null, timeWaitEnds: null, surroundings: NOWHERE };
const event = (id: number, at: string | null): Fact => ({ line: 1, kind: 'event', id, at, text: 'x' });
const windows = (facts: readonly Fact[], isLegacy = false) =>
  extrasFrom('windows', facts, { ...CONTEXT, isLegacy }).windows;

describe('what rules want to know, from the outputs of tools', () => {
  it('is null where no fact tells it, and for systems that do not have it', () => {
    expect(extrasFrom('windows', [], CONTEXT)).toEqual({
      linux: null,
      windows: { maxUserPort: null, timedWaitDelaySeconds: null, isLegacy: false, events: [] },
      macos: null,
      surroundings: NOWHERE,
    });
    expect(extrasFrom('macos', [], CONTEXT).macos).toEqual({ uptimeSeconds: null, timeWaitEnds: null });
    expect(extrasFrom('freebsd', [], CONTEXT)).toEqual({
      linux: null,
      windows: null,
      macos: null,
      surroundings: NOWHERE,
    });
    expect(Object.values(extrasFrom('linux', [], CONTEXT).linux ?? { none: 0 })).toEqual(Array(7).fill(null));
  });

  it('takes the registry of Windows, values that are not set as null', () => {
    const { facts } = listSockets(parseRegistry, readFixtureText('windows/reg-query/key/stdout')).reading;
    expect(windows(facts)).toMatchObject({ maxUserPort: null, timedWaitDelaySeconds: 30 });
  });

  it('knows Windows before Vista by its version or by choice', () => {
    const version = (value: string): Fact => ({ line: 1, kind: 'note', name: 'windows-version', value });
    expect(windows([version('5.2.3790')])?.isLegacy).toBe(true);
    expect(windows([version('10.0.22631')])?.isLegacy).toBe(false);
    expect(windows([], true)?.isLegacy).toBe(true);
  });

  it('counts events by their id, with the time of the last', () => {
    const { facts } = listSockets(parseEvents, readFixtureText('windows/wevtutil/text/stdout')).reading;
    expect(windows(facts)?.events).toEqual(
      expect.arrayContaining([{ id: 4231, count: 1, lastAt: '2025-11-22 21:04' }]),
    );
    const times = ['2025-11-22T21:03:10.001Z', '2025-11-23T01:00:00Z', '2025-11-20T09:00:00Z'];
    expect(windows(times.map((at) => event(4227, at)))?.events).toEqual([
      { id: 4227, count: 3, lastAt: '2025-11-23 01:00 UTC' },
    ]);
  });

  it('takes the first told of times that cannot be compared, and none where none is told', () => {
    const german = [
      event(4231, '22.11.2025 21:04:11'),
      event(4231, '23.11.2025 01:00:00'),
      event(4227, null),
    ];
    expect(windows(german)?.events).toEqual([
      { id: 4227, count: 1, lastAt: null },
      { id: 4231, count: 2, lastAt: '22.11.2025 21:04:11' },
    ]);
  });

  it('counts the uptime of a Mac to the time that the facts speak of, and not to a time that nobody told', () => {
    const { facts } = listSockets(parseSysctl, readFixtureText('macos/sysctl/ports/stdout')).reading;
    const atMs = (1_763_000_000 + 60 * 86_400) * 1000;
    expect(extrasFrom('macos', facts, { ...CONTEXT, atMs, timeWaitEnds: false }).macos).toEqual({
      uptimeSeconds: 60 * 86_400,
      timeWaitEnds: false,
    });
    expect(extrasFrom('macos', facts, CONTEXT).macos?.uptimeSeconds).toBeNull();
  });

  it('takes the sysctls of Linux that people change', () => {
    const text =
      'net.ipv4.tcp_fin_timeout = 15\nnet.ipv4.tcp_tw_recycle = 1\nnet.ipv4.tcp_max_orphans = 65536\nnet.core.somaxconn = 128\n' +
      'net.netfilter.nf_conntrack_tcp_timeout_time_wait = 120\nnet.ipv4.tcp_syn_retries = six\n';
    expect(extrasFrom('linux', listSockets(parseSysctl, text).reading.facts, CONTEXT).linux).toEqual({
      finTimeoutSeconds: 15,
      twRecycle: 1,
      synRetries: null,
      unprivilegedPortStart: null,
      maxOrphans: 65_536,
      conntrackTimeWaitSeconds: 120,
      somaxconn: 128,
    });
  });

  it('takes addresses other than the loopback and the container from what was read with them', () => {
    const address = (name: string, text: string): Fact => ({
      line: 1,
      kind: 'address',
      interface: name,
      address: text,
      prefixLength: 24,
    });
    const container: Fact = { line: 2, kind: 'note', name: 'container', value: 'docker 3f2a9c' };
    expect(
      surroundingsFrom([
        address('lo', '127.0.0.1'),
        address('eth0', '10.0.2.7'),
        address('eth0', '10.0.2.7'),
        container,
      ]),
    ).toEqual({ addresses: ['10.0.2.7'], container: 'docker 3f2a9c', cloud: null });
  });
});
