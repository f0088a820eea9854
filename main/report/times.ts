/** Times and figures of a report, in its zone, the same on every machine. */
import { sayCount } from '../core/words/figures.ts';

/** "2026-11-22 14:32:07 UTC". */
export function sayMoment(atMs: number, timeZone: string): string {
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  return `${date} ${part('hour')}:${part('minute')}:${part('second')} ${timeZone}`;
}

/** "44 ms", "1.2 s", or a dash. */
export function sayTook(tookMs: number | null): string {
  if (tookMs === null) return '–';
  return tookMs < 1000 ? `${Math.round(tookMs)} ms` : `${(tookMs / 1000).toFixed(1)} s`;
}

/** A count, or a dash where it is not known. */
export function sayKnown(value: number | null): string {
  return value === null ? '–' : sayCount(value);
}
