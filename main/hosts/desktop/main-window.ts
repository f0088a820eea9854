/** The one window: made, kept where it was, and moved by its own buttons. */
import type { BrowserWindow } from 'electron';
import type { WindowAction } from '../../workbench/handlers.ts';
import { APP_ORIGIN } from './app-protocol.ts';
import type { ElectronParts } from './electron-parts.ts';
import { windowOptions } from './window-options.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

export interface MainWindowOptions {
  electron: Pick<ElectronParts, 'BrowserWindow' | 'screen' | 'nativeTheme'>;
  platform: string;
  preloadPath: string;
  /** Where the window's place is kept. */
  stateFile: string;
  log(line: string): void;
}

/** Makes the window; it shows itself when the page has painted. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const { electron, platform, preloadPath, stateFile } = options;
  const screens = electron.screen.getAllDisplays().map((display) => display.workArea);
  const state = readWindowState(stateFile, screens);
  const isDark = electron.nativeTheme.shouldUseDarkColors;
  const window = new electron.BrowserWindow(
    windowOptions({ platform, preloadPath, bounds: state.bounds, isDark }),
  );
  if (state.isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    try {
      writeWindowState(stateFile, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
    } catch (error) {
      options.log(
        `The window's place could not be kept: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  });
  void window.loadURL(`${APP_ORIGIN}/index.html`).catch((error: unknown) => {
    options.log(`The page could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
  });
  return window;
}

/** What the page's window buttons do. */
export function controlWindow(window: BrowserWindow | null, action: WindowAction): { maximized: boolean } {
  if (window === null || window.isDestroyed()) return { maximized: false };
  if (action === 'minimize') window.minimize();
  if (action === 'maximize') (window.isMaximized() ? () => window.unmaximize() : () => window.maximize())();
  const maximized = window.isMaximized();
  // Closed after the answer is on its way: it could not be given by a window that is gone.
  if (action === 'close') setImmediate(() => window.close());
  return { maximized };
}
