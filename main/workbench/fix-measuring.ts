/** Follows the pool of the newest change while it holds and a while after it was kept: what was predicted is measured. */
import type { Change, PoolFigures } from '../core/fixes/change.ts';
import { poolFiguresOf } from '../core/fixes/outcome.ts';
import type { Summary } from '../core/model.ts';

/** Seconds that a kept change is still measured: a pool levels off within one TIME_WAIT of a minute. */
const KEPT_SECONDS = 120;
/** Milliseconds between two measurements, whatever the pace of sampling. */
const EVERY_MS = 950;

interface Followed {
  change: Change;
  /** Epoch milliseconds since when all of it is in force. */
  sinceMs: number;
  /** Epoch milliseconds at which it was kept; null while it holds. */
  keptAtMs: number | null;
  measuredAtMs: number;
}

export class Measuring {
  readonly #measured: (changeId: number, after: PoolFigures) => void;
  #followed: Followed | null = null;

  /** `measured` hears of each measurement. */
  constructor(measured: (changeId: number, after: PoolFigures) => void) {
    this.#measured = measured;
  }

  /** A change of this process went on. */
  changed(change: Change): void {
    const { id, phase, phaseAtMs, before } = change;
    const known = this.#followed?.change.id === id ? this.#followed : null;
    const isFollowed = (phase === 'holding' || phase === 'kept') && before !== null;
    if (!isFollowed) {
      if (known) this.#followed = null;
      return;
    }
    this.#followed = {
      change,
      sinceMs: known?.sinceMs ?? phaseAtMs,
      keptAtMs: phase === 'kept' ? (known?.keptAtMs ?? phaseAtMs) : null,
      measuredAtMs: known?.measuredAtMs ?? 0,
    };
  }

  /** A sample of this machine was taken. */
  sampled(summary: Summary): void {
    const followed = this.#followed;
    if (followed === null || summary.origin.kind !== 'live') return;
    const { change, sinceMs, keptAtMs, measuredAtMs } = followed;
    const atMs = summary.takenAtMs;
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
}
