/** The one window: made, kept where it was, kept in view, and moved by its own buttons. */
import type { BrowserWindow, Display, Rectangle } from 'electron';
import type { WindowAction } from '../../workbench/handlers.ts';
import { APP_ORIGIN } from './app-protocol.ts';
import type { ElectronParts } from './electron-parts.ts';
import { windowColour, windowOptions } from './window-options.ts';
import { bringIntoView, placeWindow, rememberPlace, type KeptPlace } from './window-place.ts';
import { readWindowState, writeWindowState } from './window-state.ts';
import { createPageZoom, type PageZoom } from './zoom.ts';

export interface MainWindowOptions {
  electron: Pick<ElectronParts, 'BrowserWindow' | 'screen' | 'nativeTheme'>;
  platform: string;
  preloadPath: string;
  /** Where the window's places are kept. */
  stateFile: string;
  log(line: string): void;
}

export interface MainWindow {
  window: BrowserWindow;
  zoom: PageZoom;
}

/** Makes the window; it shows itself when the page has painted. */
export function openMainWindow(options: MainWindowOptions): MainWindow {
  const { electron, platform, preloadPath, stateFile } = options;
  const { screen, nativeTheme } = electron;
  const state = readWindowState(stateFile);
  const place = placeWindow(state, screen.getAllDisplays().map(infoOf), infoOf(screen.getPrimaryDisplay()));
  const isDark = nativeTheme.shouldUseDarkColors;
  const window = new electron.BrowserWindow(windowOptions({ platform, preloadPath, place, isDark }));
  const zoom = createPageZoom(window.webContents, place.zoomLevel, state.zoomLevel);
  window.once('ready-to-show', () => {
    // Either shows a window: before the page has painted it would be an empty one.
    if (place.isMaximized) window.maximize();
    window.show();
    if (place.isFullScreen) window.setFullScreen(true);
  });
  let { places } = state;
  // Also when it is only hidden: whatever ends the process later, the place is kept.
  window.on('close', () => {
    places = rememberPlace(places, placeOf(window, screen));
    attempt(options.log, "The window's place could not be kept", () =>
      writeWindowState(stateFile, { places, zoomLevel: zoom.chosen }),
    );
  });
  keepInView(window, screen);
  keepColour(window, nativeTheme);
  void window.loadURL(`${APP_ORIGIN}/index.html`).catch((error: unknown) => {
    options.log(`The page could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
  });
  return { window, zoom };
}

/** To the front, whatever it was: hidden, minimised, behind others. */
export function showWindow(window: BrowserWindow | null): void {
  if (window === null || window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** What the page's window buttons do. */
export function controlWindow(window: BrowserWindow | null, action: WindowAction): { maximized: boolean } {
  if (window === null || window.isDestroyed()) return { maximized: false };
  if (action === 'minimize') window.minimize();
  if (action === 'maximize') toggleSize(window);
  const maximized = window.isMaximized();
  // Closed after the answer is on its way: it could not be given by a window that is gone.
  if (action === 'close') setImmediate(() => window.close());
  return { maximized };
}

/** The middle button leads out of full screen, too: there the page's buttons are the only ones. */
function toggleSize(window: BrowserWindow): void {
  if (window.isFullScreen()) window.setFullScreen(false);
  else if (window.isMaximized()) window.unmaximize();
  else window.maximize();
}

function placeOf(window: BrowserWindow, screen: ElectronParts['screen']): KeptPlace {
  // Minimised it is nowhere on Windows (-32000, -32000).
  const { id, bounds } = screen.getDisplayMatching(window.getNormalBounds());
  return {
    display: { id, bounds: plain(bounds) },
    bounds: plain(window.getNormalBounds()),
    isMaximized: window.isMaximized(),
    isFullScreen: window.isFullScreen(),
  };
}

/** A display that was unplugged must not take the window with it. Systems do this themselves, not all and not always. */
function keepInView(window: BrowserWindow, screen: ElectronParts['screen']): void {
  const look = () => {
    if (window.isDestroyed() || window.isFullScreen() || window.isMinimized()) return;
    const bounds = bringIntoView(window.getBounds(), screen.getAllDisplays().map(infoOf));
    if (bounds !== null) window.setBounds(bounds);
  };
  screen.on('display-removed', look);
  screen.on('display-metrics-changed', look);
  window.once('closed', () => {
    screen.off('display-removed', look);
    screen.off('display-metrics-changed', look);
  });
}

function keepColour(window: BrowserWindow, nativeTheme: ElectronParts['nativeTheme']): void {
  const follow = () => {
    if (!window.isDestroyed()) window.setBackgroundColor(windowColour(nativeTheme.shouldUseDarkColors));
  };
  nativeTheme.on('updated', follow);
  window.once('closed', () => nativeTheme.off('updated', follow));
}

function infoOf({ id, bounds, workArea }: Display) {
  return { id, bounds: plain(bounds), workArea: plain(workArea) };
}

function plain({ x, y, width, height }: Rectangle): Rectangle {
  return { x, y, width, height };
}

function attempt(log: (line: string) => void, what: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    log(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
