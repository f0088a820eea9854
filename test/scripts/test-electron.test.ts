import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { displayFor, NOT_RUN_STATUS } from '../../scripts/test-electron.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const nowhere = () => false;

describe('npm run test:electron', () => {
  test('uses the display that is there, or a virtual one', () => {
    expect(displayFor('linux', { DISPLAY: ':0' }, nowhere)).toEqual({ through: [] });
    expect(displayFor('linux', { WAYLAND_DISPLAY: 'wayland-0' }, nowhere)).toEqual({ through: [] });
    expect(displayFor('darwin', {}, nowhere)).toEqual({ through: [] });
    expect(displayFor('win32', {}, nowhere)).toEqual({ through: [] });
    const found = displayFor('linux', { PATH: '/a:/b' }, (path) => path === '/b/xvfb-run');
    expect(found).toMatchObject({ through: ['/b/xvfb-run', '--auto-servernum', expect.any(String)] });
    expect(displayFor('linux', { PATH: '/a:/b' }, nowhere)).toHaveProperty('missing');
  });

  test.skipIf(existsSync(join(PROJECT, 'node_modules/electron/path.txt')))(
    'says in one line that it was not run, and does not call that a success',
    () => {
      const env = { ...process.env, DISPLAY: ':9', ELECTRON_MIRROR: 'http://127.0.0.1:9/' };
      const ran = spawnSync(process.execPath, [join(PROJECT, 'scripts/test-electron.ts')], {
        env,
        encoding: 'utf8',
      });
      expect(ran.stderr.trim().split('\n').at(-1)).toMatch(
        /^test:electron was not run: Electron is not available: there is no network/,
      );
      expect([ran.stdout, ran.status]).toEqual(['', NOT_RUN_STATUS]);
    },
  );
});
