import { describe, expect, it } from 'vitest';
import { finWait2Pile } from '../../../../main/core/findings/fin-wait-2-pile.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPile } from '../../../support/piles.ts';

const linux = {
  finTimeoutSeconds: 60,
  twRecycle: null,
  synRetries: 6,
  unprivilegedPortStart: 1024,
  maxOrphans: 65536,
  conntrackTimeWaitSeconds: null,
  somaxconn: 4096,
};
const found = (orphans: number) =>
  finWait2Pile.find(
    findingEvidence({ linux, piles: [aPile({ state: 'FIN_WAIT_2', sockets: orphans + 40, orphans })] }),
  );

describe('the rule for peers that do not close', () => {
  it('counts orphans alone, and offers tcp_fin_timeout, which is the knob here', () => {
    expect(found(499)).toEqual([]);
    expect(found(500)).toMatchObject([
      {
        level: 'notice',
        evidence: '500 FIN_WAIT_2 without a process · tcp_fin_timeout = 60',
        remedies: [{ fixId: 'app-keep-alive' }, { fixId: 'linux-fin-timeout' }],
      },
    ]);
    expect(found(5000)).toMatchObject([{ level: 'warning' }]);
  });

  it('says of a service that its clients cost no port, and only when there are many', () => {
    const ofService = (orphans: number) =>
      finWait2Pile.find(
        findingEvidence({
          linux,
          piles: [
            aPile({ state: 'FIN_WAIT_2', sockets: orphans, orphans, servicePort: 443, destination: null }),
          ],
        }),
      );
    expect(ofService(4999)).toEqual([]);
    expect(ofService(9000)).toMatchObject([
      { level: 'notice', title: 'Clients of port 443 do not close their side' },
    ]);
    expect(ofService(9000)[0]?.sentence).toContain('they use no ephemeral port');
  });
});
