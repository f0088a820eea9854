/**
 * Files that Fourtuple was asked to open by the system, the command line or its menu. They are read here and go the way
 * that dropped ones go; no path crosses the door (hardening E9).
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { MAX_IMPORT_FILES, MAX_IMPORT_PIECE } from '../../../preload/contract-import.ts';
import type { EventPayload } from '../../../preload/contract.ts';
import type { Outcome } from '../../core/model.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { failureSentence } from '../../core/words/failure.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** A report with its transcripts and sockets is a few MiB. Larger outputs can be dropped on the window. */
export const MAX_OPENED_BYTES = 16 * 1024 * 1024;
/** Bytes that base64 makes a piece of. */
const PIECE_BYTES = (MAX_IMPORT_PIECE / 4) * 3;

export type OpenedFiles = EventPayload<'file.opened'>;

interface ReadFile {
  name: string;
  modifiedAtMs: number;
  bytes: Buffer;
}

/** Reads the files and shows them in place of this machine; what came of it is for every page. */
export async function openFiles(
  paths: readonly string[],
  handlers: Workbench['handlers'],
): Promise<OpenedFiles> {
  const names = paths.slice(0, MAX_IMPORT_FILES).map(nameOf);
  const failed = (sentence: string): OpenedFiles => ({ names, importId: null, report: null, sentence });
  if (paths.length > MAX_IMPORT_FILES) {
    return failed(`At most ${MAX_IMPORT_FILES} files can be read together; these are ${paths.length}.`);
  }
  const files: ReadFile[] = [];
  for (const path of paths) {
    const file = await readOpened(path);
    if (!file.ok) return failed(file.sentence);
    files.push(file.value);
  }
  if (files.every(({ bytes }) => bytes.length === 0)) return failed('There is nothing in it to read.');
  const sent = await send(files, handlers);
  if (!sent.ok) return failed(failureSentence(sent.failure));
  const importId = sent.value;
  const report = await handlers['import.finish']({ importId, profileId: null });
  if (!report.ok) return failed(failureSentence(report.failure));
  return { names, importId, report: report.value, sentence: null };
}

type Read = { ok: true; value: ReadFile } | { ok: false; sentence: string };

/** A named pipe or a device would be waited for, or never end. */
async function readOpened(path: string): Promise<Read> {
  const name = nameOf(path);
  const refuse = (why: string): Read => ({ ok: false, sentence: `${name} ${why}` });
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (stats.isDirectory()) return refuse('is a folder: open the files in it.');
      if (!stats.isFile()) return refuse('is no ordinary file.');
      if (stats.size > MAX_OPENED_BYTES) return refuse(TOO_LARGE);
      const bytes = await readAtMost(handle, MAX_OPENED_BYTES + 1);
      // It may have grown while it was read.
      if (bytes.length > MAX_OPENED_BYTES) return refuse(TOO_LARGE);
      return { ok: true, value: { name, modifiedAtMs: stats.mtimeMs, bytes } };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') return refuse('is not there (any more).');
    if (code === 'EACCES' || code === 'EPERM') return refuse('may not be read by this user.');
    return refuse(`could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readAtMost(handle: FileHandle, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let left = most;
  while (left > 0) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(left, READ_AT_ONCE)));
    if (bytesRead === 0) break;
    pieces.push(buffer.subarray(0, bytesRead));
    left -= bytesRead;
  }
  return Buffer.concat(pieces);
}

const READ_AT_ONCE = 1024 * 1024;
const TOO_LARGE = `is larger than ${MAX_OPENED_BYTES / 1024 ** 2} MiB. Drop it on the window instead.`;

/** As a page sends them. */
async function send(files: readonly ReadFile[], handlers: Workbench['handlers']): Promise<Outcome<string>> {
  const begun = await handlers['import.begin']({
    files: files.map(({ name, modifiedAtMs, bytes }) => ({ name, modifiedAtMs, bytes: bytes.length })),
  });
  if (!begun.ok) return begun;
  const { importId } = begun.value;
  for (const [fileIndex, { bytes }] of files.entries()) {
    const packed = await promisify(gzip)(bytes);
    for (let at = 0; at < packed.length; at += PIECE_BYTES) {
      const data = packed.subarray(at, at + PIECE_BYTES).toString('base64');
      const taken = await handlers['import.piece']({ importId, fileIndex, data });
      if (!taken.ok) return taken;
    }
  }
  return { ok: true, value: importId };
}

function nameOf(path: string): string {
  return sanitiseText(basename(path), 200);
}
