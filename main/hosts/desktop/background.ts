/** Closing the window leaves the watch in the tray, where the settings say so and there is a tray. */
import type { BrowserWindow } from 'electron';
import type { BackgroundState } from '../../../preload/contract-desktop.ts';
import type { Summary } from '../../core/model.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import type { ElectronParts } from './electron-parts.ts';
import { showWindow } from './main-window.ts';
import { createTray, trayView, type TrayIcon } from './tray.ts';

export interface BackgroundOptions {
  electron: Pick<ElectronParts, 'app' | 'Tray' | 'Menu' | 'nativeImage'>;
  platform: NodeJS.Platform;
  trayIconFolder: string;
  window: BrowserWindow;
  workbench: Workbench;
  /** Whether the setting is on now. */
  keepRunning: boolean;
  hasTrayHost(): Promise<boolean>;
  log(line: string): void;
}

const NO_TRAY: BackgroundState = {
  isPossible: false,
  sentence:
    'This desktop shows no tray icons, so a hidden window could not be found again: closing it ends Fourtuple. ' +
    'On GNOME the extension AppIndicator brings them.',
};

/** What Settings says of it. Asked anew each time: a panel or an extension can come and go. */
export async function backgroundState(hasTrayHost: () => Promise<boolean>): Promise<BackgroundState> {
  return (await hasTrayHost()) ? { isPossible: true, sentence: null } : NO_TRAY;
}

/** Follows the setting until the app quits. */
export function keepInBackground(options: BackgroundOptions): void {
  const { electron, platform, window, workbench, log } = options;
  const { app } = electron;
  let tray: TrayIcon | null = null;
  let wanted = options.keepRunning;
  let isQuitting = false;
  /** The window is closed for good: there is no tray. */
  let isLeaving = false;
  let newest: Summary | null = null;
  app.on('before-quit', () => (isQuitting = true));

  async function follow(): Promise<void> {
    if (wanted) return findTray();
    tray?.remove();
    tray = null;
    // Without an icon nobody would find it.
    if (!window.isDestroyed() && !window.isVisible()) showWindow(window);
  }
  async function findTray(): Promise<void> {
    const isPossible = tray !== null || (await options.hasTrayHost());
    if (!wanted || tray !== null || isQuitting) return;
    if (isPossible) tray = makeTray();
    else log('Closing the window ends Fourtuple, because this desktop shows no tray icons.');
  }
  /** Asked once more: started with the session, Fourtuple is often there before the panel is. */
  async function leave(): Promise<void> {
    await findTray();
    if (window.isDestroyed() || isQuitting) return;
    if (tray !== null) return hide(window, platform);
    isLeaving = true;
    window.close();
  }
  function makeTray(): TrayIcon | null {
    try {
      const made = createTray({
        electron,
        platform,
        iconFolder: options.trayIconFolder,
        onOpen: () => showWindow(window),
        onPause: (paused) => void workbench.handlers['sampling.configure']({ paused }),
        onQuit: () => app.quit(),
      });
      made.show(trayView(newest));
      return made;
    } catch (error) {
      log(`There is no tray icon: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  workbench.subscribe((event) => {
    if (event.name === 'summary.updated') {
      newest = event.payload;
      tray?.show(trayView(newest));
    }
    if (event.name === 'settings.changed' && event.payload.settings.background.keepRunning !== wanted) {
      wanted = event.payload.settings.background.keepRunning;
      void follow();
    }
  });
  window.on('close', (event) => {
    if (isQuitting || isLeaving || !wanted) return;
    event.preventDefault();
    void leave();
  });
  // The dock's icon on macOS.
  app.on('activate', () => showWindow(window));
  app.on('will-quit', () => tray?.remove());
  if (wanted) void follow();
}

/** macOS leaves an empty black screen behind when a window is hidden that covers one. */
function hide(window: BrowserWindow, platform: NodeJS.Platform): void {
  if (platform !== 'darwin' || !window.isFullScreen()) return window.hide();
  window.once('leave-full-screen', () => window.hide());
  window.setFullScreen(false);
}
