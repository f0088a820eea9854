/** Electron's binary for those who start the app from its sources: found, or fetched at the first use. */
import type { Writable } from 'node:stream';
import type { Outcome } from '../../core/model.ts';
import { fetchElectron, type FetchOptions, type FetchProgress } from './fetch-electron.ts';
import { electronVersion, findElectronBinary } from './launch.ts';

/** Where lines are kept, as in a log, one is enough for this long. */
const LINE_EVERY_MS = 10_000;
const CLEAR_LINE = '\r\u001b[2K';
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type ProgressOutput = Pick<Writable, 'write'> & { isTTY?: boolean };

export interface ObtainOptions extends Pick<FetchOptions, 'env' | 'stallLimitMs' | 'watchEveryMs'> {
  /** Of the electron package; null where that is not installed. */
  electronFolder: string | null;
  /** Where the progress line goes. */
  output: ProgressOutput;
}

/** The binary's path. Fails with 'unavailable' and why. A signal that ends this process ends the download first. */
export async function obtainElectron(options: ObtainOptions): Promise<Outcome<string>> {
  const { electronFolder, env, output } = options;
  if (electronFolder === null) return unavailable('it is not installed; npm install brings it');
  const present = findElectronBinary(electronFolder, env);
  if (present !== null) return { ok: true, value: present };
  const interrupted = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => interrupted.abort(signal);
  for (const signal of ENDING_SIGNALS) process.on(signal, interrupt);
  const line = progressLine(output, electronVersion(electronFolder));
  try {
    line.show({ bytes: 0, elapsedMs: 0 });
    const fetched = await fetchElectron({
      ...options,
      electronFolder,
      signal: interrupted.signal,
      onProgress: line.show,
    });
    if (!fetched.ok) return fetched;
  } finally {
    line.end();
    for (const signal of ENDING_SIGNALS) process.off(signal, interrupt);
    // Nobody listens any more: now it does what it does to any process.
    if (interrupted.signal.aborted) process.kill(process.pid, String(interrupted.signal.reason));
  }
  const binary = findElectronBinary(electronFolder, env);
  return binary === null ? unavailable('it could not be unpacked') : { ok: true, value: binary };
}

function unavailable(why: string): Outcome<never> {
  return { ok: false, failure: { code: 'unavailable', what: 'Electron', why } };
}

/** One line that is written over on a terminal; elsewhere a new one now and then. */
export function progressLine(output: ProgressOutput, version: string | null) {
  let lastAtMs = -Infinity;
  let hasLine = false;
  const words = `Fetching Electron${version === null ? '' : ` ${version}`} for the window, once`;
  return {
    show(progress: FetchProgress): void {
      const text = `${words}: ${formatProgress(progress)}`;
      if (output.isTTY === true) output.write(`${CLEAR_LINE}${text}`);
      else if (progress.elapsedMs - lastAtMs >= LINE_EVERY_MS) output.write(`${text}\n`);
      else return;
      lastAtMs = progress.elapsedMs;
      hasLine = output.isTTY === true;
    },
    end(): void {
      if (hasLine) output.write(CLEAR_LINE);
    },
  };
}

function formatProgress({ bytes, elapsedMs }: FetchProgress): string {
  const seconds = `${Math.floor(elapsedMs / 1000)} s`;
  return bytes === 0 ? seconds : `${(bytes / 1e6).toFixed(1)} MB, ${seconds}`;
}
