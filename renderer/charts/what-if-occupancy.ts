/** Where everything stands on the occupancy curve: ports in use over time, with the limits and where it ends. */
import type { WhatIfResult } from '../../preload/contract-what-if.ts';
import { formatAxisCount, formatCount } from '../format/numbers.ts';
import { elapsedTicks, labelWidth, rungAbove, type AxisTick } from './what-if-axis.ts';
import { formatFullAfter } from './what-if-words.ts';

export interface OccupancyInput {
  width: number;
  height: number;
  curve: WhatIfResult['occupancy'];
  capacity: number;
  /** Ports in use from which connect() gets slow; null where there is no such cliff. */
  slowFrom: number | null;
}

export interface OccupancyChart {
  left: number;
  top: number;
  right: number;
  bottom: number;
  times: AxisTick[];
  counts: { at: number; label: string }[];
  line: string;
  area: string;
  full: { y: number; label: string };
  slow: { y: number; label: string } | null;
  /** Where it runs out; null when it never does. */
  end: { x: number; y: number; label: string; labelX: number } | null;
  /** Where it comes to rest; null when it runs out. */
  rest: { x: number; y: number; label: string } | null;
}

const MARGIN = { left: 54, right: 20, top: 26, bottom: 40 };
const GRID_LINES = 4;

/** The whole chart; time runs from 0 at the left. */
export function buildOccupancyChart({
  width,
  height,
  curve,
  capacity,
  slowFrom,
}: OccupancyInput): OccupancyChart {
  const frame = {
    left: MARGIN.left,
    top: MARGIN.top,
    right: width - MARGIN.right,
    bottom: height - MARGIN.bottom,
  };
  const until = Math.max(curve.atSeconds.at(-1) ?? 0, 1e-3);
  const most = Math.max(capacity, ...curve.inUse, 1) * 1.06;
  const toX = (seconds: number) => frame.left + (seconds / until) * (frame.right - frame.left);
  const toY = (ports: number) => frame.bottom - (ports / most) * (frame.bottom - frame.top);
  const line = curve.atSeconds
    .map(
      (at, index) =>
        `${index === 0 ? 'M' : 'L'}${toX(at).toFixed(1)} ${toY(curve.inUse[index] ?? 0).toFixed(1)}`,
    )
    .join('');
  const last = curve.inUse.at(-1) ?? 0;
  return {
    ...frame,
    times: elapsedTicks(until, toX),
    counts: countTicks(most, toY),
    line,
    area: line === '' ? '' : `${line}V${frame.bottom}H${frame.left}Z`,
    full: { y: toY(capacity), label: `Pool full · ${formatCount(capacity)} ports` },
    slow:
      slowFrom === null ? null : { y: toY(slowFrom), label: `connect() slows from ${formatCount(slowFrom)}` },
    end: endOf(curve.exhaustedAtSeconds, capacity, frame.right, toX, toY),
    rest:
      curve.exhaustedAtSeconds === null
        ? { x: toX(until), y: toY(last), label: `levels off at ${formatCount(last)} ports` }
        : null,
  };
}

function countTicks(most: number, toY: (ports: number) => number): { at: number; label: string }[] {
  const step = Math.max(1, rungAbove(most / GRID_LINES / 1.25));
  const ticks = [];
  for (let ports = 0; ports <= most; ports += step)
    ticks.push({ at: toY(ports), label: formatAxisCount(ports) });
  return ticks;
}

function endOf(
  atSeconds: number | null,
  capacity: number,
  right: number,
  toX: (seconds: number) => number,
  toY: (ports: number) => number,
): OccupancyChart['end'] {
  if (atSeconds === null) return null;
  const label = `full after ${formatFullAfter(atSeconds)}`;
  const x = toX(atSeconds);
  return { x, y: toY(capacity), label, labelX: Math.min(x, right - labelWidth(label) / 2) };
}
