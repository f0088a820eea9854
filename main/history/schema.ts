/** The tables of the history file and how an older file becomes a newer one. */
import { inTransaction, pragmaNumber, type Database } from './sqlite.ts';

/** "4tpl": tells our file from another program's. */
export const APPLICATION_ID = 0x3474706c;

/** Step i makes version i + 1 of version i. Never changed once released; new ones go behind. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE name (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    text TEXT NOT NULL,
    detail TEXT NOT NULL,
    keep_until INTEGER NOT NULL,
    UNIQUE (kind, text)
  ) STRICT;
  CREATE INDEX name_keep ON name (keep_until);
  -- Samples one by one, until a chunk's time is over.
  CREATE TABLE tail (at INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
  -- Series 0 is the totals, others are names.
  CREATE TABLE chunk (
    level INTEGER NOT NULL,
    start INTEGER NOT NULL,
    series INTEGER NOT NULL,
    -- All of it as one point, at the time of its peak.
    head BLOB NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX chunk_at ON chunk (level, start, series);
  CREATE TABLE said (
    at INTEGER PRIMARY KEY,
    grade INTEGER NOT NULL,
    level TEXT NOT NULL,
    sentence TEXT NOT NULL,
    pool TEXT
  ) STRICT;
  CREATE INDEX said_grade ON said (grade, at);
  CREATE TABLE snapshot (at INTEGER PRIMARY KEY, grade INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
  CREATE INDEX snapshot_grade ON snapshot (grade, at);
  CREATE TABLE setting (at INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
  CREATE TABLE mark (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    until INTEGER,
    kind TEXT NOT NULL,
    level TEXT,
    text TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX mark_at ON mark (at);
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
];

const TABLES = ['name', 'tail', 'chunk', 'said', 'snapshot', 'setting', 'mark', 'meta'];

/** Makes an empty file ours; throws as SQLite does. */
export function createSchema(database: Database, migrations: readonly string[] = MIGRATIONS): void {
  database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  migrate(database, migrations);
}

/** Brings the file to the newest version; each step is done whole or not at all. */
export function migrate(database: Database, migrations: readonly string[] = MIGRATIONS): void {
  for (let version = schemaVersion(database); version < migrations.length; version++) {
    inTransaction(database, () => {
      database.exec(migrations[version] ?? '');
      database.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

export function schemaVersion(database: Database): number {
  return pragmaNumber(database, 'user_version');
}

/** Why one of our files is not a sound history (hardening D3); null when it is. Throws as SQLite does. */
export function problemOf(database: Database): 'damaged' | null {
  const checked = database.prepare('PRAGMA quick_check(1)').get();
  if (!checked || Object.values(checked)[0] !== 'ok') return 'damaged';
  const found = new Set(
    database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map((row) => row['name']),
  );
  return TABLES.every((table) => found.has(table)) ? null : 'damaged';
}
