import { describe, expect, it } from 'vitest';
import { poolHighRate } from '../../../../main/core/findings/pool-high-rate.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool } from '../../../support/pools.ts';

const found = (openRatePerSecond: number | null) =>
  poolHighRate.find(findingEvidence({ pools: [aPool({ used: 3000, openRatePerSecond })] }));

describe('the rule for a rate near the limit', () => {
  it('warns from 80% of ports / hold: 376.4/s on Linux defaults', () => {
    expect(found(376)).toEqual([]);
    expect(found(377)).toMatchObject([
      { level: 'warning', evidence: '377/s opened; 28232 ports / 60 s = 470/s' },
    ]);
  });

  it('says nothing without a rate', () => {
    expect(found(null)).toEqual([]);
  });

  it('is silent where so many connections leave nothing behind: the other side closes first', () => {
    const polite = aPool({ used: 15, byState: { ESTABLISHED: 15 }, openRatePerSecond: 450, steady: 15 });
    expect(poolHighRate.find(findingEvidence({ pools: [polite] }))).toEqual([]);
  });
});
