/** Writes samples: one transaction each, so that a killed process loses the last second at most. */
import { alignDown, levelAt, type Retention } from './levels.ts';
import { addMark } from './marks.ts';
import { Moments } from './moments.ts';
import { Names } from './names.ts';
import type { AppendedSample } from './protocol.ts';
import { sampleOf, type CountersBefore } from './sample.ts';
import { inTransaction, type Database } from './sqlite.ts';
import { packSample } from './tail.ts';
import type { Watch } from './watch.ts';

/** A faster pace is thinned to one sample a second. */
const LEAST_MS = 750;
/** A clock set back by less is waited for; by more, what is later than now goes. */
const PATIENCE_MS = 60_000;
/** A clock that is behind at the start is given so long to be set right before it costs the past, milliseconds. */
const DOUBT_MS = 5 * 60_000;
/** Counters further apart than this say nothing about a second. */
const MAX_COUNTERS_APART_MS = 30_000;

export interface Recorded {
  hasMarked: boolean;
  /** A chunk's time ended with this sample. */
  isChunkOver: boolean;
}

export class Recorder {
  readonly database: Database;
  readonly names: Names;
  readonly #retention: Retention;
  readonly #watch: Watch;
  readonly #moments: Moments;
  #lastMs: number | null;
  #before: CountersBefore | null = null;
  #samplesInARow = 0;
  /** Steady time from which on a clock behind what is kept is believed; null before the first sample, 0 once one was taken. */
  #believedFromMs: number | null = null;

  constructor(database: Database, retention: Retention, watch: Watch, lastMs: number | null) {
    this.database = database;
    this.names = new Names(database);
    this.#retention = retention;
    this.#watch = watch;
    this.#moments = new Moments(database);
    this.#lastMs = lastMs;
  }

  /** Samples since the start, or since the clock was last set. */
  get samplesInARow(): number {
    return this.#samplesInARow;
  }

  /** Throws as SQLite does; nothing of the sample is then written. */
  record({ summary: published, steadyMs, uptimeMs }: AppendedSample): Recorded {
    const atMs = Math.round(published.takenAtMs);
    const summary = { ...published, takenAtMs: atMs };
    const clocks = { steadyMs, uptimeMs };
    if (this.#isDoubtful(atMs, steadyMs)) return { hasMarked: false, isChunkOver: false };
    if (this.#watch.clockStepMs(atMs, clocks) !== 0) this.#samplesInARow = 0;
    const marks = this.#watch.next(summary, clocks);
    const lastMs = this.#lastMs;
    const isBehind = lastMs !== null && atMs <= lastMs;
    const isWaiting = isBehind && lastMs - atMs < PATIENCE_MS;
    const isEarly = lastMs !== null && !isBehind && atMs - lastMs < LEAST_MS;
    inTransaction(this.database, () => {
      if (isBehind && !isWaiting) removeAfter(this.database, atMs);
      for (const mark of marks) addMark(this.database, mark);
      if (isWaiting || isEarly) return;
      this.#insert(summary, steadyMs);
      this.#moments.record(
        summary,
        marks.some(({ kind }) => kind === 'verdict'),
      );
    });
    const hasMarked = marks.length > 0;
    if (isWaiting || isEarly) return { hasMarked, isChunkOver: false };
    this.#lastMs = atMs;
    this.#samplesInARow++;
    const { chunkMs } = levelAt(0);
    return { hasMarked, isChunkOver: alignDown(atMs, chunkMs) !== alignDown(lastMs ?? -Infinity, chunkMs) };
  }

  /** A machine without a clock of its own starts in the past, until it has asked for the time. */
  #isDoubtful(atMs: number, steadyMs: number): boolean {
    const lastMs = this.#lastMs;
    const isFarBehind = lastMs !== null && lastMs - atMs >= PATIENCE_MS;
    this.#believedFromMs ??= isFarBehind ? steadyMs + DOUBT_MS : 0;
    if (!isFarBehind) this.#believedFromMs = 0;
    return steadyMs < this.#believedFromMs;
  }

  /** The last transaction was taken back. */
  forget(): void {
    this.names.forget();
    this.#moments.forget();
  }

  #insert(summary: AppendedSample['summary'], steadyMs: number): void {
    const { takenAtMs: atMs, counters } = summary;
    const isNear = this.#before !== null && steadyMs - this.#before.steadyMs < MAX_COUNTERS_APART_MS;
    const sample = sampleOf(summary, isNear ? this.#before : null, steadyMs);
    const keepUntilMs = atMs + (this.#retention.keepMs[0] ?? 0) + levelAt(0).chunkMs;
    this.database
      .prepare('INSERT OR REPLACE INTO tail (at, data) VALUES (?, ?)')
      .run(atMs, packSample(sample, this.names, keepUntilMs));
    this.#before = { counters, steadyMs };
  }
}

/** The clock was set back: what lies in its future now would stand in the way of what comes. */
function removeAfter(database: Database, atMs: number): void {
  for (const table of ['tail', 'said', 'snapshot', 'setting']) {
    database.prepare(`DELETE FROM ${table} WHERE at > ?`).run(atMs);
  }
  for (const level of [0, 1, 2, 3]) {
    const { chunkMs } = levelAt(level);
    database.prepare('DELETE FROM chunk WHERE level = ? AND start > ?').run(level, atMs - chunkMs);
  }
}
