/** Where everything stands on "Share of the pool in use": measured until now, then as it is and with the change. Pure. */
import { formatShare } from '../format/numbers.ts';
import { thinned, type Point } from './svg-paths.ts';

export interface ShareCurveInput {
  width: number;
  height: number;
  /** Shares of the pool, 0–1; seconds before now are negative. */
  past: readonly { atSeconds: number; share: number }[];
  atSeconds: readonly number[];
  asIs: readonly number[];
  withChange: readonly number[];
}

export interface ShareCurve {
  left: number;
  right: number;
  top: number;
  bottom: number;
  shares: { y: number; words: string; isFull: boolean }[];
  times: { x: number; words: string; isNow: boolean; anchor: 'start' | 'middle' | 'end' }[];
  past: Point[];
  asIs: Point[];
  withChange: Point[];
  /** Where each begins, and what is written there. */
  starts: { asIs: Mark | null; withChange: Mark | null };
  ends: { asIs: Mark | null; withChange: Mark | null };
  /** Where it is full as it is; null when it does not fill. */
  full: (Point & { wordsX: number; anchor: 'start' | 'end' }) | null;
  /** Whether the pool fills with the change, too. */
  fillsWithChange: boolean;
}

interface Mark extends Point {
  words: string;
  wordsY: number;
}

const MARGIN = { left: 46, right: 52, top: 16, bottom: 30 };
const MOST = 1.12;
/** Past beside future: as much as a third. */
const PAST_SHARE = 0.4;
const LINE_PX = 14;
const FAIL_WORDS_PX = 140;

/** The whole chart; null where there is no room or nothing to draw. */
export function buildShareCurve(input: ShareCurveInput): ShareCurve | null {
  const { width, height } = input;
  const horizon = input.atSeconds.at(-1) ?? 0;
  if (width < 160 || height < 90 || horizon <= 0) return null;
  const frame = {
    left: MARGIN.left,
    top: MARGIN.top,
    right: width - MARGIN.right,
    bottom: height - MARGIN.bottom,
  };
  const pastSeconds = Math.min(horizon * PAST_SHARE, -(input.past[0]?.atSeconds ?? 0));
  const toX = (at: number) =>
    frame.left + ((at + pastSeconds) / (horizon + pastSeconds)) * (frame.right - frame.left);
  const toY = (share: number) => frame.top + (1 - Math.min(share, MOST) / MOST) * (frame.bottom - frame.top);
  const future = (shares: readonly number[]) =>
    input.atSeconds.map((at, index) => ({ x: toX(at), y: toY(shares[index] ?? 0) }));
  const past = input.past
    .filter(({ atSeconds }) => atSeconds >= -pastSeconds)
    .map(({ atSeconds, share }) => ({ x: toX(atSeconds), y: toY(share) }));
  const curves = { asIs: future(input.asIs), withChange: future(input.withChange) };
  const isLow = (point: Point | undefined) => frame.bottom - (point?.y ?? 0) < 12;
  const fullIndex = input.asIs.findIndex((share) => share >= 1);
  const fullX = fullIndex < 0 ? null : toX(input.atSeconds[fullIndex] ?? 0);
  return {
    ...frame,
    shares: [0, 0.25, 0.5, 0.75, 1].map((share) => ({
      y: toY(share),
      words: formatShare(share),
      isFull: share === 1,
    })),
    times: timesOf(pastSeconds, horizon, toX, frame),
    past: thinned(past, 400),
    ...curves,
    starts: apart(
      // Above its point, unless the line of the full pool runs there.
      markOf(curves.asIs[0], input.asIs[0], (curves.asIs[0]?.y ?? 0) - toY(1) < 24 ? 20 : -10),
      markOf(curves.withChange[0], input.withChange[0], isLow(curves.withChange[0]) ? -9 : 5),
    ),
    ends: apart(
      markOf(curves.asIs.at(-1), input.asIs.at(-1), 4),
      markOf(curves.withChange.at(-1), input.withChange.at(-1), 4),
    ),
    full:
      fullX === null
        ? null
        : {
            x: fullX,
            y: toY(1),
            ...(fullX + FAIL_WORDS_PX > width
              ? { wordsX: fullX - 8, anchor: 'end' as const }
              : { wordsX: fullX + 8, anchor: 'start' as const }),
          },
    fillsWithChange: input.withChange.some((share) => share >= 1),
  };
}

function markOf(point: Point | undefined, share: number | undefined, below: number): Mark | null {
  if (!point || share === undefined) return null;
  return { ...point, words: formatShare(share), wordsY: point.y + below };
}

/** Two words at one x never lie on each other; where both say the same, one does. */
function apart(asIs: Mark | null, withChange: Mark | null): { asIs: Mark | null; withChange: Mark | null } {
  if (asIs?.words === withChange?.words) return { asIs: null, withChange };
  if (!asIs || !withChange || Math.abs(asIs.wordsY - withChange.wordsY) >= LINE_PX)
    return { asIs, withChange };
  const [upper, lower] = asIs.y <= withChange.y ? [asIs, withChange] : [withChange, asIs];
  const middle = (asIs.wordsY + withChange.wordsY) / 2;
  const moved = {
    upper: { ...upper, wordsY: middle - LINE_PX / 2 },
    lower: { ...lower, wordsY: middle + LINE_PX / 2 },
  };
  return upper === asIs
    ? { asIs: moved.upper, withChange: moved.lower }
    : { asIs: moved.lower, withChange: moved.upper };
}

const STEPS_SECONDS = [10, 15, 30, 60, 120, 180, 300, 600];
const LABEL_PX = 62;

function timesOf(
  pastSeconds: number,
  horizon: number,
  toX: (at: number) => number,
  { left, right }: { left: number; right: number },
): ShareCurve['times'] {
  const perSecond = (right - left) / (pastSeconds + horizon);
  const step = STEPS_SECONDS.find((seconds) => seconds * perSecond >= LABEL_PX) ?? 900;
  const times: ShareCurve['times'] = [{ x: toX(0), words: 'now', isNow: true, anchor: 'middle' }];
  for (let at = step; at <= horizon; at += step) times.push(label(at));
  for (let at = -step; at >= -pastSeconds; at -= step) times.unshift(label(at));
  return times;

  function label(at: number): ShareCurve['times'][number] {
    const sign = at < 0 ? '−' : '+';
    const size = Math.abs(at);
    const words = size % 60 === 0 ? `${sign}${size / 60} min` : `${sign}${size} s`;
    const x = toX(at);
    const anchor = x < left + 22 ? 'start' : x > right + 8 ? 'end' : 'middle';
    return { x, words, isNow: false, anchor };
  }
}
