import { describe, expect, it } from 'vitest';
import { poolSlow } from '../../../../main/core/findings/pool-slow.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool } from '../../../support/pools.ts';

const found = (used: number, connectCostMs: number | null = null) =>
  poolSlow.find(findingEvidence({ pools: [aPool({ used })], connectCostMs }));

describe('the rule for slow connect()', () => {
  it('warns from the port after half of the pool', () => {
    expect(found(14116)).toEqual([]);
    expect(found(14117)).toMatchObject([{ level: 'warning', title: 'connect() to 10.0.3.12:443 is slow' }]);
  });

  it('says what connect() took where it was measured', () => {
    expect(found(15000, 2.34)[0]?.evidence).toContain('connect() took 2.3 ms');
    expect(found(15000)[0]?.evidence).not.toContain('connect()');
  });

  it('is silent on systems without such a cliff', () => {
    expect(poolSlow.find(findingEvidence({ pools: [aPool({ used: 15000, slowFrom: null })] }))).toEqual([]);
  });
});
