import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  parseInteger,
  parsePortRange,
  parseReservedPorts,
  parseReuseMode,
  profileName,
  readSettings,
} from '../../../../main/sampling/linux/settings.ts';

const COMPLETE = {
  ip_local_port_range: '40000\t40999\n',
  ip_local_reserved_ports: '40100-40109,40500\n',
  tcp_max_tw_buckets: '131072\n',
  tcp_tw_reuse: '1\n',
  tcp_tw_reuse_delay: '250\n',
  tcp_timestamps: '0\n',
};

describe('readSettings', () => {
  let root = '';
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'fourtuple-settings-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  function write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      const path = join(root, 'sys/net/ipv4', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }

  it('reads what the kernel has', () => {
    write(COMPLETE);
    const { settings, degradations } = readSettings(root);
    expect(degradations).toEqual([]);
    expect(settings).toMatchObject({
      profileId: 'linux',
      range: { first: 40000, last: 40999 },
      reserved: [
        { first: 40100, last: 40109 },
        { first: 40500, last: 40500 },
      ],
      timeWaitSeconds: 60,
      timeWaitBasis: 'kernel constant',
      reuse: { mode: 'all', delayMs: 250, timestamps: false },
      scope: 'destination',
      slowFromShare: 0.5,
      maxTimeWaitSockets: 131072,
    });
  });

  it('waits for the next second where tcp_tw_reuse_delay does not exist, without a degradation', () => {
    const { tcp_tw_reuse_delay: _left, ...older } = COMPLETE;
    write(older);
    const { settings, degradations } = readSettings(root);
    expect([settings.reuse.delayMs, degradations]).toEqual([1000, []]);
  });

  it('takes the hold from tcp_tw_timeout where the kernel has it', () => {
    write({ ...COMPLETE, tcp_tw_timeout: '20\n' });
    expect(readSettings(root).settings).toMatchObject({ timeWaitSeconds: 20, timeWaitBasis: 'setting' });
  });

  it('S8: assumes the defaults and says so when /proc cannot be read', () => {
    const { settings, degradations } = readSettings(join(root, 'nowhere'));
    expect(settings.range).toEqual({ first: 32768, last: 60999 });
    expect(settings.maxTimeWaitSockets).toBeNull();
    expect(degradations.map(({ code }) => code)).toEqual([
      'setting-unreadable:ip_local_port_range',
      'setting-unreadable:ip_local_reserved_ports',
      'setting-unreadable:tcp_max_tw_buckets',
      'setting-unreadable:tcp_tw_reuse',
      'setting-unreadable:tcp_timestamps',
    ]);
    expect(degradations[0]?.sentence).toBe(
      'net.ipv4.ip_local_port_range could not be read (it does not exist): 32768–60999 is assumed.',
    );
  });

  it('S8: a value that is not understood is assumed, not taken for zero', () => {
    write({ ...COMPLETE, ip_local_port_range: 'many\n', tcp_tw_reuse: '7\n' });
    const { settings, degradations } = readSettings(root);
    expect([settings.range.first, settings.reuse.mode]).toEqual([32768, 'loopback']);
    expect(degradations.map(({ code }) => code)).toEqual([
      'setting-unreadable:ip_local_port_range',
      'setting-unreadable:tcp_tw_reuse',
    ]);
  });
});

describe('parsers of settings', () => {
  it.each([
    ['32768\t60999\n', { first: 32768, last: 60999 }],
    ['40000 40000', { first: 40000, last: 40000 }],
    ['60999 32768', null],
    ['1024 70000', null],
    ['1024', null],
    ['', null],
  ])('reads the port range %j', (text, range) => {
    const parsed = parsePortRange(text);
    expect(parsed.ok ? parsed.value : null).toEqual(range);
  });

  it.each([
    ['\n', []],
    ['8080,9148,40000-40002\n', [8080, 8080, 9148, 9148, 40000, 40002]],
    ['1-65535', [1, 65535]],
    ['8080,', null],
    ['9-8', null],
    ['70000', null],
    ['a', null],
  ])('reads the reserved ports %j', (text, ports) => {
    const parsed = parseReservedPorts(text);
    expect(parsed.ok ? parsed.value.flatMap(({ first, last }) => [first, last]) : null).toEqual(ports);
  });

  it('reads back what it prints', () => {
    const port = fc.integer({ min: 0, max: 65535 });
    const range = fc.tuple(port, port).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
    fc.assert(
      fc.property(fc.array(range), (ranges) => {
        const text = ranges
          .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
          .join(',');
        expect(parseReservedPorts(text)).toEqual({ ok: true, value: ranges });
      }),
    );
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const parse of [parsePortRange, parseReservedPorts, parseReuseMode, parseInteger]) parse(text);
      }),
    );
  });

  it('names the profile by the version alone', () => {
    expect([profileName('6.18.44-fc-v669'), profileName('5.4.0'), profileName('custom')]).toEqual([
      'Linux 6.18',
      'Linux 5.4',
      'Linux',
    ]);
  });
});
