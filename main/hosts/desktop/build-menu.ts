/** Puts the application menu there and joins its items to what they do. */
import type { BrowserWindow, OpenDialogOptions } from 'electron';
import type { Workbench } from '../../workbench/workbench.ts';
import { menuTemplate } from './app-menu.ts';
import type { ElectronParts } from './electron-parts.ts';
import { openLink } from './links.ts';
import { showWindow } from './main-window.ts';
import type { OpenRequests } from './open-requests.ts';
import type { PageZoom } from './zoom.ts';

export interface BuildMenuOptions {
  electron: Pick<ElectronParts, 'app' | 'Menu' | 'dialog' | 'shell'>;
  platform: NodeJS.Platform;
  /** The log's newest file; null where none is kept. */
  logPath: string | null;
  window: BrowserWindow;
  zoom: PageZoom;
  workbench: Pick<Workbench, 'publish'>;
  requests: OpenRequests;
  log(line: string): void;
}

const OPEN_DIALOG: OpenDialogOptions = {
  title: 'Open',
  properties: ['openFile', 'multiSelections', 'dontAddToRecent'],
  // Outputs have any name; the system shows the first filter first.
  filters: [
    { name: 'Any output or report', extensions: ['*'] },
    { name: 'Fourtuple reports', extensions: ['json'] },
  ],
};

/** Replaces the application menu. */
export function buildMenu(options: BuildMenuOptions): void {
  const { electron, platform, logPath, window, zoom, workbench, requests, log } = options;
  const { app, Menu, dialog, shell } = electron;
  const openFile = async () => {
    showWindow(window);
    const { canceled, filePaths } = await dialog.showOpenDialog(window, OPEN_DIALOG);
    if (!canceled) requests.add(filePaths);
  };
  const template = menuTemplate({
    platform,
    isPackaged: app.isPackaged,
    hasLog: logPath !== null,
    choose: (action) => {
      // On macOS the menu is there while the window is hidden.
      if (!window.isDestroyed() && !window.isVisible()) showWindow(window);
      workbench.publish({ name: 'menu.chosen', payload: { action } });
    },
    openFile: () => {
      openFile().catch((error: unknown) => {
        log(`No file could be chosen: ${error instanceof Error ? error.message : String(error)}`);
      });
    },
    openLink: (id) => openLink(shell, id, log),
    showLog: () => logPath !== null && shell.showItemInFolder(logPath),
    zoom: (step) => zoom.change(step),
    closeWindow: () => window.isDestroyed() || window.close(),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
