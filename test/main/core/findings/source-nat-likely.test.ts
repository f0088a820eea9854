import { describe, expect, it } from 'vitest';
import { sourceNatLikely } from '../../../../main/core/findings/source-nat-likely.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool } from '../../../support/pools.ts';

const found = (remoteAddress: string, localAddress = '10.0.2.7', cloud: string | null = null) =>
  sourceNatLikely.find(
    findingEvidence({
      pools: [aPool({ used: 600, localAddress, remoteAddress })],
      surroundings: { addresses: [], container: null, cloud },
    }),
  );

describe('the rule for source NAT in the path', () => {
  it('takes a private address towards a public one for translated, and says it as likelihood', () => {
    expect(found('1.1.1.1')).toMatchObject([
      { level: 'notice', title: 'A NAT in the path may run out first' },
    ]);
    expect(found('1.1.1.1', '100.64.0.9')).toHaveLength(1);
    expect(found('1.1.1.1', '10.0.2.7', 'AWS')[0]?.sentence).toContain('a NAT of AWS gives');
  });

  it('is silent inside a network, from a public address, on loopback and towards documentation addresses', () => {
    expect([
      found('10.0.3.12'),
      found('1.1.1.1', '8.8.8.8'),
      found('127.0.0.1'),
      found('203.0.113.5'),
    ]).toEqual([[], [], [], []]);
  });

  it('is silent for a handful of connections', () => {
    const pools = [aPool({ used: 499, remoteAddress: '1.1.1.1' })];
    expect(sourceNatLikely.find(findingEvidence({ pools }))).toEqual([]);
  });
});
