import { describe, expect, it } from 'vitest';
import { poolNearlyFull } from '../../../../main/core/findings/pool-nearly-full.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool } from '../../../support/pools.ts';

const levels = (used: number) =>
  poolNearlyFull
    .find(findingEvidence({ pools: [aPool({ capacity: 1000, used, slowFrom: null })] }))
    .map(({ level }) => level);

describe('the rule for a pool that is nearly full', () => {
  it('warns from 80% and is critical from 90%', () => {
    expect([levels(799), levels(800), levels(899), levels(900), levels(999)]).toEqual([
      [],
      ['warning'],
      ['warning'],
      ['critical'],
      ['critical'],
    ]);
  });

  it('leaves a full pool to its own rule', () => {
    expect(levels(1000)).toEqual([]);
  });
});
