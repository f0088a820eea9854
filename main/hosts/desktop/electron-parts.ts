/** The parts of Electron that the desktop host uses. They are passed in, so that tests run without Electron. */
import type {
  app,
  BrowserWindow,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  screen,
  session,
  utilityProcess,
} from 'electron';

export interface ElectronParts {
  app: typeof app;
  BrowserWindow: typeof BrowserWindow;
  ipcMain: typeof ipcMain;
  Menu: typeof Menu;
  nativeTheme: typeof nativeTheme;
  protocol: typeof protocol;
  screen: typeof screen;
  session: typeof session;
  utilityProcess: typeof utilityProcess;
}
