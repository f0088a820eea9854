/** Files of the built page: a path from outside is resolved inside one folder, or not at all (hardening E3). */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

export interface StaticFile {
  body: Buffer<ArrayBuffer>;
  mimeType: string;
  /** True for files whose name carries a hash of their content. */
  isImmutable: boolean;
}

/**
 * The file that `rawPath` (the path of a URL, still escaped, without query) names below `root`; "/" is index.html. Null
 * when there is none or the path is not one we serve: NUL, backslash, bad escape, a type not in the table, or anything
 * that leaves the folder, symbolic links included.
 */
export async function readStaticFile(root: string, rawPath: string): Promise<StaticFile | null> {
  const path = decodePath(rawPath);
  if (path === null) return null;
  const mimeType = MIME_TYPES[extname(path)];
  if (mimeType === undefined) return null;
  try {
    const realRoot = await realpath(root);
    const file = await realpath(join(realRoot, path));
    if (!file.startsWith(realRoot + sep)) return null;
    return { body: await readFile(file), mimeType, isImmutable: path.startsWith('/assets/') };
  } catch {
    // Missing or unreadable: to whoever asks there is no such file.
    return null;
  }
}

/** Decodes once; null for what no built file is called. */
function decodePath(rawPath: string): string | null {
  if (!rawPath.startsWith('/')) return null;
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    // A bad escape: refused, not guessed.
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  if (path.split('/').some((part) => part === '..' || part === '.')) return null;
  return path === '/' ? '/index.html' : path;
}
