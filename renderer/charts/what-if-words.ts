/** Figures of What-if in words. Capacity and time to exhaustion round down: they never promise more than there is. */
import { formatDuration, formatForecast } from '../format/durations.ts';
import { formatCount } from '../format/numbers.ts';
import { formatSustainable } from '../format/rates.ts';

/** Seconds until a pool is full: "6.6 s", "47 s", "2 min 10 s"; null is "never". */
export function formatFullAfter(seconds: number | null): string {
  if (seconds === null) return 'never';
  if (seconds >= 10) return formatForecast(seconds);
  return seconds < 0.1 ? formatDuration(seconds) : `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
}

/** A rate that holds: "470/s", "16.5/s", "0.533/s"; null is "any rate", because nothing keeps a port. */
export function formatHolds(ratePerSecond: number | null): string {
  if (ratePerSecond === null) return 'any rate';
  return ratePerSecond < 1
    ? `${Math.floor(ratePerSecond * 1000) / 1000}/s`
    : formatSustainable(ratePerSecond);
}

/** A rate as it was asked: "600/s", "16.57/s", "0.5/s". */
export function formatAsked(ratePerSecond: number): string {
  const whole = Number.isInteger(ratePerSecond) || ratePerSecond >= 1000;
  return `${whole ? formatCount(ratePerSecond) : String(Number(ratePerSecond.toFixed(2)))}/s`;
}
