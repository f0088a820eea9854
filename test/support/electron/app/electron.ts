/** The module `electron` of the main process: what is modelled, and a named error for all the rest. */
import type * as Electron from 'electron';
import { StandInApp } from './app.ts';
import { StandInWindow } from './browser-window.ts';
import { ipcMain as ipc } from './ipc-main.ts';
import { StandInMenu, StandInMenuItem } from './menu.ts';
import { modelled, unmodelled } from './modelled.ts';
import { nativeTheme as theme } from './native-theme.ts';
import { StandInNotification } from './notification.ts';
import { dialogPart, shellPart } from './outside.ts';
import { powerMonitor as power } from './power-monitor.ts';
import { protocolPart } from './protocol.ts';
import { screen as screens } from './screen.ts';
import { sessionPart } from './session.ts';
import { nativeImagePart, StandInTray } from './tray.ts';
import { utilityProcess as utilities } from './utility-process.ts';

export const standInApp = new StandInApp();
export const app = standInApp as unknown as Electron.App;
export const BrowserWindow = modelled<typeof Electron.BrowserWindow>('electron.BrowserWindow', StandInWindow);
export const dialog = modelled<Electron.Dialog>('electron.dialog', dialogPart);
export const ipcMain = ipc as unknown as Electron.IpcMain;
export const Menu = modelled<typeof Electron.Menu>('electron.Menu', StandInMenu);
export const MenuItem = modelled<typeof Electron.MenuItem>('electron.MenuItem', StandInMenuItem);
export const nativeImage = modelled<typeof Electron.nativeImage>('electron.nativeImage', nativeImagePart);
export const nativeTheme = theme as unknown as Electron.NativeTheme;
export const Notification = modelled<typeof Electron.Notification>(
  'electron.Notification',
  StandInNotification,
);
export const powerMonitor = power as unknown as Electron.PowerMonitor;
export const protocol = modelled<Electron.Protocol>('electron.protocol', protocolPart);
export const screen = screens as unknown as Electron.Screen;
export const session = modelled<typeof Electron.session>('electron.session', sessionPart);
export const shell = modelled<Electron.Shell>('electron.shell', shellPart);
export const Tray = modelled<typeof Electron.Tray>('electron.Tray', StandInTray);
export const utilityProcess = modelled<typeof Electron.utilityProcess>('electron.utilityProcess', utilities);

export const autoUpdater = unmodelled('electron.autoUpdater');
export const BaseWindow = unmodelled('electron.BaseWindow');
export const clipboard = unmodelled('electron.clipboard');
export const contentTracing = unmodelled('electron.contentTracing');
export const crashReporter = unmodelled('electron.crashReporter');
export const desktopCapturer = unmodelled('electron.desktopCapturer');
export const globalShortcut = unmodelled('electron.globalShortcut');
export const MessageChannelMain = unmodelled('electron.MessageChannelMain');
export const net = unmodelled('electron.net');
export const netLog = unmodelled('electron.netLog');
export const powerSaveBlocker = unmodelled('electron.powerSaveBlocker');
export const safeStorage = unmodelled('electron.safeStorage');
export const systemPreferences = unmodelled('electron.systemPreferences');
export const TouchBar = unmodelled('electron.TouchBar');
export const webContents = unmodelled('electron.webContents');
export const webFrameMain = unmodelled('electron.webFrameMain');
export const WebContentsView = unmodelled('electron.WebContentsView');
export const View = unmodelled('electron.View');
