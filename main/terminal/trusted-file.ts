/** Whether a program may be started: it is a file, executable and, for root, out of everybody else's reach. */
import {
  accessSync,
  constants,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Failure } from '../core/model.ts';

/** More links than the kernel follows (path_resolution(7): 40) is a loop. */
const MAX_LINKS = 40;

/** Null when `path` may be started. */
export function inspectProgram(path: string, elevated: boolean): 'absent' | Failure | null {
  try {
    if (!statSync(path).isFile()) return 'absent';
  } catch {
    return 'absent';
  }
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return { code: 'not-permitted', what: `run ${path}`, needs: 'permission to execute that file' };
  }
  const loose = elevated ? writableByOthers(path) : null;
  if (loose === null) return null;
  return {
    code: 'unavailable',
    what: path,
    why: `as root it is not run, because others can change ${loose}`,
  };
}

/**
 * True for root of the machine. Root of a user namespace (/proc/self/uid_map) has no more rights than whoever made it,
 * and sees the system's files as nobody's.
 */
export function runsElevated(): boolean {
  if (process.geteuid?.() !== 0) return false;
  try {
    return /^\s*0\s+0\s/.test(readFileSync('/proc/self/uid_map', 'utf8'));
  } catch {
    return true;
  }
}

/** The first of the file, the links to it and the folders above them that others than root can change; null for none. */
export function writableByOthers(path: string): string | null {
  try {
    let hop = path;
    for (let links = 0; links < MAX_LINKS; links++) {
      const folder = dirname(hop);
      const loose = [...foldersUpFrom(folder), ...foldersUpFrom(realpathSync(folder))].find((above) =>
        isLoose(statSync(above)),
      );
      if (loose !== undefined) return loose;
      const status = lstatSync(hop);
      if (!status.isSymbolicLink()) return isLoose(status) ? hop : null;
      hop = resolve(folder, readlinkSync(hop));
    }
    return path;
  } catch {
    // Changed while we looked: what cannot be checked is not trusted.
    return path;
  }
}

/** A sticky folder is loose too: anybody can put a file there before its owner does. */
function isLoose({ mode, uid, gid }: Stats): boolean {
  return uid !== 0 || (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0);
}

function foldersUpFrom(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUpFrom(above)];
}
