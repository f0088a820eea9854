/** What the roles of menu items do, and the names and keys that Electron gives them. */
import type * as Electron from 'electron';
import type { StandInWindow } from './browser-window.ts';

export interface Role {
  label: string;
  accelerator?: string;
  /** Absent: what Chromium or the system does by itself. */
  run?(window: StandInWindow | null, app: Pick<Electron.App, 'quit'>): void;
  submenu?: Electron.MenuItemConstructorOptions[];
}

const isMac = process.platform === 'darwin';
const SEPARATOR: Electron.MenuItemConstructorOptions = { type: 'separator' };
const ZOOM_STEP = 0.5;

function zoomBy(step: number): Role['run'] {
  return (window) => window?.webContents.setZoomLevel(window.webContents.getZoomLevel() + step);
}

/** By the name in lower case. */
export const ROLES: Readonly<Record<string, Role>> = {
  about: { label: 'About' },
  quit: {
    label: process.platform === 'win32' ? 'Exit' : 'Quit',
    accelerator: process.platform === 'win32' ? undefined : 'CommandOrControl+Q',
    run: (_window, app) => app.quit(),
  },
  close: {
    label: isMac ? 'Close Window' : 'Close',
    accelerator: 'CommandOrControl+W',
    run: (window) => window?.close(),
  },
  minimize: { label: 'Minimize', accelerator: 'CommandOrControl+M', run: (window) => window?.minimize() },
  zoom: {
    label: 'Zoom',
    run: (window) => (window?.isMaximized() ? window.unmaximize() : window?.maximize()),
  },
  reload: { label: 'Reload', accelerator: 'CmdOrCtrl+R', run: (window) => window?.webContents.reload() },
  forcereload: {
    label: 'Force Reload',
    accelerator: 'Shift+CmdOrCtrl+R',
    run: (window) => window?.webContents.reload(),
  },
  toggledevtools: { label: 'Toggle Developer Tools', accelerator: isMac ? 'Alt+Command+I' : 'Ctrl+Shift+I' },
  togglefullscreen: {
    label: 'Toggle Full Screen',
    accelerator: isMac ? 'Control+Command+F' : 'F11',
    run: (window) => window?.setFullScreen(!window.isFullScreen()),
  },
  resetzoom: {
    label: 'Actual Size',
    accelerator: 'CommandOrControl+0',
    run: (window) => window?.webContents.setZoomLevel(0),
  },
  zoomin: { label: 'Zoom In', accelerator: 'CommandOrControl+Plus', run: zoomBy(ZOOM_STEP) },
  zoomout: { label: 'Zoom Out', accelerator: 'CommandOrControl+-', run: zoomBy(-ZOOM_STEP) },
  undo: { label: 'Undo', accelerator: 'CommandOrControl+Z' },
  redo: {
    label: 'Redo',
    accelerator: process.platform === 'win32' ? 'Control+Y' : 'Shift+CommandOrControl+Z',
  },
  cut: { label: 'Cut', accelerator: 'CommandOrControl+X' },
  copy: { label: 'Copy', accelerator: 'CommandOrControl+C' },
  paste: { label: 'Paste', accelerator: 'CommandOrControl+V' },
  pasteandmatchstyle: { label: 'Paste and Match Style', accelerator: 'Shift+CommandOrControl+V' },
  delete: { label: 'Delete' },
  selectall: { label: 'Select All', accelerator: 'CommandOrControl+A' },
  hide: { label: 'Hide', accelerator: 'Command+H' },
  hideothers: { label: 'Hide Others', accelerator: 'Command+Alt+H' },
  unhide: { label: 'Show All' },
  front: { label: 'Bring All to Front' },
  services: { label: 'Services' },
  help: { label: 'Help', submenu: [] },
  window: { label: 'Window', submenu: [] },
  appmenu: {
    label: 'App',
    submenu: [
      { role: 'about' },
      SEPARATOR,
      { role: 'services' },
      SEPARATOR,
      { role: 'hide' },
      { role: 'quit' },
    ],
  },
  filemenu: { label: 'File', submenu: [isMac ? { role: 'close' } : { role: 'quit' }] },
  editmenu: {
    label: 'Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      SEPARATOR,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'delete' },
      SEPARATOR,
      { role: 'selectAll' },
    ],
  },
  windowmenu: {
    label: 'Window',
    submenu: [{ role: 'minimize' }, { role: 'zoom' }, isMac ? { role: 'front' } : { role: 'close' }],
  },
};
