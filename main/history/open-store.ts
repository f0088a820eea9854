/** Opening the history file, whatever state it and its folder are in (hardening D3, D6, G2, G4). */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { HistoryCondition } from '../core/words/history.ts';
import {
  adoptDraft,
  hasOurHeader,
  inspectDatabase,
  makeFolder,
  makePrivateFile,
  removeDraft,
  setAside,
  type HistoryFiles,
} from './files.ts';
import { createSchema, migrate, MIGRATIONS, problemOf, schemaVersion } from './schema.ts';
import {
  openToRead,
  openToWrite,
  pragmaNumber,
  SqliteCode,
  sqliteCode,
  type Database,
  type SqliteOffer,
} from './sqlite.ts';

type Sqlite = Extract<SqliteOffer, { sqlite: unknown }>['sqlite'];

export interface StoreRequest {
  files: HistoryFiles;
  sqlite: SqliteOffer;
  migrations?: readonly string[];
  now(): number;
}

export type OpenedStore =
  /** `condition`: what is to be told beside it, or null. `release` lets another process write. */
  | { access: 'write'; database: Database; condition: HistoryCondition | null; release(): void }
  | { access: 'read'; database: Database; condition: HistoryCondition }
  | { access: 'none'; condition: HistoryCondition };

/** Never throws for what a disk or a file may be like. */
export function openStore(request: StoreRequest): OpenedStore {
  const { sqlite: offer } = request;
  if ('missing' in offer) {
    const condition: HistoryCondition =
      offer.missing === 'module' ? { code: 'no-sqlite' } : { code: 'old-sqlite', version: offer.version };
    return { access: 'none', condition };
  }
  try {
    return openLocked(request, offer.sqlite);
  } catch (error) {
    const condition = conditionOf(error, request.files.folder);
    if (condition.code !== 'read-only') return { access: 'none', condition };
    return openAside(request, offer.sqlite, condition);
  }
}

/** What an error of the disk or of SQLite comes to; a bug is thrown on. */
export function conditionOf(error: unknown, folder: string): HistoryCondition {
  const code = sqliteCode(error);
  const system = error instanceof Error && 'code' in error ? error.code : null;
  if (code === SqliteCode.full || system === 'ENOSPC' || system === 'EDQUOT') return { code: 'disk-full' };
  if (code === SqliteCode.readOnly || ['EROFS', 'EACCES', 'EPERM'].includes(String(system))) {
    return { code: 'read-only', folder };
  }
  if (code === null && typeof system !== 'string') throw error;
  return { code: 'failed', message: error instanceof Error ? error.message : String(error) };
}

function openLocked(request: StoreRequest, sqlite: Sqlite): OpenedStore {
  const { files } = request;
  makeFolder(files.folder);
  const lock = takeLock(sqlite, files.lock);
  if (!lock) return openAside(request, sqlite, { code: 'other-instance' });
  try {
    const opened = openOwn(request, sqlite, () => lock.close());
    if (opened.access !== 'write') lock.close();
    return opened;
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * The right to write, held by an open transaction on a file of its own: the system gives it back when the process ends,
 * however it ends. Null when another process has it.
 */
function takeLock(sqlite: Sqlite, path: string): Database | null {
  makePrivateFile(path);
  const lock = new sqlite.DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (sqliteCode(error) === SqliteCode.busy) return null;
    throw error;
  }
}

function openOwn(request: StoreRequest, sqlite: Sqlite, release: () => void): OpenedStore {
  const { files, now, migrations = MIGRATIONS } = request;
  const found = inspectDatabase(files.database);
  const begin = (condition: HistoryCondition | null): OpenedStore => {
    createDatabase(sqlite, files, migrations);
    return { access: 'write', database: openToWrite(sqlite, files.database), condition, release };
  };
  const beginAgain = (why: 'damaged' | 'foreign' | 'empty') =>
    begin({ code: 'set-aside', why, keptAs: setAside(files, new Date(now())) });
  if (found === 'none') return begin(null);
  if (found !== 'file') return beginAgain(found);
  const problem = findProblem(sqlite, files.database);
  if (problem !== null) return beginAgain(problem);
  const checked = openToWrite(sqlite, files.database);
  if (schemaVersion(checked) > migrations.length) {
    checked.close();
    return openAside(request, sqlite, { code: 'newer-schema' });
  }
  try {
    migrate(checked, migrations);
    return { access: 'write', database: checked, condition: null, release };
  } catch (error) {
    checked.close();
    const condition = conditionOf(error, files.folder);
    if (condition.code !== 'failed') throw error;
    return openAside(request, sqlite, { code: 'migration-failed', message: condition.message });
  }
}

/**
 * What is wrong with the file; null when it is sound. It is only read: what is moved aside is as it was found, its log
 * included.
 */
function findProblem(sqlite: Sqlite, path: string): 'damaged' | 'foreign' | null {
  if (!hasOurHeader(path)) return 'foreign';
  let database: Database | null = null;
  try {
    database = openToRead(sqlite, path);
    return problemOf(database);
  } catch (error) {
    const code = sqliteCode(error);
    if (code === SqliteCode.corrupt || code === SqliteCode.notADatabase) return 'damaged';
    throw error;
  } finally {
    if (database?.isOpen) database.close();
  }
}

/** Made under another name, so that a start that is cut off leaves no half of a file. */
function createDatabase(sqlite: Sqlite, files: HistoryFiles, migrations: readonly string[]): void {
  removeDraft(files);
  makePrivateFile(files.draft);
  const draft = openToWrite(sqlite, files.draft);
  try {
    createSchema(draft, migrations);
  } finally {
    draft.close();
  }
  adoptDraft(files);
}

/** To read only, where there is something to read. */
function openAside({ files }: StoreRequest, sqlite: Sqlite, condition: HistoryCondition): OpenedStore {
  if (!existsSync(files.database)) return { access: 'none', condition };
  // Without the right to make its index, a log cannot be read: then the file alone, which nobody can be changing.
  for (const path of [files.database, `${pathToFileURL(files.database).href}?immutable=1`]) {
    const isAlone = path !== files.database;
    if (isAlone && condition.code !== 'read-only') break;
    try {
      const database = isAlone
        ? new sqlite.DatabaseSync(new URL(path), { readOnly: true, defensive: true })
        : openToRead(sqlite, path);
      if (pragmaNumber(database, 'user_version') > 0) return { access: 'read', database, condition };
      database.close();
    } catch {
      // Not readable this way; the condition says what is the matter.
    }
  }
  return { access: 'none', condition };
}
