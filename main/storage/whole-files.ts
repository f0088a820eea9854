/**
 * Files that are written whole or not at all (hardening F3): a temporary file in the same folder, fsync, then its name,
 * then fsync of the folder. A temporary file bears the identity of its process, so that what a killed one left behind
 * is known and what a living one is writing is not touched.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './file-failure.ts';
import { formatIdentity, isAlive, ownIdentity, parseIdentity } from './process-identity.ts';

const FILE_MODE = 0o600;
const TEMPORARY = '.tmp';

/** Writes it in place of one that may be there. Throws what the file system says; what was there then stays. */
export function replaceFile(folder: string, name: string, text: string): void {
  writeBy(folder, name, text, (temporary) => renameSync(temporary, join(folder, name)));
}

/** Writes a new one; false when there is one of that name. Throws what the file system says. */
export function createFile(folder: string, name: string, text: string): boolean {
  try {
    writeBy(folder, name, text, (temporary) => {
      // Unlike a rename, a link never takes the place of a file.
      linkSync(temporary, join(folder, name));
      unlinkSync(temporary);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function writeBy(folder: string, name: string, text: string, place: (temporary: string) => void): void {
  const temporary = join(folder, `.${name}.${formatIdentity(ownIdentity())}${TEMPORARY}`);
  try {
    const file = openSync(temporary, 'w', FILE_MODE);
    try {
      writeFileSync(file, text, 'utf8');
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    place(temporary);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  syncFolder(folder);
}

/** Makes names that were given or taken in it last. Windows has no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The same for a folder that need not let us: one above ours. */
export function syncQuietly(folder: string): void {
  try {
    syncFolder(folder);
  } catch {
    // It may not be opened; its system writes it sooner or later.
  }
}

/** Both are not there on Windows. */
const READ_PLAIN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * A file as bytes; null when it is none of ours: a link, no plain file, or larger than `mostBytes`. Throws what the file
 * system says.
 */
export function readPlainFile(path: string, mostBytes: number): Buffer | null {
  let file: number;
  try {
    file = openSync(path, READ_PLAIN);
  } catch (error) {
    // A link where O_NOFOLLOW forbids one (open(2)).
    if (codeOf(error) === 'ELOOP') return null;
    throw error;
  }
  try {
    const stats = fstatSync(file);
    return stats.isFile() && stats.size <= mostBytes ? readFileSync(file) : null;
  } finally {
    closeSync(file);
  }
}

/** Removes what processes that are gone left half written. */
export function sweepFolder(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('.') || !name.endsWith(TEMPORARY)) continue;
    const owner = parseIdentity(name.slice(0, -TEMPORARY.length).split('.').slice(-3).join('.'));
    if (owner !== null && !isAlive(owner)) removeQuietly(join(folder, name));
  }
}

/** For what is in nobody's way if it stays. */
export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or not to be removed: it is never read.
  }
}
