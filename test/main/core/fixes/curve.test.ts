import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveOf } from '../../../../main/core/fixes/curve.ts';
import { effectOn } from '../../../../main/core/fixes/effect.ts';
import type { Effect } from '../../../../main/core/fixes/model.ts';
import type { Pool, Summary } from '../../../../main/core/model.ts';
import { incidentPool, incidentSummary } from '../../../support/incident.ts';

const summary = incidentSummary() as Summary;
const pool = incidentPool() as Pool;

function effect(change: Parameters<typeof effectOn>[2], from: Pool = pool): Effect {
  return { ...effectOn(from, summary, change), sentence: '' };
}

describe('the curve of an effect', () => {
  it('begins at what is in use and ends, after the wait, where opens and closes balance', () => {
    const curve = curveOf(effect({ capacity: 62_948 }));
    expect(curve?.asIs[0]).toBeCloseTo(25_691 / 28_232, 3);
    expect(curve?.withChange[0]).toBeCloseTo(25_691 / 62_948, 3);
    const steady = 412 * 60 + (25_691 - 24_168);
    expect(curve?.withChange.at(-1)).toBeCloseTo(steady / 62_948, 3);
  });

  it('stays full where opens exceed what the pool can bear, and says when that is', () => {
    const curve = curveOf(effect({ capacity: 62_948 }, { ...pool, openRatePerSecond: 600 }));
    expect(curve?.asIs.at(-1)).toBe(1);
    expect(curve?.sentence).toMatch(/is full in about \d+ s; with this change it comes to \d+% after/);
    expect(curve?.sentence).toMatch(/An estimate/);
  });

  it('falls within the reuse delay where TIME_WAIT can be taken again after 1 s', () => {
    const curve = curveOf(effect({ waitSeconds: 1 }));
    const after = curve?.withChange[1] ?? 1;
    expect(after).toBeLessThan(0.1);
  });

  it('is not drawn where the rate is not known', () => {
    expect(curveOf(effect({ capacity: 62_948 }, { ...pool, openRatePerSecond: null }))).toBeNull();
  });

  it('never leaves 0 to 1, whatever the pool', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 65_000 }),
        fc.integer({ min: 0, max: 65_000 }),
        fc.float({ min: 0, max: 10_000, noNaN: true }),
        fc.integer({ min: 1, max: 65_000 }),
        (capacity, used, rate, then) => {
          const full = { ...pool, capacity, used: Math.min(used, capacity), openRatePerSecond: rate };
          const curve = curveOf(effect({ capacity: then }, full));
          for (const share of [...(curve?.asIs ?? []), ...(curve?.withChange ?? [])]) {
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});
