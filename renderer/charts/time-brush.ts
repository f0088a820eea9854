/** The overview below the charts: its area, and how its handles move the window. Pure. */
import type { HistorySeries } from '../../preload/contract-history.ts';
import { columnOf } from './history-lane.ts';
import type { Span } from './history-time.ts';
import type { Point } from './svg-paths.ts';

export type BrushPart = 'from' | 'window' | 'until';

const MIN_SPAN_MS = 60_000;

/** Peaks of the overview as pieces of a line, parted where nothing is known. */
export function brushPieces(
  series: HistorySeries | null,
  span: Span,
  size: { width: number; height: number },
): Point[][] {
  if (!series) return [];
  const used = columnOf(series, 'used', 'max');
  const values = used.length > 0 ? used : columnOf(series, 'sockets', 'max');
  const most = values.reduce<number>((best, value) => Math.max(best, value ?? 0), 1);
  const breakMs = Math.max(series.stepMs, 10_000) * 2.5;
  const pieces: Point[][] = [];
  let lastMs = -Infinity;
  for (const [index, at] of series.atMs.entries()) {
    const value = values[index] ?? null;
    if (value === null) {
      lastMs = -Infinity;
      continue;
    }
    const x = ((at - span.fromMs) / (span.untilMs - span.fromMs)) * size.width;
    const y = size.height - (value / most) * (size.height - 4);
    if (at - lastMs > breakMs) pieces.push([]);
    lastMs = at;
    if (x >= 0 && x <= size.width) pieces.at(-1)?.push({ x, y });
  }
  return pieces.filter((piece) => piece.length > 0);
}

/** The window after a part of it was moved by some milliseconds, inside the overview. */
export function movedWindow(window: Span, part: BrushPart, byMs: number, within: Span): Span {
  const { fromMs, untilMs } = window;
  if (part === 'from')
    return { fromMs: Math.max(within.fromMs, Math.min(fromMs + byMs, untilMs - MIN_SPAN_MS)), untilMs };
  if (part === 'until')
    return { fromMs, untilMs: Math.min(within.untilMs, Math.max(untilMs + byMs, fromMs + MIN_SPAN_MS)) };
  const by = Math.max(within.fromMs - fromMs, Math.min(byMs, within.untilMs - untilMs));
  return { fromMs: fromMs + by, untilMs: untilMs + by };
}
