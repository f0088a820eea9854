/** The token that /metrics asks for, from a file that nobody else reads (hardening W6). */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { Outcome } from '../../core/model.ts';
import { digestOf } from './access.ts';

/** Characters; 32 bytes in base64 have 44. */
export const MIN_TOKEN_LENGTH = 32;
const MAX_FILE_BYTES = 4096;

/** How to make such a file, for the help and for whoever gave another one. */
export const TOKEN_RECIPE = 'head -c 32 /dev/urandom | base64 > FILE; chmod 600 FILE';

/** The token's SHA-256. Fails with 'unavailable' and what to do where the file is not as it has to be. */
export function readMetricsToken(path: string, ownUid = process.geteuid?.()): Outcome<Buffer> {
  const read = readOwnFile(path, ownUid);
  if (!read.ok) return refused(path, read.why);
  const token = read.text.replace(/\r?\n$/, '');
  if (/[\r\n]/.test(token)) return refused(path, 'has more than one line');
  if (token.length < MIN_TOKEN_LENGTH) {
    return refused(path, `holds ${token.length} characters; a token has at least ${MIN_TOKEN_LENGTH}`);
  }
  // What a scraper can send as it stands: RFC 6750, section 2.1 (b64token).
  if (!/^[\w.~+/-]+=*$/.test(token)) return refused(path, 'holds characters that no token has');
  return { ok: true, value: digestOf(token) };
}

type OwnFile = { ok: true; text: string } | { ok: false; why: string };

function readOwnFile(path: string, ownUid: number | undefined): OwnFile {
  let file: number;
  try {
    // A pipe would be waited for; absent on Windows, where there is neither.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return { ok: false, why: `cannot be opened (${codeOf(error)})` };
  }
  try {
    const why = problemOf(fstatSync(file), ownUid);
    if (why !== null) return { ok: false, why };
    const bytes = Buffer.alloc(MAX_FILE_BYTES + 1);
    const length = readSync(file, bytes);
    if (length > MAX_FILE_BYTES) return { ok: false, why: 'is too long for a token' };
    return { ok: true, text: bytes.toString('latin1', 0, length) };
  } catch (error) {
    return { ok: false, why: `cannot be read (${codeOf(error)})` };
  } finally {
    closeSync(file);
  }
}

/** `ownUid` is undefined where files have no owners and modes (Windows). */
function problemOf(stats: Stats, ownUid: number | undefined): string | null {
  if (!stats.isFile()) return 'is not a regular file';
  if (ownUid === undefined) return null;
  if (stats.uid !== ownUid) return 'belongs to another user';
  return (stats.mode & 0o077) === 0 ? null : 'can be read or written by others';
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ELOOP' ? 'it is a symbolic link' : typeof code === 'string' ? code : 'unknown reason';
}

function refused(path: string, why: string): Outcome<never> {
  return {
    ok: false,
    failure: {
      code: 'unavailable',
      what: 'the token of /metrics',
      why: `${path} ${why}. Make one with: ${TOKEN_RECIPE}`,
    },
  };
}
