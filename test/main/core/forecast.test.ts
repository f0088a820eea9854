import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondsToExhaustion } from '../../../main/core/budget.ts';
import {
  forecastCurve,
  forecastExhaustion,
  portsInUseAt,
  type ForecastInput,
} from '../../../main/core/forecast.ts';

function input(change: Partial<ForecastInput>): ForecastInput {
  return {
    capacity: 28232,
    inUse: 0,
    departuresMs: new Uint32Array(),
    opensPerSecond: 0,
    closesPerSecond: change.opensPerSecond ?? 0,
    waitSeconds: 60,
    events: 1000,
    windowSeconds: 10,
    basis: 'test',
    ...change,
  };
}

/** Departures spread evenly over the hold, as a steady past leaves them. */
function evenly(count: number, seconds: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => Math.round(((i + 1) * seconds * 1000) / count));
}

describe('the forecast', () => {
  it('agrees with the closed form from a cold start', () => {
    expect(forecastExhaustion(input({ opensPerSecond: 600 })).inSeconds).toBeCloseTo(47.0533, 3);
    expect(forecastExhaustion(input({ opensPerSecond: 471 })).inSeconds).toBeCloseTo(59.9406, 3);
    expect(forecastExhaustion(input({ opensPerSecond: 470 })).expected).toBe(false);
  });

  it('agrees with the closed form from a pool whose members expire evenly', () => {
    const warm = input({ opensPerSecond: 600, inUse: 10000, departuresMs: evenly(10000, 60) });
    expect(forecastExhaustion(warm).inSeconds).toBeCloseTo(42.0738, 1);
  });

  it('says that a steady 300/s on Linux defaults levels off and never runs out', () => {
    const steady = input({ opensPerSecond: 300, inUse: 18000, departuresMs: evenly(18000, 60) });
    const { expected, steadyState } = forecastExhaustion(steady);
    expect(expected).toBe(false);
    expect(steadyState).toBeCloseTo(18000, -1);
  });

  it('counts known departures: a pool about to be given back does not run out', () => {
    const draining = input({ capacity: 1000, inUse: 950, departuresMs: evenly(950, 5), opensPerSecond: 10 });
    expect(forecastExhaustion(draining).expected).toBe(false);
    const locked = input({
      capacity: 1000,
      inUse: 950,
      departuresMs: Uint32Array.from({ length: 950 }, () => 59000),
      opensPerSecond: 10,
    });
    expect(forecastExhaustion(locked).inSeconds).toBeCloseTo(5, 6);
  });

  it('sees a leak: connections opened and never closed fill the pool in a straight line', () => {
    const leak = input({ capacity: 1000, inUse: 100, opensPerSecond: 2, closesPerSecond: 0 });
    expect(forecastExhaustion(leak).inSeconds).toBeCloseTo(450, 6);
  });

  it('is full now when nothing is free', () => {
    expect(forecastExhaustion(input({ capacity: 10, inUse: 10 }))).toMatchObject({
      expected: true,
      inSeconds: 0,
    });
  });

  // Ports come back one by one, the closed form lets them flow: one port of net growth may lie between them.
  it('agrees with the closed form over valid inputs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 60000 }),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        fc.double({ min: 0.2, max: 3, noNaN: true }),
        (capacity, fill, load) => {
          const inUse = Math.floor(capacity * fill);
          const opensPerSecond = (load * capacity) / 60;
          fc.pre(Math.abs(load - 1) > 0.02 && inUse / 60 < opensPerSecond);
          const closed = secondsToExhaustion({
            ports: capacity,
            ratePerSecond: opensPerSecond,
            lockSeconds: 60,
            inUse,
          });
          const { inSeconds } = forecastExhaustion(
            input({ capacity, inUse, departuresMs: evenly(inUse, 60), opensPerSecond }),
          );
          if (closed === Infinity) expect(inSeconds).toBeNull();
          else
            expect(Math.abs((inSeconds ?? Infinity) - closed)).toBeLessThanOrEqual(
              0.02 * closed + 1 / (opensPerSecond - inUse / 60) + 3 / opensPerSecond,
            );
        },
      ),
    );
  });

  it('never says later when more is in use or more is opened', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 5000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0.1, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 500, noNaN: true }),
        (capacity, inUse, moreInUse, rate, moreRate) => {
          const seconds = (used: number, opens: number) =>
            forecastExhaustion(input({ capacity, inUse: used, opensPerSecond: opens })).inSeconds ?? Infinity;
          const base = seconds(inUse, rate);
          expect(seconds(inUse + moreInUse, rate)).toBeLessThanOrEqual(base);
          expect(seconds(inUse, rate + moreRate)).toBeLessThanOrEqual(base);
        },
      ),
    );
  });

  it('draws a curve that starts at what is in use and stays between nothing and the capacity', () => {
    const curve = forecastCurve(input({ capacity: 1000, inUse: 100, opensPerSecond: 20 }), 1000, 60, 30);
    expect(curve.median[0]).toBe(100);
    expect(Math.max(...curve.high)).toBeLessThanOrEqual(1000);
    expect(curve.atMs.at(-1)).toBe(61000);
    expect(portsInUseAt(input({ inUse: 0, opensPerSecond: 20 }), 20, 10)).toBe(200);
  });
});
