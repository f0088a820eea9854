/** What a change does to a pool over the next minutes, to be drawn beside what happens without it. An estimate. */
import { sayDuration, sayPercent, sayRate } from '../words/figures.ts';
import type { Effect } from './model.ts';

/** Shares of the pool in use, 0–1, at `atSeconds` from now. */
export interface EffectCurve {
  atSeconds: number[];
  asIs: number[];
  withChange: number[];
  /** What the picture shows, with its basis. */
  sentence: string;
}

const STEPS = 60;
const LEAST_SECONDS = 120;
const MOST_SECONDS = 900;

/**
 * Null where capacity, rate or wait are not known. The rate is taken to stay as it is; what is in TIME_WAIT now ends
 * evenly over the wait, because it was closed at that rate.
 */
export function curveOf(effect: Effect): EffectCurve | null {
  const now = sideOf(effect, 'now');
  const then = sideOf(effect, 'then');
  if (now === null || then === null) return null;
  const seconds = horizonOf(now, effect.runsOutInSeconds.now);
  const atSeconds = Array.from({ length: STEPS + 1 }, (_, step) => (seconds * step) / STEPS);
  const asIs = atSeconds.map((at) => shareAt(now, at));
  const withChange = atSeconds.map((at) => shareAt(then, at));
  return { atSeconds, asIs, withChange, sentence: say(effect, now, then, seconds) };
}

interface Side {
  capacity: number;
  rate: number;
  /** Seconds that a closed connection locks its port. */
  wait: number;
  /** Ports in use at the beginning. */
  used: number;
  /** Of these, held by connections that are open. */
  open: number;
}

function sideOf(effect: Effect, when: 'now' | 'then'): Side | null {
  const capacity = effect.capacity[when];
  const rate = effect.opensPerSecond[when];
  const sustainable = effect.sustainableRatePerSecond[when];
  const lock = effect.lockSeconds[when];
  const used = effect.used[when];
  if (capacity === null || rate === null || lock === null || used === null || capacity <= 0) return null;
  // Sustainable is capacity ÷ wait; where there is no wait at all there is no such rate.
  const wait = sustainable === null || sustainable <= 0 ? 0 : capacity / sustainable;
  return { capacity, rate, wait, used, open: Math.min(used, rate * Math.max(0, lock - wait)) };
}

function shareAt({ capacity, rate, wait, used, open }: Side, seconds: number): number {
  const waiting = wait > 0 ? (used - open) * Math.max(0, 1 - seconds / wait) : 0;
  const closed = rate * Math.min(seconds, wait);
  return Math.min(1, (open + waiting + closed) / capacity);
}

function horizonOf({ wait }: Side, runsOutInSeconds: number | null): number {
  const wanted = Math.max(LEAST_SECONDS, 2 * wait, 1.5 * (runsOutInSeconds ?? 0));
  return Math.min(MOST_SECONDS, Math.ceil(wanted / 30) * 30);
}

function say({ target, runsOutInSeconds }: Effect, now: Side, then: Side, seconds: number): string {
  const asIs = runsOutInSeconds.now === null ? null : Math.round(runsOutInSeconds.now);
  const fills =
    asIs === null || asIs > seconds
      ? `comes to ${sayPercent(shareAt(now, seconds))}`
      : asIs < 1
        ? 'is full now'
        : `is full in about ${sayDuration(asIs)}`;
  return `As it is, at ${sayRate(now.rate)}/s, the pool to ${target} ${fills}; with this change it comes to ${sayPercent(shareAt(then, seconds))} after ${sayDuration(seconds)}. An estimate: the rate is taken to stay as it is.`;
}
