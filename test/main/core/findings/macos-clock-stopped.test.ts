import { describe, expect, it } from 'vitest';
import { macosClockStopped } from '../../../../main/core/findings/macos-clock-stopped.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';

const DAY = 86_400;
const found = (days: number | null, timeWaitEnds: boolean | null, timeWait = 200) =>
  macosClockStopped
    .find(
      findingEvidence({
        system: 'macos',
        macos: { uptimeSeconds: days === null ? null : days * DAY, timeWaitEnds },
        totals: { sockets: timeWait, byState: { TIME_WAIT: timeWait } },
      }),
    )
    .map(({ level }) => level);

describe('the rule for a Mac whose TCP clock stopped', () => {
  it('is critical past 49.7 days when no TIME_WAIT ends, a notice while that is not known', () => {
    expect(found(49.8, false)).toEqual(['critical']);
    expect(found(49.8, null)).toEqual(['notice']);
  });

  it('is silent before, where TIME_WAIT ends, where there is little of it, and without an uptime', () => {
    expect([found(49.7, false), found(60, true), found(60, false, 49), found(null, false)]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });
});
