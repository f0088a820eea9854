/** The desktop app from start to quit. */
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import type { Settings } from '../../../preload/contract-settings.ts';
import type { Outcome } from '../../core/model.ts';
import { createWorkbench, type Workbench } from '../../workbench/workbench.ts';
import { entryPathsIn } from '../entry-paths.ts';
import { startThread } from '../start-thread.ts';
import { answerAppRequest, APP_SCHEME, SCHEME_PRIVILEGES } from './app-protocol.ts';
import { backgroundState, keepInBackground } from './background.ts';
import { buildMenu } from './build-menu.ts';
import { answerFromDevServer, type DevServer } from './dev-page.ts';
import type { ElectronParts } from './electron-parts.ts';
import { forkChild } from './fork-child.ts';
import { guardApp, guardSession } from './guards.ts';
import { serveIpc } from './ipc-registry.ts';
import { controlWindow, openMainWindow, showWindow } from './main-window.ts';
import { notifyOnDesktop } from './notify.ts';
import { handoverSchema, hearOpenFile, OpenRequests } from './open-requests.ts';
import { openFiles } from './opened-files.ts';
import { endWithApp } from './quit.ts';
import { followTheme } from './theme.ts';
import { drawsOwnButtons } from './window-options.ts';

export interface DesktopOptions {
  electron: ElectronParts;
  platform: NodeJS.Platform;
  version: string;
  preloadPath: string;
  rendererRoot: string;
  /** While it is being written, the page comes from there, else from rendererRoot. */
  devServer?: DevServer | null;
  /** The folder of the built entries: sampler.js, terminal.js, parse.js. */
  entryFolder: string;
  /** The folder of the tray's images. */
  trayIconFolder: string;
  /** Where Fourtuple remembers what it changed, or why there is no such place. */
  stateFolder?: Outcome<string>;
  /** Files named on the command line: absolute paths. */
  files: readonly string[];
  /** The log's newest file; null where none is kept. */
  logPath: string | null;
  /** Whether this desktop shows tray icons. */
  hasTrayHost(): Promise<boolean>;
  /** Calls back on SIGINT, SIGTERM and SIGHUP. */
  onSignal(listener: () => void): void;
  log(line: string): void;
}

/** As the installed app is known to Windows: notifications are shown under its name and icon. Equal to the packages' id. */
export const APP_ID = 'net.fourtuple.Fourtuple';

/**
 * Starts the app. A second instance for the same data folder hands its files to the first and quits (hardening G4).
 * Resolves when the window is open.
 */
export async function runDesktop(options: DesktopOptions): Promise<void> {
  const { app, protocol } = options.electron;
  if (!app.requestSingleInstanceLock({ files: [...options.files] })) return app.quit();
  app.enableSandbox();
  if (options.platform === 'win32') app.setAppUserModelId(APP_ID);
  protocol.registerSchemesAsPrivileged(SCHEME_PRIVILEGES);
  guardApp(app);
  const requests = new OpenRequests((error) =>
    options.log(
      `A file could not be opened: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ),
  );
  hearOpenFile(app, requests);
  requests.add(options.files);
  await app.whenReady();
  await open(options, requests);
}

async function open(options: DesktopOptions, requests: OpenRequests): Promise<void> {
  const { electron, log } = options;
  const { app, protocol, session } = electron;
  guardSession(session.defaultSession);
  const { devServer, rendererRoot } = options;
  protocol.handle(APP_SCHEME, (request) =>
    devServer ? answerFromDevServer(request, devServer) : answerAppRequest(request, rendererRoot),
  );
  let window: BrowserWindow | null = null;
  const workbench = createDesktopWorkbench(options, () => window);
  const registry = serveIpc(electron.ipcMain, workbench);
  endWithApp({ ...options, app, workbench });
  const settings = await readSettings(workbench);
  followTheme(electron.nativeTheme, workbench, settings?.appearance.theme ?? 'system');
  const main = openMainWindow({ ...options, stateFile: join(app.getPath('userData'), 'window.json') });
  window = main.window;
  buildMenu({ ...options, ...main, workbench, requests });
  registry.attach(window.webContents);
  reviveRenderer(window, log);
  const keepRunning = settings?.background.keepRunning ?? false;
  keepInBackground({ ...options, window, workbench, keepRunning });
  notifyOnDesktop({ electron, window, workbench, log });
  workbench.start();
  app.on('second-instance', (_event, _argv, _folder, handed) => {
    showWindow(window);
    requests.add(handoverSchema.safeParse(handed).data?.files ?? []);
  });
  window.on('closed', () => (window = null));
  app.on('window-all-closed', () => app.quit());
  serveRequests(main.window, workbench, requests);
}

async function readSettings(workbench: Workbench): Promise<Settings | null> {
  const state = await workbench.handlers['settings.get']({});
  return state.ok ? state.value.settings : null;
}

/** Files are shown once there is a page that can say what became of them. */
function serveRequests(window: BrowserWindow, workbench: Workbench, requests: OpenRequests): void {
  window.webContents.once('did-finish-load', () => {
    requests.begin(async (paths) => {
      showWindow(window);
      const payload = await openFiles(paths, workbench.handlers);
      workbench.publish({ name: 'file.opened', payload });
    });
  });
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
    background: () => backgroundState(() => options.hasTrayHost()),
    log,
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
