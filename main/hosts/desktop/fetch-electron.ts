/**
 * Runs the electron package's own download step (its install.js), which no longer runs when the package is installed
 * (Electron 42 and later). Mirrors, proxies and caches are its business: it gets the environment as it is.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../../core/model.ts';

/** Waited for, while nothing arrives and nothing is unpacked; some 120 MB may take their time otherwise. */
const STALL_LIMIT_MS = 60_000;
const WATCH_EVERY_MS = 500;
/** The step says nothing worth more. */
const MAX_COMPLAINT_CHARACTERS = 4000;

export interface FetchOptions {
  /** Of the electron package. */
  electronFolder: string;
  env: NodeJS.ProcessEnv;
  /** Told twice a second. */
  onProgress(progress: FetchProgress): void;
  /** Ends the step; what it has downloaded so far is thrown away. */
  signal?: AbortSignal;
  stallLimitMs?: number;
  watchEveryMs?: number;
}

export interface FetchProgress {
  /** Of the archive, so far; 0 before the first and again once it has been put into the cache. */
  bytes: number;
  elapsedMs: number;
}

/** Fails with 'unavailable' and why in words for people. */
export async function fetchElectron(options: FetchOptions): Promise<Outcome<null>> {
  // The step downloads into the system's temporary folder: one of our own shows how much has arrived.
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-electron-'));
  try {
    return await runStep(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runStep(options: FetchOptions, folder: string): Promise<Outcome<null>> {
  const { electronFolder, env, signal, stallLimitMs = STALL_LIMIT_MS } = options;
  const child = spawn(process.execPath, [join(electronFolder, 'install.js')], {
    // Its own progress bar is drawn after 30 s, and only on a terminal.
    env: { ...env, TMPDIR: folder, TMP: folder, TEMP: folder, ELECTRON_GET_NO_PROGRESS: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    killSignal: 'SIGKILL',
    ...(signal ? { signal } : {}),
  });
  let complaint = '';
  let isStalled = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, MAX_COMPLAINT_CHARACTERS);
  });
  const stopWatching = watch(options, folder, () => {
    isStalled = true;
    child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    const end = (why: string | null) => {
      stopWatching();
      if (why === null) return resolve({ ok: true, value: null });
      resolve({ ok: false, failure: { code: 'unavailable', what: 'Electron', why } });
    };
    // Of an aborted child, too; its exit is waited for, so that nothing is written after the end.
    child.on('error', (error) => {
      if (child.pid === undefined) end(error.message);
    });
    child.on('close', (code) => {
      if (code === 0) end(null);
      else if (signal?.aborted) end('its download was interrupted');
      else if (isStalled) end(`its download stood still for ${Math.round(stallLimitMs / 1000)} s`);
      else end(reasonOf(complaint));
    });
  });
}

function watch(options: FetchOptions, folder: string, onStall: () => void): () => void {
  const { electronFolder, stallLimitMs = STALL_LIMIT_MS, watchEveryMs = WATCH_EVERY_MS } = options;
  const startedAtMs = performance.now();
  let last = '';
  let lastAtMs = startedAtMs;
  const timer = setInterval(() => {
    const bytes = bytesIn(folder);
    const nowMs = performance.now();
    const state = `${bytes} ${entriesIn(join(electronFolder, 'dist'))}`;
    if (state !== last) lastAtMs = nowMs;
    last = state;
    options.onProgress({ bytes, elapsedMs: nowMs - startedAtMs });
    if (nowMs - lastAtMs > stallLimitMs) onStall();
  }, watchEveryMs);
  return () => clearInterval(timer);
}

function bytesIn(folder: string): number {
  let bytes = 0;
  for (const path of pathsIn(folder)) bytes += sizeOf(join(folder, path));
  return bytes;
}

function entriesIn(folder: string): number {
  return pathsIn(folder).length;
}

function pathsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    // Not there yet, or moved on while it was read.
    return [];
  }
}

function sizeOf(path: string): number {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat.size : 0;
  } catch {
    return 0;
  }
}

/** What the messages of @electron/get and Node mean, the likeliest first. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/ENOSPC/, 'the disk is full'],
  [/EACCES|EPERM|EROFS/, 'its folder cannot be written to'],
  [/checksum|sumchecker|Generated checksum/i, 'what was downloaded is not what Electron published'],
  [
    /Response code (404|403)/,
    'the server, or the mirror that ELECTRON_MIRROR names, does not have this version',
  ],
  [/Response code (\d+)/, 'the server answered with an error'],
  [
    /fetch failed|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|UND_ERR|certificate/i,
    'there is no network, or it does not reach the download server (a mirror can be named in ELECTRON_MIRROR)',
  ],
];

/** One clause out of what the step wrote to its standard error. */
export function reasonOf(complaint: string): string {
  const known = REASONS.find(([pattern]) => pattern.test(complaint));
  if (known) return known[1];
  const first = complaint.split('\n').find((line) => line.trim() !== '');
  return first === undefined ? 'its download failed' : `its download failed: ${first.trim().slice(0, 200)}`;
}
