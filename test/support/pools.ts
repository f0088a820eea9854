/** Builders of pools and settings for tests. */
import type { Pool, StackSettings } from '../../main/core/model.ts';

/** Linux defaults, with changes. */
export function linuxSettings(change: Partial<StackSettings> = {}): StackSettings {
  return {
    profileId: 'linux',
    profileName: 'Linux 6.18',
    range: { first: 32768, last: 60999 },
    reserved: [],
    timeWaitSeconds: 60,
    timeWaitBasis: 'kernel constant',
    reuse: { mode: 'loopback', delayMs: 1000, timestamps: true },
    scope: 'destination',
    slowFromShare: 0.5,
    maxTimeWaitSockets: 131072,
    ...change,
  };
}

/** A pool of Linux defaults to 10.0.3.12:443; `steady` sets the steady state of a pool that does not run out. */
export function aPool({ steady, ...change }: Partial<Pool> & { steady?: number } = {}): Pool {
  const capacity = change.capacity ?? 28232;
  const used = change.used ?? 0;
  const localAddress = change.localAddress ?? '10.0.2.7';
  const remoteAddress = change.remoteAddress ?? '10.0.3.12';
  const remotePort = change.remotePort ?? 443;
  return {
    key: `${localAddress}>${remoteAddress}:${remotePort}`,
    localAddress,
    remoteAddress,
    remotePort,
    capacity,
    blocked: 0,
    slowFrom: capacity / 2,
    used,
    reusable: 0,
    byState: { TIME_WAIT: used },
    usedRatio: used / capacity,
    openRatePerSecond: 0,
    closeRatePerSecond: 0,
    rateBasis: 'timers',
    rateWindowSeconds: 10,
    sustainableRatePerSecond: capacity / 60,
    reuseEffective: false,
    exhaustion: {
      expected: false,
      inSeconds: null,
      likelySeconds: null,
      steadyState: steady ?? null,
      basis: 'test',
    },
    owners: [],
    ...change,
  };
}
