import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterRate, estimateCloseRate, estimateOpenRate } from '../../../main/core/rates.ts';

/** Ages of a steady stream that has run for `seconds`, newest first. */
function stream(ratePerSecond: number, seconds: number, newestMs = 10): Float64Array {
  const gap = 1000 / ratePerSecond;
  const ages: number[] = [];
  for (let age = newestMs; age <= seconds * 1000; age += gap) ages.push(age);
  return Float64Array.from(ages);
}

describe('the rate of closes from TIME_WAIT timers', () => {
  it('is exact for a steady stream from its fifth second on', () => {
    for (const seconds of [5, 10, 20, 40, 60]) {
      expect(estimateCloseRate(stream(20, seconds)).ratePerSecond).toBeCloseTo(20, 6);
    }
  });

  it('is near for a stream with random gaps', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        let state = seed >>> 0;
        const random = () => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          return (state + 1) / 4294967297;
        };
        const ages: number[] = [];
        for (let age = 0; age < 60000; age += -Math.log(random()) * 10) ages.push(age);
        expect(Math.abs(estimateCloseRate(Float64Array.from(ages)).ratePerSecond - 100)).toBeLessThan(25);
      }),
      { numRuns: 50 },
    );
  });

  it('follows a rate that changed five seconds ago', () => {
    const slow = Array.from(stream(10, 55)).map((age) => age + 5000);
    const ages = Float64Array.from([...stream(200, 5), ...slow]).sort();
    expect(estimateCloseRate(ages).ratePerSecond).toBeCloseTo(200, -1);
  });

  it('averages bursts over the past that is seen, and does not take one for a steady rate', () => {
    const burst = (agoMs: number) => Array.from({ length: 1000 }, (_, i) => agoMs + i / 10);
    const bursts = Float64Array.from([0, 12_000, 24_000, 36_000, 48_000].flatMap(burst)).sort();
    expect(estimateCloseRate(bursts).ratePerSecond).toBeCloseTo(100, 0);
    expect(estimateCloseRate(Float64Array.from(burst(0))).ratePerSecond).toBe(200);
  });

  it('falls to nothing after the stream stopped', () => {
    expect(estimateCloseRate(stream(20, 60, 3000)).ratePerSecond).toBeLessThan(10);
    expect(estimateCloseRate(stream(20, 60, 6000)).ratePerSecond).toBe(0);
    expect(estimateCloseRate(new Float64Array()).ratePerSecond).toBe(0);
  });

  it('averages a slow stream over a longer past', () => {
    const { ratePerSecond, windowSeconds } = estimateCloseRate(stream(1, 59, 500));
    expect(ratePerSecond).toBeCloseTo(1, 1);
    expect(windowSeconds).toBeGreaterThan(20);
  });
});

describe('the rate of opens', () => {
  const closes = { ratePerSecond: 20, windowSeconds: 20, closes: 400 };
  const noCloses = { ratePerSecond: 0, windowSeconds: 5, closes: 0 };

  it('keeps the longer average where arrivals agree with it', () => {
    const rate = estimateOpenRate({ closes, arrivals: { count: 21, seconds: 1, liveBefore: 0 }, liveNow: 0 });
    expect(rate).toMatchObject({ opensPerSecond: 20, closesPerSecond: 20, basis: 'timers and dumps' });
    expect(rate).toMatchObject({ netOpensPerSecond: 20, closesForForecast: 20 });
  });

  it('takes the arrivals where connections are opened and not closed', () => {
    const arrivals = { count: 200, seconds: 10, liveBefore: 300 };
    const rate = estimateOpenRate({ closes: noCloses, arrivals, liveNow: 500 });
    expect(rate).toMatchObject({
      opensPerSecond: 20,
      netOpensPerSecond: 20,
      closesForForecast: 0,
      basis: 'dumps',
    });
  });

  it('adds nothing for connections that the peer closes as fast as they are opened', () => {
    const arrivals = { count: 100, seconds: 5, liveBefore: 199 };
    const rate = estimateOpenRate({ closes: noCloses, arrivals, liveNow: 201 });
    expect(rate).toMatchObject({ opensPerSecond: 20, netOpensPerSecond: 0, closesForForecast: 0 });
  });

  it('does not take a burst that has been closed again for growth', () => {
    const arrivals = { count: 1000, seconds: 3, liveBefore: 0 };
    const rate = estimateOpenRate({ closes: { ...closes, ratePerSecond: 83 }, arrivals, liveNow: 0 });
    expect(rate).toMatchObject({ netOpensPerSecond: 83, closesForForecast: 83 });
  });

  it('foresees nothing from a client that has stopped, though its closes are still in the window', () => {
    const arrivals = { count: 0, seconds: 2, liveBefore: 0 };
    expect(estimateOpenRate({ closes, arrivals, liveNow: 0 })).toMatchObject({
      opensPerSecond: 0,
      netOpensPerSecond: 0,
      closesForForecast: 0,
    });
  });

  it('has no rate from a single dump of open connections', () => {
    expect(estimateOpenRate({ closes: noCloses, arrivals: null, liveNow: 3 }).basis).toBe('none');
  });
});

describe('a rate from a counter', () => {
  it('is unknown, never zero or negative, when a reading is missing or the counter fell (S6)', () => {
    expect(counterRate(10, 30, 2)).toBe(10);
    expect([counterRate(null, 30, 2), counterRate(30, 10, 2), counterRate(1, 2, 0)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
