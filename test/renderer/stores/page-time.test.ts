import { describe, expect, it } from 'vitest';
import type { Link } from '../../../renderer/link/link.ts';
import { inPageTime, movedBy } from '../../../renderer/stores/page-time.ts';

describe('times of another clock', () => {
  it('are moved wherever they stand, and nothing else is', () => {
    const answer = {
      stepMs: 1000,
      fromStepMs: { finest: 1000, coarsest: 60_000 },
      atMs: [1, 2],
      columns: [{ name: 'used', min: [5, null], max: [6, null], mean: [5, null] }],
      gaps: [{ fromMs: 3, untilMs: null, why: 'late' }],
      run: { id: 7, peakAtMs: 4, portsHeldUntilMs: 5, peakUsed: 6 },
      nothing: null,
    };
    expect(movedBy(answer, 100)).toEqual({
      ...answer,
      atMs: [101, 102],
      gaps: [{ fromMs: 103, untilMs: null, why: 'late' }],
      run: { id: 7, peakAtMs: 104, portsHeldUntilMs: 105, peakUsed: 6 },
    });
    expect(movedBy(answer, 0)).toBe(answer);
  });

  it('go out as the host has them and come back as the page has them', async () => {
    const asked: unknown[] = [];
    const link = {
      call: async (_name: string, args: { atMs: number }) => {
        asked.push(args);
        return { moment: { atMs: args.atMs } };
      },
    } as unknown as Link;
    let offsetMs = 5000;
    const answer = inPageTime(link, () => offsetMs).call('history.moment', { atMs: 10_000 });
    offsetMs = 9000;
    expect(await answer).toEqual({ moment: { atMs: 10_000 } });
    expect(asked).toEqual([{ atMs: 5000 }]);
  });
});
