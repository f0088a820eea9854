import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SeriesAnswer } from '../../../main/history/model.ts';
import { MIGRATIONS } from '../../../main/history/schema.ts';
import { findSqlite } from '../../../main/history/sqlite.ts';
import {
  quietAt,
  rigHistory,
  START_MS,
  temporaryFolder,
  valueOf,
  type HistoryRig,
} from '../../support/history.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'history', 'history.db');
});
afterEach(() => folder.remove());

const rigHere = (change: Parameters<typeof rigHistory>[1] = {}) =>
  rigHistory(join(folder.path, 'history'), change);

/** Opens, records a few seconds and closes. */
function recordSome(count = 5): void {
  const rig = rigHere();
  for (let index = 0; index < count; index++) rig.append(quietAt(START_MS + index * 1000));
  rig.history.close();
}

function pointsOf(rig: HistoryRig): number {
  const range = { fromMs: START_MS - 1000, untilMs: START_MS + 100_000 };
  const question = { ...range, points: 101, series: { kind: 'totals' as const }, columns: ['sockets'] };
  return valueOf<SeriesAnswer>(rig.history.ask('query', question)).atMs.length;
}

function editDatabase(work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path);
  work(database);
  database.close();
}

const setAsideFiles = () =>
  readdirSync(join(folder.path, 'history')).filter((name) => name.includes('aside'));

describe('the files of history', () => {
  it('D6: are their user’s alone, and so is the folder', () => {
    mkdirSync(join(folder.path, 'history'), { mode: 0o755 });
    const rig = rigHere();
    rig.append(quietAt(START_MS));
    const modes = readdirSync(join(folder.path, 'history')).map((name) => [
      name,
      (statSync(join(folder.path, 'history', name)).mode & 0o777).toString(8),
    ]);
    expect(Object.fromEntries(modes)).toEqual({
      'history.db': '600',
      'history.db-shm': '600',
      'history.db-wal': '600',
      'history.lock': '600',
      'history.reserve': '600',
    });
    expect((statSync(join(folder.path, 'history')).mode & 0o777).toString(8)).toBe('700');
    rig.history.close();
  });

  it('D1: are written ahead, synced at checkpoints, with defensive mode on', () => {
    recordSome();
    editDatabase((database) => {
      expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
      expect(database.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
      expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length });
    });
  });
});

describe('a file that cannot be gone on with', () => {
  it.each([
    ['zero-length', () => writeFileSync(path, ''), 'The history file was empty.'],
    [
      'another program’s',
      () => writeFileSync(path, 'a note to myself '.repeat(400)),
      'The history file was not written by Fourtuple.',
    ],
    ['a link', () => symlinkSync('/etc/hostname', path), 'The history file was not written by Fourtuple.'],
    [
      'another program’s database',
      () => editDatabase((database) => database.exec('CREATE TABLE t (a)')),
      'The history file was not written by Fourtuple.',
    ],
  ])('D3: %s: is moved aside with its log, and recording begins anew', (_, spoil, sentence) => {
    mkdirSync(join(folder.path, 'history'));
    spoil();
    writeFileSync(`${path}-wal`, 'left behind');
    const rig = rigHere();
    rig.append(quietAt(START_MS));
    expect(rig.state()).toMatchObject({ mode: 'recording', untilMs: START_MS });
    expect(rig.state().sentence).toContain(sentence);
    expect(setAsideFiles().map((name) => name.replace(/^history\.db\.\S+\.aside/, 'aside'))).toEqual([
      'aside',
      'aside-wal',
    ]);
    rig.history.close();
  });

  it('D3: one that was damaged keeps its bytes under another name', () => {
    recordSome(2000);
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 4096 * 3, 4096 * 12);
    writeFileSync(path, bytes);
    const rig = rigHere();
    rig.append(quietAt(START_MS + 1000));
    expect(rig.state().sentence).toMatch(
      /^The history file was damaged\. It is kept as history\.db\.\S+\.aside, and/,
    );
    const [kept = ''] = setAsideFiles();
    expect(readFileSync(join(folder.path, 'history', kept)).equals(bytes)).toBe(true);
    expect(pointsOf(rig)).toBe(1);
    rig.history.close();
    // Said once: the next start finds a sound file.
    const next = rigHere();
    expect(next.state()).toMatchObject({ mode: 'recording', sentence: null });
    next.history.close();
  });

  it('D3: rows that SQLite thinks sound and are none of ours fail a question, and are set aside when folded', () => {
    recordSome(5);
    editDatabase((database) => database.exec("UPDATE tail SET data = x'0102' WHERE at % 2000 = 0"));
    const rig = rigHere();
    const question = { fromMs: START_MS, untilMs: START_MS + 9000, points: 9, columns: [] };
    expect(rig.history.ask('query', { ...question, series: { kind: 'totals' } })).toMatchObject({
      ok: false,
      failure: { code: 'unavailable', why: 'it is damaged' },
    });
    expect(rig.state()).toMatchObject({ mode: 'recording', sentence: null });
    rig.append(quietAt(START_MS + 3_600_000), quietAt(START_MS + 3_601_000));
    expect(rig.state().sentence).toContain('The history file was damaged.');
    expect(pointsOf(rig)).toBe(0);
    expect(rig.state()).toMatchObject({ mode: 'recording', untilMs: START_MS + 3_601_000 });
    expect(rig.log).toEqual([expect.stringContaining('a row cannot be unpacked')]);
    rig.history.close();
  });

  it('D3: a newer one is shown, and nothing is added to it', () => {
    recordSome(5);
    editDatabase((database) => database.exec('PRAGMA user_version = 99'));
    const rig = rigHere();
    rig.append(quietAt(START_MS + 10_000));
    expect(rig.state()).toMatchObject({ mode: 'reading', missedSamples: 1, untilMs: START_MS + 4000 });
    expect(rig.state().sentence).toContain('written by a newer Fourtuple');
    expect(pointsOf(rig)).toBe(5);
    expect(rig.history.ask('mark', { kind: 'note', atMs: START_MS, text: 'x', detail: '' })).toMatchObject({
      ok: false,
    });
    rig.history.close();
  });
});

