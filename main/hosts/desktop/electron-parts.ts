/** The parts of Electron that the desktop host uses. They are passed in, so that tests run without Electron. */
import type {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';

export interface ElectronParts {
  app: typeof app;
  BrowserWindow: typeof BrowserWindow;
  dialog: typeof dialog;
  ipcMain: typeof ipcMain;
  Menu: typeof Menu;
  nativeImage: typeof nativeImage;
  nativeTheme: typeof nativeTheme;
  Notification: typeof Notification;
  protocol: typeof protocol;
  screen: typeof screen;
  session: typeof session;
  shell: typeof shell;
  Tray: typeof Tray;
  utilityProcess: typeof utilityProcess;
}
