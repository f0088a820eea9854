/**
 * `npm run test:electron`: the desktop app in a real Electron. Where that cannot be, says so in one line and ends with
 * status 75 (EX_TEMPFAIL): not run is neither passed nor failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { failureSentence } from '../main/core/words/failure.ts';
import { electronFolderFrom } from '../main/hosts/desktop/launch.ts';
import { obtainElectron } from '../main/hosts/desktop/obtain-electron.ts';

export const NOT_RUN_STATUS = 75;
const PROJECT = resolve(import.meta.dirname, '..');
const VITEST = join(PROJECT, 'node_modules/vitest/vitest.mjs');
/** Without access control: the app runs as another user than root, who started the display. */
const XVFB = ['--auto-servernum', '--server-args=-screen 0 1920x1200x24 -ac'];

if (import.meta.main) process.exitCode = await testElectron(process.argv.slice(2));

async function testElectron(args: readonly string[]): Promise<number> {
  const { env, platform } = process;
  const display = displayFor(platform, env, existsSync);
  if ('missing' in display) return notRun(display.missing);
  const binary = await obtainElectron({
    electronFolder: electronFolderFrom(import.meta.url),
    env,
    output: process.stderr,
  });
  if (!binary.ok) return notRun(failureSentence(binary.failure));
  const config = ['run', '--config', join(PROJECT, 'vitest.electron.config.ts')];
  const [program = '', ...rest] = [...display.through, process.execPath, VITEST, ...config, ...args];
  const child = spawn(program, rest, { cwd: PROJECT, stdio: 'inherit' });
  await once(child, 'close');
  return child.exitCode ?? 1;
}

/** argv that gives what follows it a display: empty where there is one; or why there can be none. */
export function displayFor(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  exists: (path: string) => boolean,
): { through: string[] } | { missing: string } {
  if (platform !== 'linux' || env['DISPLAY'] || env['WAYLAND_DISPLAY']) return { through: [] };
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders.map((folder) => join(folder, 'xvfb-run')).find(exists);
  return found === undefined
    ? { missing: 'There is no display and no xvfb-run (package xvfb) to make one.' }
    : { through: [found, ...XVFB] };
}

function notRun(why: string): number {
  process.stderr.write(`test:electron was not run: ${why}\n`);
  return NOT_RUN_STATUS;
}
