import { describe, expect, it } from 'vitest';
import type { Summary } from '../../../../main/core/model.ts';
import { sampleCommandsOf } from '../../../../main/sampling/portable/commands.ts';
import { createPortablePlatform } from '../../../../main/sampling/portable/platform.ts';
import { Sampler } from '../../../../main/sampling/sampler.ts';
import { summarySchema } from '../../../../preload/contract-summary.ts';
import {
  macosListing,
  windowsListing,
  worldSockets,
  type ClientWorldOptions,
} from '../../../support/client-world.ts';
import { FakeClock } from '../../../support/fake-platform.ts';
import { scriptedRun, type ScriptedOutput } from '../../../support/scripted-run.ts';

const TARGET = { hostname: 'mac-01', platform: 'darwin', release: '24.3.0', address: '192.0.2.7' };
const MAC_SYSCTL =
  'net.inet.ip.portrange.first: 61440\nnet.inet.ip.portrange.last: 65535\nnet.inet.tcp.msl: 15000\n';
const WINDOWS_RANGE =
  '\r\nProtocol tcp Dynamic Port Range\r\n---------------------------------\r\nStart Port      : 61440\r\nNumber of Ports : 4096\r\n\r\n';
const WINDOWS_EXCLUDED =
  '\r\nProtocol tcp Port Exclusion Ranges\r\n\r\nStart Port    End Port      \r\n----------    --------      \r\n\r\n* - Administered port exclusions.\r\n\r\n';

type System = 'darwin' | 'win32';

/** A sampler over a made-up machine, looked at every `everySeconds` from second 0 on. */
function watch(system: System, worlds: readonly ClientWorldOptions[], moreRows = '') {
  const clock = new FakeClock();
  const startMs = clock.monotonicMs();
  const atSeconds = () => (clock.monotonicMs() - startMs) / 1000;
  const listing = system === 'darwin' ? macosListing : windowsListing;
  const answer = (commandLine: string): ScriptedOutput | null => {
    if (/^netstat -an/.test(commandLine)) {
      return { stdout: listing(worlds.flatMap((world) => worldSockets(world, atSeconds()))) + moreRows };
    }
    if (commandLine.startsWith('sysctl')) return { stdout: MAC_SYSCTL };
    if (commandLine.includes('show dynamicport')) return { stdout: WINDOWS_RANGE };
    if (commandLine.includes('excludedportrange')) return { stdout: WINDOWS_EXCLUDED };
    return null;
  };
  const commands = sampleCommandsOf(system);
  if (!commands) throw new Error('no commands');
  const platform = createPortablePlatform({
    commands,
    run: scriptedRun(answer).run,
    nowMs: clock.nowMs,
    monotonicMs: clock.monotonicMs,
    target: { ...TARGET, platform: system },
  });
  const sampler = new Sampler({ platform, clock, poolLimit: 20 });
  expect(sampler.open().ok).toBe(true);
  const sample = async (): Promise<Summary> => {
    const refreshed = await sampler.refresh(new AbortController().signal);
    if (!refreshed.ok) throw new Error(JSON.stringify(refreshed.failure));
    const outcome = sampler.sample();
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    return outcome.value.summary;
  };
  /** Samples every `everySeconds` until the world is `untilSeconds` old; gives the last summary. */
  const until = async (untilSeconds: number, everySeconds: number): Promise<Summary> => {
    sampler.setInterval(everySeconds * 1000);
    let summary = await sample();
    while (atSeconds() + everySeconds <= untilSeconds + 1e-6) {
      clock.advance(everySeconds * 1000);
      summary = await sample();
    }
    return summary;
  };
  return { sampler, sample, until, clock };
}

/** A quarter of the default range, so that the listings are short. */
const PORTS = { firstPort: 61440, portCount: 4096 };
const pool = (summary: Summary) => {
  const [first] = summary.pools;
  if (!first) throw new Error('no pool');
  return first;
};