describe('an older file', () => {
  const newer = [
    ...MIGRATIONS,
    'ALTER TABLE mark ADD COLUMN author TEXT; CREATE TABLE extra (a INTEGER) STRICT;',
  ];

  it('is brought up to date with all that is in it', () => {
    recordSome(5);
    const rig = rigHere({ migrations: newer });
    expect(rig.state()).toMatchObject({ mode: 'recording', sentence: null });
    expect(pointsOf(rig)).toBe(5);
    rig.history.close();
    editDatabase((database) => {
      expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: newer.length });
      expect(database.prepare('SELECT count(*) AS count FROM extra').get()).toEqual({ count: 0 });
    });
  });

  it('stays as it was when that fails half-way, and is shown', () => {
    recordSome(5);
    const rig = rigHere({
      migrations: [...MIGRATIONS, 'CREATE TABLE extra (a); INSERT INTO nowhere VALUES (1);'],
    });
    expect(rig.state()).toMatchObject({ mode: 'reading' });
    expect(rig.state().sentence).toContain('no such table: nowhere');
    expect(pointsOf(rig)).toBe(5);
    rig.history.close();
    editDatabase((database) => {
      expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length });
      expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'extra'").get()).toBeUndefined();
    });
  });
});

describe('two instances', () => {
  it('G4: do not fight: the second shows what the first records, and goes on when it ends', () => {
    let laterMs = 0;
    const first = rigHere();
    first.append(quietAt(START_MS), quietAt(START_MS + 1000));
    const second = rigHere({ now: () => START_MS + laterMs });
    expect(second.state()).toMatchObject({ mode: 'reading' });
    expect(second.state().sentence).toContain('Another Fourtuple records history here');
    first.append(quietAt(START_MS + 2000));
    expect(pointsOf(second)).toBe(3);
    second.append(quietAt(START_MS + 3000));
    first.history.close();
    laterMs = 60_000;
    second.append(quietAt(START_MS + 4000));
    expect(second.state()).toMatchObject({ mode: 'recording', sentence: null, missedSamples: 1 });
    expect(pointsOf(second)).toBe(4);
    second.history.close();
  });
});

describe('a machine without what history needs', () => {
  it('G2: says which SQLite it has, and which it needs', () => {
    expect(findSqlite(undefined, '3.53.0')).toEqual({ missing: 'module', version: null });
    expect(findSqlite(() => undefined, '3.53.0')).toEqual({ missing: 'module', version: null });
    const builtin = process.getBuiltinModule.bind(process);
    expect(findSqlite(builtin, '3.51.2')).toEqual({ missing: 'version', version: '3.51.2' });
    expect(findSqlite(builtin, undefined)).toEqual({ missing: 'version', version: null });
    expect(findSqlite(builtin, '3.51.3')).toHaveProperty('sqlite');
    const rig = rigHere({ sqlite: { missing: 'version', version: '3.46.0' } });
    rig.append(quietAt(START_MS));
    expect(rig.state()).toMatchObject({ mode: 'off', missedSamples: 1, fromMs: null });
    expect(rig.state().sentence).toContain('SQLite 3.46.0');
    const none = rigHere({ sqlite: { missing: 'module', version: null } });
    expect(none.state().sentence).toContain('no SQLite in it');
    expect(existsSync(join(folder.path, 'history'))).toBe(false);
  });

  it('says that the folder cannot be made', () => {
    writeFileSync(join(folder.path, 'history'), 'a file where the folder would be');
    const rig = rigHere();
    expect(rig.state()).toMatchObject({ mode: 'off' });
    expect(rig.state().sentence).toMatch(/^History pauses: EEXIST/);
    chmodSync(join(folder.path, 'history'), 0o600);
  });
});
