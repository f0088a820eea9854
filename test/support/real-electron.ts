/**
 * The built desktop app in a real Electron, driven by Playwright: the third door of the stage, for `npm run
 * test:electron` only.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type BrowserContextOptions, type ElectronApplication, type Page } from 'playwright-core';
import { electronFolderFrom, findElectronBinary } from '../../main/hosts/desktop/launch.ts';
import { DESKTOP_MAIN, desktopMissing } from './electron/display/desktop-app.ts';
import { AS_NOBODY, makeHome } from './electron/display/ordinary-user.ts';
import type { TestNamespace } from './namespace.ts';
import { childrenOf, residentBytes, type Served } from './served.ts';

const THROUGH_NAMESPACE = fileURLToPath(new URL('./through-namespace.mjs', import.meta.url));
const APP_FOLDER = dirname(dirname(dirname(DESKTOP_MAIN)));
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 8000;
/** What Chromium, the debugger and our own first line write to standard error. */
const NOISE =
  /^(\[\d+:|\(node:|Debugger |DevTools |For help, see|Waiting for the debugger|libva |MESA|Fourtuple \S+ starts )/;

export interface RealAppOptions {
  context?: BrowserContextOptions;
  environment?: Record<string, string | undefined>;
  argv?: readonly string[];
  /** Its workbench sees this one; Playwright's way into it is through-namespace.mjs. */
  namespace?: TestNamespace | undefined;
}

/** Why it cannot be started here, for a suite's title; null when it can. */
export function realElectronMissing(): string | null {
  if (realBinary() === null) return 'the Electron binary is not here (npm run test:electron fetches it)';
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return 'there is no display (npm run test:electron starts one)';
  }
  return desktopMissing();
}

export function realBinary(): string | null {
  const folder = electronFolderFrom(import.meta.url);
  return folder === null ? null : findElectronBinary(folder, process.env);
}

export class RealApp implements Served {
  readonly url = 'app://fourtuple/index.html';
  readonly electron: ElectronApplication;
  readonly folder: string;
  readonly #remove: () => void;
  #complaints = '';

  private constructor(electron: ElectronApplication, folder: string, remove: () => void) {
    this.electron = electron;
    this.folder = folder;
    this.#remove = remove;
    electron.process().stderr?.on('data', (chunk) => (this.#complaints += String(chunk)));
  }

  /** With a home of its own, as an ordinary user, in the sandbox. The caller stops it. */
  static async start({
    context = {},
    environment,
    argv = [],
    namespace,
  }: RealAppOptions = {}): Promise<RealApp> {
    const home = makeHome();
    const wrapped = wrap(realBinary() ?? '', namespace?.enter ?? null);
    const remove = () => {
      wrapped.remove();
      home.remove();
    };
    try {
      const electron = await _electron.launch({
        ...context,
        executablePath: wrapped.path,
        args: [APP_FOLDER, ...argv],
        env: stringsOf({ ...process.env, ...home.environment, ...environment }),
        // Without it Playwright would pass --no-sandbox, which Fourtuple refuses.
        chromiumSandbox: true,
        timeout: START_LIMIT_MS,
      });
      return new RealApp(electron, home.folder, remove);
    } catch (cause) {
      remove();
      throw cause;
    }
  }

  get pid(): number {
    return this.electron.process().pid ?? 0;
  }

  firstPage(): Promise<Page> {
    return this.electron.firstWindow({ timeout: START_LIMIT_MS });
  }

  complaints(): string {
    const lines = this.#complaints.split('\n').filter((line) => !NOISE.test(line) && line.trim() !== '');
    return lines.map((line) => `${line}\n`).join('');
  }

  /** Our own: Chromium's processes for graphics, network and pages are not told apart by their parent. */
  childPids(): number[] {
    return processesBelow(this.pid).filter((pid) => /node\.mojom\.NodeService/.test(commandOf(pid)));
  }

  residentBytes(): number {
    return residentBytes([this.pid, ...processesBelow(this.pid)]);
  }

  async stop(): Promise<number | null> {
    const child = this.electron.process();
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    if (!hasEnded()) {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await closed;
      clearTimeout(forced);
    }
    this.#remove();
    return child.exitCode;
  }
}

function processesBelow(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...processesBelow(child)]);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Root starts it as nobody in particular. Playwright starts one file, so a file that becomes the app where it should. */
function wrap(binary: string, enter: readonly string[] | null): { path: string; remove(): void } {
  const program = [...AS_NOBODY, binary];
  if (enter === null && program.length === 1) return { path: binary, remove: () => {} };
  const argv =
    enter === null ? program : [process.execPath, THROUGH_NAMESPACE, JSON.stringify({ enter, program })];
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-electron-'));
  const path = join(folder, 'electron');
  const quoted = argv.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  writeFileSync(path, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o700 });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function stringsOf(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
