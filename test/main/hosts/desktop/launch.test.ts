import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  electronFolderFrom,
  findElectronBinary,
  findWindowObstacle,
  runElectron,
} from '../../../../main/hosts/desktop/launch.ts';
import { isElevated } from '../../../../main/hosts/elevated.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-launch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('whether a window can be opened', () => {
  const linux = { platform: 'linux', isElevated: false } as const;

  test.each([
    [{ ...linux, env: {} }, 'there is no display'],
    [{ ...linux, env: { DISPLAY: '' } }, 'there is no display'],
    [{ ...linux, env: { DISPLAY: ':0' } }, null],
    [{ ...linux, env: { WAYLAND_DISPLAY: 'wayland-0' } }, null],
    [{ platform: 'darwin', isElevated: false, env: {} } as const, null],
    [{ platform: 'win32', isElevated: false, env: {} } as const, null],
  ])('%j: %s', (surroundings, obstacle) => {
    expect(findWindowObstacle(surroundings)).toBe(obstacle);
  });

  test('G3: not as root or as an administrator', () => {
    expect(findWindowObstacle({ ...linux, isElevated: true, env: { DISPLAY: ':0' } })).toMatch(
      /rights of root$/,
    );
    expect(findWindowObstacle({ platform: 'win32', isElevated: true, env: {} })).toMatch(/an administrator$/);
  });

  test('G3: root is uid 0; an elevated administrator may list what others may not', () => {
    const base = { systemRoot: 'C:\\Windows', listFolder: () => [] };
    const refused = () => {
      throw new Error('EPERM');
    };
    expect(isElevated({ ...base, platform: 'linux', getuid: () => 0 })).toBe(true);
    expect(isElevated({ ...base, platform: 'linux', getuid: () => 1000 })).toBe(false);
    expect(isElevated({ ...base, platform: 'win32' })).toBe(true);
    expect(isElevated({ ...base, platform: 'win32', listFolder: refused })).toBe(false);
  });
});

describe('the Electron binary', () => {
  test('is what path.txt names, if it is there', () => {
    expect(findElectronBinary(folder)).toBeNull();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(findElectronBinary(folder)).toBeNull();
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist', 'electron'), '');
    expect(findElectronBinary(folder)).toBe(join(folder, 'dist', 'electron'));
  });

  test('of another version than the package is none', () => {
    writeFileSync(join(folder, 'path.txt'), 'electron');
    writeFileSync(join(folder, 'package.json'), '{"version":"45.4.1"}');
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist', 'electron'), '');
    writeFileSync(join(folder, 'dist', 'version'), 'v45.4.1\n');
    expect(findElectronBinary(folder)).toBe(join(folder, 'dist', 'electron'));
    writeFileSync(join(folder, 'dist', 'version'), '44.0.0');
    expect(findElectronBinary(folder)).toBeNull();
  });

  test('is where ELECTRON_OVERRIDE_DIST_PATH says, as for the package itself', () => {
    const env = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'mine') };
    expect(findElectronBinary(folder, env)).toBeNull();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'electron'), '');
    expect(findElectronBinary(folder, env)).toBe(join(folder, 'mine', 'electron'));
  });

  test('is looked for beside whoever asks, and not there where it is not installed', () => {
    expect(electronFolderFrom(import.meta.url)).toMatch(/node_modules[\\/]electron$/);
    expect(electronFolderFrom(pathToFileURL(join(folder, 'app.js')))).toBeNull();
  });

  test('is run, and its end is told', async () => {
    writeFileSync(join(folder, 'app.mjs'), 'process.exit(7)');
    const end = await runElectron(process.execPath, join(folder, 'app.mjs'), Date.now);
    expect(end).toMatchObject({ code: 7, how: 'status 7' });
    expect(await runElectron(join(folder, 'missing'), folder, Date.now)).toMatchObject({ code: null });
  });
});
