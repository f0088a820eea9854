/** `npm run third-party`: writes THIRD-PARTY.md, the licences of everything that is shipped with Fourtuple. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import {
  importedPackages,
  type LockedPackages,
  nameOf,
  readLockedPackages,
  withAllTheyNeed,
} from './dependencies.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const LICENCE_FILE = /^(licen[cs]e|copying|ofl)(\.(md|txt))?$/i;

if (import.meta.main) writeFileSync(join(PROJECT, 'THIRD-PARTY.md'), describeThirdParty(PROJECT));

/** The whole file. Some of what is named here may be left out of a build; none is left out here. */
export function describeThirdParty(projectFolder: string): string {
  const packages = readLockedPackages(projectFolder);
  const roots = [...Object.keys(packageJson.dependencies), ...importedPackages(projectFolder)];
  const paths = withAllTheyNeed(packages, roots).filter((path) => !isBinaryOfKoffi(path));
  return [
    '# Third-party licences',
    '',
    'Fourtuple contains, or is built from, the packages below. Electron and Chromium bring their own files:',
    'LICENSE.electron.txt and LICENSES.chromium.html.',
    '',
    ...paths.flatMap((path) => section(projectFolder, packages, path)),
  ].join('\n');
}

/** They are koffi itself, compiled for one system each, and carry no text of their own. */
function isBinaryOfKoffi(path: string): boolean {
  return nameOf(path).startsWith('@koromix/koffi-');
}

function section(projectFolder: string, packages: LockedPackages, path: string): string[] {
  const { version, license } = packages.get(path) ?? {};
  const text = licenceText(join(projectFolder, path));
  return [`## ${nameOf(path)} ${version}`, '', `Licence: ${license}`, '', ...text, ''];
}

function licenceText(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const name = readdirSync(folder).find((entry) => LICENCE_FILE.test(entry));
  if (name === undefined) return ['(The package has no text of it.)'];
  const lines = readFileSync(join(folder, name), 'utf8').trim().split(/\r?\n/);
  return ['```', ...lines.map((line) => line.trimEnd()), '```'];
}
