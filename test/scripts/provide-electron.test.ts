import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { provideElectron, startsElectron } from '../../scripts/provide-electron.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const CLI = join(PROJECT, 'node_modules/electron-vite/bin/electron-vite.js');

class Ended extends Error {}

describe('electron-vite', () => {
  test.each([
    [['dev'], true],
    [['serve'], true],
    [[], true],
    [['dev', '--rendererOnly'], true],
    [['preview'], true],
    [['--watch'], true],
    [['build'], false],
    [['--logLevel', 'silent', 'build'], false],
    [['dev', '--help'], false],
    [['--version'], false],
  ])('%j opens a window: %s', (words, does) => {
    expect(startsElectron(['node', '/x/node_modules/.bin/electron-vite', ...words])).toBe(does);
  });

  test('read by anything else, the configuration fetches nothing', () => {
    expect(startsElectron(['node', '/x/vitest.mjs', 'run'])).toBe(false);
  });

  test('is told where Electron is, or the command ends with a sentence that helps', async () => {
    let said = '';
    const base = {
      electronFolder: null,
      output: { write: (text: string) => ((said += text), true) },
      exit: (status: number): never => {
        throw new Ended(String(status));
      },
    };
    await expect(provideElectron({ ...base, env: {} })).rejects.toThrow(new Ended('1'));
    expect(said).toBe(
      'Electron is not available: it is not installed; npm install brings it.\n' +
        'Without it: npm start serves the built page to the browser, npm test needs none.\n',
    );
    await provideElectron({ ...base, env: { ELECTRON_EXEC_PATH: '/own/electron' } });
  });

  test.skipIf(existsSync(join(PROJECT, 'node_modules/electron/path.txt')))(
    'without a network, dev and preview end cleanly and never say “Electron uninstall”',
    () => {
      // A mirror at which nobody listens: no network, at once.
      const env = { ...process.env, ELECTRON_MIRROR: 'http://127.0.0.1:9/', ELECTRON_EXEC_PATH: '' };
      const preview = join(PROJECT, 'scripts/preview.ts');
      for (const words of [
        [CLI, 'dev'],
        [CLI, 'preview'],
        [preview, '--skipBuild'],
      ]) {
        const ran = spawnSync(process.execPath, words, {
          cwd: PROJECT,
          env,
          encoding: 'utf8',
          timeout: 15_000,
        });
        expect(ran.status, ran.stderr).toBe(1);
        expect(ran.stderr).toMatch(
          /^Fetching Electron [\d.]+ for the window, once: 0 s\nElectron is not available: there is no network/,
        );
        expect(ran.stdout + ran.stderr).not.toMatch(/uninstall|\n\s+at /);
      }
    },
  );
});
