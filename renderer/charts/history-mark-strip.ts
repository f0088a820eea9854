/** The strip of marks above the charts: which shape stands where, and whose words have room. Pure. */
import type { HistoryMark } from '../../preload/contract-history.ts';
import type { Span } from './history-time.ts';

export type MarkShape = 'tick' | 'triangle' | 'flag' | 'bracket' | 'diamond' | 'moon' | 'bell';

export interface PlacedMark {
  mark: HistoryMark;
  shape: MarkShape;
  x: number;
  /** The end of a bracket. */
  endX: number;
  /** Null where there is no room: the list of events has them. */
  label: { x: number; words: string; anchor: 'start' | 'end' | 'middle' } | null;
}

const CHAR_PX = 6.2;
const MAX_WORDS = 26;
/** Of those that stand close together the weightier has its words; what a person wrote or did comes first. */
const WEIGHTS: Readonly<Record<HistoryMark['kind'], number>> = {
  fix: 6,
  note: 5,
  'test-run': 5,
  setting: 4,
  verdict: 3,
  process: 2,
  suspend: 2,
  clock: 1,
  notice: 1,
  gap: 0,
};
const SHAPES: Readonly<Record<HistoryMark['kind'], MarkShape>> = {
  fix: 'tick',
  setting: 'tick',
  process: 'triangle',
  note: 'flag',
  verdict: 'diamond',
  'test-run': 'bracket',
  suspend: 'moon',
  clock: 'moon',
  gap: 'moon',
  notice: 'bell',
};
/**
 * Where the verdict changed stands why it did and that it was told: within so many pixels one shape is enough, and the
 * list has all.
 */
const BESIDE_VERDICT_PX: Readonly<Partial<Record<HistoryMark['kind'], number>>> = { notice: 14, process: 9 };

export function markShape({ kind }: Pick<HistoryMark, 'kind'>): MarkShape {
  return SHAPES[kind];
}

/** Marks inside the window, left to right; gaps are hatched in the charts and stand in the list. */
export function placeMarks(
  marks: readonly HistoryMark[],
  window: Span,
  plot: { left: number; right: number },
  nowMs: number,
): PlacedMark[] {
  const perMs = (plot.right - plot.left) / (window.untilMs - window.fromMs);
  const xOf = (atMs: number) => plot.left + (atMs - window.fromMs) * perMs;
  const shown = marks.filter(
    ({ kind, atMs, untilMs }) =>
      kind !== 'gap' &&
      atMs <= window.untilMs &&
      (kind === 'test-run' ? (untilMs ?? nowMs) : atMs) >= window.fromMs,
  );
  const verdictXs = shown.filter(({ kind }) => kind === 'verdict').map(({ atMs }) => xOf(atMs));
  const apart = shown.filter(({ kind, atMs }) => {
    const least = BESIDE_VERDICT_PX[kind] ?? 0;
    return verdictXs.every((x) => Math.abs(x - xOf(atMs)) >= least);
  });
  const placed = apart.map((mark): PlacedMark => {
    const x = Math.max(plot.left, xOf(mark.atMs));
    const endX = mark.kind === 'test-run' ? Math.min(plot.right, xOf(mark.untilMs ?? nowMs)) : x;
    return { mark, shape: SHAPES[mark.kind], x, endX: Math.max(endX, x + 2), label: null };
  });
  const taken = placed.map(({ x, endX }) => ({ x1: x - 7, x2: endX + 7 }));
  const byWeight = placed
    .map((one, index) => ({ one, index }))
    .sort((a, b) => WEIGHTS[b.one.mark.kind] - WEIGHTS[a.one.mark.kind] || b.one.mark.atMs - a.one.mark.atMs);
  for (const { one, index } of byWeight) {
    const words = cut(one.mark.text);
    const width = words.length * CHAR_PX;
    const isFree = (x1: number, x2: number) =>
      x1 >= plot.left - 40 &&
      x2 <= plot.right + 4 &&
      taken.every((other, at) => at === index || other.x2 < x1 || other.x1 > x2);
    const right = one.endX + 10;
    const left = one.x - 10;
    if (isFree(right, right + width)) one.label = { x: right, words, anchor: 'start' };
    else if (isFree(left - width, left)) one.label = { x: left, words, anchor: 'end' };
    if (!one.label) continue;
    const [x1, x2] = one.label.anchor === 'start' ? [right, right + width] : [left - width, left];
    taken.push({ x1: x1 - 4, x2: x2 + 4 });
  }
  return placed;
}

function cut(words: string): string {
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS - 1)}…` : words;
}
