/** Where everything stands on "Time until the pool is full by connection rate": log axes, in pixels. */
import type { WhatIfResult } from '../../preload/contract-what-if.ts';
import { rateTicks, rungAbove, rungBelow, timeTicks, type AxisTick, type Span } from './what-if-axis.ts';
import { placeLabels, type ChartLabel, type Place } from './what-if-labels.ts';
import { formatAsked, formatFullAfter, formatHolds } from './what-if-words.ts';

type TimeToFull = WhatIfResult['timeToFull'][number];

export interface RateChartInput {
  width: number;
  height: number;
  /** The asked one first. */
  curves: readonly TimeToFull[];
  ratePerSecond: number;
  /** From an empty pool; null: never. */
  secondsToFull: number | null;
}

export interface RateChart {
  left: number;
  top: number;
  right: number;
  bottom: number;
  rates: AxisTick[];
  times: AxisTick[];
  curves: {
    id: string;
    isAsked: boolean;
    dash: string;
    path: string;
    knee: Place | null;
    label: ChartLabel | null;
  }[];
  /** Left of it the asked one never runs out; null when it holds any rate. */
  safeTo: number | null;
  /** What was asked; at the top edge when it never fills. */
  point: Place & { label: ChartLabel };
}

const MARGIN = { left: 54, right: 20, top: 14, bottom: 40 };
/** The domain when nothing asked lies outside it. */
const RATES: Span = { from: 10, to: 5000 };
const SECONDS: Span = { from: 2, to: 420 };
const ROOM = 1.5;
/** Lines of two systems with as many ports lie on each other: their dashes still tell them apart. */
const DASHES: Record<string, string> = {
  'windows-legacy': '2 3',
  'windows-240': '7 3',
  windows: '7 3',
  linux: '10 3 2 3',
  'this-machine': '1 2.5',
};

/** The whole chart. */
export function buildRateChart(input: RateChartInput): RateChart {
  const { width, height, curves, ratePerSecond } = input;
  const frame = {
    left: MARGIN.left,
    top: MARGIN.top,
    right: width - MARGIN.right,
    bottom: height - MARGIN.bottom,
  };
  const asked = curves[0];
  const rates = rateDomain(ratePerSecond, asked?.sustainableRatePerSecond ?? null);
  const seconds = timeDomain(input.secondsToFull, asked?.secondsToFull[0] ?? null);
  const toX = (rate: number) => frame.left + share(rate, rates) * (frame.right - frame.left);
  const toY = (time: number) => frame.bottom - share(time, seconds) * (frame.bottom - frame.top);
  const drawn = curves.map((curve, index) => ({
    id: curve.profileId,
    isAsked: index === 0,
    dash: index === 0 ? 'none' : (DASHES[curve.profileId] ?? 'none'),
    path: pathOf(curve, rates.to, toX, toY),
    end: endOf(curve, rates.to, toX, toY),
    knee: kneeOf(curve, toX, toY),
    words: `${curve.profileName} ${formatHolds(curve.sustainableRatePerSecond)}`,
  }));
  const at = {
    x: toX(ratePerSecond),
    y: input.secondsToFull === null ? frame.top + 8 : toY(input.secondsToFull),
  };
  const placed = placeLabels({
    frame,
    point: at,
    words: pointWords(input),
    isFull: input.secondsToFull !== null,
    curves: drawn,
  });
  const sustainable = asked?.sustainableRatePerSecond ?? null;
  return {
    ...frame,
    rates: rateTicks(rates, toX),
    times: timeTicks(seconds, toY),
    curves: drawn.map(({ words: _words, end: _end, ...curve }, index) => ({
      ...curve,
      label: placed.curves[index] ?? null,
    })),
    safeTo: sustainable === null ? null : Math.max(frame.left, Math.min(frame.right, toX(sustainable))),
    point: { ...at, label: placed.point },
  };
}

function pointWords({ ratePerSecond, secondsToFull }: RateChartInput): string {
  const rate = formatAsked(ratePerSecond);
  return secondsToFull === null
    ? `${rate}, never full`
    : `${rate}, full after ${formatFullAfter(secondsToFull)}`;
}

function rateDomain(asked: number, sustainable: number | null): Span {
  const seen = sustainable === null || sustainable <= 0 ? [asked] : [asked, sustainable];
  const least = Math.min(...seen);
  const most = Math.max(...seen);
  return {
    from: least >= RATES.from ? RATES.from : rungBelow(least / ROOM),
    to: most * 1.2 <= RATES.to ? RATES.to : rungAbove(most * ROOM),
  };
}

function timeDomain(asked: number | null, knee: number | null): Span {
  const seen = [asked, knee].filter((seconds) => seconds !== null && seconds > 0) as number[];
  return {
    from: Math.min(SECONDS.from, ...seen.map((seconds) => rungBelow(seconds / ROOM))),
    to: Math.max(SECONDS.to, ...seen.map((seconds) => seconds * 1.75)),
  };
}

function share(value: number, { from, to }: Span): number {
  return Math.log(Math.max(value, 1e-12) / from) / Math.log(to / from);
}

/** A constant load fills an empty pool in capacity ÷ rate, so the last point leads on to the edge. */
function pathOf(
  curve: TimeToFull,
  toRate: number,
  toX: (rate: number) => number,
  toY: (s: number) => number,
): string {
  const points = curve.ratePerSecond.map((rate, index) => [rate, curve.secondsToFull[index] ?? 0] as const);
  const last = points.at(-1);
  if (last && last[0] < toRate) points.push([toRate, (last[0] * last[1]) / toRate]);
  return points
    .filter(([rate, seconds]) => rate > 0 && seconds > 0)
    .map(
      ([rate, seconds], index) =>
        `${index === 0 ? 'M' : 'L'}${toX(rate).toFixed(1)} ${toY(seconds).toFixed(1)}`,
    )
    .join('');
}

/** Where a curve leaves the chart to the right. */
function endOf(
  curve: TimeToFull,
  toRate: number,
  toX: (rate: number) => number,
  toY: (s: number) => number,
): Place | null {
  const rate = curve.ratePerSecond.at(-1);
  const seconds = curve.secondsToFull.at(-1);
  return rate === undefined || seconds === undefined || rate * seconds <= 0
    ? null
    : { x: toX(toRate), y: toY((rate * seconds) / toRate) };
}

function kneeOf(curve: TimeToFull, toX: (rate: number) => number, toY: (s: number) => number): Place | null {
  const [rate] = curve.ratePerSecond;
  const [seconds] = curve.secondsToFull;
  return rate === undefined || seconds === undefined || rate <= 0 || seconds <= 0
    ? null
    : { x: toX(rate), y: toY(seconds) };
}
