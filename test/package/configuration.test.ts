import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { describe, expect, test } from 'vitest';
import config from '../../electron-builder.config.ts';
import { APP_ID } from '../../main/hosts/desktop/run-desktop.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { executableIn, FUSES, setFuses } from '../../scripts/fuses.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(PROJECT, path), 'utf8');

describe('the configuration of electron-builder', () => {
  test('has the shape that its own schema asks for', async () => {
    const quiet = { isEnabled: false, add: () => undefined };
    await expect(validateConfiguration(config, quiet as never)).resolves.toBeUndefined();
    const misspelt = { ...config, asarUnpacked: [] };
    await expect(validateConfiguration(misspelt as never, quiet as never)).rejects.toThrow('asarUnpacked');
  });

  test('E12: sets all nine fuses, each to the value that the requirements name', () => {
    const { version, strictlyRequireAllFuses, ...wire } = FUSES;
    expect([version, strictlyRequireAllFuses]).toEqual(['1', true]);
    const byName = Object.entries(wire).map(([index, isOn]) => [FuseV1Options[Number(index)], isOn]);
    expect(Object.fromEntries(byName)).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
      WasmTrapHandlers: true,
    });
    // All that this version of @electron/fuses knows.
    const known = Object.values(FuseV1Options).filter((value) => typeof value === 'number');
    expect(Object.keys(wire).map(Number).sort()).toEqual(known.sort());
    expect(config.afterPack).toBe(setFuses);
    // Its own way knows eight of them.
    expect(config.electronFuses).toBeUndefined();
  });

  test('E12: the fuses are set in the file that the platform starts', () => {
    expect(executableIn('linux', 'Fourtuple', 'fourtuple')).toBe('fourtuple');
    expect(executableIn('win32', 'Fourtuple', 'fourtuple')).toBe('Fourtuple.exe');
    expect(executableIn('darwin', 'Fourtuple', 'fourtuple')).toBe('Fourtuple.app');
  });

  test('makes every package that is promised', () => {
    const targets = [config.linux, config.win, config.mac].flatMap((one) =>
      [one?.target ?? []].flat().map((target) => (typeof target === 'string' ? target : target.target)),
    );
    expect(targets).toEqual(['AppImage', 'deb', 'rpm', 'nsis', 'portable', 'dmg']);
  });

  test('E13: keeps everything in the asar but what the system’s loader opens', () => {
    expect(config.asar).toEqual({ smartUnpack: false });
    expect(config.asarUnpack).toEqual(['**/*.node', '**/node_modules/node-pty/prebuilds/**']);
    expect(config.disableAsarIntegrity).toBeUndefined();
    // A platform's own list would be taken by itself and pack all that it does not exclude.
    expect([config.linux?.files, config.win?.files, config.mac?.files]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('G3: passes no switch, above all not --no-sandbox, and asks Windows for no administrator', () => {
    expect(config.appImage?.executableArgs).toEqual([]);
    expect(config.linux?.executableArgs).toBeUndefined();
    expect(config.win?.requestedExecutionLevel).toBe('asInvoker');
    expect(read('electron-builder.config.ts').replaceAll(/\/\/.*/g, '')).not.toContain('no-sandbox');
  });

  test('names files that exist, and one name everywhere', () => {
    const files = [
      config.linux?.icon,
      config.win?.icon,
      config.mac?.icon,
      config.deb?.afterInstall,
      config.deb?.afterRemove,
      config.deb?.appArmorProfile,
    ];
    expect(files.filter((file) => typeof file !== 'string' || !existsSync(join(PROJECT, file)))).toEqual([]);
    expect(config.rpm).toMatchObject({
      afterInstall: config.deb?.afterInstall,
      afterRemove: config.deb?.afterRemove,
      appArmorProfile: config.deb?.appArmorProfile,
    });
    const installed = `/opt/${config.productName}/${config.linux?.executableName}`;
    expect(read('build/linux/apparmor-profile')).toContain(
      `profile fourtuple ${installed} flags=(unconfined) {`,
    );
    expect(read('build/linux/apparmor-profile')).toContain('  userns,\n');
    expect(read('build/linux/after-remove.sh')).toContain(`= ${installed} ]`);
    expect(packageJson.desktopName).toBe(`${config.linux?.executableName}.desktop`);
    expect(packageJson.main).toBe('out/main/desktop.js');
    // Windows shows notifications under the name of the shortcut that has this id.
    expect(config.appId).toBe(APP_ID);
  });

  test('opens saved reports: by their double extension on Linux, by choice on macOS, where only .json counts', () => {
    expect(config.linux?.fileAssociations).toMatchObject([
      { ext: 'fourtuple.json', mimeType: 'application/vnd.fourtuple.report+json' },
    ]);
    expect(config.mac?.fileAssociations).toMatchObject([{ ext: 'json', role: 'Viewer', rank: 'Alternate' }]);
    expect(config.fileAssociations).toBeUndefined();
  });
});
