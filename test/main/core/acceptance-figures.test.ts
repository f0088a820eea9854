/** Every figure of the domain sheet's section 14, by its number there. */
import { describe, expect, it } from 'vitest';
import * as budget from '../../../main/core/budget.ts';
import * as ports from '../../../main/core/port-range.ts';
import * as snat from '../../../main/core/snat.ts';
import { PROFILES, profilePortCount, timeWaitFromMsl } from '../../../main/core/profiles.ts';
import type { PortRange } from '../../../main/core/model.ts';

const LINUX: PortRange = { first: 32768, last: 60999 };
const HIGH: PortRange = { first: 49152, last: 65535 };
const OLD: PortRange = { first: 1025, last: 5000 };
const P = 28232;

const rate = (portCount: number, seconds: number) => budget.sustainableRate(portCount, seconds);
const listed = (text: string) => {
  const parsed = ports.parsePortList(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
  return parsed.value;
};
const netsh = (start: number, num: number) => {
  const checked = ports.checkWindowsDynamicPorts(start, num);
  return checked.ok ? checked.value : null;
};
const linuxLock = (holdSeconds: number, activeCloseShare = 1) =>
  budget.lockSeconds({ timeWaitSeconds: 60, holdSeconds, activeCloseShare });
const reuseLock = (reuseDelaySeconds: number, holdSeconds: number) =>
  budget.lockSeconds({ timeWaitSeconds: 60, holdSeconds, reuseDelaySeconds });
const runOut = (ratePerSecond: number, inUse = 0) =>
  budget.secondsToExhaustion({ ports: P, ratePerSecond, lockSeconds: 60, inUse });

const EXCLUDED = listed(
  '5357,9800,9801,49671-49770,49871-49970,50000-50059,61117-61216,61220-61319,61902-62001',
);
const windowsLess = budget.capacityOf({ range: HIGH, reserved: EXCLUDED });

const FIGURES: readonly [number, string, number, number][] = [
  [1, 'ports of 32768–60999', ports.countPorts(LINUX), 28232],
  [2, 'ports of 32768–61000', ports.countPorts({ first: 32768, last: 61000 }), 28233],
  [3, 'gain of 61000 over 60999, percent', (1 / 28232) * 100, 0.003542],
  [4, 'ports of 49152–65535', ports.countPorts(HIGH), 16384],
  [5, 'ports of 1025–5000', ports.countPorts(OLD), 3976],
  [6, 'netsh start=10000 num=1000 ends', netsh(10000, 1000)?.last ?? NaN, 10999],
  [7, 'netsh start=10000 num=50000 ends', netsh(10000, 50000)?.last ?? NaN, 59999],
  [7, 'its rate at 120 s', rate(50000, 120), 416.6667],
  [7, 'its rate at 240 s', rate(50000, 240), 208.3333],
  [8, 'netsh start=1025 num=64511 ends', netsh(1025, 64511)?.last ?? NaN, 65535],
  [10, 'netsh start=6005 num=59530 ends', netsh(6005, 59530)?.last ?? NaN, 65534],
  [10, 'its rate at 120 s', rate(59530, 120), 496.0833],
  [11, 'MaxUserPort 65534', ports.countPorts({ first: 1025, last: 65534 }), 64510],
  [11, 'its rate at 30 s', rate(64510, 30), 2150.3333],
  [12, '3976 / 240', rate(3976, 240), 16.5667],
  [12, '3976 / 120', rate(3976, 120), 33.1333],
  [13, '4000 / 240', rate(4000, 240), 16.6667],
  [14, '16384 / 240', rate(16384, 240), 68.2667],
  [14, '16384 / 120', rate(16384, 120), 136.5333],
  [14, '16384 / 30', rate(16384, 30), 546.1333],
  [15, '28232 / 60', rate(28232, 60), 470.5333],
  [15, '28000 / 60', rate(28000, 60), 466.6667],
  [16, 'Linux 1024–65535', ports.countPorts({ first: 1024, last: 65535 }), 64512],
  [16, 'its rate', rate(64512, 60), 1075.2],
  [17, 'FreeBSD ports', ports.countPorts({ first: 10000, last: 65535 }), 55536],
  [17, 'its rate', rate(55536, 60), 925.6],
  [18, 'macOS default', rate(16384, timeWaitFromMsl(15000)), 546.1333],
  [18, 'macOS msl=1000', rate(16384, timeWaitFromMsl(1000)), 8192],
  [
    19,
    'reserved in range',
    budget.capacityOf({ range: LINUX, reserved: listed('35000-35999,50051') }),
    27231,
  ],
  [19, 'its rate', rate(27231, 60), 453.85],
  [20, 'reserved outside', budget.capacityOf({ range: LINUX, reserved: listed('8080,9148') }), 28232],
  [21, 'Windows less excluded', windowsLess, 15824],
  [21, 'its rate at 120 s', rate(windowsLess, 120), 131.8667],
  [21, 'its rate at 240 s', rate(windowsLess, 240), 65.9333],
  [22, 'overlapping exclusions', ports.countInside(HIGH, listed('50000-50059,50000-50099')), 100],
  [23, 'H=0.2 f=1', rate(P, linuxLock(0.2)), 468.9701],
  [24, 'H=0.2 f=0', rate(P, linuxLock(0.2, 0)), 141160],
  [25, 'H=0.2 f=0.5', rate(P, linuxLock(0.2, 0.5)), 934.8344],
  [26, 'reuse D=1 H=0', rate(P, reuseLock(1, 0)), 28232],
  [26, 'reuse D=1 H=0.05', rate(P, reuseLock(1, 0.05)), 26887.619],
  [27, 'reuse D=0.2', rate(P, reuseLock(0.2, 0)), 141160],
  [28, '100 ports D=1', rate(100, reuseLock(1, 0)), 100],
  [28, '100 ports D=0.2', rate(100, reuseLock(0.2, 0)), 500],
  [29, 'reuse without timestamps', rate(100, linuxLock(0)), 1.6667],
  [31, 'occupancy 400/s', budget.steadyOccupancy(400, 60), 24000],
  [31, 'its share, percent', (budget.steadyOccupancy(400, 60) / P) * 100, 85.01],
  [32, 'occupancy 400/s H=0.2', budget.steadyOccupancy(400, linuxLock(0.2)), 24080],
  [33, 'cold 600/s', runOut(600), 47.0533],
  [34, '600/s from 10000', runOut(600, 10000), 42.0738],
  [34, 'its bound', budget.secondsWithoutDepartures(P, 10000, 600), 30.3867],
  [35, '500/s from 20000', runOut(500, 20000), 49.392],
  [35, 'its bound', budget.secondsWithoutDepartures(P, 20000, 500), 16.464],
  [36, 'cold 470/s', runOut(470), Infinity],
  [36, 'its share, percent', (budget.steadyOccupancy(470, 60) / P) * 100, 99.887],
  [36, 'cold 471/s', runOut(471), 59.9406],
  [37, 'cold 2000/s', runOut(2000), 14.116],
  [39, 'three destinations', rate(P, 60) * budget.scopeFactor('destination', 3, 1), 1411.6],
  [39, 'four sources', rate(P, 60) * budget.scopeFactor('destination', 1, 4), 1882.1333],
  [39, 'both', rate(P, 60) * budget.scopeFactor('destination', 3, 4), 5646.4],
  [40, 'macOS three destinations', rate(16384, 30) * budget.scopeFactor('host', 3, 1), 546.1333],
  [41, '300/s of a pool, percent', (budget.steadyOccupancy(300, 60) / P) * 100, 63.76],
  [41, '100/s', (budget.steadyOccupancy(100, 60) / P) * 100, 21.25],
  [41, '50/s', (budget.steadyOccupancy(50, 60) / P) * 100, 10.63],
  [42, 'host pool need', budget.portsNeeded(450, 120), 54000],
  [42, 'percent', (54000 / 16384) * 100, 329.59],
  [42, 'cold', budget.secondsToExhaustion({ ports: 16384, ratePerSecond: 450, lockSeconds: 120 }), 36.4089],
  [43, '1000/s need', budget.portsNeeded(1000, 60), 60000],
  [43, 'destinations', budget.destinationsNeeded(1000, 60, P), 3],
  [44, 'SYN_SENT 131 s', rate(P, 131), 215.5115],
  [44, 'SYN_SENT 127 s', rate(P, 127), 222.2992],
  [44, 'SYN_SENT 135.2 s', rate(P, 135.2), 208.8166],
  [45, 'pool of connections', budget.connectionPoolSize(3000, 0.02), 60],
  [46, 'keep-alive rate', budget.connectionRate(5000, 100), 50],
  [46, 'in TIME_WAIT', budget.steadyOccupancy(50, 60), 3000],
  [46, 'percent', (3000 / P) * 100, 10.63],
  [47, 'tcp_max_tw_buckets', budget.tableOverflowRate(131072, 60), 2184.5333],
  [48, 'conntrack', budget.tableOverflowRate(262144, 120), 2184.5333],
  [49, 'Azure manual', snat.azureManualPortsPerInstance(2, 10), 12800],
  [49, 'Azure default of 60', snat.azureDefaultPortsPerInstance(60) ?? NaN, 512],
  [50, 'GCP 64 per VM', snat.gcpVmsPerAddress(64), 1008],
  [50, 'GCP 4096 per VM', snat.gcpVmsPerAddress(4096), 15],
  [51, 'AWS 55000 / 60', rate(55000, 60), 916.6667],
];

describe('the acceptance figures', () => {
  it.each(FIGURES)('#%i %s', (_number, _what, actual, expected) => {
    if (!Number.isFinite(expected)) return expect(actual).toBe(expected);
    const decimals = (String(expected).split('.')[1] ?? '').length;
    const tolerance = Math.max(Math.abs(expected) * 0.0001, decimals > 0 ? 0.5 * 10 ** -decimals : 0);
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance);
  });

  it('#8 refuses netsh start=1025 num=64512, which would end at 65536', () => {
    expect(netsh(1025, 64512)).toBeNull();
  });

  it('#9 refuses netsh num=254 and start=1024', () => {
    expect([netsh(10000, 254), netsh(1024, 1000)]).toEqual([null, null]);
  });

  it('#38 reads growth and time left from two samples', () => {
    const trend = budget.trendFromSamples({ atSeconds: 0, inUse: 18000 }, { atSeconds: 30, inUse: 21000 }, P);
    expect(trend.growthPerSecond).toBe(100);
    expect(trend.secondsLeft).toBeCloseTo(72.32, 2);
  });

  it('#55 refuses 1023–60999 while ip_unprivileged_port_start is 1024', () => {
    const checked = ports.checkLinuxPortRange(1023, 60999, 1024);
    expect(checked.ok ? null : checked.failure).toMatchObject({ code: 'invalid', field: 'first' });
  });

  it('gives each profile its range and hold', () => {
    const table = PROFILES.map((profile) => [profile.id, profilePortCount(profile), profile.timeWaitSeconds]);
    expect(table).toEqual([
      ['linux', 28232, 60],
      ['linux-rhel', 28000, 60],
      ['linux-tuned', 64512, 60],
      ['windows', 16384, 120],
      ['windows-240', 16384, 240],
      ['windows-legacy', 3976, 240],
      ['macos', 16384, 30],
      ['freebsd', 55536, 60],
      ['azure-lb', 1024, 240],
      ['azure-nat', 50000, 65],
      ['aws-nat', 55000, 60],
      ['gcp-nat', 64, 120],
      ['masquerade', 64512, 120],
    ]);
  });
});
