import { describe, expect, it } from 'vitest';
import type { HistorySeries } from '../../../preload/contract-history.ts';
import { momentTrend } from '../../../renderer/stores/moment-trend.ts';

type Columns = Record<string, (number | null)[]>;

function seriesOf(atMs: number[], columns: Columns, gaps: HistorySeries['gaps'] = []): HistorySeries {
  return {
    stepMs: 1000,
    fromStepMs: { finest: 1000, coarsest: 1000 },
    atMs,
    columns: Object.entries(columns).map(([name, mean]) => ({ name, min: mean, max: mean, mean })),
    gaps,
  };
}

describe('the trend of a moment', () => {
  it('leaves unknown what is not known, and tells the rest', () => {
    const { trend, capacity } = momentTrend(
      seriesOf([1000, 2000, 3000], {
        used: [10.4, 20, 30],
        timeWait: [6, null, 20],
        established: [3, 4, null],
        opensPerSecond: [1.5, null, 2],
        capacity: [100, 100, null],
      }),
    );
    expect(trend).toEqual({
      atMs: [1000, 2000, 3000],
      used: [10, 20, 30],
      timeWait: [6, null, 20],
      established: [3, 4, null],
      other: [1, null, null],
      opensPerSecond: [1.5, null, 2],
      derivedUntilMs: null,
    });
    expect(capacity).toBe(100);
  });

  it('has the gaps that the history names and no others, with a point that breaks the line', () => {
    const { trend, gaps } = momentTrend(
      seriesOf(
        [1000, 11_000, 12_000, 60_000, 480_000],
        { used: [1, 2, null, 3, 4], timeWait: [1, 2, null, 3, 4], established: [0, 0, null, 0, 0] },
        [{ fromMs: 11_000, untilMs: 60_000, why: 'suspended' }],
      ),
    );
    expect(gaps).toEqual([{ fromMs: 11_000, toMs: 60_000 }]);
    expect(trend.used).toEqual([1, 2, null, 3, 4]);
    expect(trend.timeWait).toEqual([1, 2, null, 3, 4]);
  });

  it('says how much time its widest value stands for', () => {
    const series = seriesOf([0, 60_000], { used: [1, 2] });
    expect(momentTrend({ ...series, fromStepMs: { finest: 10_000, coarsest: 60_000 } }).stepMs).toBe(60_000);
  });

  it('begins and ends with what is known, and may have nothing', () => {
    const known = momentTrend(
      seriesOf([1000, 2000, 3000], { sockets: [null, 5, null], TIME_WAIT: [null, 1, null] }),
    );
    expect([known.trend.atMs, known.trend.used, known.trend.timeWait]).toEqual([[2000], [5], [1]]);
    expect(momentTrend(seriesOf([], {})).trend).toMatchObject({ atMs: [], used: [], other: [] });
  });
});
