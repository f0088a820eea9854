/** The product's sources, configuration and built files as text, for checks that only read them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const BUILT = process.env.FOURTUPLE_OUT ?? join(ROOT, 'out');

export interface SourceText {
  /** From the project's root, or from the build's: "main/desktop.ts", "renderer/index.html". */
  path: string;
  text: string;
}

/** What is checked: the code of both processes and the page. */
export function readSources(): SourceText[] {
  return ['main', 'preload', 'renderer'].flatMap((folder) => filesBelow(ROOT, folder, /\.(ts|vue|html)$/));
}

/** A file of the project. */
export function readProjectFile(path: string): SourceText {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** Why there is nothing built to look at, or only what was built before the door's sources changed; null when there is. */
export function builtMissing(): string | null {
  const built = join(BUILT, 'preload/index.cjs');
  if (!existsSync(built)) return 'nothing is built (npm run build)';
  const sources = readdirSync(join(ROOT, 'preload')).map((name) => join(ROOT, 'preload', name));
  const newest = Math.max(...sources.map((path) => statSync(path).mtimeMs));
  return statSync(built).mtimeMs < newest ? 'what is built is older than the sources (npm run build)' : null;
}

/** A test's name with why it is skipped, if it is. */
export function ofBuild(name: string, missing: string | null): string {
  return missing === null ? name : `${name} (skipped: ${missing})`;
}

/** Built code and markup of main, preload and renderer. */
export function readBuilt(part: 'main' | 'preload' | 'renderer'): SourceText[] {
  return filesBelow(BUILT, part, /\.(js|cjs|mjs|html|css)$/);
}

/** Every built file's path, of whatever kind. */
export function builtPaths(): string[] {
  return ['main', 'preload', 'renderer'].flatMap((part) =>
    readdirSync(join(BUILT, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
}

function filesBelow(root: string, folder: string, wanted: RegExp): SourceText[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => wanted.test(name))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return { path, text: readFileSync(join(root, path), 'utf8') };
    });
}
