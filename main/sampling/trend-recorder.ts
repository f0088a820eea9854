/**
 * Ports in use over time, for the fullest pools and for all together. At the first sample the last minute is read off
 * the TIME_WAIT timers, so that a trend is there at once.
 */
import type { TrendColumns } from '../core/model.ts';

export const ALL_POOLS = '';
/** An hour at one sample a second. */
const MAX_POINTS = 3600;
const MAX_SERIES = 64;
/** A pool not seen for this long loses its series. */
const FORGET_AFTER_MS = 10 * 60_000;

export interface TrendPoint {
  timeWait: number;
  established: number;
  other: number;
  opensPerSecond: number | null;
}

interface Series {
  columns: TrendColumns;
  lastMs: number;
}

export class TrendRecorder {
  private readonly series = new Map<string, Series>();

  /** Adds one sample; `agesMs` (ascending) of the pool's TIME_WAIT sockets seed a series that begins with it. */
  add(
    key: string,
    atMs: number,
    point: TrendPoint,
    seed: { agesMs: Float64Array; timeWaitSeconds: number } | null,
  ): void {
    let series = this.series.get(key);
    if (!series) {
      series = {
        columns: seed ? columnsFromAges(seed.agesMs, atMs, seed.timeWaitSeconds, point) : empty(),
        lastMs: atMs,
      };
      this.series.set(key, series);
      if (this.series.size > MAX_SERIES) this.dropOldest();
    }
    series.lastMs = atMs;
    dropFrom(series.columns, atMs);
    push(series.columns, atMs, point);
  }

  has(key: string): boolean {
    return this.series.has(key);
  }

  /** The points of the last `seconds`, or null for a pool without a series. */
  read(key: string, seconds: number, nowMs: number): TrendColumns | null {
    const columns = this.series.get(key)?.columns;
    if (!columns) return null;
    const fromMs = nowMs - seconds * 1000;
    const found = columns.atMs.findIndex((atMs) => atMs >= fromMs);
    const start = found < 0 ? columns.atMs.length : found;
    return {
      atMs: columns.atMs.slice(start),
      timeWait: columns.timeWait.slice(start),
      established: columns.established.slice(start),
      other: columns.other.slice(start),
      opensPerSecond: columns.opensPerSecond.slice(start),
      derivedUntilMs: columns.derivedUntilMs,
    };
  }

  forgetBefore(nowMs: number): void {
    for (const [key, series] of this.series) {
      if (nowMs - series.lastMs > FORGET_AFTER_MS) this.series.delete(key);
    }
  }

  private dropOldest(): void {
    let oldest: string | null = null;
    let oldestMs = Infinity;
    for (const [key, series] of this.series) {
      if (key !== ALL_POOLS && series.lastMs < oldestMs) {
        oldest = key;
        oldestMs = series.lastMs;
      }
    }
    if (oldest !== null) this.series.delete(oldest);
  }
}

function empty(): TrendColumns {
  return { atMs: [], timeWait: [], established: [], other: [], opensPerSecond: [], derivedUntilMs: null };
}

/** A clock that was set back leaves points in the future: time only goes forward in a trend (hardening S6). */
function dropFrom(columns: TrendColumns, atMs: number): void {
  let kept = columns.atMs.length;
  while (kept > 0 && (columns.atMs[kept - 1] ?? 0) >= atMs) kept--;
  if (kept === columns.atMs.length) return;
  for (const column of allColumns(columns)) column.length = kept;
}

function allColumns(columns: TrendColumns): unknown[][] {
  return [columns.atMs, columns.timeWait, columns.established, columns.other, columns.opensPerSecond];
}

function push(columns: TrendColumns, atMs: number, point: TrendPoint): void {
  columns.atMs.push(atMs);
  columns.timeWait.push(point.timeWait);
  columns.established.push(point.established);
  columns.other.push(point.other);
  columns.opensPerSecond.push(point.opensPerSecond);
  if (columns.atMs.length <= MAX_POINTS + 300) return;
  for (const column of allColumns(columns)) column.splice(0, 300);
}

/** Seconds of the oldest known past from which the closes before it are guessed. */
const OLDEST_SECONDS = 10;

/**
 * TIME_WAIT as it was each second of the last hold. At s seconds ago there were the sockets closed before that which
 * are still here (age ≥ s), and those closed in the s seconds before our view begins, which have gone since: taken to
 * have come at the pace of the oldest ten seconds we see. Open connections are taken as now.
 */
function columnsFromAges(
  agesMs: Float64Array,
  atMs: number,
  timeWaitSeconds: number,
  now: TrendPoint,
): TrendColumns {
  const columns = empty();
  const span = Math.floor(timeWaitSeconds);
  const perSecond = new Float64Array(span + 1);
  for (const age of agesMs) {
    const second = Math.min(span, Math.floor(age / 1000));
    perSecond[second] = (perSecond[second] ?? 0) + 1;
  }
  const oldest = Math.min(OLDEST_SECONDS, span);
  let oldestCloses = 0;
  for (let second = span - oldest; second <= span; second++) oldestCloses += perSecond[second] ?? 0;
  const goneRate = oldest > 0 ? oldestCloses / oldest : 0;
  let closedSince = agesMs.length;
  const counts: number[] = [];
  for (let ago = 1; ago <= span; ago++) {
    closedSince -= perSecond[ago - 1] ?? 0;
    counts.push(Math.round(closedSince + goneRate * ago));
  }
  for (let ago = span; ago >= 1; ago--) {
    push(columns, atMs - ago * 1000, {
      timeWait: counts[ago - 1] ?? 0,
      established: now.established,
      other: now.other,
      opensPerSecond: perSecond[ago] ?? null,
    });
  }
  columns.derivedUntilMs = atMs;
  return columns;
}
