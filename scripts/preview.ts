/** `npm run preview`: `electron-vite preview`, which reads no configuration with --skipBuild and so fetches nothing. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { provideElectron } from './provide-electron.ts';

await provideElectron();
const folder = dirname(createRequire(import.meta.url).resolve('electron-vite/package.json'));
const command = join(folder, 'bin/electron-vite.js');
process.argv.splice(1, 1, command, 'preview');
await import(pathToFileURL(command).href);
