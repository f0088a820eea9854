import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../../main/core/readings.ts';
import { systemOfProfile } from '../../../../main/core/profiles.ts';
import { RANGE_ASSUMED, settingsFrom } from '../../../../main/sampling/readings/settings.ts';

const setting = (name: string, value: string): Fact => ({ kind: 'setting', line: 1, name, value });
const codes = (result: { degradations: { code: string }[] }) => result.degradations.map(({ code }) => code);

const LINUX_FACTS = [
  setting('net.ipv4.ip_local_port_range', '1024 65535'),
  setting('net.ipv4.ip_local_reserved_ports', '8080,40000-40002'),
  setting('net.ipv4.tcp_tw_reuse', '1'),
  setting('net.ipv4.tcp_tw_reuse_delay', '500'),
  setting('net.ipv4.tcp_timestamps', '0'),
  setting('net.ipv4.tcp_max_tw_buckets', '8192'),
  setting('kernel.osrelease', '5.15.0-91-generic'),
];

describe('settings from facts', () => {
  it('are those of a Linux sysctl listing', () => {
    expect(settingsFrom('linux', LINUX_FACTS, null)).toEqual({
      basis: 'detected',
      degradations: [],
      settings: {
        profileId: 'linux',
        profileName: 'Linux 5.15',
        range: { first: 1024, last: 65535 },
        reserved: [
          { first: 8080, last: 8080 },
          { first: 40000, last: 40002 },
        ],
        timeWaitSeconds: 60,
        timeWaitBasis: 'kernel constant',
        reuse: { mode: 'all', delayMs: 500, timestamps: false },
        scope: 'destination',
        slowFromShare: 0.5,
        maxTimeWaitSockets: 8192,
      },
    });
  });

  it('are named as assumed where nothing tells them', () => {
    const result = settingsFrom('linux', [], null);
    expect(codes(result)).toEqual([RANGE_ASSUMED, 'setting-assumed:1']);
    expect(result.settings).toMatchObject({ range: { first: 32768, last: 60999 }, maxTimeWaitSockets: null });
    expect(settingsFrom(null, [], null)).toMatchObject({
      basis: 'assumed',
      settings: { profileId: 'linux' },
    });
  });

  it('do not believe a range or list that is none', () => {
    for (const value of ['60999 32768', '1 99999', 'auto', '']) {
      const result = settingsFrom('linux', [setting('net.ipv4.ip_local_port_range', value)], null);
      expect(codes(result)).toContain(RANGE_ASSUMED);
    }
    const broken = settingsFrom(
      'linux',
      [...LINUX_FACTS.slice(0, 1), setting('net.ipv4.ip_local_reserved_ports', 'x')],
      null,
    );
    expect(broken.settings.reserved).toEqual([]);
    expect(codes(broken)).toEqual(['setting-assumed:1']);
  });

  it('are those of netsh and of the excluded ranges', () => {
    const facts: Fact[] = [
      { kind: 'dynamic-ports', line: 1, protocol: 'tcp', family: 4, first: 10_000, count: 5000 },
      {
        kind: 'excluded-ports',
        line: 2,
        family: null,
        range: { first: 12_000, last: 12_099 },
        administered: false,
        run: 1,
      },
    ];
    const { settings, basis } = settingsFrom('windows', facts, null);
    expect([basis, settings.range, settings.reserved]).toEqual([
      'detected',
      { first: 10_000, last: 14_999 },
      [{ first: 12_000, last: 12_099 }],
    ]);
    expect(settings).toMatchObject({
      scope: 'host',
      timeWaitSeconds: 120,
      timeWaitBasis: 'documented',
      slowFromShare: null,
    });
    expect(codes(settingsFrom('windows', [], null))).toContain(RANGE_ASSUMED);
  });

  it('are those of the sysctls of macOS and FreeBSD', () => {
    const facts = [
      setting('net.inet.ip.portrange.first', '49152'),
      setting('net.inet.ip.portrange.last', '65535'),
      setting('net.inet.tcp.msl', '7500'),
    ];
    expect(settingsFrom('macos', facts, null)).toMatchObject({
      degradations: [],
      settings: { profileId: 'macos', timeWaitSeconds: 15, timeWaitBasis: 'setting', scope: 'host' },
    });
    expect(settingsFrom('freebsd', [], null).settings).toMatchObject({
      profileId: 'freebsd',
      scope: 'destination',
    });
  });

  it('take what was told over what a chosen profile says, and the profile for the rest', () => {
    const { settings, basis } = settingsFrom('linux', LINUX_FACTS, 'linux-tuned');
    expect([basis, settings.profileId, settings.range]).toEqual([
      'chosen',
      'linux-tuned',
      { first: 1024, last: 65535 },
    ]);
    const documented = settingsFrom('windows', [], 'windows-240').settings;
    expect(documented).toMatchObject({ profileId: 'windows-240', timeWaitSeconds: 240, scope: 'host' });
    const rounded = settingsFrom(null, [], 'linux-rhel').settings;
    expect(rounded.range).toEqual({ first: 32768, last: 32768 + 28_000 - 1 });
    const legacy = settingsFrom(
      'windows',
      [{ kind: 'registry', line: 1, name: 'MaxUserPort', value: 60_000 }],
      'windows-legacy',
    );
    expect(legacy.settings).toMatchObject({
      profileId: 'windows-legacy',
      range: { first: 1025, last: 60_000 },
    });
  });

  it('know the system of a profile', () => {
    expect(['linux-rhel', 'windows-240', 'macos', 'azure-lb'].map(systemOfProfile)).toEqual([
      'linux',
      'windows',
      'macos',
      null,
    ]);
  });
});
