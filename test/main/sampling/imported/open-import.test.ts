import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFiles } from '../../../../main/sampling/imported/read-files.ts';
import { openImport } from '../../../../main/sampling/imported/open-import.ts';
import { summarySchema } from '../../../../preload/contract-summary.ts';
import { importReportSchema } from '../../../../preload/contract-import.ts';
import {
  DUMPED_AT_MS,
  LINUX_SYSCTL,
  MACOS_SYSCTL,
  NO_SLICES,
  WINDOWS_DYNAMIC_PORTS,
  WINDOWS_EXCLUDED_PORTS,
  fileOf,
  linuxSs,
  macosNetstat,
  openFiles,
  windowsNetstat,
} from '../../../support/dumps.ts';

async function summaryOf(...args: Parameters<typeof openFiles>) {
  const { sampler, report } = await openFiles(...args);
  const summary = sampler?.last?.summary;
  if (!summary) throw new Error(report.sentence);
  return summary;
}
const codes = (summary: { degradations: { code: string }[] }) => summary.degradations.map(({ code }) => code);

describe('a dump of another machine', () => {
  it('of Windows: counts the pool of the host from netstat, netsh and tasklist together', async () => {
    const summary = await summaryOf([
      fileOf('netstat.txt', windowsNetstat(14_000, 200)),
      fileOf('ports.txt', WINDOWS_DYNAMIC_PORTS + WINDOWS_EXCLUDED_PORTS),
      fileOf('tasklist.csv', '"client.exe","4312","Services","0","14,000 K"\r\n'),
    ]);
    // 16,384 dynamic ports, 60 excluded, 49664 taken by a listener; 14,000 closed and 200 open.
    expect(summary.pools).toHaveLength(1);
    expect(summary.pools[0]).toMatchObject({
      capacity: 16_384 - 60 - 1,
      used: 14_200,
      blocked: 1,
      byState: { TIME_WAIT: 14_000, ESTABLISHED: 200 },
      openRatePerSecond: null,
      exhaustion: { expected: false, inSeconds: null },
    });
    expect(summary).toMatchObject({
      takenAtMs: DUMPED_AT_MS,
      reservedCount: 60,
      settings: {
        profileId: 'windows',
        range: { first: 49152, last: 65535 },
        timeWaitSeconds: 120,
        scope: 'host',
      },
      origin: { kind: 'imported', profileBasis: 'detected' },
      target: { hostname: 'netstat.txt', platform: 'win32' },
      sampler: { source: 'imported' },
    });
    expect(summary.verdict.level).toBe('warning');
    expect(summary.verdict.sentence).toContain('At the time of the dump, ');
    expect(summary.verdict.sentence).toContain('87% used');
    expect(summary.verdict.sentence).not.toContain('runs out in');
    expect(summary.consumers.find(({ pid }) => pid === 4312)).toMatchObject({ process: 'client.exe' });
    expect(summarySchema.safeParse(summary).error).toBeUndefined();
  });

  it('of macOS: is full when every port of its range waits', async () => {
    const summary = await summaryOf([
      fileOf('netstat.txt', macosNetstat(60_000, 1000)),
      fileOf('sysctl.txt', MACOS_SYSCTL),
    ]);
    expect(summary.pools[0]).toMatchObject({ capacity: 1000, used: 1000, usedRatio: 1 });
    expect(summary.settings).toMatchObject({
      profileName: 'macOS 14.5',
      timeWaitSeconds: 30,
      timeWaitBasis: 'setting',
    });
    expect(summary.verdict.level).toBe('critical');
    expect(summary.verdict.sentence).toContain('full');
  });

  it('of Linux: knows rate and level from the timers of one dump', async () => {
    const summary = await summaryOf([fileOf('ss.txt', linuxSs(3000)), fileOf('sysctl.txt', LINUX_SYSCTL)]);
    // 28,232 ports less 32 reserved; 3,000 closes in a minute are 50/s.
    expect(summary.pools[0]).toMatchObject({ key: '10.0.2.7>10.0.3.12:443', capacity: 28_200, used: 3000 });
    expect(summary.pools[0]?.openRatePerSecond).toBeGreaterThan(47);
    expect(summary.pools[0]?.openRatePerSecond).toBeLessThan(53);
    expect(summary.settings).toMatchObject({
      profileName: 'Linux 6.8',
      reuse: { mode: 'off' },
      timeWaitSeconds: 60,
    });
    expect(summary.target).toMatchObject({
      hostname: 'web-3',
      platform: 'linux',
      release: '6.8.0-45-generic',
    });
    expect(codes(summary)).toEqual([]);
    expect(summary.verdict.level).toBe('ok');
  });

  it('names what it had to assume', async () => {
    const summary = await summaryOf([fileOf('ss.txt', linuxSs(10))]);
    expect(codes(summary)).toEqual(['range-assumed', 'setting-assumed:1']);
    expect(summary.degradations[0]?.sentence).toContain('32768–60999');
    expect(summary.verdict.confidence).toBe('medium');
    expect(summary.counters.activeOpens).toBeNull();
  });

  it('is of the system that a person chose where the files do not tell, and asks before', async () => {
    const bare = 'tcp4       0      0 10.8.0.6.54433         203.0.113.4.443        ESTABLISHED\n';
    const asked = await openFiles([fileOf('netstat.txt', bare)]);
    expect(asked.sampler).toBeNull();
    expect(asked.report).toMatchObject({ opened: false, profile: null });
    expect(asked.report.choices.map(({ id }) => id)).toEqual(['macos', 'freebsd']);
    const summary = await summaryOf([fileOf('netstat.txt', bare)], 'macos');
    expect(summary.origin).toMatchObject({ profileBasis: 'chosen' });
    expect(summary.pools[0]).toMatchObject({ used: 1, capacity: 16_384 });
  });

  it('is told by a sysctl listing beside a list that several systems print', async () => {
    const lsof =
      'COMMAND   PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\nnginx    1234 root    6u  IPv4 0x1234      0t0  TCP 10.0.0.2:50123->203.0.113.4:443 (ESTABLISHED)\n';
    const summary = await summaryOf([fileOf('lsof.txt', lsof), fileOf('sysctl.txt', LINUX_SYSCTL)]);
    expect(summary.settings.profileId).toBe('linux');
    expect(codes(summary)).toContain('import:held-sockets-only');
    expect(summary.verdict.confidence).toBe('low');
  });

  it('refuses files of two systems, settings alone, and a profile that is none', async () => {
    const two = await openFiles([fileOf('a', linuxSs(3)), fileOf('b', windowsNetstat(3, 1))]);
    expect(two.report.choices.map(({ id }) => id)).toEqual(['linux', 'windows']);
    const alone = await openFiles([fileOf('sysctl.txt', LINUX_SYSCTL)]);
    expect(alone.report).toMatchObject({ opened: false, choices: [] });
    expect(alone.report.sentence).toContain('no list of sockets');
    const reading = await readFiles([fileOf('a', linuxSs(3))], NO_SLICES);
    const wrong = reading.ok && openImport(reading.value, { profileId: 'azure-lb', poolLimit: 5, nowMs: 0 });
    expect(wrong).toMatchObject({ ok: false, failure: { code: 'invalid', field: 'profile' } });
  });

  it('says nothing of ports where only listening sockets are listed, or most ports are cut off', async () => {
    const listening = await summaryOf([fileOf('ss.txt', linuxSs(0))]);
    expect(listening.verdict.level).toBe('unknown');
    const cut = macosNetstat(49_152, 5000).replaceAll('198.51.100.4.', 'fe80::aede:48ff:.');
    const summary = await summaryOf([fileOf('netstat.txt', cut)], 'macos');
    expect(codes(summary)).toContain('import:too-incomplete');
    expect(summary.verdict.level).toBe('unknown');
  });

  it('counts a connection that two tools list once, and the lines it could not read', async () => {
    const proc =
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n' +
      '   0: 0702000A:80E8 0C03000A:01BB 06 00000000:00000000 03:00000BB8 00000000     0        0 0 3 0000000000000000\n';
    const summary = await summaryOf([fileOf('ss.txt', `${linuxSs(3)}ESTAB nonsense\n`), fileOf('tcp', proc)]);
    expect(summary.totals.byState).toEqual({ LISTEN: 1, TIME_WAIT: 3 });
    expect(codes(summary)).toEqual(
      expect.arrayContaining(['import:lines-not-understood', 'import:several-listings']),
    );
  });

  it('reports what the contract promises', async () => {
    const { report } = await openFiles([
      fileOf('ss.txt', linuxSs(3)),
      fileOf('empty', ''),
      fileOf('x', 'hello\n'),
    ]);
    expect(importReportSchema.safeParse(report).error).toBeUndefined();
    expect(report.files.map(({ format, sockets }) => [format, sockets])).toEqual([
      ['ss of Linux', 4],
      [null, 0],
      [null, 0],
    ]);
  });

  it('never throws, whatever the bytes', async () => {
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .constantFrom(
          windowsNetstat(2, 1),
          linuxSs(3),
          LINUX_SYSCTL,
          macosNetstat(50_000, 2),
          WINDOWS_EXCLUDED_PORTS,
        )
        .map((text) => new TextEncoder().encode(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 5 }), fc.boolean(), async (parts, isPaste) => {
        const bytes = Buffer.concat(parts);
        const reading = await readFiles([fileOf('fuzz', bytes, isPaste ? null : 1)], NO_SLICES);
        expect(reading.ok).toBe(true);
        if (!reading.ok) return;
        for (const profileId of [null, 'windows']) {
          const opened = openImport(reading.value, { profileId, poolLimit: 20, nowMs: 1 });
          expect(opened.ok && importReportSchema.safeParse(opened.value.report).success).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
