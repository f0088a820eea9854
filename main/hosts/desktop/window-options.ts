/** How the one window is made (hardening E1). Nothing else creates a window. */
import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import type { WindowBounds } from './window-state.ts';

/** Exactly these; a test compares the whole object. */
export function webPreferences(preloadPath: string) {
  return {
    preload: preloadPath,
    sandbox: true,
    contextIsolation: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  } as const satisfies WebPreferences;
}

/** Smallest size of DESIGN-UI: the essentials of every screen are visible without scrolling. */
const MIN_SIZE = { minWidth: 1024, minHeight: 700 };

/** True where the page draws its own minimise, maximise and close buttons. */
export function drawsOwnButtons(platform: string): boolean {
  return platform !== 'darwin';
}

export function windowOptions(options: {
  platform: string;
  preloadPath: string;
  bounds: WindowBounds;
  isDark: boolean;
}): BrowserWindowConstructorOptions {
  const frame: BrowserWindowConstructorOptions = drawsOwnButtons(options.platform)
    ? { frame: false }
    : { titleBarStyle: 'hiddenInset' };
  return {
    ...frame,
    ...MIN_SIZE,
    ...options.bounds,
    title: 'Fourtuple',
    show: false,
    // Shown before the first paint; equal to --bg-0 of either theme, so that nothing flashes.
    backgroundColor: options.isDark ? '#0b0d10' : '#edeef0',
    webPreferences: webPreferences(options.preloadPath),
  };
}
