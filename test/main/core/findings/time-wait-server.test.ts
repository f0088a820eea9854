import { describe, expect, it } from 'vitest';
import { timeWaitServer } from '../../../../main/core/findings/time-wait-server.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';

const waiting = (sockets: number) =>
  timeWaitServer.find(findingEvidence({ serverTimeWait: [{ localPort: 443, process: 'nginx', sockets }] }));

describe('the rule for TIME_WAIT of own services', () => {
  it('says that a pile of a thousand is harmless, and offers no fix', () => {
    expect(waiting(999)).toEqual([]);
    expect(waiting(1000)).toMatchObject([
      {
        level: 'notice',
        remedies: [],
        sentence:
          '1,000 TIME_WAIT sockets belong to ports this machine listens on, most to port 443 (nginx): they use no ephemeral port, only some memory.',
      },
    ]);
  });
});
