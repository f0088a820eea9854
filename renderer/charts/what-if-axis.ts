/** Ticks of What-if's charts: labelled by value, as many as there is room for. */
import { formatCount } from '../format/numbers.ts';

export interface AxisTick {
  /** Pixels. */
  at: number;
  label: string;
  anchor: 'start' | 'middle' | 'end';
}

export interface Span {
  from: number;
  to: number;
}

/** Pixels between the labels of neighbouring ticks. */
const LABEL_GAP_PX = 10;
const CHAR_PX = 6.4;
const ROW_PX = 22;
const TIMES_SECONDS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 240, 600, 1200, 3600, 7200,
  18_000, 43_200, 86_400,
];

/** How wide a label is set at 11 px, about. */
export function labelWidth(text: string): number {
  return text.length * CHAR_PX;
}

/** Values 1, 2 and 5 of each decade inside `domain`. */
export function ladder(domain: Span): number[] {
  const values: number[] = [];
  for (let power = Math.floor(Math.log10(domain.from)); power <= Math.log10(domain.to); power++)
    for (const digit of [1, 2, 5]) {
      const value = Number((digit * 10 ** power).toPrecision(6));
      if (value >= domain.from && value <= domain.to) values.push(value);
    }
  return values;
}

/** The rung of 1, 2, 5 at or below the value. */
export function rungBelow(value: number): number {
  return ladder({ from: value / 10, to: value }).at(-1) ?? value;
}

/** The rung of 1, 2, 5 at or above the value. */
export function rungAbove(value: number): number {
  return ladder({ from: value, to: value * 10 })[0] ?? value;
}

/** Rates along the bottom; the last label ends at its tick. */
export function rateTicks(domain: Span, toX: (rate: number) => number): AxisTick[] {
  return spread(
    ladder(domain).map((rate) => ({
      at: toX(rate),
      label: rate < 1 ? String(rate) : formatCount(rate),
      anchor: rate === domain.to ? 'end' : 'middle',
    })),
  );
}

/** Times up the side: "5 s", "4 min", "1 h". */
export function timeTicks(domain: Span, toY: (seconds: number) => number): AxisTick[] {
  const ticks: AxisTick[] = [];
  for (const seconds of TIMES_SECONDS) {
    if (seconds < domain.from || seconds > domain.to) continue;
    const at = toY(seconds);
    const below = ticks.at(-1);
    if (below === undefined || below.at - at >= ROW_PX)
      ticks.push({ at, label: shortTime(seconds), anchor: 'end' });
  }
  return ticks;
}

/** Seconds along the bottom from 0, about six of them. */
export function elapsedTicks(untilSeconds: number, toX: (seconds: number) => number): AxisTick[] {
  const wanted = untilSeconds / 6;
  const step = TIMES_SECONDS.find((seconds) => seconds >= wanted) ?? rungAbove(wanted);
  const ticks: AxisTick[] = [];
  for (let index = 0; index * step <= untilSeconds * 1.0001; index++) {
    const seconds = Number((index * step).toPrecision(6));
    const isLast = (index + 1) * step > untilSeconds * 1.0001;
    ticks.push({
      at: toX(seconds),
      label: shortTime(seconds),
      anchor: isLast && toX(seconds) > toX(untilSeconds) - 16 ? 'end' : 'middle',
    });
  }
  return ticks;
}

/** "0 s", "20 ms", "90 s", "2 min", "1 h". */
function shortTime(seconds: number): string {
  if (seconds > 0 && seconds < 0.1) return `${Number((seconds * 1000).toFixed(1))} ms`;
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${Number(seconds.toFixed(3))} s`;
}

/** Drops labels that would touch the one before; the last one is kept in favour of its neighbour. */
function spread(ticks: AxisTick[]): AxisTick[] {
  const kept: AxisTick[] = [];
  for (const tick of ticks) {
    const before = kept.at(-1);
    if (before && leftOf(tick) - rightOf(before) < LABEL_GAP_PX) {
      if (tick !== ticks.at(-1)) continue;
      kept.pop();
    }
    kept.push(tick);
  }
  return kept;
}

function leftOf({ at, label, anchor }: AxisTick): number {
  return at - labelWidth(label) * (anchor === 'end' ? 1 : anchor === 'middle' ? 0.5 : 0);
}

function rightOf(tick: AxisTick): number {
  return leftOf(tick) + labelWidth(tick.label);
}
