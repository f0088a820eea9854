/** Which words stand under the time axis: clock times for the past, "+2 min" for the future, "now" between. Pure. */
import { formatClock, formatClockMinute } from '../format/durations.ts';

export interface TimeLabel {
  atMs: number;
  text: string;
  isNow: boolean;
}

const STEPS_MS = [10_000, 15_000, 30_000, 60_000, 120_000, 300_000];
const LABEL_PX = 52;
const GAP_PX = 14;

/** Labels of a window `widthPx` wide, with room between them and around "now". */
export function timeLabels(
  window: { fromMs: number; toMs: number },
  takenAtMs: number,
  widthPx: number,
  isLive: boolean,
): TimeLabel[] {
  const spanMs = window.toMs - window.fromMs;
  const most = Math.max(2, Math.floor(widthPx / (LABEL_PX + GAP_PX / 2)));
  const stepMs = STEPS_MS.find((step) => spanMs / step <= most) ?? 600_000;
  const now = { atMs: takenAtMs, text: isLive ? 'now' : formatClock(takenAtMs), isNow: true };
  const labels: TimeLabel[] = [now];
  const pxOf = (ms: number) => (ms / spanMs) * widthPx;
  const keepMs = ((LABEL_PX + GAP_PX) / widthPx) * spanMs;
  for (let at = Math.ceil(window.fromMs / stepMs) * stepMs; at < takenAtMs - keepMs; at += stepMs) {
    if (pxOf(at - window.fromMs) < LABEL_PX / 2) continue;
    labels.push({ atMs: at, text: stepMs < 60_000 ? formatClock(at) : formatClockMinute(at), isNow: false });
  }
  if (isLive) {
    // "+3 min" reads better than "+150 s".
    const aheadMs = window.toMs - takenAtMs > 120_000 ? Math.max(stepMs, 60_000) : stepMs;
    for (let ahead = aheadMs; takenAtMs + ahead <= window.toMs; ahead += aheadMs) {
      if (ahead > keepMs) labels.push({ atMs: takenAtMs + ahead, text: aheadText(ahead), isNow: false });
    }
  }
  return labels.sort((a, b) => a.atMs - b.atMs);
}

function aheadText(aheadMs: number): string {
  const seconds = aheadMs / 1000;
  return seconds % 60 === 0 ? `+${seconds / 60} min` : `+${seconds} s`;
}
