import { describe, expect, it } from 'vitest';
import type { HistorySeries } from '../../../preload/contract-history.ts';
import { laneMost, linesLane, rateLane, statesLane } from '../../../renderer/charts/history-lane.ts';
import { placeMarks } from '../../../renderer/charts/history-mark-strip.ts';
import { limitPieces, pastLimit } from '../../../renderer/charts/history-steps.ts';
import { axisLabels, formatRange } from '../../../renderer/charts/history-time.ts';
import { brushPieces, movedWindow } from '../../../renderer/charts/time-brush.ts';
import { aMark } from '../../support/trends.ts';

const START = new Date(2026, 10, 20, 14, 0, 0).getTime();
const MINUTE = 60_000;

function series(change: {
  at?: number[];
  values?: Record<string, (number | null)[]>;
  stepMs?: number;
}): HistorySeries {
  const { at = [0, 1, 2], values = {}, stepMs = 1000 } = change;
  return {
    stepMs,
    fromStepMs: { finest: 1000, coarsest: 1000 },
    atMs: at.map((second) => START + second * 1000),
    columns: Object.entries(values).map(([name, mean]) => ({ name, min: mean, max: mean, mean })),
    gaps: [],
  };
}
const states = (main: HistorySeries, change = {}) =>
  statesLane({ series: main, subject: 'pool', compared: null, forecast: null, nowMs: START, ...change });

describe('limits over time', () => {
  it('have one piece for each size, and none for the mean over the moment of a change', () => {
    const at = [0, 1, 2, 3, 4].map((second) => START + second * 1000);
    const pieces = limitPieces(at, [28_232, 28_232, 41_000, 62_948, 62_948], 1000);
    expect(pieces.map(({ value }) => value)).toEqual([28_232, 62_948]);
    expect(pastLimit(pieces)?.value).toBe(28_232);
  });

  it('know of no size where none is known', () => {
    expect(limitPieces([START], [null], 1000)).toEqual([]);
    expect(pastLimit([])).toBeNull();
  });
});

describe('the chart of states', () => {
  it('stacks TIME-WAIT, established and the rest', () => {
    const lane = states(
      series({ values: { used: [10, 20, 30], timeWait: [6, 12, 20], established: [3, 6, 9] } }),
    );
    expect(lane.columns[2]?.values).toEqual([6, 12, 20]);
    expect(lane.columns[1]?.values).toEqual([9, 18, 29]);
    expect(lane.columns[0]?.values).toEqual([10, 20, 30]);
  });

  it('breaks the line where nothing is known for long, even with another time laid over it', () => {
    const main = series({ at: [0, 1, 100, 101], values: { used: [1, 1, 1, 1] } });
    const compared = {
      series: series({ at: [-60, -59, -40, -1], values: { used: [5, 5, 5, 5] } }),
      offsetMs: MINUTE,
    };
    const lane = states(main, { compared });
    const used = lane.columns[0]?.values ?? [];
    const between = lane.xs.flatMap((at, index) =>
      at > START + 1000 && at < START + 100_000 ? [used[index]] : [],
    );
    expect(between.length).toBeGreaterThan(1);
    expect(between.every((value) => value === null)).toBe(true);
  });

  it('goes on with the forecast after the present only', () => {
    const main = series({ values: { used: [1, 2, 3] } });
    const atMs = [START, START + 5000, START + 9000];
    const forecast = { atMs, median: [3, 4, 5], low: [3, 3, 3], high: [3, 5, 7] };
    const lane = states(main, { forecast, nowMs: START + 2000 });
    expect(lane.columns[8]?.values.filter((value) => typeof value === 'number')).toEqual([4, 5]);
  });

  it('has room for a limit near what is measured, and names one far above', () => {
    const near = states(series({ values: { used: [100, 100, 100], capacity: [300, 300, 300] } }));
    const far = states(series({ values: { used: [100, 100, 100], capacity: [28_232, 28_232, 28_232] } }));
    expect(laneMost(near)).toBeGreaterThan(300);
    expect(laneMost(far)).toBeLessThan(200);
  });

  it('draws the range of what several samples were put together to', () => {
    const wide = { ...series({ values: { opensPerSecond: [4, 4, 4] } }), stepMs: 10_000 };
    expect(
      rateLane({ series: wide, subject: 'totals', compared: null, forecast: null, nowMs: START }).bands,
    ).toHaveLength(1);
  });
});

