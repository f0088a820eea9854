import { describe, expect, it } from 'vitest';
import { reuseLimited } from '../../../../main/core/findings/reuse-limited.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool, linuxSettings } from '../../../support/pools.ts';

const found = (mode: 'off' | 'all' | 'loopback', used = 9000, reuseEffective = false) =>
  reuseLimited.find(
    findingEvidence({
      pools: [aPool({ used, reuseEffective })],
      settings: linuxSettings({ reuse: { mode, delayMs: 1000, timestamps: true } }),
    }),
  );

describe('the rule for reuse that cannot help a pool', () => {
  it('says so where TIME_WAIT holds a third of a pool that is not on loopback', () => {
    expect(found('loopback')).toMatchObject([{ title: 'TIME_WAIT reuse is limited to loopback' }]);
    expect(found('off')).toMatchObject([{ title: 'TIME_WAIT reuse is off' }]);
    expect(found('all')).toEqual([]);
    expect(found('loopback', 8000)).toEqual([]);
    expect(found('loopback', 9000, true)).toEqual([]);
  });
});
