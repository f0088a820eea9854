/** Starting the Electron binary from plain Node: whether a window makes sense, where the binary is, and running it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

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

/**
 * The binary that the electron package at `electronFolder` has unpacked, or null: also when what is there belongs to
 * another version. ELECTRON_OVERRIDE_DIST_PATH counts as it does for that package.
 */
export function findElectronBinary(electronFolder: string, env: NodeJS.ProcessEnv = {}): string | null {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const dist = override || join(electronFolder, 'dist');
  const name = readLine(join(electronFolder, 'path.txt'));
  // No path.txt: the package's own install step has not run.
  if (name === null && !override) return null;
  const binary = join(dist, name ?? BINARY_NAMES[process.platform] ?? 'electron');
  return existsSync(binary) && (override || isSameVersion(electronFolder)) ? binary : null;
}

/** As electron/install.js writes them to path.txt. */
const BINARY_NAMES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** After an update of the package the unpacked folder may still be the old one. */
function isSameVersion(electronFolder: string): boolean {
  const unpacked = readLine(join(electronFolder, 'dist', 'version'));
  const wanted = electronVersion(electronFolder);
  return unpacked === null || wanted === null || unpacked.replace(/^v/, '') === wanted;
}

/** The version of the electron package there, or null where it cannot be told. */
export function electronVersion(electronFolder: string): string | null {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8'));
    const version = typeof manifest === 'object' && manifest !== null && Reflect.get(manifest, 'version');
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}

function readLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** The folder of the electron package as `module` would find it; null where it is not installed. */
export function electronFolderFrom(module: string | URL): string | null {
  try {
    // Resolved, never imported: importing the package would download or throw.
    return dirname(createRequire(module).resolve('electron/package.json'));
  } catch {
    // Installed without development packages.
    return null;
  }
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
