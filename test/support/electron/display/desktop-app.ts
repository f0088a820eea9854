/** The built desktop app in a process of its own, with its windows in the tests' Chromium, for a test to drive. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import type { TestNamespace } from '../../namespace.ts';
import { childrenOf, residentBytes, type Served } from '../../served.ts';
import { START_VARIABLE, type StartOptions } from '../app/start-options.ts';
import type { AppView, Controls, WindowDeed, WindowView } from '../control-types.ts';
import type { WirePort } from '../wire.ts';
import { AppWindows, type ShownDialog } from './app-windows.ts';
import type { AppLine } from './window-page.ts';

/** Another build than the one in out/ where the variable names its folder. */
const BUILT = process.env.FOURTUPLE_OUT ?? fileURLToPath(new URL('../../../../out', import.meta.url));
const APP_FOLDER = dirname(BUILT);
export const DESKTOP_MAIN = join(BUILT, 'main/desktop.js');
const RUNNER = fileURLToPath(new URL('../app/main.ts', import.meta.url));
const STOP_LIMIT_MS = 8000;
const WINDOW_LIMIT_MS = 15_000;

export interface DesktopAppOptions {
  /** Its windows become pages of this one. */
  context: BrowserContext;
  namespace?: TestNamespace | undefined;
  /** argv of what becomes the app: another user, a file system of its own. */
  through?: readonly string[];
  environment?: Record<string, string | undefined>;
  /** Another app than the built one: the folder of its package.json. */
  appFolder?: string;
  /** As a person types them after the name of the program. */
  argv?: readonly string[];
  /** The folder it is started in; the test's own when absent. */
  cwd?: string;
  /** The size of the page is the test's business, not the window's. */
  keepsViewport?: boolean;
  /** About the machine. */
  machine?: Partial<Pick<StartOptions, 'isPackaged' | 'systemTheme' | 'displays' | 'hasNotifications'>>;
}

/** Why the app cannot be started here, for a suite's title; null when it can. */
export function desktopMissing(): string | null {
  if (process.platform === 'win32') return 'the stand-in for Electron needs a POSIX system';
  return existsSync(DESKTOP_MAIN) ? null : 'the desktop app is not built (npm run build)';
}

export class DesktopApp implements Served {
  readonly pid: number;
  readonly url = 'app://fourtuple/index.html';
  /** Resolves with its status when it has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Pages of elsewhere that exist for the windows, by address: their HTML. */
  readonly foreign = new Map<string, string>();
  readonly #child: ChildProcess;
  readonly #line: AppLine;
  readonly #windows: AppWindows;
  #complaints = '';
  #output = '';

  private constructor(options: DesktopAppOptions) {
    const { namespace, through = [], environment, cwd } = options;
    const argv = [...(namespace?.enter ?? []), ...through, process.execPath, RUNNER];
    const [program = '', ...rest] = argv;
    this.#child = spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      cwd,
      env: { ...process.env, ...environment, [START_VARIABLE]: JSON.stringify(startOptions(options)) },
    });
    this.pid = this.#child.pid ?? 0;
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#complaints += text));
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#windows = new AppWindows({ ...options, foreign: this.foreign }, portOf(this.#child));
    this.#line = this.#windows.line;
    this.ended = new Promise((resolve) => {
      this.#child.once('error', () => resolve(null));
      this.#child.once('close', (code) => {
        this.#line.cut();
        void this.#windows.closeAll().then(() => resolve(code));
      });
    });
  }

  static start(options: DesktopAppOptions): DesktopApp {
    return new DesktopApp(options);
  }

  /** The page of the oldest window, once there is one. */
  async firstPage(): Promise<Page> {
    const deadline = Date.now() + WINDOW_LIMIT_MS;
    while (Date.now() < deadline && !this.#hasEnded) {
      const window = await this.#windows.first();
      if (window) return window.page;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`the app opened no window: ${this.#complaints}`);
  }

  /** Hears whatever is delivered to the pages from now on, as text. */
  overhear(listener: (text: string) => void): void {
    this.#windows.overhear(listener);
  }

  /** Dialogs that wait for an answer, oldest first. */
  get dialogs(): readonly ShownDialog[] {
    return this.#windows.dialogs;
  }

  /** What it wrote to its standard error, but for the line it starts with. */
  complaints(): string {
    return this.#complaints.replace(/^Fourtuple \S+ starts \(.*\)\.\n/, '');
  }

  output(): string {
    return this.#output;
  }

  childPids(): number[] {
    return childrenOf(this.pid);
  }

  residentBytes(): number {
    return residentBytes([this.pid, ...this.childPids()]);
  }

  /** SIGTERM, as a session that ends sends it. */
  async stop(): Promise<number | null> {
    if (this.#hasEnded) return this.ended;
    this.#child.kill('SIGTERM');
    const forced = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT_MS);
    const code = await this.ended;
    clearTimeout(forced);
    return code;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sees or does something outside the pages. */
  control<N extends keyof Controls>(
    action: N,
    details: Parameters<Controls[N]>[0],
  ): Promise<ReturnType<Controls[N]>> {
    return this.#line.ask('control', { action, details }) as Promise<ReturnType<Controls[N]>>;
  }

  look(): Promise<AppView> {
    return this.control('look', null);
  }

  /** The oldest window as it is now. */
  async window(): Promise<WindowView> {
    const [window] = (await this.look()).windows;
    if (!window) throw new Error('the app has no window');
    return window;
  }

  async do(deed: WindowDeed): Promise<void> {
    await this.control('window.do', { windowId: (await this.window()).id, deed });
  }

  choose(path: string): Promise<void> {
    return this.control('menu.choose', { path });
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

function portOf(child: ChildProcess): WirePort {
  return {
    // What is sent to a process that just went is as lost as what it did not read.
    send: (message) => void (child.connected && child.send(message, () => {})),
    onMessage: (listener) => void child.on('message', listener),
  };
}

function startOptions({
  context,
  appFolder = APP_FOLDER,
  argv = [],
  machine,
}: DesktopAppOptions): StartOptions {
  const electron = JSON.parse(
    readFileSync(
      fileURLToPath(new URL('../../../../node_modules/electron/package.json', import.meta.url)),
      'utf8',
    ),
  ) as { version: string };
  return {
    appFolder,
    argv,
    chromeVersion: context.browser()?.version() ?? '',
    electronVersion: electron.version,
    isPackaged: false,
    systemTheme: 'light',
    displays: [{ x: 0, y: 0, width: 1920, height: 1080 }],
    hasNotifications: true,
    ...machine,
  };
}
