/** Labels beside what they name, none over another: so that a chart needs no legend. */
import { labelWidth } from './what-if-axis.ts';

/** Pixels. */
export interface Place {
  x: number;
  y: number;
}

export interface ChartLabel extends Place {
  text: string;
  anchor: 'start' | 'end';
}

export interface LabelledCurve {
  isAsked: boolean;
  /** Where it begins; its label stands there. */
  knee: Place | null;
  /** Where it leaves the chart. */
  end: Place | null;
  words: string;
}

export interface LabelsInput {
  frame: { left: number; top: number; right: number; bottom: number };
  /** What was asked, and its words. */
  point: Place;
  words: string;
  /** Whether lines lead from the point to both axes, else only to the one below. */
  isFull: boolean;
  curves: readonly LabelledCurve[];
}

interface Box {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

const LABEL_HEIGHT = 14;
/** Knees nearer than this are one place, with one label. */
const SAME_PX = 4;
/** Between the places of a line that labels keep clear of. */
const CLEAR_PX = 8;

/** A label for the point always; for a curve where there is room: the table names it too. */
export function placeLabels({ frame, point, words, isFull, curves }: LabelsInput): {
  point: ChartLabel;
  curves: (ChartLabel | null)[];
} {
  const asked = curves.find((curve) => curve.isAsked);
  const taken: Box[] = [boxAround(point, 7)];
  for (const { knee } of curves) if (knee) taken.push(boxAround(knee, 4));
  if (asked?.knee && asked.end) taken.push(...alongLine(asked.knee, asked.end));
  taken.push(...alongLine(point, { x: point.x, y: frame.bottom }));
  if (isFull) taken.push(...alongLine({ x: frame.left, y: point.y }, point));
  const place = (text: string, at: Place, isSure: boolean): ChartLabel | null => {
    const choices = choicesFor(text, at).filter((choice) => isInside(boxOf(choice), frame));
    const free = choices.find((choice) => !isTaken(boxOf(choice), taken));
    const chosen = free ?? (isSure ? choices[0] : undefined) ?? null;
    if (chosen) taken.push(boxOf(chosen));
    return chosen;
  };
  const named = place(words, point, true) ?? { ...point, text: words, anchor: 'end' };
  return {
    point: named,
    curves: curves.map(({ knee, words: text, isAsked }) => {
      if (!knee || !isInside(boxAround(knee, 0), frame)) return null;
      const isSame = !isAsked && asked?.knee != null && distance(knee, asked.knee) < SAME_PX;
      return isSame ? null : place(text, knee, isAsked);
    }),
  };
}

/** Above to the right first, then where a falling line leaves room. */
function choicesFor(text: string, { x, y }: Place): ChartLabel[] {
  return [
    { text, x: x + 10, y: y - 7, anchor: 'start' },
    { text, x: x + 13, y: y + 5, anchor: 'start' },
    { text, x: x - 10, y: y + 16, anchor: 'end' },
    { text, x: x - 10, y: y - 7, anchor: 'end' },
    { text, x: x + 12, y: y - 22, anchor: 'start' },
    { text, x: x - 10, y: y + 32, anchor: 'end' },
    { text, x: x - 10, y: y - 22, anchor: 'end' },
    { text, x: x + 12, y: y + 20, anchor: 'start' },
  ];
}

function alongLine(from: Place, to: Place): Box[] {
  const steps = Math.ceil(distance(from, to) / CLEAR_PX);
  return Array.from({ length: Math.max(0, steps) }, (_, step) => {
    const share = step / steps;
    return boxAround({ x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }, 1);
  });
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function boxOf({ text, x, y, anchor }: ChartLabel): Box {
  const width = labelWidth(text) + 4;
  const x1 = anchor === 'end' ? x - width : x;
  return { x1, y1: y - LABEL_HEIGHT + 4, x2: x1 + width, y2: y + 3 };
}

function boxAround({ x, y }: Place, radius: number): Box {
  return { x1: x - radius, y1: y - radius, x2: x + radius, y2: y + radius };
}

function isTaken(box: Box, taken: readonly Box[]): boolean {
  return taken.some(
    (other) => box.x1 < other.x2 && box.x2 > other.x1 && box.y1 < other.y2 && box.y2 > other.y1,
  );
}

function isInside(box: Box, frame: LabelsInput['frame']): boolean {
  return (
    box.x1 >= frame.left && box.x2 <= frame.right + 12 && box.y1 >= frame.top - 6 && box.y2 <= frame.bottom
  );
}
