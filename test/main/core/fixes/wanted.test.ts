import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wantedRate, withWantedRates } from '../../../../main/core/fixes/wanted.ts';
import type { Pool, Summary } from '../../../../main/core/model.ts';
import { incidentPool, incidentSummary } from '../../../support/incident.ts';

function summaryOf(change: Partial<Pool>): Summary {
  return incidentSummary({ pools: [incidentPool(change as never) as Pool] } as never) as Summary;
}

describe('what a full pool is asked for', () => {
  it.each<[string, (number | null)[], number | null]>([
    ['is not known without samples', [], null],
    ['is not known where no sample knows a rate', [null, null], null],
    ['is the mean of few samples', [10, 20], 15],
    ['is the pace while it filled, not what is let through since', [60, 60, 60, 60, 60, 0, 0, 0, 10, 0], 60],
    ['is not that of one burst', [0, 0, 600, 0, 0, 0], 200],
    ['passes over samples without a rate', [null, 60, 60, null, 60], 60],
  ])('%s', (_what, samples, wanted) => {
    expect(wantedRate(samples)).toBe(wanted);
  });

  it('lies between the mean and the most', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1 }), (samples) => {
        const wanted = wantedRate(samples) ?? -1;
        expect(wanted).toBeLessThanOrEqual(Math.max(...samples));
        expect(wanted).toBeGreaterThanOrEqual(Math.min(...samples));
      }),
    );
  });

  it('takes the place of the rate of full pools alone, and never lowers it', () => {
    const rateOf = (change: Partial<Pool>, wanted: number) => {
      const summary = summaryOf(change);
      const key = summary.pools[0]?.key ?? '';
      return withWantedRates(summary, new Map([[key, wanted]])).pools[0]?.openRatePerSecond;
    };
    expect(rateOf({ used: 600, capacity: 600, openRatePerSecond: 0 }, 60)).toBe(60);
    expect(rateOf({ used: 600, capacity: 600, openRatePerSecond: null }, 60)).toBe(60);
    expect(rateOf({ used: 600, capacity: 600, openRatePerSecond: 80 }, 60)).toBe(80);
    expect(rateOf({ used: 599, capacity: 600, openRatePerSecond: 12 }, 60)).toBe(12);
  });
});
