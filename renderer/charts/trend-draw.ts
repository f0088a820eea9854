/** What the engine does not know of a trend: limits, forecast marks, "now", gaps and the words on them. */
import { formatCount } from '../format/numbers.ts';
import { formatClock, formatForecast } from '../format/durations.ts';
import { withAlpha } from './palette.ts';
import { timeLabels } from './trend-labels.ts';
import { showsCapacity, type TrendView } from './trend-view.ts';

export interface TrendColours {
  panel: string;
  grid: string;
  text: string;
  textSoft: string;
  textQuiet: string;
  line: string;
  timeWait: string;
  established: string;
  other: string;
  critical: string;
  warning: string;
  font: string;
}

/** The plot, in CSS pixels of the canvas. */
export interface Plot {
  context: CanvasRenderingContext2D;
  left: number;
  top: number;
  right: number;
  bottom: number;
  x(atMs: number): number;
  y(ports: number): number;
  colours: TrendColours;
  isNarrow: boolean;
}

interface TextStyle {
  colour: string;
  align?: CanvasTextAlign;
  weight?: number;
  halo?: boolean;
}

/** Draws below the series: the hatch over time that was not sampled. */
export function drawBehind(plot: Plot, view: TrendView): void {
  for (const gap of view.gaps) hatch(plot, plot.x(gap.fromMs), plot.x(gap.toMs));
  const { silence, takenAtMs, nowMs } = view.input;
  if (silence === 'paused') hatch(plot, plot.x(takenAtMs), plot.x(nowMs));
}

/** Draws above the series, in the order in which things may cover each other. */
export function drawInFront(plot: Plot, view: TrendView): void {
  drawDerived(plot, view);
  drawLimits(plot, view);
  drawSilence(plot, view);
  drawExhaustion(plot, view);
  drawSlowFrom(plot, view);
  drawNow(plot, view);
  drawTimeAxis(plot, view);
}

function drawLimits(plot: Plot, view: TrendView): void {
  const { capacity } = view.input;
  const { colours } = plot;
  if (capacity === null) return;
  if (!showsCapacity(view)) {
    const words = `Full at ${formatCount(capacity)} ports, above this scale`;
    return text(plot, words, plot.left + 6, plot.top + 10, { colour: colours.textQuiet, halo: true });
  }
  const y = plot.y(capacity);
  line(plot, [plot.left, y], [plot.right, y], colours.critical, 1.4);
  const words = `Pool full · ${formatCount(capacity)} ports`;
  text(plot, words, plot.left + 6, y - 6, { colour: colours.critical, weight: 600, halo: true });
}

/** After the exhaustion mark, whose dashes must not run through the words. */
function drawSlowFrom(plot: Plot, view: TrendView): void {
  const { capacity, slowFrom } = view.input;
  if (slowFrom === null || capacity === null || slowFrom >= capacity || !showsCapacity(view)) return;
  const y = plot.y(slowFrom);
  line(plot, [plot.left, y], [plot.right, y], plot.colours.warning, 1, [5, 4]);
  const words = plot.isNarrow ? 'Slow' : `connect() slow from ${formatCount(slowFrom)}`;
  text(plot, words, plot.right - 4, y - 6, { colour: plot.colours.warning, align: 'right', halo: true });
}

function drawDerived(plot: Plot, view: TrendView): void {
  const untilMs = view.input.trend.derivedUntilMs;
  if (untilMs === null || untilMs <= view.window.fromMs) return;
  const x = plot.x(untilMs);
  const startMs = Math.max(view.window.fromMs, view.input.trend.atMs[0] ?? untilMs);
  const room = x - plot.x(startMs);
  line(plot, [x, plot.bottom - 16], [x, plot.bottom], plot.colours.textQuiet, 1, [1, 3]);
  if (room < 74) return;
  // A low total has its figure there: the words give way.
  const isTaken = view.lastTotal !== null && plot.y(view.lastTotal) > plot.bottom - 48;
  if (isTaken && plot.x(view.input.takenAtMs) - x < 60) return;
  text(plot, 'from timers', x - 5, plot.bottom - 6, { colour: plot.colours.text, align: 'right' });
}

function drawSilence(plot: Plot, view: TrendView): void {
  const { silence, takenAtMs, nowMs } = view.input;
  if (silence === null || view.lastTotal === null) return;
  const [from, to] = [plot.x(takenAtMs), plot.x(nowMs)];
  const y = plot.y(view.lastTotal);
  if (silence === 'stale') line(plot, [from, y], [to, y], plot.colours.textQuiet, 1.6, [2, 4]);
  if (silence === 'paused') {
    line(plot, [to, plot.top], [to, plot.bottom], plot.colours.textQuiet, 1);
    const style = { colour: plot.colours.textSoft, align: 'center' as const, halo: true };
    if (to - from > 76) text(plot, 'not sampled', (from + to) / 2, plot.bottom - 8, style);
  }
}

