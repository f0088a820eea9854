/** Words under a time axis that spans minutes or months, and for the range it shows. Pure; local time. */
import { formatClock, formatClockMinute } from '../format/durations.ts';

export interface Span {
  fromMs: number;
  untilMs: number;
}

export interface AxisLabel {
  atMs: number;
  text: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS_MS = [
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
];
const LABEL_PX = 74;
const AHEAD_STEPS_MS = [MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE];
const AHEAD_LABEL_PX = 52;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Clock times for the past, with the day where it begins; "+2 min" after `nowMs`. */
export function axisLabels({ fromMs, untilMs }: Span, widthPx: number, nowMs: number): AxisLabel[] {
  const most = Math.max(2, Math.floor(widthPx / LABEL_PX));
  const stepMs = STEPS_MS.find((step) => (untilMs - fromMs) / step <= most) ?? 30 * DAY;
  const labels: AxisLabel[] = [];
  // Steps begin at the local midnight, so that they fall on whole local hours.
  const zoneMs = new Date(fromMs).getTimezoneOffset() * MINUTE;
  for (let at = Math.ceil((fromMs - zoneMs) / stepMs) * stepMs + zoneMs; at <= untilMs; at += stepMs) {
    if (at <= nowMs) labels.push({ atMs: at, text: labelOf(at, stepMs) });
  }
  const roomMs = ((untilMs - fromMs) / Math.max(1, widthPx)) * AHEAD_LABEL_PX;
  const aheadMs = AHEAD_STEPS_MS.find((step) => step >= roomMs) ?? Infinity;
  for (let at = nowMs + aheadMs; at <= untilMs; at += aheadMs)
    labels.push({ atMs: at, text: `+${Math.round((at - nowMs) / MINUTE)} min` });
  return labels;
}

function labelOf(atMs: number, stepMs: number): string {
  if (stepMs < MINUTE) return formatClock(atMs);
  const clock = formatClockMinute(atMs);
  return stepMs >= DAY || clock === '00:00' ? formatDay(atMs) : clock;
}

/** "20 Nov", local. */
export function formatDay(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''}`;
}

/** A moment as it is told beside `nowMs`: the clock time, with the day before it where that is another one. */
export function formatMoment(atMs: number, nowMs: number): string {
  const clock = formatClock(atMs);
  return formatDay(atMs) === formatDay(nowMs) ? clock : `${formatDay(atMs)} ${clock}`;
}

/** "14:10:07 – 15:10:07", with days where they differ from the present one. */
export function formatRange({ fromMs, untilMs }: Span, nowMs: number): string {
  const from = formatMoment(fromMs, nowMs);
  const until =
    formatDay(fromMs) === formatDay(untilMs) ? formatClock(untilMs) : formatMoment(untilMs, nowMs);
  // The day of the end is told where the start has one.
  const isOtherDay = formatDay(fromMs) !== formatDay(untilMs) && formatDay(untilMs) === formatDay(nowMs);
  return `${from} – ${isOtherDay ? `${formatDay(untilMs)} ${until}` : until}`;
}
