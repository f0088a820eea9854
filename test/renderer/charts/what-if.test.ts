import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultInput } from '../../../main/core/what-if/catalogue.ts';
import { buildOccupancyChart } from '../../../renderer/charts/what-if-occupancy.ts';
import { buildRateChart } from '../../../renderer/charts/what-if-rate-chart.ts';
import { doublingScale, linearScale, logScale } from '../../../renderer/charts/what-if-scale.ts';
import { formatAsked, formatFullAfter, formatHolds } from '../../../renderer/charts/what-if-words.ts';
import { formatAmount, parseAmount } from '../../../renderer/format/amounts.ts';
import { answerWhatIf } from '../../support/what-if.ts';

function rateChart(change: Partial<ReturnType<typeof defaultInput>> = {}) {
  const result = answerWhatIf({ input: { ...defaultInput(), ...change } });
  return buildRateChart({
    width: 600,
    height: 440,
    curves: result.timeToFull,
    ratePerSecond: result.effective.ratePerSecond,
    secondsToFull: result.exhaustion.fromEmptySeconds,
  });
}

describe('scales', () => {
  const scales = [
    ['linear', linearScale(1024, 65_535)],
    ['log', logScale(1, 10_000)],
    ['doubling', doublingScale(1, 16)],
  ] as const;

  it.each(scales)('a %s place means a value between the ends, and steps stay there', (_, scale) => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: -30, max: 30 }),
        (share, steps) => {
          const value = scale.fromShare(share);
          expect(value).toBeGreaterThanOrEqual(scale.min);
          expect(value).toBeLessThanOrEqual(scale.max);
          const next = scale.step(value, steps);
          expect(next).toBeGreaterThanOrEqual(scale.min);
          expect(next).toBeLessThanOrEqual(scale.max);
          if (steps > 0) expect(next).toBeGreaterThanOrEqual(value);
          if (steps < 0) expect(next).toBeLessThanOrEqual(value);
        },
      ),
    );
  });

  it.each([
    [600, 1, 610],
    [600, -1, 590],
    [600, 10, 700],
    [99, 1, 100],
    [100, 1, 110],
    [100, -1, 99],
    [605, 1, 610],
    [605, -1, 600],
    [9900, 10, 10_000],
    [1, -1, 1],
  ])('a log step from %d by %d is %d', (value, steps, expected) => {
    expect(logScale(1, 10_000).step(value, steps)).toBe(expected);
  });

  it('a step there and back is where it began', () => {
    const scale = logScale(1, 10_000);
    for (const value of [1, 9.9, 10, 16, 99, 100, 610, 1000, 4700])
      expect(scale.step(scale.step(value, 1), -1)).toBe(value);
  });
});

describe('amounts', () => {
  it.each([
    ['1,000', 1000],
    ['600 /s', 600],
    ['16.57', 16.57],
    ['1e3', 1000],
    ['-5', -5],
    ['−5', -5],
    ['.5', 0.5],
    ['1,5', null],
    ['', null],
    ['abc', null],
    ['NaN', null],
    ['Infinity', null],
    ['0x10', null],
  ])('reads %j as %j', (text, expected) => {
    expect(parseAmount(text, '/s')).toBe(expected);
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (value) => {
        expect(parseAmount(formatAmount(value))).toBe(value);
      }),
    );
  });

  it('rounds what holds and what is left down', () => {
    expect([formatHolds(470.53), formatHolds(16.5667), formatHolds(64 / 120), formatHolds(null)]).toEqual([
      '470/s',
      '16.5/s',
      '0.533/s',
      'any rate',
    ]);
    expect([formatFullAfter(6.69), formatFullAfter(47.9), formatFullAfter(null)]).toEqual([
      '6.6 s',
      '47 s',
      'never',
    ]);
    expect([formatAsked(600), formatAsked(16.566), formatAsked(12_000)]).toEqual([
      '600/s',
      '16.57/s',
      '12,000/s',
    ]);
  });
});

describe('the curve by rate', () => {
  it('puts the asked point on the asked curve, with its words', () => {
    const chart = rateChart();
    const asked = chart.curves[0];
    expect(asked?.label?.text).toBe('Linux 470/s');
    expect(chart.point.label.text).toBe('600/s, full after 47 s');
    expect(chart.point.x).toBeGreaterThan(asked?.knee?.x ?? Infinity);
    expect(chart.point.y).toBeGreaterThan(asked?.knee?.y ?? Infinity);
    expect(chart.safeTo).toBeCloseTo(asked?.knee?.x ?? 0, 5);
  });

  it('puts a rate that holds at the top, left of the line', () => {
    const chart = rateChart({ ratePerSecond: 300 });
    expect(chart.point.label.text).toBe('300/s, never full');
    expect(chart.point.x).toBeLessThan(chart.safeTo ?? 0);
    expect(chart.point.y).toBeLessThan(chart.top + 20);
  });

  it('labels no two things on one place and keeps every label inside', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 50_000, noNaN: true }),
        fc.integer({ min: 1, max: 16 }),
        (rate, spread) => {
          const chart = rateChart({ ratePerSecond: rate, destinations: spread });
          const labels = chart.curves.flatMap((curve) => (curve.label ? [curve.label] : []));
          for (const label of labels) {
            expect(label.x).toBeGreaterThanOrEqual(chart.left);
            expect(label.x).toBeLessThanOrEqual(chart.right);
          }
          const places = labels.map(({ x, y }) => `${x.toFixed(0)} ${y.toFixed(0)}`);
          expect(new Set(places).size).toBe(places.length);
          expect(Number.isFinite(chart.point.x) && Number.isFinite(chart.point.y)).toBe(true);
          expect(chart.point.x).toBeGreaterThanOrEqual(chart.left);
          expect(chart.point.x).toBeLessThanOrEqual(chart.right);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('draws no line where nothing keeps a port', () => {
    const chart = rateChart({ activeCloseShare: 0 });
    expect(chart.safeTo).toBeNull();
    expect(chart.curves[0]?.knee).toBeNull();
    expect(chart.point.label.text).toBe('600/s, never full');
  });
});

describe('the curve over time', () => {
  function occupancyChart(ratePerSecond: number) {
    const { occupancy, capacity, slowFrom } = answerWhatIf({ input: { ...defaultInput(), ratePerSecond } });
    return buildOccupancyChart({ width: 600, height: 440, curve: occupancy, capacity, slowFrom });
  }

  it('ends on the line of the full pool', () => {
    const chart = occupancyChart(600);
    expect(chart.end).toMatchObject({ label: 'full after 47 s', y: chart.full.y });
    expect(chart.full.label).toBe('Pool full · 28,232 ports');
    expect(chart.slow?.label).toBe('connect() slows from 14,116');
    expect(chart.rest).toBeNull();
  });

  it('levels off below it at a rate that holds', () => {
    const chart = occupancyChart(300);
    expect(chart.end).toBeNull();
    expect(chart.rest?.label).toBe('levels off at 18,000 ports');
    expect(chart.rest?.y).toBeGreaterThan(chart.full.y);
  });
});
