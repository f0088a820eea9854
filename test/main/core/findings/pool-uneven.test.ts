import { describe, expect, it } from 'vitest';
import { poolUneven } from '../../../../main/core/findings/pool-uneven.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { linuxSettings, aPool } from '../../../support/pools.ts';

const pools = (used: number, next: number) => [
  aPool({ used }),
  aPool({ used: next, remoteAddress: '10.0.3.13', key: 'next' }),
];

describe('the rule for one pool far above the rest', () => {
  it('speaks of a pool ten times as full as the next', () => {
    expect(poolUneven.find(findingEvidence({ pools: pools(9000, 800) }))).toMatchObject([
      { level: 'notice', title: 'Nearly all ports go to 10.0.3.12:443' },
    ]);
    expect(poolUneven.find(findingEvidence({ pools: pools(9000, 1000) }))).toEqual([]);
    expect(poolUneven.find(findingEvidence({ pools: pools(8000, 100) }))).toEqual([]);
  });

  it('is silent where one pool is all there is, or ports count for the whole host', () => {
    expect(poolUneven.find(findingEvidence({ pools: [aPool({ used: 20000 })] }))).toEqual([]);
    const settings = linuxSettings({ scope: 'host' });
    expect(poolUneven.find(findingEvidence({ pools: pools(9000, 800), settings }))).toEqual([]);
  });
});
