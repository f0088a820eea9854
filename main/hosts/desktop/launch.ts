/** Starting the Electron binary from plain Node: whether a window makes sense, where the binary is, and running it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../core/model.ts';

/** Long enough for some 120 MB over an ordinary line; then the browser serves better than waiting. */
const INSTALL_TIMEOUT_MS = 180_000;
/** A failure within this is one of starting (missing libraries, no sandbox), not of use. */
export const EARLY_DEATH_MS = 3000;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Surroundings {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  isElevated: boolean;
}

/** Why no window can be opened here, as a clause without full stop; null when one can. */
export function findWindowObstacle({ platform, env, isElevated }: Surroundings): string | null {
  const needsDisplay = platform !== 'win32' && platform !== 'darwin';
  if (needsDisplay && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return 'there is no display';
  if (isElevated)
    return `a window is not opened with the rights of ${platform === 'win32' ? 'an administrator' : 'root'}`;
  return null;
}

/** The binary that the electron package at `electronFolder` has unpacked, or null. */
export function findElectronBinary(electronFolder: string): string | null {
  try {
    const binary = join(
      electronFolder,
      'dist',
      readFileSync(join(electronFolder, 'path.txt'), 'utf8').trim(),
    );
    return existsSync(binary) ? binary : null;
  } catch {
    // No path.txt: the package's own install step has not run.
    return null;
  }
}

/** Runs the electron package's own download step, within a time limit. */
export function installElectron(electronFolder: string): Promise<Outcome<null>> {
  const script = join(electronFolder, 'install.js');
  return new Promise((resolve) => {
    const failed = (why: string) =>
      resolve({ ok: false, failure: { code: 'unavailable', what: 'Electron', why } });
    const child = spawn(process.execPath, [script], {
      stdio: 'ignore',
      timeout: INSTALL_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    child.on('error', (error) => failed(error.message));
    child.on('exit', (code, signal) => {
      if (code === 0) return resolve({ ok: true, value: null });
      failed(signal ? `its download took longer than ${INSTALL_TIMEOUT_MS / 1000} s` : 'its download failed');
    });
  });
}

export interface ElectronEnd {
  /** Null when a signal ended it or it could not be started. */
  code: number | null;
  afterMs: number;
  /** In a few words how it ended. */
  how: string;
}

/** Runs the app until it ends; signals that end this process are passed on. */
export function runElectron(binary: string, appFolder: string, now: () => number): Promise<ElectronEnd> {
  const startedAtMs = now();
  const env = { ...process.env };
  delete env['ELECTRON_RUN_AS_NODE'];
  const child = spawn(binary, [appFolder], { stdio: 'inherit', env });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of ENDING_SIGNALS) process.on(signal, passOn);
  return new Promise((resolve) => {
    const end = (code: number | null, how: string) => {
      for (const signal of ENDING_SIGNALS) process.off(signal, passOn);
      resolve({ code, afterMs: now() - startedAtMs, how });
    };
    child.on('error', (error) => end(null, error.message));
    child.on('exit', (code, signal) => end(code, signal ? `signal ${signal}` : `status ${code}`));
  });
}
