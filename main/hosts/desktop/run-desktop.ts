/** The desktop app from start to quit. */
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import type { Outcome } from '../../core/model.ts';
import { createWorkbench, type Workbench } from '../../workbench/workbench.ts';
import { entryPathsIn } from '../entry-paths.ts';
import { startThread } from '../start-thread.ts';
import { answerAppRequest, APP_SCHEME, SCHEME_PRIVILEGES } from './app-protocol.ts';
import type { ElectronParts } from './electron-parts.ts';
import { forkChild } from './fork-child.ts';
import { guardApp, guardSession } from './guards.ts';
import { serveIpc } from './ipc-registry.ts';
import { controlWindow, openMainWindow } from './main-window.ts';
import { menuTemplate } from './menu.ts';
import { drawsOwnButtons } from './window-options.ts';

export interface DesktopOptions {
  electron: ElectronParts;
  platform: NodeJS.Platform;
  version: string;
  preloadPath: string;
  rendererRoot: string;
  /** The folder of the built entries: sampler.js, terminal.js, parse.js. */
  entryFolder: string;
  /** Where Fourtuple remembers what it changed, or why there is no such place. */
  stateFolder?: Outcome<string>;
  log(line: string): void;
}

/**
 * Starts the app. A second instance for the same data folder hands over to the first and quits (hardening G4). Resolves
 * when the window is open.
 */
export async function runDesktop(options: DesktopOptions): Promise<void> {
  const { app, protocol } = options.electron;
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged(SCHEME_PRIVILEGES);
  guardApp(app);
  await app.whenReady();
  open(options);
}

function open(options: DesktopOptions): void {
  const { app, ipcMain, Menu, protocol, session } = options.electron;
  guardSession(session.defaultSession);
  protocol.handle(APP_SCHEME, (request) => answerAppRequest(request, options.rendererRoot));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options.platform, app.isPackaged)));
  let window: BrowserWindow | null = null;
  const workbench = createDesktopWorkbench(options, () => window);
  const registry = serveIpc(ipcMain, workbench);
  window = openMainWindow({ ...options, stateFile: join(app.getPath('userData'), 'window.json') });
  registry.attach(window.webContents);
  reviveRenderer(window, options.log);
  workbench.start();
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  window.on('closed', () => (window = null));
  app.on('window-all-closed', () => app.quit());
  endWithApp(app, workbench);
}

function createDesktopWorkbench(
  options: DesktopOptions,
  currentWindow: () => BrowserWindow | null,
): Workbench {
  const { electron, platform, version, entryFolder, stateFolder, log } = options;
  const paths = entryPathsIn(entryFolder);
  return createWorkbench({
    forkSampler: () => forkChild(electron.utilityProcess, paths.sampler, 'Fourtuple sampler'),
    forkTerminal: () => forkChild(electron.utilityProcess, paths.terminal, 'Fourtuple terminal'),
    startParser: () => startThread(paths.parse, log),
    startHistory: () => startThread(paths.history, log),
    now: Date.now,
    jitter: Math.random,
    version,
    host: 'desktop',
    platform,
    stateFolder,
    windowControl: drawsOwnButtons(platform) ? (action) => controlWindow(currentWindow(), action) : undefined,
    log,
  });
}

/** Electron ends its utility processes the hard way; the terminal's gets the time to end its commands first. */
function endWithApp(app: ElectronParts['app'], workbench: Workbench): void {
  let hasStopped = false;
  let stopping: Promise<void> | null = null;
  app.on('will-quit', (event) => {
    if (hasStopped) return;
    event.preventDefault();
    stopping ??= workbench.stop().then(() => {
      hasStopped = true;
      app.quit();
    });
  });
}

/** A page whose process died is loaded again, but not in a circle. */
function reviveRenderer(window: BrowserWindow, log: (line: string) => void): void {
  let lastAtMs = 0;
  window.webContents.on('render-process-gone', (_event, details) => {
    log(`The page's process ended (${details.reason}).`);
    const nowMs = Date.now();
    if (details.reason !== 'clean-exit' && nowMs - lastAtMs > 10_000) window.webContents.reload();
    lastAtMs = nowMs;
  });
}
