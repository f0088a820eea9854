import { describe, expect, it } from 'vitest';
import type { Summary } from '../../../../main/core/model.ts';
import { sampleCommandsOf } from '../../../../main/sampling/portable/commands.ts';
import { createPortablePlatform } from '../../../../main/sampling/portable/platform.ts';
import { Sampler } from '../../../../main/sampling/sampler.ts';
import {
  macosListing,
  windowsListing,
  worldSockets,
  type ClientWorldOptions,
} from '../../../support/client-world.ts';
import { FakeClock } from '../../../support/fake-platform.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { scriptedRun } from '../../../support/scripted-run.ts';

const DAY = 86_400;

/** A made-up machine looked at every two seconds; the clock of the Mac boots `upDays` before its epoch. */
function watch(
  system: 'darwin' | 'win32',
  world: ClientWorldOptions,
  { upDays = 3, outputs = {} as Record<string, string> } = {},
) {
  const clock = new FakeClock();
  const startMs = clock.monotonicMs();
  const bootSeconds = Math.floor(clock.nowMs() / 1000 - upDays * DAY);
  const atSeconds = () => (clock.monotonicMs() - startMs) / 1000;
  const listing = system === 'darwin' ? macosListing : windowsListing;
  const { run, asked } = scriptedRun((commandLine) => {
    if (/^netstat -an/.test(commandLine)) return { stdout: listing(worldSockets(world, atSeconds())) };
    if (commandLine.startsWith('sysctl')) {
      const boot = `{ sec = ${bootSeconds}, usec = 0 } Thu Nov 13 02:13:20 2025`;
      return {
        stdout: `net.inet.ip.portrange.first: 49152\nnet.inet.ip.portrange.last: 65535\nnet.inet.tcp.msl: 15000\nkern.boottime: ${boot}\n`,
      };
    }
    const found = Object.entries(outputs).find(([part]) => commandLine.includes(part));
    return found ? { stdout: found[1] } : null;
  });
  const commands = sampleCommandsOf(system);
  if (!commands) throw new Error('no commands');
  const target = { hostname: 'there', platform: system, release: '1', address: '192.0.2.7' };
  const platform = createPortablePlatform({
    commands,
    run,
    nowMs: clock.nowMs,
    monotonicMs: clock.monotonicMs,
    target,
    addresses: () => ['192.0.2.7'],
  });
  const sampler = new Sampler({ platform, clock, poolLimit: 20 });
  expect(sampler.open().ok).toBe(true);
  sampler.setInterval(2000);
  const sample = async (): Promise<Summary> => {
    await sampler.refresh(new AbortController().signal);
    const outcome = sampler.sample();
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    return outcome.value.summary;
  };
  const until = async (untilSeconds: number): Promise<Summary> => {
    let summary = await sample();
    while (atSeconds() < untilSeconds) {
      clock.advance(2000);
      summary = await sample();
    }
    return summary;
  };
  return { sample, until, asked };
}

const world = (holdSeconds: number, parts: Partial<ClientWorldOptions> = {}): ClientWorldOptions => ({
  rate: 2,
  openSeconds: 0.3,
  holdSeconds,
  fromSeconds: -300,
  firstPort: 50_000,
  portCount: 15_000,
  ...parts,
});
const levels = ({ findings }: Summary) => findings.map(({ rule, level }) => `${rule} ${level}`);
const codes = ({ degradations }: Summary) => degradations.map(({ code }) => code);

const WINDOWS = {
  'ipv4 show dynamicport': readFixtureText('windows/netsh-dynamicport/en/stdout'),
  'ipv4 show excludedportrange': readFixtureText('windows/netsh-excludedportrange/en/stdout'),
  reg: 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\r\n    MaxUserPort    REG_DWORD    0xfffe\r\n    TcpTimedWaitDelay    REG_DWORD    0x5\r\n',
  wevtutil: readFixtureText('windows/wevtutil/text/stdout'),
};

