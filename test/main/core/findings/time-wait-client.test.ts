import { describe, expect, it } from 'vitest';
import { timeWaitClient } from '../../../../main/core/findings/time-wait-client.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool } from '../../../support/pools.ts';

describe('the rule for the side that closes first', () => {
  it('names the process, its pace and what it locks', () => {
    const owner = { pid: 4312, process: 'python3', sockets: 5000, share: 1, confidence: 'observed' } as const;
    const pool = aPool({
      used: 5000,
      byState: { TIME_WAIT: 4900, ESTABLISHED: 100 },
      closeRatePerSecond: 81.7,
      owners: [owner],
    });
    expect(timeWaitClient.find(findingEvidence({ pools: [pool] }))).toMatchObject([
      {
        level: 'notice',
        sentence:
          'python3 (pid 4312) closes its connections to 10.0.3.12:443 itself, 81.7/s: 4,900 closed ones lock a port for 60 s each.',
        evidence: '4,900 TIME_WAIT here, 0 CLOSE_WAIT',
      },
    ]);
  });

  it('is silent below a tenth of the pool, where most are open, and where the kernel reuses them', () => {
    const silent = [
      aPool({ used: 2800 }),
      aPool({ used: 9000, byState: { TIME_WAIT: 4000, ESTABLISHED: 5000 } }),
      aPool({ used: 50, reusable: 4950, byState: { TIME_WAIT: 5000 } }),
    ];
    for (const pool of silent) expect(timeWaitClient.find(findingEvidence({ pools: [pool] }))).toEqual([]);
  });
});
