/** How the one window is made (hardening E1). Nothing else creates a window. */
import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import type { WindowPlace } from './window-place.ts';

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

/** True where the page draws its own minimise, maximise and close buttons. */
export function drawsOwnButtons(platform: string): boolean {
  return platform !== 'darwin';
}

/** Equal to --bg-0 of either theme: what is there before the page is painted, and at the edge while it is resized. */
export function windowColour(isDark: boolean): string {
  return isDark ? '#0b0d10' : '#edeef0';
}

export function windowOptions(options: {
  platform: string;
  preloadPath: string;
  place: Pick<WindowPlace, 'bounds' | 'minWidth' | 'minHeight'>;
  isDark: boolean;
}): BrowserWindowConstructorOptions {
  const { bounds, minWidth, minHeight } = options.place;
  const frame: BrowserWindowConstructorOptions = drawsOwnButtons(options.platform)
    ? { frame: false }
    : { titleBarStyle: 'hiddenInset' };
  return {
    ...frame,
    ...bounds,
    minWidth,
    minHeight,
    title: 'Fourtuple',
    show: false,
    backgroundColor: windowColour(options.isDark),
    webPreferences: webPreferences(options.preloadPath),
  };
}