describe('a Mac sampled through netstat', () => {
  const load = (rate: number, fromSeconds: number): ClientWorldOptions => ({
    ...PORTS,
    rate,
    openSeconds: 0.2,
    holdSeconds: 30,
    fromSeconds,
  });

  it('says of one listing what is in use, and no rate, no growth and no forecast', async () => {
    const { sample, sampler } = watch('darwin', [load(50, -100)]);
    const summary = await sample();
    expect(pool(summary)).toMatchObject({
      key: 'ipv4>*',
      localAddress: '',
      remoteAddress: '',
      capacity: 4096,
      used: 1510,
      openRatePerSecond: null,
      closeRatePerSecond: null,
      rateBasis: 'none',
      exhaustion: { expected: false, inSeconds: null, steadyState: null },
    });
    expect(pool(summary).byState).toEqual({ TIME_WAIT: 1500, ESTABLISHED: 10 });
    expect(pool(summary).exhaustion.basis).toContain('no rate is known');
    expect(summary.rates).toEqual({ opensPerSecond: null, closesPerSecond: null, basis: 'none' });
    expect(summary.verdict).toMatchObject({ level: 'unknown', confidence: 'low' });
    expect(summary.verdict.sentence).toBe(
      'Cannot say yet: 0 s of samples; without socket timers (Windows, macOS) a forecast needs 60 s.',
    );
    expect(summarySchema.safeParse(summary).success).toBe(true);
    expect(sampler.trends.read('', 60, summary.takenAtMs)?.atMs).toHaveLength(1);
  });

  it('foresees the end of its ports within 5 % once the load has begun in its sight', async () => {
    // 175/s from second 2 on: 4,096 ports are taken 23.4 s later, before the first comes back.
    const { until } = watch('darwin', [load(175, 2)]);
    const summary = await until(14, 2);
    const left = 2 + 4096 / 175 - 14;
    expect(pool(summary).openRatePerSecond).toBeGreaterThan(175 * 0.97);
    expect(pool(summary).exhaustion.expected).toBe(true);
    expect(Math.abs((pool(summary).exhaustion.inSeconds ?? 0) - left)).toBeLessThan(0.05 * left);
    // It would be over before 60 s of samples are there, so it is said now.
    expect(summary.verdict).toMatchObject({ level: 'critical', confidence: 'low', poolKey: 'ipv4>*' });
    expect(summary.verdict.sentence).toContain('Port pool to any IPv4 destination runs out in about 11 s');
  });

  it('sees a steady load level off, though it began before it was watched', async () => {
    const { until } = watch('darwin', [load(100, -1000)]);
    const early = pool(await until(10, 2));
    expect(early.exhaustion).toMatchObject({ expected: false });
    expect(early.exhaustion.basis).toContain('closed before that are spread evenly over the hold');
    const later = pool(await until(64, 3));
    expect(later.openRatePerSecond).toBeCloseTo(100, 0);
    expect(later.exhaustion.expected).toBe(false);
    expect(Math.abs((later.exhaustion.steadyState ?? 0) - 100 * 30.2)).toBeLessThan(0.02 * 100 * 30.2);
    expect(later.exhaustion.basis).toBe(
      'no timers: ages counted since first seen, opens and closes counted over 12 s',
    );
  });

  it('is believed more once a hold and 60 s have passed, and names what it rests on', async () => {
    const { until } = watch('darwin', [load(20, -1000)]);
    expect((await until(28, 2)).verdict).toMatchObject({
      level: 'unknown',
      confidenceReason: 'no socket timers, and 28 s of samples for a hold of 30 s',
    });
    expect((await until(62, 2)).verdict).toMatchObject({
      level: 'ok',
      confidence: 'medium',
      confidenceReason: 'no socket timers: closed connections are timed since first seen',
      sources: ['netstat', 'net.inet.ip.portrange'],
    });
  });

  it('names the process that was seen to hold a connection before it closed', async () => {
    const { until } = watch('darwin', [{ ...load(5, -10), openSeconds: 4 }]);
    const summary = await until(20, 2);
    expect(pool(summary).owners[0]).toMatchObject({ pid: 4312, process: 'python3.12' });
    expect(summary.ownership.observed).toBeGreaterThan(80);
  });

  it('counts every open once, and a 4-tuple that is opened again as new', async () => {
    // 40 ports in turn at 1/s: the same 4-tuple comes back 10 s after its TIME_WAIT has ended.
    const turning = { ...load(1, -200), portCount: 40, openSeconds: 5 };
    const { until } = watch('darwin', [turning]);
    const again = pool(await until(120, 1));
    expect(again.openRatePerSecond).toBeCloseTo(1, 1);
    expect(again.closeRatePerSecond).toBeCloseTo(1, 1);
  });

  it('does not call a stopped load a load', async () => {
    const { until } = watch('darwin', [{ ...load(50, -40), untilSeconds: 10 }]);
    expect(pool(await until(8, 2)).openRatePerSecond).toBeCloseTo(50, 0);
    const stopped = pool(await until(22, 2));
    expect(stopped).toMatchObject({ openRatePerSecond: 0, closeRatePerSecond: 0 });
    expect(stopped.exhaustion.expected).toBe(false);
  });
});

