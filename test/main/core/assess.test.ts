import { describe, expect, test } from 'vitest';
import { areSameThresholds, assessPool, THRESHOLDS, worstPool } from '../../../main/core/assess.ts';
import { poolNearlyFull } from '../../../main/core/findings/pool-nearly-full.ts';
import { findingEvidence } from '../../support/evidence-of.ts';
import { aPool } from '../../support/pools.ts';

describe('the level of a pool', () => {
  const half = aPool({ capacity: 1000, used: 500, slowFrom: null });

  test('is by the usual thresholds unless others are given', () => {
    expect(assessPool(half)).toEqual({ level: 'notice', concern: 'in use' });
    expect(assessPool(half, { ...THRESHOLDS, warningShare: 0.5 })).toEqual({
      level: 'warning',
      concern: 'nearly full',
    });
    expect(assessPool(half, { ...THRESHOLDS, warningShare: 0.4, criticalShare: 0.5 })).toEqual({
      level: 'critical',
      concern: 'nearly full',
    });
  });

  test('is by seconds and by rate, too', () => {
    const soon = aPool({
      capacity: 1000,
      used: 200,
      exhaustion: { ...half.exhaustion, expected: true, inSeconds: 5000 },
    });
    expect(assessPool(soon).level).not.toBe('warning');
    expect(assessPool(soon, { ...THRESHOLDS, warningSeconds: 7200 })).toEqual({
      level: 'warning',
      concern: 'runs out',
    });
    expect(assessPool(soon, { ...THRESHOLDS, warningSeconds: 7200, criticalSeconds: 6000 }).level).toBe(
      'critical',
    );
  });

  test('decides which pool is the worst', () => {
    const quick = aPool({ key: 'quick', capacity: 1000, used: 420, slowFrom: null, openRatePerSecond: 9 });
    const full = aPool({ key: 'full', capacity: 1000, used: 450, slowFrom: null, openRatePerSecond: 0 });
    const byRate = { ...THRESHOLDS, warningRateShare: 9 / quick.sustainableRatePerSecond };
    expect(worstPool([quick, full])?.pool.key).toBe('full');
    expect(worstPool([quick, full], byRate)?.pool.key).toBe('quick');
  });

  test('a finding says what would make it go, by the same thresholds', () => {
    const evidence = findingEvidence({
      pools: [half],
      thresholds: { ...THRESHOLDS, warningShare: 0.45 },
    });
    expect(poolNearlyFull.find(evidence)[0]?.disproof).toBe('The pool’s use falls below 45% of its ports.');
  });
});

test('thresholds are the same when each of them is', () => {
  expect(areSameThresholds(THRESHOLDS, { ...THRESHOLDS })).toBe(true);
  expect(areSameThresholds(THRESHOLDS, { ...THRESHOLDS, warningSeconds: 1 })).toBe(false);
});
