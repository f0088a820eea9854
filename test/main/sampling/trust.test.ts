import { describe, expect, it } from 'vitest';
import { judgeTrust, youngForecast, type TrustInput } from '../../../main/sampling/trust.ts';
import { NO_COUNTERS } from '../../support/fake-platform.ts';
import { linuxSettings } from '../../support/pools.ts';

const WINDOWS: TrustInput = {
  origin: { kind: 'live' },
  settings: linuxSettings({ profileId: 'windows', timeWaitSeconds: 120, scope: 'host' }),
  counters: NO_COUNTERS,
  dump: { source: 'netstat', dumpMs: 5, approximate: false, degradations: [] },
  degradations: [],
  table: { length: 10 },
  watchedSeconds: 12,
  hasTimers: false,
};

describe('trust in a listing without timers', () => {
  it('is low until a hold has passed, then medium, never high', () => {
    expect(judgeTrust(WINDOWS, 0)).toEqual({
      confidence: 'low',
      reason: 'no socket timers, and 12 s of samples for a hold of 120 s',
      sources: ['netstat', 'netsh dynamicport'],
    });
    expect(judgeTrust({ ...WINDOWS, watchedSeconds: 121 }, 0).confidence).toBe('medium');
  });

  it('is low where the range is the default and was not read', () => {
    const assumed = [{ code: 'range-assumed', sentence: 'It was not read.' }];
    expect(judgeTrust({ ...WINDOWS, watchedSeconds: 999, degradations: assumed }, 0)).toMatchObject({
      confidence: 'low',
      sources: ['netstat'],
    });
  });
});

describe('a young forecast', () => {
  it('is one of fewer than 60 s of live samples without timers', () => {
    expect(youngForecast(WINDOWS)).toEqual({ seconds: 12, neededSeconds: 60 });
    expect(youngForecast({ ...WINDOWS, watchedSeconds: 60 })).toBeNull();
    expect(youngForecast({ ...WINDOWS, hasTimers: true })).toBeNull();
    const imported: TrustInput['origin'] = { kind: 'imported', files: [], profileBasis: 'detected' };
    expect(youngForecast({ ...WINDOWS, origin: imported })).toBeNull();
  });
});
