/** Entry: the workbench for a browser, on loopback only. */
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { ownStateFolder } from './storage/state-folder.ts';
import { runServe } from './hosts/web/serve-command.ts';

process.exitCode = await runServe({
  argv: process.argv.slice(2),
  entryFolder: fileURLToPath(new URL('.', import.meta.url)),
  rendererRoot: fileURLToPath(new URL('../renderer', import.meta.url)),
  version: packageJson.version,
  stateFolder: ownStateFolder(),
});
