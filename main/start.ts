/** Entry of `npm start`: the window where there can be one, else the same workbench in the browser, saying why. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { failureSentence } from './core/words/failure.ts';
import { ownStateFolder } from './storage/state-folder.ts';
import {
  EARLY_DEATH_MS,
  findElectronBinary,
  findWindowObstacle,
  installElectron,
  runElectron,
} from './hosts/desktop/launch.ts';
import { isElevated, ownAuthority } from './hosts/elevated.ts';
import { readServeArguments, runServe } from './hosts/web/serve-command.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

process.exitCode = await start();

async function start(): Promise<number> {
  const wanted = readServeArguments(process.argv.slice(2));
  if (typeof wanted === 'number') return wanted;
  const obstacle = findWindowObstacle({
    platform: process.platform,
    env: process.env,
    isElevated: isElevated(ownAuthority()),
  });
  if (obstacle !== null) return serveInstead(`No window is opened, because ${obstacle}.`);
  const binary = await obtainBinary();
  if (binary.path === null) return serveInstead(binary.why);
  const end = await runElectron(binary.path, at('../..'), Date.now);
  if (end.code !== 0 && end.afterMs < EARLY_DEATH_MS) {
    return serveInstead(`Electron ended at once (${end.how}), so no window could be opened.`);
  }
  return end.code ?? 1;
}

async function obtainBinary(): Promise<{ path: string } | { path: null; why: string }> {
  const folder = electronFolder();
  if (folder === null) return { path: null, why: 'No window is opened, because Electron is not installed.' };
  const present = findElectronBinary(folder);
  if (present !== null) return { path: present };
  say('Fetching Electron for the window; this happens once and takes up to three minutes.');
  const installed = await installElectron(folder);
  const path = installed.ok ? findElectronBinary(folder) : null;
  if (path !== null) return { path };
  const why = installed.ok ? 'Electron could not be unpacked.' : failureSentence(installed.failure);
  return { path: null, why: `No window can be opened: ${why}` };
}

/** Found by resolution, never imported: importing the package would download or throw. */
function electronFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    // Installed without development packages.
    return null;
  }
}

function serveInstead(why: string): Promise<number> {
  say(why);
  return runServe({
    introduction: 'The workbench is served to your browser instead:',
    argv: process.argv.slice(2),
    entryFolder: at('.'),
    rendererRoot: at('../renderer'),
    version: packageJson.version,
    stateFolder: ownStateFolder(),
  });
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
