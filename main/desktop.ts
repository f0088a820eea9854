/** Entry: the Electron app. The only file that imports Electron at run time, with the preload. */
import { fileURLToPath } from 'node:url';
import {
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
import packageJson from '../package.json' with { type: 'json' };
import { ownStateFolder } from './storage/state-folder.ts';
import { runDesktop } from './hosts/desktop/run-desktop.ts';
import { isElevated, ownAuthority } from './hosts/elevated.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const log = (line: string) => void process.stderr.write(`${line}\n`);

if (isElevated(ownAuthority())) {
  log(
    'Fourtuple opens no window with the rights of root or an administrator. Start it as an ordinary user, or run: fourtuple serve',
  );
  app.exit(1);
} else {
  // Not awaited: Electron becomes ready only once this module has been evaluated.
  runDesktop({
    electron: {
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
    },
    platform: process.platform,
    version: packageJson.version,
    preloadPath: at('../preload/index.cjs'),
    rendererRoot: at('../renderer'),
    entryFolder: at('.'),
    stateFolder: ownStateFolder(),
    log,
  }).catch((error: unknown) => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    app.exit(1);
  });
}
