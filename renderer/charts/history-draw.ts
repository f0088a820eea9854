/** What the engine does not know of a chart of the history: limits with their steps, marks, gaps, words. */
import type { HistoryMark } from '../../preload/contract-history.ts';
import { laneMost, type LaneData } from './history-lane.ts';
import { pastLimit } from './history-steps.ts';
import { axisLabels, type Span } from './history-time.ts';
import { withAlpha } from './palette.ts';
import { hatch, line, text, type Plot } from './trend-draw.ts';

/** What all charts of the screen have in common. */
export interface LaneFrame {
  window: Span;
  marks: readonly HistoryMark[];
  /** The present; the right edge of what can be known. */
  nowMs: number;
  /** Times stand under the last chart only. */
  hasTimeAxis: boolean;
}

/** Above the plot. */
const TITLE_PX = -7;

export function drawLaneBehind(plot: Plot, data: LaneData, frame: LaneFrame): void {
  for (const band of data.bands) fillBand(plot, data, band, frame.window);
  for (const gap of data.gaps) hatch(plot, plot.x(gap.fromMs), plot.x(gap.untilMs));
  for (const mark of frame.marks) {
    if (mark.kind !== 'test-run') continue;
    plot.context.save();
    plot.context.globalAlpha = 0.55;
    hatch(plot, plot.x(mark.atMs), plot.x(mark.untilMs ?? frame.nowMs));
    plot.context.restore();
  }
}

/** As a plain shape: the engine's own bands are clipped by whole lines, which is slow where a canvas is drawn in software. */
function fillBand(
  plot: Plot,
  { xs, columns }: LaneData,
  { upper, lower, ink, alpha }: LaneData['bands'][number],
  { fromMs, untilMs }: Span,
): void {
  const above = columns[upper]?.values ?? [];
  const below = columns[lower]?.values ?? [];
  const first = Math.max(0, xs.findIndex((at) => at >= fromMs) - 1);
  const { context } = plot;
  let edge: [number, number, number][] = [];
  const flush = () => {
    if (edge.length > 1) {
      context.beginPath();
      for (const [x, top] of edge) context.lineTo(x, top);
      for (const [x, , bottom] of edge.reverse()) context.lineTo(x, bottom);
      context.fill();
    }
    edge = [];
  };
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top);
  context.clip();
  context.fillStyle = withAlpha(plot.colours[ink], alpha);
  for (let index = first; index < xs.length; index++) {
    const [high, low, at] = [above[index], below[index], xs[index] ?? 0];
    if (high === null || low === null) flush();
    if (typeof high === 'number' && typeof low === 'number')
      edge.push([plot.x(at), plot.y(high), plot.y(low)]);
    if (at > untilMs) break;
  }
  flush();
  context.restore();
}

export function drawLaneInFront(plot: Plot, data: LaneData, frame: LaneFrame): void {
  drawMarks(plot, frame);
  drawLimits(plot, data, frame);
  drawNames(plot, data, frame);
  drawNow(plot, frame);
  const { colours } = plot;
  text(plot, data.title, plot.left + 8, plot.top + TITLE_PX, {
    colour: colours.text,
    weight: 600,
    halo: true,
  });
  if (data.note && !plot.isNarrow) {
    const left = plot.left + 8 + data.title.length * 5.9 + 8;
    text(plot, data.note, left, plot.top + TITLE_PX, { colour: colours.textQuiet, halo: true });
  }
  if (frame.hasTimeAxis) drawTimes(plot, frame);
}

/** Hatched, drawn as a bracket, or told of where the verdict has its line. */
const UNLINED: ReadonlySet<HistoryMark['kind']> = new Set(['gap', 'test-run', 'notice']);

function drawMarks(plot: Plot, { marks, window }: LaneFrame): void {
  for (const mark of marks) {
    if (UNLINED.has(mark.kind)) continue;
    if (mark.atMs < window.fromMs || mark.atMs > window.untilMs) continue;
    const x = Math.round(plot.x(mark.atMs)) + 0.5;
    const isFirm = mark.kind === 'fix' || mark.kind === 'setting';
    const ink = isFirm ? plot.colours.textSoft : plot.colours.textQuiet;
    line(plot, [x, plot.top - 20], [x, plot.bottom], ink, 1, isFirm ? [] : [1, 3]);
  }
}

