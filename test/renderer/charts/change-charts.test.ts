import { describe, expect, it } from 'vitest';
import { buildChangeTrend, type ChangeTrendInput } from '../../../renderer/charts/change-trend.ts';
import { buildRangeBar } from '../../../renderer/charts/range-bar.ts';
import { buildShareCurve } from '../../../renderer/charts/share-curve.ts';
import { bandPath, linePath, thinned } from '../../../renderer/charts/svg-paths.ts';
import { aPlan, APPLIED_AT_MS } from '../../support/changes.ts';

describe('paths', () => {
  it('join points, bands go round, and the last of many values stays', () => {
    const points = [
      { x: 0, y: 1 },
      { x: 2.04, y: 3 },
    ];
    expect(linePath(points)).toBe('M0 1L2 3');
    expect(
      bandPath(points, [
        { x: 0, y: 5 },
        { x: 2, y: 6 },
      ]),
    ).toBe('M0 1L2 3L2 6L0 5Z');
    expect(thinned([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
  });
});

describe('the bar of all ports', () => {
  const ranges = aPlan().ranges;
  if (!ranges) throw new Error('The plan has ranges');

  it('writes the size of a range inside its bar where it fits, and beside it where it does not', () => {
    const wide = buildRangeBar({ ...ranges, width: 780 });
    expect([wide.present.isInside, wide.proposed.isInside]).toEqual([true, true]);
    const small = buildRangeBar({
      ...ranges,
      width: 780,
      present: { first: 65_000, last: 65_099 },
      presentPorts: 100,
    });
    expect(small.present).toMatchObject({ isInside: false, anchor: 'end', words: '100 ports' });
  });

  it('names what is reserved beside the rings, and counts it where there is no room', () => {
    expect(buildRangeBar({ ...ranges, width: 780 }).words?.text).toBe(
      'reserved: 5432 postgres · 6379 redis · 8080 order-api · 9090 prometheus · 9100 node-exporter',
    );
    expect(buildRangeBar({ ...ranges, width: 420 }).words?.text).toBe('5 ports reserved');
    expect(buildRangeBar({ ...ranges, width: 780, reserved: [] }).words).toBeNull();
  });
});

describe('the share of the pool', () => {
  const curve = aPlan().curve;
  if (!curve) throw new Error('The plan has a curve');
  const past = Array.from({ length: 180 }, (_, index) => ({ atSeconds: index - 180, share: 0.8 }));

  it('marks where it is full as it is, and where both curves end', () => {
    const chart = buildShareCurve({ width: 480, height: 320, past, ...curve });
    expect(chart?.full?.x).toBeGreaterThan(chart?.times.find(({ isNow }) => isNow)?.x ?? Infinity);
    expect([chart?.ends.asIs?.words, chart?.ends.withChange?.words]).toEqual(['100%', '56%']);
    expect(chart?.fillsWithChange).toBe(false);
  });

  it('never lays words on each other, and writes once what both say', () => {
    const near = buildShareCurve({
      width: 480,
      height: 320,
      past: [],
      atSeconds: [0, 60],
      asIs: [0.5, 0.5],
      withChange: [0.5, 0.49],
    });
    expect(near?.starts.asIs).toBeNull();
    const ends = near?.ends;
    expect((ends?.withChange?.wordsY ?? 0) - (ends?.asIs?.wordsY ?? 0)).toBeGreaterThanOrEqual(14);
    expect(near?.full).toBeNull();
  });

  it('is not drawn without room or future', () => {
    expect(buildShareCurve({ width: 100, height: 50, past, ...curve })).toBeNull();
    expect(
      buildShareCurve({ width: 480, height: 320, past, atSeconds: [], asIs: [], withChange: [] }),
    ).toBeNull();
  });
});

describe('the pool around a change', () => {
  const atMs = Array.from({ length: 241 }, (_, index) => APPLIED_AT_MS + (index - 120) * 1000);
  const input: ChangeTrendInput = {
    width: 700,
    height: 280,
    trend: {
      atMs,
      timeWait: atMs.map(() => 24_000),
      established: atMs.map(() => 1500),
      other: atMs.map(() => 500),
    },
    changedAtMs: APPLIED_AT_MS,
    capacityBefore: 28_232,
    capacityAfter: 62_948,
    nowMs: APPLIED_AT_MS + 120_000,
    spanMs: 300_000,
    asShare: false,
    predicted: null,
  };

  it('draws the old limit until the change and the new one since', () => {
    const { before, after } = buildChangeTrend(input)?.limits ?? {};
    expect([before?.words, after?.words]).toEqual(['Pool 28,232', 'Pool 62,948']);
    expect(before?.toX).toBe(after?.fromX);
    expect(buildChangeTrend({ ...input, changedAtMs: null })?.limits.after).toBeNull();
  });

  it('measures shares against the pool that was in force', () => {
    const chart = buildChangeTrend({ ...input, asShare: true });
    expect([chart?.lastBefore?.words, chart?.last?.words]).toEqual(['92.1%', '41.3%']);
  });

  it('keeps the prediction as a band from the moment of the change to now', () => {
    const predicted = { atSeconds: [0, 60, 120, 180], withChange: [0.4, 0.42, 0.44, 0.46] };
    const chart = buildChangeTrend({ ...input, predicted });
    expect(chart?.predicted?.upper).toHaveLength(3);
    expect(chart?.predicted?.upper[0]?.x).toBe(chart?.changedX);
  });
});
