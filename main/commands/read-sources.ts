/** The bytes of files named on a command line, and of standard input, within the bounds of an import. */
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Failure, Outcome } from '../core/model.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { MAX_BYTES } from '../sampling/imported/limits.ts';
import type { ImportFile } from '../sampling/imported/read-files.ts';

/** Standard input as a file name. */
export const STDIN = '-';

/** Reads each path in order; the first that cannot be read ends it with a sentence about that one. */
export async function readSources(
  paths: readonly string[],
  stdin: () => AsyncIterable<Uint8Array>,
): Promise<Outcome<ImportFile[]>> {
  const files: ImportFile[] = [];
  let leftBytes = MAX_BYTES;
  for (const path of paths) {
    const file =
      path === STDIN ? await readStandardInput(stdin(), leftBytes) : await readPath(path, leftBytes);
    if (!file.ok) return file;
    leftBytes -= file.value.bytes.length;
    files.push(file.value);
  }
  return { ok: true, value: files };
}

async function readStandardInput(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Outcome<ImportFile>> {
  const bytes = await collect(stream, limit);
  if (bytes === null) return failed('standard input', TOO_LARGE);
  return { ok: true, value: { name: 'standard input', modifiedAtMs: null, bytes } };
}

async function readPath(path: string, limit: number): Promise<Outcome<ImportFile>> {
  const shown = sanitiseText(path);
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, 'r');
    const stat = await handle.stat();
    if (stat.isDirectory()) return failed(shown, 'it is a folder: name the files in it');
    if (stat.size > limit) return failed(shown, TOO_LARGE);
    // A pipe, as <(ss -tan) is one, has no size and no time of its own.
    const bytes = await collect(handle.createReadStream({ autoClose: false }), limit);
    if (bytes === null) return failed(shown, TOO_LARGE);
    const modifiedAtMs = stat.isFile() ? stat.mtimeMs : null;
    return { ok: true, value: { name: basename(path), modifiedAtMs, bytes } };
  } catch (error) {
    return failed(shown, sayError(error));
  } finally {
    await handle?.close();
  }
}

/** Null when there is more than `limit`. */
async function collect(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length > limit) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const TOO_LARGE = `the files hold more than ${MAX_BYTES / 1024 ** 2} MiB in all: cut them to one list of sockets`;

function sayError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file: check the path';
  if (code === 'EACCES') return 'this user may not read it: change its mode or its owner';
  if (code === 'EISDIR') return 'it is a folder: name the files in it';
  return sanitiseText(message);
}

function failed(path: string, why: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'unsupported', what: `reading ${path}`, why } };
}
