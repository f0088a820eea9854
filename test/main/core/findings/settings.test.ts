import { describe, expect, it } from 'vitest';
import { settingFinTimeout } from '../../../../main/core/findings/setting-fin-timeout.ts';
import { settingTwBucketsLow } from '../../../../main/core/findings/setting-tw-buckets-low.ts';
import { settingTwRecycle } from '../../../../main/core/findings/setting-tw-recycle.ts';
import type { LinuxExtras } from '../../../../main/core/findings/evidence.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPile } from '../../../support/piles.ts';
import { linuxSettings } from '../../../support/pools.ts';

const linux = (change: Partial<LinuxExtras>): LinuxExtras => ({
  finTimeoutSeconds: 60,
  twRecycle: null,
  synRetries: 6,
  unprivilegedPortStart: 1024,
  maxOrphans: 65536,
  conntrackTimeWaitSeconds: null,
  somaxconn: 4096,
  ...change,
});

describe('the rules for settings that mislead', () => {
  it('tcp_fin_timeout: speaks when it was lowered, unless orphans explain it', () => {
    const at = (finTimeoutSeconds: number | null, orphans = 0) =>
      settingFinTimeout.find(
        findingEvidence({
          linux: linux({ finTimeoutSeconds }),
          piles: [aPile({ state: 'FIN_WAIT_2', sockets: orphans, orphans })],
        }),
      );
    expect(at(30)).toMatchObject([{ level: 'notice', remedies: [] }]);
    expect([at(60), at(120), at(null), at(30, 100)]).toEqual([[], [], [], []]);
  });

  it('tcp_tw_recycle: warns where the kernel still has it and it is on', () => {
    const at = (twRecycle: number | null) =>
      settingTwRecycle.find(findingEvidence({ linux: linux({ twRecycle }) }));
    expect(at(1)).toMatchObject([{ level: 'warning' }]);
    expect([at(0), at(null)]).toEqual([[], []]);
  });

  it('tcp_max_tw_buckets: notices a limit below any default', () => {
    const at = (maxTimeWaitSockets: number | null) =>
      settingTwBucketsLow.find(findingEvidence({ settings: linuxSettings({ maxTimeWaitSockets }) }));
    expect(at(5)).toMatchObject([{ level: 'notice' }]);
    expect([at(4096), at(null)]).toEqual([[], []]);
  });
});
