/**
 * When to speak up about a verdict, and when not: once when it gets worse, once when it is over. Pure; the clock and the
 * local time of day are passed in. The verdict is steady already (core/findings/settle.ts).
 */
import { compareLevels } from './assess.ts';
import type { Level, Verdict } from './model.ts';

export interface WatchRules {
  /** The least level that is worth a notification. */
  from: 'warning' | 'critical';
  /** Minutes after local midnight; from later than to spans midnight, equal is never. Null: no quiet hours. */
  quietHours: { fromMinute: number; toMinute: number } | null;
}

export interface WatchNotice {
  kind: 'worse' | 'over';
  level: Level;
  title: string;
  /** The verdict's sentence. */
  body: string;
  poolKey: string | null;
}

export interface WatchState {
  /** The level last told; null: nothing is told that is not over. */
  told: Level | null;
  /** The last notice of something bad, over or not: its level and when, milliseconds; null before the first. */
  last: { level: Level; atMs: number } | null;
  /** Since when it is better than what was told. */
  betterSinceMs: number | null;
}

export const NOTHING_TOLD: WatchState = { told: null, last: null, betterSinceMs: null };

/** What comes back within this time, and no worse than it was, is told once: milliseconds. */
export const REPEAT_MS = 5 * 60_000;
/** It is over when it has been for so long: milliseconds. */
export const OVER_AFTER_MS = 15_000;

export interface WatchedMoment {
  verdict: Pick<Verdict, 'level' | 'sentence' | 'poolKey'>;
  /** Epoch milliseconds. */
  atMs: number;
  /** Minutes after local midnight. */
  minuteOfDay: number;
}

/** The next state, and what to tell now; null is nothing. */
export function watchVerdict(
  state: WatchState,
  moment: WatchedMoment,
  rules: WatchRules,
): { state: WatchState; notice: WatchNotice | null } {
  const { verdict, atMs } = moment;
  // Cannot be said: neither worse nor over.
  if (verdict.level === 'unknown') return { state: { ...state, betterSinceMs: null }, notice: null };
  const isBad = compareLevels(verdict.level, rules.from) >= 0;
  if (!isBad) return calm(state, moment, rules);
  const better = { ...state, betterSinceMs: null };
  const isNews = state.told === null || compareLevels(verdict.level, state.told) > 0;
  if (!isNews || isQuiet(moment, rules)) return { state: better, notice: null };
  if (state.told === null && isRepeat(state.last, moment)) return { state: better, notice: null };
  return {
    state: { told: verdict.level, last: { level: verdict.level, atMs }, betterSinceMs: null },
    notice: {
      kind: 'worse',
      level: verdict.level,
      title: verdict.level === 'critical' ? 'Ports: critical' : 'Ports: warning',
      body: verdict.sentence,
      poolKey: verdict.poolKey,
    },
  };
}

function isRepeat(last: WatchState['last'], { verdict, atMs }: WatchedMoment): boolean {
  return last !== null && atMs - last.atMs < REPEAT_MS && compareLevels(verdict.level, last.level) <= 0;
}

/** Told only where something bad was told before, and only when it lasts; in quiet hours it ends without a word. */
function calm(
  state: WatchState,
  moment: WatchedMoment,
  rules: WatchRules,
): { state: WatchState; notice: WatchNotice | null } {
  const { verdict, atMs } = moment;
  if (state.told === null) return { state: { ...state, betterSinceMs: null }, notice: null };
  const since = state.betterSinceMs ?? atMs;
  if (atMs - since < OVER_AFTER_MS) return { state: { ...state, betterSinceMs: since }, notice: null };
  const over: WatchState = { told: null, last: state.last, betterSinceMs: null };
  if (isQuiet(moment, rules)) return { state: over, notice: null };
  return {
    state: over,
    notice: {
      kind: 'over',
      level: verdict.level,
      title: 'Ports: over',
      body: verdict.sentence,
      poolKey: verdict.poolKey,
    },
  };
}

export function isQuiet(
  { minuteOfDay }: Pick<WatchedMoment, 'minuteOfDay'>,
  { quietHours }: WatchRules,
): boolean {
  if (quietHours === null) return false;
  const { fromMinute, toMinute } = quietHours;
  if (fromMinute <= toMinute) return minuteOfDay >= fromMinute && minuteOfDay < toMinute;
  return minuteOfDay >= fromMinute || minuteOfDay < toMinute;
}
