/** What package-lock.json says of the packages that Fourtuple is made of. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LockedPackage {
  version: string;
  license?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** By path, such as node_modules/vue; the project itself stands at "". */
export type LockedPackages = ReadonlyMap<string, LockedPackage>;

const SOURCE_FOLDERS = ['main', 'preload', 'renderer'];
const IMPORTED = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

/** Throws where the file is missing or is no lock file of version 3. */
export function readLockedPackages(projectFolder: string): LockedPackages {
  const lock: unknown = JSON.parse(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'));
  if (typeof lock !== 'object' || lock === null || !('packages' in lock)) throw new Error('no lock file');
  return new Map(Object.entries(lock.packages as Record<string, LockedPackage>));
}

/** The name in a path: node_modules/a/node_modules/@b/c is @b/c. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Packages that our own sources import, but Node's and Electron's, which is packed with licences of its own. */
export function importedPackages(projectFolder: string): string[] {
  const names = new Set<string>();
  for (const folder of SOURCE_FOLDERS) {
    for (const entry of readdirSync(join(projectFolder, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(ts|vue|css)$/.test(entry)) continue;
      const text = readFileSync(join(projectFolder, folder, entry), 'utf8');
      for (const [, specifier = ''] of text.matchAll(IMPORTED)) {
        if (!/^(\.|node:|electron$)/.test(specifier)) names.add(packageOf(specifier));
      }
    }
  }
  return [...names].sort();
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Paths of these packages and of all that they need, as Node would find them; sorted. Optional ones only if locked. */
export function withAllTheyNeed(packages: LockedPackages, names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string, from: string) => {
    const path = resolveFrom(packages, name, from);
    if (path === null || found.has(path)) return;
    found.add(path);
    const { dependencies, optionalDependencies } = packages.get(path) ?? {};
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next, path);
  };
  for (const name of names) visit(name, '');
  return [...found].sort();
}

function resolveFrom(packages: LockedPackages, name: string, from: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages.has(path)) return path;
    if (folder === '') return null;
  }
}
