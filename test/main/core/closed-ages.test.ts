import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateDepartures } from '../../../main/core/closed-ages.ts';

const HOLD_MS = 120_000;

describe('departures of connections without timers', () => {
  it('are a hold after each was first seen closed', () => {
    const departures = estimateDepartures({
      sinceMs: [90_000, 70_000],
      closedBefore: 0,
      watchedSinceMs: 10_000,
      nowMs: 100_000,
      holdMs: HOLD_MS,
    });
    expect([...departures]).toEqual([90_000, 110_000]);
  });

  it('are spread evenly over what is left of the hold for those that were closed before', () => {
    const at = (nowMs: number) => [
      ...estimateDepartures({ sinceMs: [], closedBefore: 4, watchedSinceMs: 0, nowMs, holdMs: HOLD_MS }),
    ];
    expect(at(0)).toEqual([15_000, 45_000, 75_000, 105_000]);
    expect(at(80_000)).toEqual([5000, 15_000, 25_000, 35_000]);
    expect(at(500_000)).toEqual([0, 0, 0, 0]);
  });

  it('are as many as the connections, in order, none beyond a hold', () => {
    const times = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(times, fc.nat(50), fc.nat(400_000), (sinceMs, closedBefore, watchedSinceMs) => {
        const departures = estimateDepartures({
          sinceMs,
          closedBefore,
          watchedSinceMs,
          nowMs: 400_000,
          holdMs: HOLD_MS,
        });
        expect(departures).toHaveLength(sinceMs.length + closedBefore);
        expect([...departures]).toEqual([...departures].sort((a, b) => a - b));
        expect(Math.max(0, ...departures)).toBeLessThanOrEqual(HOLD_MS);
      }),
    );
  });
});
