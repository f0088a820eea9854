/** `app`: the life of the application, in the order that Electron documents. */
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { appState } from './app-state.ts';
import { startOptions } from './display-line.ts';
import { emitPreventable, ModelledEmitter } from './modelled.ts';
import { InstanceLock } from './instance-lock.ts';
import { endUtilityProcesses } from './utility-process.ts';

type Modelled = Pick<
  Electron.App,
  | 'isPackaged'
  | 'name'
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'focus'
  | 'enableSandbox'
  | 'getPath'
  | 'setPath'
  | 'getAppPath'
  | 'getName'
  | 'setName'
  | 'getVersion'
  | 'getLocale'
  | 'requestSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'setAppUserModelId'
  | 'setAppLogsPath'
>;

interface Manifest {
  name: string;
  productName?: string;
  version: string;
}

const manifest = JSON.parse(readFileSync(join(startOptions.appFolder, 'package.json'), 'utf8')) as Manifest;

export class StandInApp extends ModelledEmitter implements Modelled {
  readonly isPackaged = startOptions.isPackaged;
  name = manifest.productName ?? manifest.name;
  /** Where a new start of the same app is told of. */
  readonly #lock = new InstanceLock();
  readonly #paths = new Map<string, string>();
  #becameReady: () => void = () => {};
  readonly #ready = new Promise<void>((resolve) => (this.#becameReady = resolve));
  #isShutDown = false;

  constructor() {
    super('electron.app');
    appState.onWindowsGone = () => this.#windowsGone();
    appState.onCloseRefused = () => (appState.isQuitting = false);
    appState.onContentsCreated = (contents) => this.emit('web-contents-created', {}, contents);
    appState.onFocusChange = (window, isFocused) =>
      this.emit(isFocused ? 'browser-window-focus' : 'browser-window-blur', {}, window);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      // A listener of the app's own takes the place of Chromium's handler, which quits.
      const quit = () => process.listenerCount(signal) > 1 || this.quit();
      process.on(signal, quit);
    }
  }

  /** By main.ts, once the app's main module has been evaluated. */
  becomeReady(): void {
    if (this.#isShutDown) return;
    appState.isReady = true;
    this.emit('will-finish-launching');
    this.#becameReady();
    this.emit('ready', {}, {});
  }

  whenReady(): Promise<void> {
    return this.#ready;
  }

  isReady(): boolean {
    return appState.isReady;
  }

  /** before-quit → each window's close → will-quit → quit; whoever prevents one of them stops it there. */
  quit(): void {
    if (appState.isQuitting) return;
    appState.isQuitting = !emitPreventable(this, 'before-quit');
    if (!appState.isQuitting) return;
    if (appState.windows.length === 0) return this.#shutDown();
    for (const window of [...appState.windows]) window.close();
  }

  /** At once: no window is asked, neither before-quit nor will-quit is emitted. */
  exit(exitCode = 0): void {
    for (const window of [...appState.windows]) window.destroy();
    this.#end(exitCode);
  }

  focus(): void {
    appState.windows.at(-1)?.focus();
  }

  enableSandbox(): void {
    if (appState.isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    appState.isSandboxed = true;
  }

  getPath(name: string): string {
    const path = this.#paths.get(name) ?? this.#defaultPath(name);
    if (name === 'userData' || name === 'logs') mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    this.#paths.set('logs', path ?? join(this.getPath('userData'), 'logs'));
  }

  getAppPath(): string {
    return startOptions.appFolder;
  }

  getName(): string {
    return this.name;
  }

  setName(name: string): void {
    this.name = name;
  }

  getVersion(): string {
    return manifest.version;
  }

  getLocale(): string {
    return 'en-US';
  }

  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    const told = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
    return this.#lock.take(
      this.getPath('userData'),
      told,
      ({ argv, workingDirectory, additionalData: data }) =>
        this.emit('second-instance', {}, argv, workingDirectory, data),
    );
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock.isHeld;
  }

  releaseSingleInstanceLock(): void {
    this.#lock.release();
  }

  /** Of Windows' task bar: nothing to see elsewhere. */
  setAppUserModelId(_id: string): void {}

  #defaultPath(name: string): string {
    const home = process.env['HOME'] ?? homedir();
    const appData = process.env['XDG_CONFIG_HOME'] ?? join(home, '.config');
    if (name === 'home') return home;
    if (name === 'appData') return appData;
    if (name === 'userData' || name === 'sessionData') return join(appData, this.name);
    if (name === 'temp') return tmpdir();
    if (name === 'logs') return join(this.getPath('userData'), 'logs');
    if (name === 'exe') return process.execPath;
    if (name === 'downloads' || name === 'documents' || name === 'desktop') return home;
    throw new Error(`app.getPath('${name}') is not modelled by the stand-in`);
  }

  #windowsGone(): void {
    if (this.#isShutDown) return;
    if (appState.isQuitting) return this.#shutDown();
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  #shutDown(): void {
    if (this.#isShutDown) return;
    if (emitPreventable(this, 'will-quit')) {
      appState.isQuitting = false;
      return;
    }
    this.#end(0);
  }

  #end(exitCode: number): void {
    if (this.#isShutDown) return;
    this.#isShutDown = true;
    this.emit('quit', {}, exitCode);
    this.#lock.release();
    // Electron ends them with itself, the hard way.
    endUtilityProcesses();
    void this.#lock.told.finally(() => process.exit(exitCode));
  }
}
