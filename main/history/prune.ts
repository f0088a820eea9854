/** Keeping the file within its age and size (hardening D5). */
import { DAY_MS, LEVELS, levelAt, type Retention } from './levels.ts';
import type { Names } from './names.ts';
import { inTransaction, pragmaNumber, type Database } from './sqlite.ts';

/** For how long summaries and verdicts of each grade are kept, milliseconds; see Grade. */
function keptByGrade({ keepMs }: Retention): readonly number[] {
  return [keepMs[0] ?? 0, keepMs[1] ?? 0, keepMs[2] ?? 0];
}

/** Marks are few and small; a flood of them is cut. */
const MAX_MARKS = 20_000;
/** Room left for the log, which comes on top of the file until it is cut. */
const LOG_BYTES = 8 * 1024 * 1024;
/** Pages given back to the disk in one step: 4 MiB. */
const PAGES_AT_ONCE = 1024;
/** Free pages are used again by what comes next; only more than this goes back to the disk. */
const FREE_PAGES_KEPT = 512;

/** Removes what is older than is to be kept. */
export function pruneByAge(database: Database, names: Names, retention: Retention, nowMs: number): void {
  inTransaction(database, () => {
    LEVELS.forEach(({ chunkMs }, level) => {
      const keepMs = retention.keepMs[level] ?? 0;
      database
        .prepare('DELETE FROM chunk WHERE level = ? AND start < ?')
        .run(level, Math.floor(nowMs - keepMs - chunkMs));
    });
    keptByGrade(retention).forEach((keepMs, grade) => {
      for (const table of ['said', 'snapshot']) {
        database
          .prepare(`DELETE FROM ${table} WHERE grade = ? AND at < ?`)
          .run(grade, Math.floor(nowMs - keepMs));
      }
    });
    const oldest = Math.floor(nowMs - Math.max(...retention.keepMs));
    database.prepare('DELETE FROM mark WHERE at < ? AND (until IS NULL OR until < ?)').run(oldest, oldest);
    database.prepare('DELETE FROM mark WHERE id <= (SELECT max(id) FROM mark) - ?').run(MAX_MARKS);
    // The newest setting before the oldest figures still tells what was set then.
    database.prepare('DELETE FROM setting WHERE at < (SELECT max(at) FROM setting WHERE at < ?)').run(oldest);
    names.prune(nowMs);
  });
}

/**
 * Removes the oldest until the pages in use fit. First the minutes, which are most of the file, with the summaries of
 * that time: its quarters of hours stay, so the long trend survives. Then the ten-second steps, then everything else.
 * The last two hours always stay.
 */
export function pruneBySize(database: Database, { maxBytes }: Retention, reserveBytes: number): void {
  const wantedBytes = maxBytes - reserveBytes - LOG_BYTES;
  for (const level of [2, 1, 3]) {
    while (usedBytes(database) > wantedBytes && removeOldest(database, level)) continue;
  }
}

export function usedBytes(database: Database): number {
  const pages = pragmaNumber(database, 'page_count') - pragmaNumber(database, 'freelist_count');
  return pages * pragmaNumber(database, 'page_size');
}

/** A day of it, or a chunk where that is longer. */
function removeOldest(database: Database, level: number): boolean {
  const first = database.prepare('SELECT min(start) AS start FROM chunk WHERE level = ?').get(level)?.[
    'start'
  ];
  if (typeof first !== 'number') return false;
  const untilMs = first + Math.max(level === 1 ? 0 : DAY_MS, levelAt(level).chunkMs);
  inTransaction(database, () => {
    database.prepare('DELETE FROM chunk WHERE level = ? AND start < ?').run(level, untilMs);
    for (const table of ['said', 'snapshot']) {
      database.prepare(`DELETE FROM ${table} WHERE at < ?`).run(untilMs);
    }
  });
  return true;
}

/** Gives free pages back to the disk, in steps between which the log is cut. */
export function shrink(database: Database): void {
  let left = pragmaNumber(database, 'freelist_count') - FREE_PAGES_KEPT;
  for (; left > 0; left -= PAGES_AT_ONCE) {
    // Read to its end: the pragma frees a page a row.
    database.prepare(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`).all();
    cutLog(database);
  }
}

/** Moves the log into the file and cuts it to nothing; a reader in its way is left alone. */
export function cutLog(database: Database): void {
  database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
}
