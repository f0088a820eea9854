/** Files on their way from a window: gzip pieces collected in order, unpacked within the bounds of an import. */
import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Failure, Outcome } from '../../core/model.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { MAX_BYTES, MAX_FILES } from './limits.ts';
import type { ImportFile } from './read-files.ts';

/** Uploads under way; the oldest gives way: its window was closed or began anew. */
const MAX_UPLOADS = 4;
/** Packed bytes of all uploads together. What does not shrink is no list of sockets. */
const MAX_PACKED_BYTES = MAX_BYTES;

export interface UploadedFile {
  name: string;
  /** Epoch milliseconds of the last change; null for a paste. */
  modifiedAtMs: number | null;
  /** Size of the file as announced. */
  bytes: number;
}

interface Upload {
  files: UploadedFile[];
  pieces: Buffer[][];
  packedBytes: number;
}

const unpack = promisify(gunzip);

export class Uploads {
  /** In the order in which they began. */
  private readonly uploads = new Map<string, Upload>();
  private packedBytes = 0;

  begin(files: readonly UploadedFile[]): Outcome<{ importId: string }> {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (files.length === 0 || files.length > MAX_FILES) {
      return invalid('files', `an import takes 1 to ${MAX_FILES} files, not ${files.length}`);
    }
    if (bytes > MAX_BYTES) return invalid('files', TOO_LARGE);
    const importId = randomUUID();
    this.uploads.set(importId, { files: [...files], pieces: files.map(() => []), packedBytes: 0 });
    const [eldest] = this.uploads.keys();
    if (this.uploads.size > MAX_UPLOADS && eldest !== undefined) this.drop(eldest);
    return { ok: true, value: { importId } };
  }

  /** Adds a piece (base64) of a file's gzip stream; answers the packed bytes received of this import. */
  add(importId: string, fileIndex: number, data: string): Outcome<{ receivedBytes: number }> {
    const upload = this.uploads.get(importId);
    if (!upload) return { ok: false, failure: GONE };
    const pieces = upload.pieces[fileIndex];
    if (!pieces) return invalid('fileIndex', `fileIndex ${fileIndex} is no file of this import`);
    const piece = Buffer.from(data, 'base64');
    if (this.packedBytes + piece.length > MAX_PACKED_BYTES) {
      this.drop(importId);
      return invalid('data', TOO_LARGE);
    }
    pieces.push(piece);
    upload.packedBytes += piece.length;
    this.packedBytes += piece.length;
    return { ok: true, value: { receivedBytes: upload.packedBytes } };
  }

  /**
   * The files of an import, unpacked; the import stays until drop(). Never unpacks more than the bound, whatever the
   * pieces pretend to be.
   */
  async unpack(importId: string): Promise<Outcome<ImportFile[]>> {
    const upload = this.uploads.get(importId);
    if (!upload) return { ok: false, failure: GONE };
    const files: ImportFile[] = [];
    let leftBytes = MAX_BYTES;
    for (const [index, { name, modifiedAtMs }] of upload.files.entries()) {
      const bytes = await unpackWithin(Buffer.concat(upload.pieces[index] ?? []), leftBytes);
      if (bytes === 'too large') return invalid('files', TOO_LARGE);
      if (bytes === 'damaged') {
        return invalid('files', `${sanitiseText(name)} did not arrive whole: open it again`);
      }
      leftBytes -= bytes.length;
      files.push({ name, modifiedAtMs, bytes });
    }
    return { ok: true, value: files };
  }

  drop(importId: string): void {
    const upload = this.uploads.get(importId);
    if (!upload) return;
    this.packedBytes -= upload.packedBytes;
    this.uploads.delete(importId);
  }

  get size(): number {
    return this.uploads.size;
  }
}

const GONE: Failure = { code: 'gone', what: 'this import' };
const TOO_LARGE = `the files hold more than ${MAX_BYTES / 1024 ** 2} MiB in all, which is more than can be read at once`;

async function unpackWithin(packed: Buffer, limit: number): Promise<Buffer | 'too large' | 'damaged'> {
  // One byte more than allowed is what tells "too large" from "just fits".
  try {
    const bytes = await unpack(packed, { maxOutputLength: limit + 1 });
    return bytes.length > limit ? 'too large' : bytes;
  } catch (error) {
    const isTooLarge =
      error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? 'too large' : 'damaged';
  }
}

function invalid(field: string, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}
