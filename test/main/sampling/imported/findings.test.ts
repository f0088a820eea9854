import { describe, expect, it } from 'vitest';
import {
  DUMPED_AT_MS,
  LINUX_SYSCTL,
  MACOS_SYSCTL,
  WINDOWS_DYNAMIC_PORTS,
  fileOf,
  linuxSs,
  macosNetstat,
  openFiles,
  windowsNetstat,
} from '../../../support/dumps.ts';
import { readFixtureText } from '../../../support/fixtures.ts';

async function summaryOf(...args: Parameters<typeof openFiles>) {
  const summary = (await openFiles(...args)).sampler?.last?.summary;
  if (!summary) throw new Error('not opened');
  return summary;
}
const levels = ({ findings }: { findings: { rule: string; level: string }[] }) =>
  findings.map(({ rule, level }) => `${rule} ${level}`);

const REGISTRY =
  'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\r\n    MaxUserPort    REG_DWORD    0xfffe\r\n    TcpTimedWaitDelay    REG_DWORD    0x5\r\n';

describe('what files of another machine find', () => {
  it('of Windows: excluded blocks, settings that do not count, events of any age', async () => {
    const summary = await summaryOf([
      fileOf('netstat.txt', windowsNetstat(40, 10)),
      fileOf('dynamic.txt', WINDOWS_DYNAMIC_PORTS),
      fileOf('excluded.txt', readFixtureText('windows/netsh-excludedportrange/en/stdout')),
      fileOf('reg.txt', REGISTRY),
      fileOf('events.txt', readFixtureText('windows/wevtutil/text/stdout')),
    ]);
    expect(summary.reservedCount).toBe(560);
    expect(levels(summary)).toEqual([
      'windows-events warning',
      'windows-events notice',
      'windows-excluded-blocks notice',
      'windows-timed-wait-delay notice',
      'windows-max-user-port notice',
    ]);
    expect(summary.verdict.level).toBe('warning');
    expect(summary.verdict.sentence).toMatch(
      /^At the time of the dump, the System log has 1 event 4231 of Tcpip/,
    );
  });

  it('of Windows with half its range excluded: a warning with the ports that are left', async () => {
    const blocks = Array.from(
      { length: 90 },
      (_, at) => `     ${49_700 + 100 * at}       ${49_799 + 100 * at}`,
    );
    const excluded = `\r\nProtocol tcp Port Exclusion Ranges\r\n\r\nStart Port    End Port\r\n----------    --------\r\n${blocks.join('\r\n')}\r\n\r\n* - Administered port exclusions.\r\n\r\n`;
    const summary = await summaryOf([
      fileOf('netstat.txt', windowsNetstat(0, 3)),
      fileOf('ports.txt', WINDOWS_DYNAMIC_PORTS + excluded),
    ]);
    expect(levels(summary)).toEqual(['windows-excluded-blocks warning']);
    expect(summary.findings[0]?.sentence).toContain('among them 90 blocks of 100');
  });

  it('of Windows before Vista: MaxUserPort counts there, so nothing is said of it', async () => {
    const summary = await summaryOf(
      [fileOf('netstat.txt', windowsNetstat(0, 3)), fileOf('reg.txt', REGISTRY)],
      'windows-legacy',
    );
    expect(levels(summary)).toEqual(['windows-timed-wait-delay notice']);
    expect(summary.settings.range).toEqual({ first: 1025, last: 65_534 });
  });

  it('of a Mac: a clock that may have stopped, by the time of the files; not by the time of reading a paste', async () => {
    const boot = Math.floor(DUMPED_AT_MS / 1000) - 60 * 86_400;
    const sysctl = `${MACOS_SYSCTL}kern.boottime: { sec = ${boot}, usec = 1 } Mon Sep 21 14:32:07 2026\n`;
    const files = (atMs: number | null) => [
      fileOf('netstat.txt', macosNetstat(60_000, 200), atMs),
      fileOf('sysctl.txt', sysctl, atMs),
    ];
    const summary = await summaryOf(files(DUMPED_AT_MS));
    expect(levels(summary)).toContain('macos-clock-stopped notice');
    expect(summary.findings.find(({ rule }) => rule === 'macos-clock-stopped')?.sentence).toContain(
      'had been up, by the time of the files, for 60 days',
    );
    expect(levels(await summaryOf(files(null)))).not.toContain('macos-clock-stopped notice');
  });

  it('of Linux: settings that mislead', async () => {
    const sysctl = `${LINUX_SYSCTL}net.ipv4.tcp_fin_timeout = 15\nnet.ipv4.tcp_tw_recycle = 1\n`;
    const summary = await summaryOf([fileOf('ss.txt', linuxSs(30)), fileOf('sysctl.txt', sysctl)]);
    expect(levels(summary)).toEqual(['setting-tw-recycle warning', 'setting-fin-timeout notice']);
  });

  it('of healthy machines: nothing', async () => {
    for (const files of [
      [fileOf('netstat.txt', windowsNetstat(40, 10)), fileOf('ports.txt', WINDOWS_DYNAMIC_PORTS)],
      [fileOf('ss.txt', linuxSs(30)), fileOf('sysctl.txt', LINUX_SYSCTL)],
    ]) {
      expect(levels(await summaryOf(files))).toEqual([]);
    }
  });
});
