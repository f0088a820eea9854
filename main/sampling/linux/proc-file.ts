/** Reading /proc. That a file is gone, hidden or absent is an answer there, not an accident (hardening S3). */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs';
import type { Failure, Outcome } from '../../core/model.ts';

/** What the owner search needs of /proc; tests give it a made-up one. */
export interface ProcFiles {
  /** Names in a folder. */
  list(path: string): Outcome<string[]>;
  /** Where a symbolic link points, or null when it is gone or may not be read. */
  readLink(path: string): string | null;
  /** The first `maxBytes` of a file. */
  readBytes(path: string, maxBytes: number): Outcome<Uint8Array>;
  /** The user that owns a file or folder, or null. */
  ownerUid(path: string): number | null;
}

export const realProcFiles: ProcFiles = {
  list: (path) => attempt('list', path, () => readdirSync(path)),
  readLink(path) {
    try {
      return readlinkSync(path);
    } catch {
      return null;
    }
  },
  readBytes: (path, maxBytes) => attempt('read', path, () => readStart(path, maxBytes)),
  ownerUid(path) {
    const read = attempt('look at', path, () => statSync(path).uid);
    return read.ok ? read.value : null;
  },
};

/**
 * A whole small file as text. Fails with `unavailable` when it does not exist, `not-permitted` when it may not be read,
 * `system` otherwise.
 */
export function readProcText(path: string): Outcome<string> {
  return attempt('read', path, () => readFileSync(path, 'utf8'));
}

/** Why a file operation failed, from Node's error. */
export function fileFailure(call: string, path: string, cause: unknown): Failure {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'ENOENT') return { code: 'unavailable', what: path, why: 'it does not exist' };
  if (code === 'ESRCH') return { code: 'gone', what: path };
  if (code === 'EACCES' || code === 'EPERM')
    return { code: 'not-permitted', what: `${call} ${path}`, needs: 'root' };
  const errno = cause instanceof Error && 'errno' in cause ? cause.errno : null;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code: 'system', call, errno: typeof errno === 'number' ? Math.abs(errno) : null, message };
}

function attempt<T>(call: string, path: string, run: () => T): Outcome<T> {
  try {
    return { ok: true, value: run() };
  } catch (cause) {
    return { ok: false, failure: fileFailure(call, path, cause) };
  }
}

function readStart(path: string, maxBytes: number): Uint8Array {
  const fd = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(maxBytes);
    let length = 0;
    while (length < maxBytes) {
      const read = readSync(fd, bytes, length, maxBytes - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(fd);
  }
}