describe('a Windows machine sampled through netstat', () => {
  const load = (rate: number, fromSeconds: number): ClientWorldOptions => ({
    ...PORTS,
    rate,
    openSeconds: 0.5,
    holdSeconds: 120,
    fromSeconds,
  });

  it('foresees at 60 s that 40/s are more than 4,096 ports with a hold of 120 s bear, within 5 %', async () => {
    const { until } = watch('win32', [load(40, 0)]);
    const summary = await until(62, 2);
    const left = 4096 / 40 - 62;
    expect(summary.settings).toMatchObject({
      range: { first: 61440, last: 65535 },
      timeWaitSeconds: 120,
      scope: 'host',
    });
    expect(pool(summary).sustainableRatePerSecond).toBeCloseTo(34.1, 1);
    expect(Math.abs((pool(summary).exhaustion.inSeconds ?? 0) - left)).toBeLessThan(0.05 * left);
    expect(summary.verdict).toMatchObject({ level: 'critical' });
    expect(summary.rates.basis).toBe('dumps');
  });

  it('sees 30/s level off below 4,096, within 3 %, though it began before it was watched', async () => {
    const { until } = watch('win32', [load(30, -1000)]);
    const summary = await until(62, 2);
    expect(pool(summary).exhaustion.expected).toBe(false);
    expect(Math.abs((pool(summary).exhaustion.steadyState ?? 0) - 30 * 120.5)).toBeLessThan(
      0.03 * 30 * 120.5,
    );
  });

  it('keeps IPv4 and IPv6 apart, as Windows keeps their ranges', async () => {
    const rows =
      '  TCP    192.0.2.7:62000   198.51.100.9:443   ESTABLISHED   5120\r\n' +
      '  TCP    192.0.2.8:62001   198.51.100.8:80   ESTABLISHED   5120\r\n' +
      '  TCP    [2001:db8::7]:62000   [2001:db8::9]:443   ESTABLISHED   5120\r\n';
    const { sample } = watch('win32', [], rows);
    const { pools } = await sample();
    expect(pools.map(({ key, used }) => [key, used])).toEqual([
      ['ipv4>*', 2],
      ['ipv6>*', 1],
    ]);
  });

  it('counts a port that two connections share once', async () => {
    const rows =
      '  TCP    192.0.2.7:62000   198.51.100.9:443   ESTABLISHED   5120\r\n' +
      '  TCP    192.0.2.7:62000   198.51.100.8:443   TIME_WAIT   0\r\n';
    const { sample } = watch('win32', [], rows);
    const [first] = (await sample()).pools;
    expect(first).toMatchObject({ used: 1, byState: { ESTABLISHED: 1, TIME_WAIT: 1 } });
  });

  it('S8: says in words what could not be read, and goes on without it', async () => {
    const { sample } = watch('win32', [load(1, -10)]);
    const { degradations, counters } = await sample();
    expect(degradations.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'source-listing',
        'command-failed:windows.registry-tcpip',
        'command-failed:windows.tasklist',
      ]),
    );
    expect(counters.activeOpens).toBeNull();
  });
});
