/** The log: one line an event (hardening T2), three files of at most 1 MiB, for its user alone. */
import { closeSync, constants, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sanitiseText } from '../../core/sanitise.ts';

export interface LogFileOptions {
  folder: string;
  /** Epoch milliseconds. */
  now(): number;
  maxBytes?: number;
}

export interface LogFile {
  /** The file that is written to. */
  readonly path: string;
  /** Adds a line with its time. A disk that is full or gone loses lines and disturbs nothing. */
  write(line: string): void;
  close(): void;
}

const MAX_BYTES = 1024 * 1024;
/** Newest first; the last one is dropped when the log moves on. */
const NAMES = ['fourtuple.log', 'fourtuple.1.log', 'fourtuple.2.log'] as const;
/** The trace of a bug fits. */
const MAX_LINE_CHARACTERS = 8000;
/** After a failure the disk is left alone for this long. */
const RETRY_MS = 60_000;

/** Opens nothing until the first line is written. */
export function createLogFile({ folder, now, maxBytes = MAX_BYTES }: LogFileOptions): LogFile {
  const path = join(folder, NAMES[0]);
  let open: { descriptor: number; bytes: number } | null = null;
  let retryAtMs = -Infinity;
  /** Lines that could not be written. */
  let lostCount = 0;

  function append(text: string): void {
    open ??= openLog(folder, path);
    const bytes = Buffer.from(text);
    if (open.bytes > 0 && open.bytes + bytes.length > maxBytes) {
      closeSync(open.descriptor);
      open = null;
      moveOn(folder);
      open = openLog(folder, path);
    }
    open.bytes += writeSync(open.descriptor, bytes);
  }
  function close(): void {
    if (open === null) return;
    const { descriptor } = open;
    open = null;
    try {
      closeSync(descriptor);
    } catch {
      // A network disk may say only now that it is full: the line is lost, as promised.
    }
  }

  return {
    path,
    write: (line) => {
      const atMs = now();
      if (atMs < retryAtMs) return void lostCount++;
      try {
        if (lostCount > 0) append(lineOf(atMs, `${lostCount} lines could not be written.`));
        lostCount = 0;
        append(lineOf(atMs, line));
      } catch {
        lostCount++;
        retryAtMs = atMs + RETRY_MS;
        close();
      }
    },
    close,
  };
}

function lineOf(atMs: number, line: string): string {
  return `${new Date(atMs).toISOString()} ${sanitiseText(line.trimEnd(), MAX_LINE_CHARACTERS)}\n`;
}

/** Through no link: whoever can write to the folder's parent must not choose what is written to. */
function openLog(folder: string, path: string): { descriptor: number; bytes: number } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  // Neither flag exists on Windows.
  const careful = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const descriptor = openSync(path, O_APPEND | O_CREAT | O_WRONLY | careful, 0o600);
  const stats = fstatSync(descriptor);
  if (stats.isFile()) return { descriptor, bytes: stats.size };
  closeSync(descriptor);
  throw new Error(`${path} is not a file`);
}

function moveOn(folder: string): void {
  const [newest, middle, oldest] = NAMES.map((name) => join(folder, name)) as [string, string, string];
  rmSync(oldest, { force: true });
  renameIfThere(middle, oldest);
  renameIfThere(newest, middle);
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