function drawLimits(plot: Plot, data: LaneData, { window }: LaneFrame): void {
  const { colours } = plot;
  const most = laneMost(data);
  const shown = data.limits.filter(
    ({ fromMs, untilMs }) => fromMs < window.untilMs && untilMs > window.fromMs,
  );
  if (data.unit === 'share') {
    const y = plot.y(1);
    line(plot, [plot.left, y], [plot.right, y], colours.critical, 1.3);
    const style = { colour: colours.critical, align: 'right' as const, weight: 600, halo: true };
    return text(plot, 'full', plot.right - 6, y + 13, style);
  }
  const past = pastLimit(shown);
  const inForce = shown.at(-1);
  shown.forEach((piece, index) => {
    if (piece.value > most) return;
    const next = shown[index + 1];
    const isLast = next === undefined;
    const [x1, x2] = [clampX(plot, piece.fromMs), isLast ? plot.right : clampX(plot, next.fromMs)];
    const y = plot.y(piece.value);
    line(plot, [x1, y], [x2, y], colours.critical, 1.6);
    if (next && next.value <= most) line(plot, [x2, y], [x2, plot.y(next.value)], colours.critical, 1.6);
    const words = data.limitWords(piece.value);
    const isTop = y < plot.top + 14;
    const isRight = isLast && shown.length > 1;
    if (x2 - x1 < words.length * 6.3 + 14) return;
    text(plot, words, isRight ? plot.right - 6 : x1 + 8, isTop ? y + 14 : y - 6, {
      colour: colours.critical,
      align: isRight ? 'right' : 'left',
      weight: 600,
      halo: true,
    });
  });
  if (past && inForce && past.value <= most) {
    const y = plot.y(past.value);
    line(plot, [clampX(plot, inForce.fromMs), y], [plot.right, y], colours.critical, 1.1, [3, 4]);
    if (plot.right - clampX(plot, inForce.fromMs) > 110)
      text(plot, data.name === 'states' ? 'old pool size' : 'before', plot.right - 6, y - 6, {
        colour: colours.textSoft,
        align: 'right',
        halo: true,
      });
  }
  if (inForce && inForce.value > most) {
    const words = `${data.limitWords(inForce.value)}, above this scale`;
    text(plot, words, plot.right - 6, plot.top + TITLE_PX, {
      colour: colours.textQuiet,
      align: 'right',
      halo: true,
    });
  }
}

/** Names at the highest place of each line, the first lines first; a name without room is left to the panel. */
function drawNames(plot: Plot, data: LaneData, { window }: LaneFrame): void {
  const taken: { x1: number; x2: number; y: number }[] = [
    // "full"
    { x1: plot.right - 34, x2: plot.right, y: plot.y(1) + 13 },
  ];
  for (const { column, words } of data.names) {
    const values = data.columns[column]?.values ?? [];
    let best = -1;
    for (const [index, at] of data.xs.entries()) {
      if (at < window.fromMs || at > window.untilMs) continue;
      if ((values[index] ?? -1) > (values[best] ?? -1)) best = index;
    }
    const value = values[best];
    if (typeof value !== 'number') continue;
    const width = words.length * 6.2;
    const x = Math.min(Math.max(plot.x(data.xs[best] ?? 0), plot.left + 8), plot.right - width - 8);
    const at = plot.y(value);
    const y = [at - 5, at + 14, at + 28, at + 42, at - 19].find(
      (place) =>
        place > plot.top + 8 &&
        place < plot.bottom - 3 &&
        taken.every((other) => other.x2 < x || other.x1 > x + width || Math.abs(other.y - place) > 13),
    );
    if (y === undefined) continue;
    taken.push({ x1: x, x2: x + width, y });
    text(plot, words, x, y, { colour: plot.colours.textSoft, halo: true });
  }
}

function drawNow(plot: Plot, { nowMs, window }: LaneFrame): void {
  if (nowMs >= window.untilMs || nowMs <= window.fromMs) return;
  const x = Math.round(plot.x(nowMs)) + 0.5;
  line(plot, [x, plot.top], [x, plot.bottom], plot.colours.textQuiet, 1);
}

function drawTimes(plot: Plot, { window, nowMs }: LaneFrame): void {
  for (const label of axisLabels(window, plot.right - plot.left, nowMs)) {
    const x = plot.x(label.atMs);
    if (x < plot.left || x > plot.right) continue;
    const align = x > plot.right - 24 ? 'right' : x < plot.left + 20 ? 'left' : 'center';
    text(plot, label.text, x, plot.bottom + 16, { colour: plot.colours.textQuiet, align });
  }
}

function clampX(plot: Plot, atMs: number): number {
  return Math.max(plot.left, Math.min(plot.right, plot.x(atMs)));
}
