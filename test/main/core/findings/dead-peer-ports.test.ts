import { describe, expect, it } from 'vitest';
import { deadPeerPorts } from '../../../../main/core/findings/dead-peer-ports.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPile } from '../../../support/piles.ts';

const found = (sockets: number, oldestSeconds: number) =>
  deadPeerPorts.find(findingEvidence({ piles: [aPile({ state: 'SYN_SENT', sockets, oldestSeconds })] }));

describe('the rule for ports held by dead peers', () => {
  it('fires after two minutes, and warns when they hold half of the ports', () => {
    expect(found(5, 119)).toEqual([]);
    expect(found(5, 120)).toMatchObject([{ level: 'notice' }]);
    expect(found(14116, 130)).toMatchObject([{ level: 'warning' }]);
    expect(found(5, 130)[0]?.sentence).toContain('for 2 min 10 s and longer');
  });

  it('says nothing of a handful', () => {
    expect(found(4, 600)).toEqual([]);
  });
});