function drawExhaustion(plot: Plot, view: TrendView): void {
  const { exhaustedAtMs, capacity, takenAtMs, silence } = view.input;
  if (exhaustedAtMs === null || capacity === null || silence !== null || !showsCapacity(view)) return;
  if (exhaustedAtMs > view.window.toMs || exhaustedAtMs <= takenAtMs) return;
  const [x, y] = [plot.x(exhaustedAtMs), plot.y(capacity)];
  const { context, colours } = plot;
  line(plot, [x, y], [x, plot.bottom], colours.critical, 1, [2, 3]);
  context.beginPath();
  context.moveTo(x, y - 5.5);
  context.lineTo(x + 5.5, y);
  context.lineTo(x, y + 5.5);
  context.lineTo(x - 5.5, y);
  context.closePath();
  context.fillStyle = colours.critical;
  context.strokeStyle = colours.panel;
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
  const toLeft = x + 100 > plot.right;
  // On the side with room; never across the "now" line.
  const room = toLeft ? x - plot.x(takenAtMs) : plot.right - x;
  if (room < 66) return;
  const at = toLeft ? x - 6 : x + 7;
  const align = toLeft ? ('right' as const) : ('left' as const);
  const duration = formatForecast((exhaustedAtMs - takenAtMs) / 1000);
  text(plot, formatClock(exhaustedAtMs), at, plot.bottom - 22, {
    colour: colours.text,
    align,
    weight: 600,
    halo: true,
  });
  const words = room > 96 ? `in ${duration}` : duration;
  text(plot, words, at, plot.bottom - 8, { colour: colours.textSoft, align, halo: true });
}

function drawNow(plot: Plot, view: TrendView): void {
  const { context, colours } = plot;
  const x = Math.round(plot.x(view.input.takenAtMs)) + 0.5;
  line(plot, [x, plot.top + 4], [x, plot.bottom], colours.textSoft, 1);
  if (view.lastTotal === null) return;
  const y = plot.y(view.lastTotal);
  context.beginPath();
  context.arc(x, y, 3.4, 0, Math.PI * 2);
  context.fillStyle = colours.panel;
  context.strokeStyle = colours.text;
  context.lineWidth = 1.8;
  context.fill();
  context.stroke();
  const below = y + 22 < plot.bottom - 4;
  const style = { colour: colours.text, align: 'right' as const, weight: 600, halo: !below };
  text(plot, formatCount(view.lastTotal), x - 8, below ? y + 22 : y - 10, style);
}

function drawTimeAxis(plot: Plot, view: TrendView): void {
  const { takenAtMs, silence } = view.input;
  const labels = timeLabels(view.window, takenAtMs, plot.right - plot.left, silence === null);
  for (const label of labels) {
    const x = plot.x(label.atMs);
    const align = x > plot.right - 26 ? 'right' : x < plot.left + 22 ? 'left' : 'center';
    const style: TextStyle = label.isNow
      ? { colour: plot.colours.text, weight: 600, align }
      : { colour: plot.colours.textQuiet, align };
    text(plot, label.text, align === 'right' ? Math.min(x + 26, plot.right) : x, plot.bottom + 17, style);
  }
}

/** Hatches the plot between two places, for time of which nothing is known. */
export function hatch(plot: Plot, from: number, to: number): void {
  const { context } = plot;
  const left = Math.max(plot.left, from);
  const right = Math.min(plot.right, to);
  if (right - left < 1) return;
  context.save();
  context.beginPath();
  context.rect(left, plot.top, right - left, plot.bottom - plot.top);
  context.clip();
  context.strokeStyle = withAlpha(plot.colours.line, 1);
  context.lineWidth = 1.2;
  context.beginPath();
  const height = plot.bottom - plot.top;
  for (let x = left - height; x < right; x += 9) {
    context.moveTo(x, plot.bottom);
    context.lineTo(x + height, plot.top);
  }
  context.stroke();
  context.restore();
}

/** A straight line; `dash` in CSS pixels. */
export function line(
  plot: Plot,
  from: [number, number],
  to: [number, number],
  colour: string,
  width: number,
  dash: number[] = [],
): void {
  const { context } = plot;
  context.save();
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
  context.restore();
}

/** Words of 11 px; a halo parts them from what is below. */
export function text(plot: Plot, words: string, x: number, y: number, style: TextStyle): void {
  const { context, colours } = plot;
  context.save();
  context.font = `${style.weight ?? 400} 11px ${colours.font}`;
  context.textAlign = style.align ?? 'left';
  context.textBaseline = 'alphabetic';
  if (style.halo) {
    context.lineJoin = 'round';
    context.lineWidth = 4;
    context.strokeStyle = colours.panel;
    context.strokeText(words, x, y);
  }
  context.fillStyle = style.colour;
  context.fillText(words, x, y);
  context.restore();
}
