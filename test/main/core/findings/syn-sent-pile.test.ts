import { describe, expect, it } from 'vitest';
import { synSentPile } from '../../../../main/core/findings/syn-sent-pile.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPile } from '../../../support/piles.ts';

const found = (sockets: number, medianSeconds: number | null) =>
  synSentPile.find(findingEvidence({ piles: [aPile({ state: 'SYN_SENT', sockets, medianSeconds })] }));

describe('the rule for attempts without an answer', () => {
  it('fires for twenty that wait for over three seconds, and warns from two hundred', () => {
    expect(found(20, 3)).toMatchObject([{ level: 'notice', title: '10.0.3.12:443 does not answer' }]);
    expect(found(200, 3)).toMatchObject([{ level: 'warning' }]);
  });

  it('leaves alone a few, those just sent, and those of unknown age', () => {
    expect([found(19, 60), found(500, 2.9), found(500, null)]).toEqual([[], [], []]);
  });
});
