/**
 * How long a closed connection really holds its port, and whether it ever gives it back: followed from listing to listing
 * where the system tells no timers. Only what went into TIME_WAIT and left it in our sight is measured.
 */
import { TcpState } from '../../core/model.ts';
import type { SocketTable } from '../socket-table.ts';

export interface MeasuredHold {
  /** The median, whole seconds. */
  seconds: number;
  /** How far a single measure may be off: the time between two listings. */
  errorSeconds: number;
}

/** A median of fewer says little. */
const MIN_MEASURES = 20;
const MEASURES_KEPT = 200;
/** Listings so far apart that a measure may be off by more than this share of it measure nothing. */
const MAX_ERROR_SHARE = 0.25;
/** So many that should have ended, and none that did, are a clock that stands still. */
const MIN_OVERDUE = 10;
/** Beyond the hold, as a share of it: timers are run late by a tick, and listings are a moment apart. */
const OVERDUE_SLACK_SHARE = 0.5;
/** A machine that slept held its timers, too: what was followed before tells nothing. */
const MAX_GAP_MS = 30_000;
/** More are followed in part: every second, every third … by its 4-tuple. */
const MAX_FOLLOWED = 20_000;

/** One 4-tuple in TIME_WAIT; times are those of listings, on a clock that only goes forward. */
interface Followed {
  /** The last listing without it; null where it was there when watching began. */
  beforeMs: number | null;
  firstMs: number;
  lastMs: number;
  /** The first listing that lacks it again; null while none does. */
  goneMs: number | null;
}

interface Measure {
  seconds: number;
  errorSeconds: number;
}

export class HoldMeter {
  private readonly followed = new Map<number, Followed>();
  private stride = 1;
  private lastMs: number | null = null;
  private lastEndMs: number | null = null;
  private measures: Measure[] = [];
  private standing: MeasuredHold | null = null;

  /** Notes a whole listing of `atMs` (monotonic); rows have cookies made of their 4-tuples. */
  note(table: SocketTable, atMs: number): void {
    if (this.lastMs !== null && atMs <= this.lastMs) return;
    if (this.lastMs !== null && atMs - this.lastMs > MAX_GAP_MS) this.startAgain();
    this.thin(table);
    const beforeMs = this.lastMs;
    for (let row = 0; row < table.length; row++) {
      const key = tupleKey(table, row);
      if (key % this.stride !== 0) continue;
      if (table.state[row] === TcpState.TIME_WAIT) this.see(key, beforeMs, atMs);
      // Opened again before its time was over: it tells nothing of the hold.
      else this.followed.delete(key);
    }
    this.endAbsent(atMs);
    this.lastMs = atMs;
  }

  /** Null until enough connections closed and ended in sight. */
  measured(): MeasuredHold | null {
    return this.standing;
  }

  /**
   * Whether TIME_WAIT ends: true when one ended lately, false when many are overdue and none ended since they should
   * have, null while nothing tells. `holdSeconds` is how long it should last.
   */
  timeWaitEnds(holdSeconds: number): boolean | null {
    const { lastMs, lastEndMs } = this;
    if (lastMs === null) return null;
    const dueMs = holdSeconds * 1000 * (1 + OVERDUE_SLACK_SHARE);
    if (lastEndMs !== null && lastMs - lastEndMs < dueMs) return true;
    let overdue = 0;
    for (const { firstMs } of this.followed.values()) if (lastMs - firstMs >= dueMs) overdue++;
    if (overdue >= MIN_OVERDUE) return false;
    return lastEndMs === null ? null : true;
  }

  private see(key: number, beforeMs: number | null, atMs: number): void {
    const entry = this.followed.get(key);
    if (!entry) {
      this.followed.set(key, { beforeMs, firstMs: atMs, lastMs: atMs, goneMs: null });
      return;
    }
    entry.lastMs = atMs;
    if (entry.goneMs === null) return;
    // Missed once, or opened and closed again in between: which of them is not known.
    entry.goneMs = null;
    entry.beforeMs = null;
  }

  /** A 4-tuple has ended when two listings in a row lack it: one alone may have missed it. */
  private endAbsent(atMs: number): void {
    let ended = 0;
    for (const [key, entry] of this.followed) {
      if (entry.lastMs === atMs) continue;
      if (entry.goneMs === null) {
        entry.goneMs = atMs;
        continue;
      }
      this.followed.delete(key);
      this.lastEndMs = Math.max(this.lastEndMs ?? 0, entry.goneMs);
      ended += this.measure(entry, entry.goneMs) ? 1 : 0;
    }
    if (ended > 0) this.conclude();
  }

  /** It began between beforeMs and firstMs and ended between lastMs and goneMs. */
  private measure({ beforeMs, firstMs, lastMs }: Followed, goneMs: number): boolean {
    if (beforeMs === null) return false;
    const seconds = (lastMs + goneMs - beforeMs - firstMs) / 2000;
    const errorSeconds = (firstMs - beforeMs + goneMs - lastMs) / 2000;
    if (errorSeconds > MAX_ERROR_SHARE * seconds) return false;
    this.measures.push({ seconds, errorSeconds });
    if (this.measures.length > MEASURES_KEPT) this.measures = this.measures.slice(-MEASURES_KEPT);
    return true;
  }

  /** What was concluded stands while new measures agree with it, so that figures do not shift by the second. */
  private conclude(): void {
    if (this.measures.length < MIN_MEASURES) return;
    const seconds = Math.max(1, Math.round(median(this.measures.map((measure) => measure.seconds))));
    const errorSeconds = median(this.measures.map((measure) => measure.errorSeconds));
    const { standing } = this;
    const isConfirmed = standing !== null && Math.abs(standing.seconds - seconds) <= standing.errorSeconds;
    const isFiner = standing !== null && errorSeconds < standing.errorSeconds / 2;
    if (!isConfirmed || isFiner) this.standing = { seconds, errorSeconds };
  }

  /** A larger stride never shrinks again: a 4-tuple followed from its middle on would look new. */
  private thin(table: SocketTable): void {
    let waiting = 0;
    for (let row = 0; row < table.length; row++) if (table.state[row] === TcpState.TIME_WAIT) waiting++;
    const stride = Math.ceil(waiting / MAX_FOLLOWED);
    if (stride <= this.stride) return;
    this.stride = stride;
    // Multiples of the new stride need not be of the old one: nothing that is followed goes on.
    this.startAgain();
  }

  private startAgain(): void {
    this.followed.clear();
    this.lastMs = null;
  }
}

/** 53 bits of the cookie: the same for the same 4-tuple in each listing. */
function tupleKey(table: SocketTable, row: number): number {
  return ((table.cookieHigh[row] ?? 0) & 0x1fffff) * 2 ** 32 + (table.cookieLow[row] ?? 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
