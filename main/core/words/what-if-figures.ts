/** Figures of What-if as words: capacity rounds down, need rounds up. */
import { sayCount, saySustainable } from './figures.ts';

/** A rate that holds, without its unit: "470", "16.5", "0.53"; rounded down. */
export function sayHolds(perSecond: number): string {
  if (perSecond >= 1) return saySustainable(perSecond);
  const floored = Math.floor(perSecond * 1000) / 1000;
  return floored === 0 ? 'under 0.001' : String(floored);
}

/** Seconds as they are, not rounded away: "60 s", "60.2 s", "0.2 s". */
export function saySeconds(seconds: number): string {
  if (seconds >= 1000) return `${sayCount(seconds)} s`;
  return `${Number(seconds.toPrecision(3))} s`;
}

/** "one destination", "3 destinations". */
export function sayNumberOf(count: number, one: string, many: string): string {
  return count === 1 ? `one ${one}` : `${sayCount(count)} ${many}`;
}
