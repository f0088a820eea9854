/** Entry of `npm start`: the window where there can be one, else the same workbench in the browser, saying why. */
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { failureSentence } from './core/words/failure.ts';
import {
  EARLY_DEATH_MS,
  electronFolderFrom,
  findWindowObstacle,
  runElectron,
} from './hosts/desktop/launch.ts';
import { obtainElectron } from './hosts/desktop/obtain-electron.ts';
import { isElevated, ownAuthority } from './hosts/elevated.ts';
import { readServeArguments, runServe } from './hosts/web/serve-command.ts';
import { ownStateFolder } from './storage/state-folder.ts';

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
  const binary = await obtainElectron({
    electronFolder: electronFolderFrom(import.meta.url),
    env: process.env,
    output: process.stderr,
  });
  if (!binary.ok) return serveInstead(`No window can be opened: ${failureSentence(binary.failure)}`);
  const end = await runElectron(binary.value, at('../..'), Date.now);
  if (end.code !== 0 && end.afterMs < EARLY_DEATH_MS) {
    return serveInstead(`Electron ended at once (${end.how}), so no window could be opened.`);
  }
  return end.code ?? 1;
}

function serveInstead(why: string): Promise<number> {
  process.stderr.write(`${why}\n`);
  return runServe({
    introduction: 'The workbench is served to your browser instead:',
    argv: process.argv.slice(2),
    entryFolder: at('.'),
    rendererRoot: at('../renderer'),
    version: packageJson.version,
    stateFolder: ownStateFolder(),
  });
}