describe('a live Windows machine', () => {
  it('shows at the first sample what its registry, its log and its excluded blocks tell', async () => {
    const { sample, asked } = watch('win32', world(120), { outputs: WINDOWS });
    const summary = await sample();
    expect(levels(summary)).toEqual([
      'windows-events warning',
      'windows-events notice',
      'windows-excluded-blocks notice',
      'windows-timed-wait-delay notice',
      'windows-max-user-port notice',
    ]);
    // Its time has no zone, so that it may be of the past: a port pool that is full now says so itself.
    expect(summary.verdict).toMatchObject({ level: 'warning' });
    expect(summary.verdict.sentence).toBe(
      'The System log has 1 event 4231 of Tcpip, the last at 2025-11-22 21:04: a program asked for a port and none of the dynamic range was free.',
    );
    expect(summary.findings[2]?.sentence).toContain('560 of 16,384 dynamic ports are excluded');
    // The log itself leaves out what is older than a day.
    expect(asked.find((line) => line.startsWith('wevtutil'))).toContain('timediff(@SystemTime) <= 86400000');
  });

  it('says nothing of a registry, a log and blocks that could not be read', async () => {
    const { sample } = watch('win32', world(120));
    expect(levels(await sample())).toEqual([]);
  });

  it.each([120, 240])('measures a hold of %i s, and counts with it from then on', async (hold) => {
    const { until } = watch('win32', world(hold));
    const before = await until(hold - 4);
    expect(before.settings).toMatchObject({ timeWaitSeconds: 120, timeWaitBasis: 'documented' });
    expect(codes(before)).toContain('hold-assumed');
    const after = await until(2 * hold - 4);
    expect(after.settings.timeWaitBasis).toBe('measured');
    expect(Math.abs(after.settings.timeWaitSeconds - hold)).toBeLessThanOrEqual(2);
    expect(codes(after)).not.toContain('hold-assumed');
    const sustainable = after.pools[0]?.sustainableRatePerSecond ?? 0;
    expect(Math.abs(sustainable - 16_384 / hold)).toBeLessThan(0.03 * (16_384 / hold));
  });
});

describe('a live Mac', () => {
  it('up for less than 49.7 days is measured, and no word is said of its clock', async () => {
    const { until } = watch('darwin', world(30));
    const summary = await until(120);
    expect(summary.settings).toMatchObject({ timeWaitSeconds: 30, timeWaitBasis: 'measured' });
    expect(levels(summary)).toEqual([]);
    expect(codes(summary)).toEqual(['source-listing', expect.stringMatching(/^command-failed/)]);
  });

  it('up for 60 days has a clock that may stop, until TIME_WAIT is seen to end', async () => {
    const { sample, until } = watch('darwin', world(30), { upDays: 60 });
    const first = await sample();
    expect(levels(first)).toEqual(['macos-clock-stopped notice']);
    expect(first.degradations.find(({ code }) => code === 'clock-uncertain')?.sentence).toContain(
      'is not certain until one is seen to',
    );
    const later = await until(80);
    expect(levels(later)).toEqual([]);
    expect(codes(later)).not.toContain('clock-uncertain');
    expect(later.verdict.level).toBe('ok');
  });

  it('whose clock stopped is critical in one verdict, and nothing beside it says otherwise', async () => {
    const { until } = watch('darwin', world(1e9), { upDays: 60 });
    const summary = await until(80);
    expect(levels(summary)).toContain('macos-clock-stopped critical');
    expect(summary.verdict).toMatchObject({ level: 'critical', poolKey: null });
    expect(summary.verdict.sentence).toMatch(
      /TIME_WAIT sockets ends: its TCP clock stopped after 49\.7 days/,
    );
    expect(summary.settings.timeWaitBasis).toBe('setting');
    const note = summary.degradations.find(({ code }) => code === 'clock-uncertain');
    expect(note?.sentence).toContain('not seen to give their port back');
  });
});
