/** The files of history: one folder of their own, for their user alone (hardening D6). */
import { randomFillSync } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { APPLICATION_ID } from './schema.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** Given up when the disk is full, so that the log can be moved into the file and cut (hardening D4). */
export const RESERVE_BYTES = 8 * 1024 * 1024;
/** History goes on once there is room for the reserve and this much more. */
const ROOM_BYTES = 8 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;

export interface HistoryFiles {
  folder: string;
  database: string;
  /** A new database, until it is complete. */
  draft: string;
  lock: string;
  reserve: string;
}

export function historyFiles(folder: string): HistoryFiles {
  return {
    folder,
    database: join(folder, 'history.db'),
    draft: join(folder, 'history.new'),
    lock: join(folder, 'history.lock'),
    reserve: join(folder, 'history.reserve'),
  };
}

/** Makes the folder, or closes an own one that others may look into. Throws as the file system does. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const { mode, uid } = statSync(folder);
  if ((mode & 0o077) !== 0 && uid === process.geteuid?.()) chmodSync(folder, FOLDER_MODE);
}

/** An empty file that only its user may read; SQLite gives the same rights to its log. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', FILE_MODE));
  chmodSync(path, FILE_MODE);
}

/** What stands at the path of the database; a link or a folder is nothing of ours. */
export function inspectDatabase(path: string): 'none' | 'empty' | 'file' | 'foreign' {
  if (!existsSync(path)) return 'none';
  const found = lstatSync(path);
  if (!found.isFile()) return 'foreign';
  return found.size === 0 ? 'empty' : 'file';
}

/** https://www.sqlite.org/fileformat.html, "The Database Header". */
const MAGIC = 'SQLite format 3\0';
const APPLICATION_ID_AT = 68;

/** Whether the file is a database, and ours. Throws as the file system does. */
export function hasOurHeader(path: string): boolean {
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    return (
      readSync(file, header) === header.length &&
      header.toString('latin1', 0, MAGIC.length) === MAGIC &&
      header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID
    );
  } finally {
    closeSync(file);
  }
}

/** The parts of a database in WAL mode, which belong together. */
const parts = (path: string) => [path, `${path}-wal`, `${path}-shm`];

/** Moves database and log out of the way together (hardening D3) and answers the new name. */
export function setAside(files: HistoryFiles, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '');
  let name = `${files.database}.${stamp}.aside`;
  for (let number = 2; existsSync(name); number++) name = `${files.database}.${stamp}-${number}.aside`;
  const targets = parts(name);
  parts(files.database).forEach((path, index) => {
    const target = targets[index];
    if (target !== undefined && existsSync(path)) renameSync(path, target);
  });
  return basename(name);
}

export function removeDraft(files: HistoryFiles): void {
  for (const path of [...parts(files.draft), `${files.draft}-journal`]) rmSync(path, { force: true });
}

/** The complete draft becomes the database; a log left behind by another one must not be read with it. */
export function adoptDraft(files: HistoryFiles): void {
  for (const path of parts(files.database)) rmSync(path, { force: true });
  renameSync(files.draft, files.database);
}

/** Bytes of all files, the reserve and what was set aside among them. */
export function bytesOnDisk(folder: string): number {
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith('history.'))
      .reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  } catch {
    // The folder is gone; so are the files.
    return 0;
  }
}

/** Throws as the file system does; a part of it may then be there. */
export function makeReserve(files: HistoryFiles): void {
  if (statSync(files.reserve, { throwIfNoEntry: false })?.size === RESERVE_BYTES) return;
  const file = openSync(files.reserve, 'w', FILE_MODE);
  try {
    // Not zeros: a file system that compresses would hold nothing in reserve.
    for (let written = 0; written < RESERVE_BYTES; written += PIECE_BYTES) {
      const piece = randomFillSync(new Uint8Array(PIECE_BYTES));
      for (let at = 0; at < piece.length;) at += writeSync(file, piece, at);
    }
  } finally {
    closeSync(file);
  }
}

export function releaseReserve(files: HistoryFiles): void {
  rmSync(files.reserve, { force: true });
}

/** Whether there is room to go on after the disk was full; yes where the system does not tell. */
export function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= RESERVE_BYTES + ROOM_BYTES;
  } catch {
    return true;
  }
}
