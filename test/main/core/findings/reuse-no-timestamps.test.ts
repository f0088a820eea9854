import { describe, expect, it } from 'vitest';
import { reuseNoTimestamps } from '../../../../main/core/findings/reuse-no-timestamps.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { linuxSettings } from '../../../support/pools.ts';

const found = (mode: 'off' | 'all' | 'loopback', timestamps: boolean) =>
  reuseNoTimestamps.find(
    findingEvidence({ settings: linuxSettings({ reuse: { mode, delayMs: 1000, timestamps } }) }),
  );

describe('the rule for reuse without timestamps', () => {
  it('fires for tcp_tw_reuse 1 with tcp_timestamps 0 only', () => {
    expect(found('all', false)).toMatchObject([{ evidence: 'tcp_tw_reuse = 1 · tcp_timestamps = 0' }]);
    expect([found('all', true), found('loopback', false), found('off', false)]).toEqual([[], [], []]);
  });
});
