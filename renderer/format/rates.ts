import { formatCount, UNKNOWN_MARK } from './numbers.ts';

/** A measured rate, events a second: "412/s", "6.1/s", "0.4/s", "0/s"; null is an en dash. */
export function formatRate(ratePerSecond: number | null): string {
  const figure = formatRateFigure(ratePerSecond);
  return figure === UNKNOWN_MARK ? figure : `${figure}/s`;
}

/** The number of a measured rate without its unit. */
export function formatRateFigure(ratePerSecond: number | null): string {
  if (ratePerSecond === null || !Number.isFinite(ratePerSecond)) return UNKNOWN_MARK;
  if (Math.abs(ratePerSecond) >= 9.95) return formatCount(ratePerSecond);
  if (ratePerSecond > 0 && ratePerSecond < 0.05) return '<0.1';
  return ratePerSecond === 0 ? '0' : ratePerSecond.toFixed(1);
}

/** What a pool can sustain. Capacity rounds down: 28,232 ÷ 60 is "470/s", 3,976 ÷ 240 "16.5/s". */
export function formatSustainable(ratePerSecond: number): string {
  if (!Number.isFinite(ratePerSecond)) return UNKNOWN_MARK;
  if (ratePerSecond >= 100) return `${formatCount(Math.floor(ratePerSecond))}/s`;
  return `${(Math.floor(ratePerSecond * 10) / 10).toFixed(1).replace(/\.0$/, '')}/s`;
}

/** A change a minute with its sign: "+1,104 per minute", "−30 per minute". */
export function formatChangePerMinute(changePerMinute: number): string {
  const rounded = Math.round(changePerMinute);
  if (rounded === 0) return 'steady';
  return `${rounded > 0 ? '+' : '−'}${formatCount(Math.abs(rounded))} per minute`;
}
