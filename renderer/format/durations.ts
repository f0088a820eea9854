/** Durations and clock times. Above one minute a forecast is rounded down to 5 s steps, as the verdict does. */

/** A number and its unit, for figures set in two sizes. */
export interface DurationPart {
  value: string;
  unit: string;
}

/** "0.4 ms", "38 ms", "0.4 s", "47 s", "2 min 10 s", "3 h 20 min", "4 d 2 h". Negative counts as zero. */
export function formatDuration(seconds: number): string {
  return durationParts(seconds)
    .map((part) => `${part.value} ${part.unit}`)
    .join(' ');
}

/** A forecast: rounded down to 5 s above one minute, to whole seconds below. */
export function formatForecast(seconds: number): string {
  return formatDuration(roundForecastSeconds(seconds));
}

/** Seconds of a forecast, rounded down so that it never promises more time than there is. */
export function roundForecastSeconds(seconds: number): number {
  const whole = Math.max(0, Math.floor(seconds));
  return whole > 60 ? Math.floor(whole / 5) * 5 : whole;
}

/** The parts of a duration, at most two. */
export function durationParts(seconds: number): DurationPart[] {
  const span = Math.max(0, seconds);
  if (span === 0) return [part(0, 's')];
  if (span < 0.01) return [{ value: trim(span * 1000, 1), unit: 'ms' }];
  if (span < 0.1) return [part(Math.round(span * 1000), 'ms')];
  if (span < 9.95) return [{ value: trim(span, 1), unit: 's' }];
  const whole = Math.round(span);
  if (whole < 60) return [part(whole, 's')];
  if (whole < 3600) return pair(whole, 60, 'min', 1, 's');
  if (whole < 86_400) return pair(whole, 3600, 'h', 60, 'min');
  return pair(whole, 86_400, 'd', 3600, 'h');
}

/** The age of data: "0.4 s ago", "27 s ago". Below a tenth of a second it is "now". */
export function formatAge(ageMs: number): string {
  return ageMs < 50 ? 'now' : `${formatDuration(Math.max(0.1, ageMs / 1000))} ago`;
}

/** How long a closed connection locks its port, always in seconds so that sums can be redone: "60 s", "240 s". */
export function formatHold(seconds: number): string {
  return `${trim(seconds, 1)} s`;
}

/** Milliseconds a piece of work took: "38 ms", "1.2 s". */
export function formatWorkTime(ms: number): string {
  return ms < 10 ? `${trim(ms, 1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${trim(ms / 1000, 1)} s`;
}

/** A sampling pace: "1 s", "0.2 s". */
export function formatPace(intervalMs: number): string {
  return `${trim(intervalMs / 1000, 1)} s`;
}

/** Local clock time, "14:32:07". */
export function formatClock(atMs: number): string {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Local clock time to the minute, "14:32". */
export function formatClockMinute(atMs: number): string {
  return formatClock(atMs).slice(0, 5);
}

function pair(whole: number, big: number, bigUnit: string, small: number, smallUnit: string): DurationPart[] {
  const first = Math.floor(whole / big);
  const second = Math.floor((whole - first * big) / small);
  return second === 0 ? [part(first, bigUnit)] : [part(first, bigUnit), part(second, smallUnit)];
}

function part(value: number, unit: string): DurationPart {
  return { value: String(value), unit };
}

function trim(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0+$/, '');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
