/** Starts the built app as the electron binary does: its main module first, and ready only when that has been evaluated. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import './page-events.ts';
import { startControl } from './control.ts';
import { startOptions } from './display-line.ts';
import { standInApp } from './electron.ts';

const { appFolder, argv, chromeVersion, electronVersion, isPackaged } = startOptions;
const ELECTRON = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: ELECTRON, shortCircuit: true } : next(specifier, context),
});

const versions = { ...process.versions, electron: electronVersion, chrome: chromeVersion };
Object.defineProperty(process, 'versions', { value: Object.freeze(versions) });
Object.assign(process, { type: 'browser', defaultApp: isPackaged ? undefined : true });
// A packaged app is its own binary; else the binary is told the folder.
process.argv = [process.execPath, ...(isPackaged ? [] : [appFolder]), ...argv];

startControl(standInApp);
const { main } = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8')) as { main: string };
await import(pathToFileURL(join(appFolder, main)).href);
standInApp.becomeReady();
