import { describe, expect, it } from 'vitest';
import { timeLabels } from '../../../renderer/charts/trend-labels.ts';
import {
  buildTrendView,
  gridValues,
  showsCapacity,
  type TrendInput,
} from '../../../renderer/charts/trend-view.ts';
import { INCIDENT_AT_MS, incidentTrend } from '../../support/incident.ts';

function inputOf(change: Partial<TrendInput> = {}, historySeconds = 600): TrendInput {
  return {
    ...incidentTrend(historySeconds),
    takenAtMs: INCIDENT_AT_MS,
    nowMs: INCIDENT_AT_MS,
    silence: null,
    exhaustedAtMs: INCIDENT_AT_MS + 130_000,
    intervalMs: 1000,
    ...change,
  };
}
const seconds = (view: { window: { fromMs: number; toMs: number } }) => [
  (view.window.fromMs - INCIDENT_AT_MS) / 1000,
  (view.window.toMs - INCIDENT_AT_MS) / 1000,
];

describe('the window of the trend', () => {
  it('shows ten minutes back and four ahead', () =>
    expect(seconds(buildTrendView(inputOf(), 600_000))).toEqual([-600, 240]));
  it('shows what there is when history is short, and still reaches the exhaustion', () => {
    const view = buildTrendView(inputOf({}, 62), 600_000);
    expect(seconds(view)).toEqual([-60, 210]);
  });
  it('does not chase an exhaustion that is far away', () => {
    expect(seconds(buildTrendView(inputOf({ exhaustedAtMs: INCIDENT_AT_MS + 3_600_000 }), 600_000))).toEqual([
      -600, 240,
    ]);
  });
  it('keeps the scale while paused until the present leaves it, then follows', () => {
    const paused = (ahead: number) =>
      seconds(buildTrendView(inputOf({ silence: 'paused', nowMs: INCIDENT_AT_MS + ahead }), 600_000));
    expect(paused(72_000)).toEqual([-600, 240]);
    expect(paused(300_000)).toEqual([-540, 300]);
  });
});

describe('the columns of the trend', () => {
  it('stacks TIME-WAIT, Established and other, and lets the forecast start where the measurement ends', () => {
    const view = buildTrendView(inputOf(), 600_000);
    const last = view.xs.indexOf(INCIDENT_AT_MS);
    expect([view.timeWait[last], view.established[last], view.total[last]]).toEqual([24_168, 25_659, 25_691]);
    expect([view.low[last], view.median[last], view.high[last]]).toEqual([25_691, 25_691, 25_691]);
    expect(view.median.at(-1)).toBeGreaterThan(28_232);
    expect(view.xs).toEqual([...view.xs].sort((a, b) => a - b));
  });
  it('draws no forecast while nothing is sampled', () => {
    const view = buildTrendView(inputOf({ silence: 'stale' }), 600_000);
    expect(view.median.every((value) => value === null)).toBe(true);
  });
  it('S6: shows a gap where nothing was sampled, and no line across it', () => {
    const trend = incidentTrend().trend;
    const keep = trend.atMs.map((at) => at < INCIDENT_AT_MS - 60_000 || at > INCIDENT_AT_MS - 30_000);
    const thin = <T>(column: T[]) => column.filter((_, index) => keep[index]);
    const view = buildTrendView(
      inputOf({
        trend: {
          ...trend,
          atMs: thin(trend.atMs),
          timeWait: thin(trend.timeWait),
          established: thin(trend.established),
          other: thin(trend.other),
        },
      }),
      600_000,
    );
    expect(view.gaps).toHaveLength(1);
    const inside = view.xs.findIndex((at) => at > INCIDENT_AT_MS - 60_000 && at < INCIDENT_AT_MS - 30_000);
    expect(view.total[inside]).toBeNull();
  });
  it('S6: takes the gaps of the past from the history, where the pool alone was missing for minutes', () => {
    const at = (secondsAgo: number) => INCIDENT_AT_MS - secondsAgo * 1000;
    const trend = {
      atMs: [at(600), at(590), at(580), at(60), at(0)],
      used: [100, 110, 120, 30, 40],
      timeWait: [90, null, 100, 20, 30],
      established: [8, 9, null, 10, 10],
      other: [2, null, null, 0, 0],
      derivedUntilMs: null,
    };
    const gaps = [{ fromMs: at(50), toMs: at(10) }];
    const view = buildTrendView(inputOf({ trend, gaps, forecast: null, silence: 'imported' }), 600_000);
    expect(view.gaps).toEqual(gaps);
    expect(view.total).toEqual([100, 110, 120, null, 30, null, 40]);
    expect(view.timeWait.slice(0, 3)).toEqual([90, null, 100]);
    expect(view.established.slice(0, 3)).toEqual([98, null, null]);
    expect(view.lastTotal).toBe(40);
  });
  it('names a capacity that would squash the data instead of drawing it', () => {
    expect(showsCapacity(buildTrendView(inputOf(), 600_000))).toBe(true);
    expect(showsCapacity(buildTrendView(inputOf({ capacity: 1_000_000 }), 600_000))).toBe(false);
  });
  it('survives an empty trend', () => {
    const none = { atMs: [], timeWait: [], established: [], other: [], derivedUntilMs: null };
    const view = buildTrendView(inputOf({ trend: none }), 600_000);
    expect([view.xs, view.lastTotal]).toEqual([[], null]);
  });
});

describe('axes of the trend', () => {
  it('has at most five grid lines at round values', () => {
    expect(gridValues(33_500)).toEqual([0, 10_000, 20_000, 30_000]);
    expect(gridValues(10)).toEqual([0, 3, 6, 9]);
  });
  it('labels the past by the clock and the future by its distance, with room around now', () => {
    const { window } = buildTrendView(inputOf(), 600_000);
    const labels = timeLabels(window, INCIDENT_AT_MS, 655, true);
    expect(labels.filter((label) => label.isNow).map((label) => label.text)).toEqual(['now']);
    expect(labels.map((label) => label.text).filter((text) => text.startsWith('+'))).toEqual([
      '+2 min',
      '+4 min',
    ]);
    const px = labels.map((label) => ((label.atMs - window.fromMs) / (window.toMs - window.fromMs)) * 655);
    for (const [index, at] of px.slice(1).entries()) expect(at - (px[index] ?? 0)).toBeGreaterThan(50);
  });
  it('says the time of the last sample, not "now", while nothing is sampled', () => {
    const labels = timeLabels(
      { fromMs: INCIDENT_AT_MS - 600_000, toMs: INCIDENT_AT_MS + 240_000 },
      INCIDENT_AT_MS,
      655,
      false,
    );
    expect(labels.some((label) => label.text === 'now')).toBe(false);
    expect(labels.some((label) => label.text.startsWith('+'))).toBe(false);
  });
});
