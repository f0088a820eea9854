import { describe, expect, it } from 'vitest';
import { deadPeerPorts } from '../../../../main/core/findings/dead-peer-ports.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPile } from '../../../support/piles.ts';

const found = (sockets: number, overTwoMinutes: number) =>
  deadPeerPorts.find(findingEvidence({ piles: [aPile({ state: 'SYN_SENT', sockets, overTwoMinutes })] }));

describe('the rule for ports held by dead peers', () => {
  it('fires after two minutes, and warns when they hold half of the ports', () => {
    expect(found(900, 4)).toEqual([]);
    expect(found(900, 5)).toMatchObject([{ level: 'notice' }]);
    expect(found(14116, 9000)).toMatchObject([{ level: 'warning' }]);
    expect(found(900, 5)[0]?.sentence).toContain('5 times for over two minutes: 900 ports stay locked');
  });
});