describe('the chart of destinations', () => {
  it('shows pools as shares of their ports, five at most', () => {
    const one = series({ values: { used: [50, 100, 200], capacity: [100, 100, 100] } });
    const lane = linesLane(
      'destination',
      Array.from({ length: 7 }, (_, index) => ({ name: `pool ${index}`, series: one })),
    );
    expect(lane.columns).toHaveLength(5);
    expect(lane.names).toHaveLength(5);
    expect(lane.columns[0]?.values).toEqual([0.5, 1, 1]);
  });
});

describe('marks above the charts', () => {
  const window = { fromMs: START, untilMs: START + 10 * MINUTE };
  const plot = { left: 50, right: 650 };
  const place = (...marks: ReturnType<typeof aMark>[]) => placeMarks(marks, window, plot, window.untilMs);

  it('give the words to what a person did where two stand close together', () => {
    const [process, fix] = place(
      aMark({ id: 1, kind: 'process', atMs: START + 5 * MINUTE, text: 'a process with a long name' }),
      aMark({ id: 2, kind: 'fix', atMs: START + 5 * MINUTE + 5000, text: 'Fix: wider range' }),
    );
    expect(fix?.label?.words).toBe('Fix: wider range');
    expect(fix?.label && process?.label && fix.label.anchor === process.label.anchor).toBeFalsy();
  });

  it('have one shape where the verdict changed: not a second one for why it did, or that it was told', () => {
    const at = START + 5 * MINUTE;
    const shapes = place(
      aMark({ id: 1, kind: 'process', atMs: at - 5000, text: 'node appears' }),
      aMark({ id: 2, kind: 'verdict', atMs: at, level: 'critical', text: 'Critical' }),
      aMark({ id: 3, kind: 'notice', atMs: at + 1000, text: 'Told: critical' }),
      aMark({ id: 4, kind: 'notice', atMs: at + MINUTE, text: 'Told: it is over' }),
    ).map(({ shape }) => shape);
    expect(shapes).toEqual(['diamond', 'bell']);
  });

  it('draw a test run as a bracket as far as it is seen, one that goes on up to now', () => {
    const [run] = place(aMark({ id: 1, kind: 'test-run', atMs: START - MINUTE, text: 'Load test' }));
    expect(run).toMatchObject({ shape: 'bracket', x: 50, endX: 650 });
  });

  it('leave out what is outside, and gaps', () => {
    expect(
      place(
        aMark({ id: 1, kind: 'note', atMs: START - 1, text: 'before' }),
        aMark({ id: 2, kind: 'gap', atMs: START + MINUTE, untilMs: START + 2 * MINUTE, text: 'gap' }),
      ),
    ).toEqual([]);
  });
});

describe('the time axis', () => {
  it('has round clock times for an hour, days for a week, and the future after now', () => {
    const hour = axisLabels({ fromMs: START, untilMs: START + 64 * MINUTE }, 900, START + 60 * MINUTE);
    expect(hour.map(({ text }) => text)).toContain('14:10');
    expect(hour.at(-1)?.text).toBe('+4 min');
    const week = axisLabels({ fromMs: START - 7 * 1440 * MINUTE, untilMs: START }, 700, START);
    expect(week.map(({ text }) => text)).toContain('15 Nov');
  });

  it('tells the day of what was not today', () => {
    const now = START + 1440 * MINUTE;
    expect(formatRange({ fromMs: START, untilMs: START + MINUTE }, now)).toBe('20 Nov 14:00:00 – 14:01:00');
    expect(formatRange({ fromMs: START, untilMs: now }, now)).toBe('20 Nov 14:00:00 – 21 Nov 14:00:00');
  });
});

describe('the brush', () => {
  const within = { fromMs: START, untilMs: START + 60 * MINUTE };
  const window = { fromMs: START + 50 * MINUTE, untilMs: START + 60 * MINUTE };

  it('moves the window inside the overview, and keeps a minute between its handles', () => {
    expect(movedWindow(window, 'window', 5 * MINUTE, within)).toEqual(window);
    expect(movedWindow(window, 'window', -60 * MINUTE, within).fromMs).toBe(within.fromMs);
    expect(movedWindow(window, 'from', 30 * MINUTE, within).fromMs).toBe(window.untilMs - MINUTE);
  });

  it('parts its line where nothing is known', () => {
    const main = series({ at: [0, 1, 200, 201], values: { used: [1, 2, 3, 4] } });
    expect(brushPieces(main, within, { width: 600, height: 40 })).toHaveLength(2);
  });
});
