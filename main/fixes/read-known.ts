/** Files as values: there, not there, or not known with the reason. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { normalised, valueOf } from '../core/fixes/known.ts';
import type { Known } from '../core/fixes/model.ts';
import { codeOf } from '../storage/file-failure.ts';

/** Ours is a few lines; a plan that holds a larger one is refused. */
const MOST_BYTES = 64 * 1024;
/** Both are not there on Windows. */
const PLAIN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * A file as a whole, exactly: it is compared byte by byte and put back so. A link is not followed, because what a fix
 * writes must not go elsewhere (hardening F8).
 */
export function readWholeFile(path: string): Known {
  try {
    const file = openSync(path, PLAIN);
    try {
      const stats = fstatSync(file);
      if (!stats.isFile()) return unknown('it is no plain file');
      if (stats.size > MOST_BYTES) return unknown('it is larger than any file of ours');
      return textOf(readFileSync(file));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return codeOf(error) === 'ELOOP' ? unknown('it is a link') : notRead(error);
  }
}

function textOf(bytes: Uint8Array): Known {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? unknown('it is not text') : valueOf(text);
  } catch {
    // Bytes that are no UTF-8 could not be put back as they were.
    return unknown('it is not text');
  }
}

/** A setting that is a file below /proc/sys: white space within is one space. */
export function readSettingFile(path: string): Known {
  const known = readText(path);
  return known.kind === 'value' ? valueOf(normalised(known.text)) : known;
}

/** A file of the system as text, links followed. */
export function readText(path: string): Known {
  try {
    return valueOf(readFileSync(path, 'utf8'));
  } catch (error) {
    return notRead(error);
  }
}

function notRead(error: unknown): Known {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { kind: 'absent' };
    case 'EACCES':
    case 'EPERM':
      return unknown('this user may not read it');
    default:
      return unknown('it could not be read');
  }
}

function unknown(why: string): Known {
  return { kind: 'unknown', why };
}
