import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import {
  importedPackages,
  type LockedPackage,
  nameOf,
  readLockedPackages,
  withAllTheyNeed,
} from '../../scripts/dependencies.ts';
import { describeThirdParty } from '../../scripts/third-party.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const LOCKED = readLockedPackages(PROJECT);
const PACKAGES = [...LOCKED].filter(([path]) => path !== '');
/** Everything that reaches a user: what is installed with Fourtuple, and what is built into it. */
const SHIPPED = withAllTheyNeed(LOCKED, [
  ...Object.keys(packageJson.dependencies),
  ...importedPackages(PROJECT),
]);

describe('P1: supply chain', () => {
  test('every direct dependency has an exact version', () => {
    const ranges = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies });
    expect(ranges.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('P2: no package runs a script when installed, but those that stand here with a reason', () => {
    const reasons: Record<string, [isAllowed: boolean, reason: string]> = {
      node: [true, 'puts the one binary of its platform in place'],
      'node-pty': [true, 'looks whether its prebuilt binary is there, builds it only where there is none'],
      koffi: [false, 'would build from source; its binary is a package of its own'],
      'electron-winstaller': [false, 'picks a 7-Zip for Squirrel, which is not used'],
    };
    const withScript = PACKAGES.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) =>
      nameOf(path),
    );
    expect(withScript.sort()).toEqual(Object.keys(reasons).sort());
    const allowed = Object.fromEntries(
      Object.entries(reasons).map(([name, [isAllowed]]) => [name, isAllowed]),
    );
    expect(packageJson.allowScripts).toEqual(allowed);
  });

  test('native code is shipped from two packages only', () => {
    const natives = SHIPPED.filter((path) => holdsNative(join(PROJECT, path))).map(nameOf);
    const own = `@koromix/koffi-${process.platform}-${process.arch}`;
    expect(natives.filter((name) => name !== own)).toEqual(['node-pty']);
  });

  test('all that is shipped may be passed on', () => {
    const allowed = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'OFL-1.1'];
    const others = SHIPPED.filter((path) => !allowed.includes(LOCKED.get(path)?.license ?? 'none'));
    expect(others).toEqual([]);
  });

  test('what is used for building only has a licence that is known', () => {
    const known =
      /^\(?(0BSD|Apache-2\.0|BlueOak-1\.0\.0|BSD-[23]-Clause|CC0-1\.0|CC-BY-4\.0|ISC|MIT|MPL-2\.0|OFL-1\.1|Python-2\.0|WTFPL| OR |\))+$/;
    expect(
      PACKAGES.filter(([, { license }]) => !known.test(license ?? 'none')).map(([path]) => path),
    ).toEqual([]);
  });

  test('THIRD-PARTY.md is what `npm run third-party` writes', () => {
    expect(readFileSync(join(PROJECT, 'THIRD-PARTY.md'), 'utf8')).toBe(describeThirdParty(PROJECT));
  });
});

describe('what a package needs', () => {
  const locked = (...entries: [string, LockedPackage][]) => new Map(entries);

  test('is found as Node finds it: the nearest folder first', () => {
    const packages = locked(
      ['node_modules/a', { version: '1', dependencies: { b: '1', c: '1' } }],
      ['node_modules/a/node_modules/b', { version: '1', dependencies: { c: '1' } }],
      ['node_modules/b', { version: '2' }],
      ['node_modules/c', { version: '1', dependencies: { a: '1' } }],
    );
    expect(withAllTheyNeed(packages, ['a'])).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/c',
    ]);
    expect(withAllTheyNeed(packages, ['c', 'b'])).toContain('node_modules/b');
  });

  test('optional ones that are not locked are no error', () => {
    const packages = locked(['node_modules/a', { version: '1', optionalDependencies: { b: '1' } }]);
    expect(withAllTheyNeed(packages, ['a', 'missing'])).toEqual(['node_modules/a']);
  });
});

function holdsNative(folder: string): boolean {
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((name) => /\.node$/.test(String(name)))
  );
}
