/** Where Fourtuple keeps what it must remember: the journal of changes, the history, the settings. */
import { chmodSync, mkdirSync, statSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import type { Outcome } from '../core/model.ts';
import { codeOf, fileFailure } from './file-failure.ts';

export interface StateFolderInput {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** Of the user. */
  home: string;
  isRoot: boolean;
}

/**
 * The folder's absolute path; it need not exist. XDG_STATE_HOME counts where it is absolute (XDG Base Directory
 * Specification: others are ignored), for root too. Failure: no home to put it in.
 */
export function stateFolder({ platform, env, home, isRoot }: StateFolderInput): Outcome<string> {
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] ?? '';
    return below(win32, win32.isAbsolute(local) ? local : win32.join(home, 'AppData', 'Local'), 'Fourtuple');
  }
  const chosen = env['XDG_STATE_HOME'] ?? '';
  if (posix.isAbsolute(chosen)) return below(posix, chosen, 'fourtuple');
  if (platform === 'darwin') return below(posix, home, 'Library', 'Application Support', 'Fourtuple');
  if (isRoot) return { ok: true, value: '/var/lib/fourtuple' };
  return below(posix, home, '.local', 'state', 'fourtuple');
}

function below(path: typeof posix, base: string, ...names: string[]): Outcome<string> {
  if (path.isAbsolute(base)) return { ok: true, value: path.join(base, ...names) };
  const why = 'the home directory of this user is not known; set XDG_STATE_HOME to a folder of its own';
  return { ok: false, failure: { code: 'unavailable', what: 'a folder for what Fourtuple keeps', why } };
}

/** That of this process. */
export function ownStateFolder(): Outcome<string> {
  const { platform, env } = process;
  return stateFolder({ platform, env, home: homedir(), isRoot: process.geteuid?.() === 0 });
}

/** For its user alone (hardening D6). */
const PRIVATE_MODE = 0o700;

/**
 * Makes the folder, or closes one that others may look into. Refused: one that others can write, or that is another
 * user's, because whoever can write the journal says what is put back with the machine's rights. `what` is what is not
 * available without it: "the journal of changes".
 */
export function makeStateFolder(folder: string, what: string): Outcome<string> {
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_MODE });
    const found = inspectStateFolder(folder, what);
    if (!found.ok) return found;
    if (hasModes() && found.value !== null && (found.value.mode & 0o077) !== 0) {
      chmodSync(folder, PRIVATE_MODE);
    }
    return { ok: true, value: folder };
  } catch (error) {
    return { ok: false, failure: fileFailure(error, folder, 'make', what) };
  }
}

/** What the folder is; null when there is none yet. Failure: not to be trusted (as above), or not readable. */
export function inspectStateFolder(folder: string, what: string): Outcome<Stats | null> {
  let stats: Stats;
  try {
    stats = statSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { ok: true, value: null };
    return { ok: false, failure: fileFailure(error, folder, 'read', what) };
  }
  const problem = problemOf(stats);
  if (problem === null) return { ok: true, value: stats };
  const why = `${folder} ${problem}`;
  return { ok: false, failure: { code: 'unavailable', what, why } };
}

function problemOf(stats: Stats): string | null {
  if (!stats.isDirectory()) return 'is not a folder; move it away';
  if (!hasModes()) return null;
  if (stats.uid !== process.geteuid?.()) {
    return 'belongs to another user; move it away, or set XDG_STATE_HOME to a folder of your own';
  }
  if ((stats.mode & 0o022) === 0) return null;
  return 'can be written by others; look what is in it, then take that right away (chmod 700)';
}

/** Windows has no modes; a folder below a user's profile is that user's. */
function hasModes(): boolean {
  return process.platform !== 'win32';
}
