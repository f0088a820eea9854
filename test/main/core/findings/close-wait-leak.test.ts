import { describe, expect, it } from 'vitest';
import { closeWaitLeak } from '../../../../main/core/findings/close-wait-leak.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPile } from '../../../support/piles.ts';

const found = (parts: Partial<Parameters<typeof aPile>[0]> & { sockets: number }) =>
  closeWaitLeak.find(findingEvidence({ piles: [aPile({ state: 'CLOSE_WAIT', ...parts })] }));

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

  it('leaves a busy server alone: below a hundred, or some that come and go', () => {
    expect(found({ sockets: 99, medianSeconds: 600 })).toEqual([]);
    expect(found({ sockets: 999, medianSeconds: 5 })).toEqual([]);
  });

  it('notices a smaller pile that stands or grows', () => {
    expect(found({ sockets: 100, medianSeconds: 60 })).toMatchObject([{ level: 'notice' }]);
    expect(found({ sockets: 100, growthPerSecond: 0.5 })).toMatchObject([{ level: 'warning' }]);
    expect(found({ sockets: 100, growthPerSecond: 0.5, watchedSeconds: 29 })).toEqual([]);
    expect(found({ sockets: 100, growthPerSecond: null, medianSeconds: null })).toEqual([]);
  });
});
