import { describe, expect, it } from 'vitest';
import { closeWaitLeak } from '../../../../main/core/findings/close-wait-leak.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPile } from '../../../support/piles.ts';
import { aPool } from '../../../support/pools.ts';

const found = (parts: Partial<Parameters<typeof aPile>[0]> & { sockets: number }) =>
  closeWaitLeak.find(
    findingEvidence({ piles: [aPile({ state: 'CLOSE_WAIT', medianSeconds: 30, ...parts })] }),
  );

describe('the rule for connections that are not closed', () => {
  it('says that ports are not the problem, and whose it is', () => {
    expect(found({ sockets: 9114 })).toMatchObject([
      {
        level: 'warning',
        sentence:
          'Ports are not the problem: node (pid 2210) keeps 9,114 connections in CLOSE-WAIT because it never closes them; its descriptors run out first.',
        pid: 2210,
      },
    ]);
  });

  it('does not deny that ports run short where the pile has taken them', () => {
    const piles = [aPile({ state: 'CLOSE_WAIT', sockets: 20_000, medianSeconds: 30 })];
    const pools = [aPool({ used: 20_000, byState: { CLOSE_WAIT: 20_000 } })];
    expect(closeWaitLeak.find(findingEvidence({ piles, pools }))[0]?.sentence).toBe(
      'node (pid 2210) keeps 20,000 connections in CLOSE-WAIT because it never closes them; each holds a descriptor, and a port where this side opened it.',
    );
  });

  it('leaves a busy server alone: below a hundred, or some that come and go', () => {
    expect(found({ sockets: 99, medianSeconds: 600 })).toEqual([]);
    expect(found({ sockets: 999, medianSeconds: 5 })).toEqual([]);
    expect(found({ sockets: 5000, medianSeconds: 3 })).toEqual([]);
    expect(found({ sockets: 5000, medianSeconds: 3, watchedSeconds: 9 })).toMatchObject([{}]);
  });

  it('notices a smaller pile that stands or grows', () => {
    expect(found({ sockets: 100, medianSeconds: 60 })).toMatchObject([{ level: 'notice' }]);
    expect(found({ sockets: 100, growthPerSecond: 0.5 })).toMatchObject([{ level: 'warning' }]);
    expect(found({ sockets: 100, growthPerSecond: 0.5, watchedSeconds: 29 })).toEqual([]);
    expect(found({ sockets: 100, growthPerSecond: null, medianSeconds: null })).toEqual([]);
  });
});
