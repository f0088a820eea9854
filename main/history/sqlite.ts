/** node:sqlite, where there is one that is sound enough to be written with (hardening G2). */
import type { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;
type Sqlite = typeof import('node:sqlite');

/** Older ones can damage a file in WAL mode when two connections write and checkpoint at once (fixed in 3.51.3). */
const OLDEST_SAFE = [3, 51, 3] as const;

export type SqliteOffer = { sqlite: Sqlite } | { missing: 'module' | 'version'; version: string | null };

/** `builtin`: process.getBuiltinModule, which answers undefined for a module that this Node lacks. */
export function findSqlite(
  builtin: ((name: 'node:sqlite') => Sqlite | undefined) | undefined,
  version: string | undefined,
): SqliteOffer {
  const sqlite = builtin?.('node:sqlite');
  if (!sqlite) return { missing: 'module', version: null };
  return version !== undefined && isAtLeast(version, OLDEST_SAFE)
    ? { sqlite }
    : { missing: 'version', version: version ?? null };
}

/** Of this process. */
export function ownSqlite(): SqliteOffer {
  return findSqlite(process.getBuiltinModule?.bind(process), process.versions.sqlite);
}

function isAtLeast(version: string, oldest: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (!Number.isInteger(part)) return false;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

/** Result codes of SQLite (https://www.sqlite.org/rescode.html), the primary ones. */
export const SqliteCode = {
  busy: 5,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** A row of the file holds no figures of ours: the file is damaged where SQLite cannot see it. */
export class DamagedRow extends Error {}

/** Runs `unpack`; bytes that cannot be unpacked are a damaged row. */
export function unpacked<T>(unpack: () => T): T {
  try {
    return unpack();
  } catch (error) {
    if (error instanceof RangeError)
      throw new DamagedRow(`a row cannot be unpacked: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The primary result code of an error of node:sqlite; null for any other error. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

const BUSY_TIMEOUT_MS = 5000;
/** The log is cut to this size after a checkpoint (hardening D5). */
const MAX_LOG_BYTES = 4 * 1024 * 1024;

export function openToWrite(sqlite: Sqlite, path: string): Database {
  const database = new sqlite.DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, defensive: true });
  try {
    database.exec('PRAGMA trusted_schema = OFF');
    database.exec('PRAGMA cell_size_check = ON');
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec(`PRAGMA journal_size_limit = ${MAX_LOG_BYTES}`);
    database.exec('PRAGMA wal_autocheckpoint = 1000');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

export function openToRead(sqlite: Sqlite, path: string): Database {
  return new sqlite.DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, defensive: true, readOnly: true });
}

/** Runs `work` in one transaction; an error takes all of it back and is thrown on. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has ended it already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** A pragma that answers one number. */
export function pragmaNumber(database: Database, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  const value = row ? Object.values(row)[0] : undefined;
  return typeof value === 'number' ? value : 0;
}
