/** Follows the pool of the newest change while it holds and a while after it was kept: what was predicted is measured. */
import type { Change, PoolFigures } from '../core/fixes/change.ts';
import { poolFiguresOf } from '../core/fixes/outcome.ts';
import type { Summary } from '../core/model.ts';

/** Seconds that a kept change is still measured: a pool levels off within one TIME_WAIT of a minute. */
const KEPT_SECONDS = 120;
/** Milliseconds between two measurements, whatever the pace of sampling. */
const EVERY_MS = 950;

/** A sample is no older than the slowest pace and what reading takes, whatever the clocks say. */
const OLDEST_SAMPLE_MS = 15_000;

interface Followed {
  change: Change;
  /** Monotonic milliseconds, here and below: since when all of it is in force. */
  sinceMs: number;
  /** When it was kept; null while it holds. */
  keptAtMs: number | null;
  measuredAtMs: number;
}

export interface MeasuringClock {
  /** Epoch milliseconds, which may step. */
  now(): number;
  monotonicMs(): number;
}

export class Measuring {
  readonly #measured: (changeId: number, after: PoolFigures) => void;
  readonly #clock: MeasuringClock;
  #followed: Followed | null = null;

  /** `measured` hears of each measurement. */
  constructor(measured: (changeId: number, after: PoolFigures) => void, clock: MeasuringClock) {
    this.#measured = measured;
    this.#clock = clock;
  }

  /** A change of this process went on, just now. */
  changed(change: Change): void {
    const { id, phase, before } = change;
    const known = this.#followed?.change.id === id ? this.#followed : null;
    const isFollowed = (phase === 'holding' || phase === 'kept') && before !== null;
    if (!isFollowed) {
      if (known) this.#followed = null;
      return;
    }
    const nowMs = this.#clock.monotonicMs();
    this.#followed = {
      change,
      sinceMs: known?.sinceMs ?? nowMs,
      keptAtMs: phase === 'kept' ? (known?.keptAtMs ?? nowMs) : null,
      measuredAtMs: known?.measuredAtMs ?? -Infinity,
    };
  }

  /** A sample of this machine was taken. */
  sampled(summary: Summary): void {
    const followed = this.#followed;
    if (followed === null || summary.origin.kind !== 'live') return;
    const { change, sinceMs, keptAtMs, measuredAtMs } = followed;
    const atMs = this.#takenAtMs(summary);
    if (keptAtMs !== null && atMs - keptAtMs > KEPT_SECONDS * 1000) {
      this.#followed = null;
      return;
    }
    // A sample that began before the change was whole speaks of what was before.
    if (atMs <= sinceMs || atMs - measuredAtMs < EVERY_MS || change.before === null) return;
    const after = poolFiguresOf(summary, change.before.poolKey, (atMs - sinceMs) / 1000);
    if (after === null) return;
    followed.measuredAtMs = atMs;
    this.#measured(change.id, after);
  }

  /** By the monotonic clock: a step of the other one within a sample's age is no more than that age wrong. */
  #takenAtMs({ takenAtMs }: Summary): number {
    const ageMs = Math.max(0, Math.min(OLDEST_SAMPLE_MS, this.#clock.now() - takenAtMs));
    return this.#clock.monotonicMs() - ageMs;
  }
}
