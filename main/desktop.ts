/** Entry: the Electron app. The only file that imports Electron at run time, with the preload. */
import { homedir } from 'node:os';
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
import { parseDesktopArguments } from './hosts/desktop/arguments.ts';
import { devServerIn } from './hosts/desktop/dev-page.ts';
import { createLog } from './hosts/desktop/log.ts';
import { logFolder } from './hosts/desktop/log-folder.ts';
import { runDesktop } from './hosts/desktop/run-desktop.ts';
import { hasTrayHost } from './hosts/desktop/tray-host.ts';
import { isElevated, ownAuthority } from './hosts/elevated.ts';
import { ownStateFolder } from './storage/state-folder.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { platform, env } = process;
const { version } = packageJson;

const folder = logFolder({ platform, env, home: homedir() });
const { log, say, path: logPath } = createLog({ folder, now: Date.now, stderr: process.stderr });
const { isPackaged } = app;
const wanted = parseDesktopArguments({ argv: process.argv, isPackaged, version, cwd: () => process.cwd() });

if (wanted.kind === 'answer') {
  // Written whole before the end: a pipe takes its time on macOS and Windows.
  process[wanted.stream === 'out' ? 'stdout' : 'stderr'].write(wanted.text, () => app.exit(wanted.status));
} else if (isElevated(ownAuthority())) {
  say(
    'Fourtuple opens no window with the rights of root or an administrator. Start it as an ordinary user, or run: fourtuple serve',
  );
  app.exit(1);
} else {
  log(`Fourtuple ${version} starts (Electron ${process.versions['electron'] ?? 'unknown'}, ${platform}).`);
  process.on('uncaughtExceptionMonitor', (error) => log(error.stack ?? error.message));
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
    platform,
    version,
    preloadPath: at('../preload/index.cjs'),
    rendererRoot: at('../renderer'),
    devServer: devServerIn(env, isPackaged),
    entryFolder: at('.'),
    trayIconFolder: at('../../resources/tray'),
    stateFolder: ownStateFolder(),
    files: wanted.files,
    logPath,
    hasTrayHost: () => hasTrayHost({ platform, env, uid: process.getuid?.() }),
    onSignal: (listener) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
    },
    log,
  }).catch((error: unknown) => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    app.exit(1);
  });
}
