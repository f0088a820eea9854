/** Verdicts, whole summaries and settings as they were: enough to draw any moment again. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Level, StackSettings, Summary } from '../core/model.ts';
import { isLevel } from './marks.ts';
import type { Database } from './sqlite.ts';

/** How long something is kept: as the seconds are, as the ten-second steps are, as the minutes are. */
export const Grade = { short: 0, middle: 1, long: 2 } as const;
type GradeValue = (typeof Grade)[keyof typeof Grade];

const MINUTE_MS = 60_000;
const HALF_HOUR_MS = 30 * MINUTE_MS;
/** Between two summaries, and two verdicts that differ in their words alone. */
const PACE_MS = 10_000;
const MAX_SUMMARY_BYTES = 1024 * 1024;

/** Grades what is kept of a stream: the first of a half hour longest, then the first of a minute. */
class Pacer {
  #lastMs = -Infinity;

  /** Null when it is too early for another one. */
  next(atMs: number, isChange: boolean): GradeValue | null {
    const last = this.#lastMs;
    const isNewSlot = (slotMs: number) => Math.floor(atMs / slotMs) !== Math.floor(last / slotMs);
    const isMinute = isNewSlot(MINUTE_MS);
    if (!isChange && !isMinute && atMs - last < PACE_MS) return null;
    this.#lastMs = atMs;
    if (isChange || isNewSlot(HALF_HOUR_MS)) return Grade.long;
    return isMinute ? Grade.middle : Grade.short;
  }

  reset(): void {
    this.#lastMs = -Infinity;
  }
}

export class Moments {
  readonly #database: Database;
  readonly #saying = new Pacer();
  readonly #snapping = new Pacer();
  #settings: string | null;

  constructor(database: Database) {
    this.#database = database;
    const row = database.prepare('SELECT data FROM setting ORDER BY at DESC LIMIT 1').get();
    this.#settings = typeof row?.['data'] === 'string' ? row['data'] : null;
  }

  /** `isChange`: the verdict came to another level with it. */
  record(summary: Summary, isChange: boolean): void {
    const { takenAtMs: atMs, verdict, settings } = summary;
    const said = this.#saying.next(atMs, isChange);
    if (said !== null) {
      this.#database
        .prepare('INSERT OR REPLACE INTO said (at, grade, level, sentence, pool) VALUES (?, ?, ?, ?, ?)')
        .run(atMs, said, verdict.level, verdict.sentence, verdict.poolKey);
    }
    const snapped = this.#snapping.next(atMs, isChange);
    if (snapped !== null) {
      const data = deflateRawSync(JSON.stringify(summary));
      this.#database
        .prepare('INSERT OR REPLACE INTO snapshot (at, grade, data) VALUES (?, ?, ?)')
        .run(atMs, snapped, data);
    }
    const text = JSON.stringify(settings);
    if (text === this.#settings) return;
    this.#settings = text;
    this.#database.prepare('INSERT OR REPLACE INTO setting (at, data) VALUES (?, ?)').run(atMs, text);
  }

  /** A transaction was taken back: nothing of the last second is known to be written. */
  forget(): void {
    this.#settings = null;
    this.#saying.reset();
    this.#snapping.reset();
  }
}

export interface SaidVerdict {
  atMs: number;
  level: Level;
  sentence: string;
  poolKey: string | null;
}

/** The newest verdict at or before `atMs`. */
export function verdictAt(database: Database, atMs: number): SaidVerdict | null {
  const row = database
    .prepare('SELECT * FROM said WHERE at <= ? ORDER BY at DESC LIMIT 1')
    .get(Math.floor(atMs));
  if (!row || !isLevel(row['level'])) return null;
  const { at, level, sentence, pool } = row;
  return {
    atMs: Number(at),
    level,
    sentence: String(sentence),
    poolKey: typeof pool === 'string' ? pool : null,
  };
}

/** The newest whole summary at or before `atMs`, else the oldest after it; null when none is kept or readable. */
export function summaryAt(database: Database, atMs: number): Summary | null {
  const before = database.prepare('SELECT data FROM snapshot WHERE at <= ? ORDER BY at DESC LIMIT 1');
  const after = database.prepare('SELECT data FROM snapshot WHERE at > ? ORDER BY at LIMIT 1');
  const data = (before.get(Math.floor(atMs)) ?? after.get(Math.floor(atMs)))?.['data'];
  if (!(data instanceof Uint8Array)) return null;
  try {
    // Held to the contract's schema by whoever passes it on.
    return JSON.parse(
      inflateRawSync(data, { maxOutputLength: MAX_SUMMARY_BYTES }).toString('utf8'),
    ) as Summary;
  } catch {
    // A damaged one is as good as none.
    return null;
  }
}

/** The settings that held when nothing newer was recorded; null when none are kept. */
export function latestSettings(database: Database): StackSettings | null {
  const row = database.prepare('SELECT data FROM setting ORDER BY at DESC LIMIT 1').get();
  if (typeof row?.['data'] !== 'string') return null;
  try {
    return JSON.parse(row['data']) as StackSettings;
  } catch {
    // Not ours; a mark less.
    return null;
  }
}
