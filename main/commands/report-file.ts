/** Writes a report to its place whole or not at all. */
import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Failure, Outcome } from '../core/model.ts';
import { sanitiseText } from '../core/sanitise.ts';

/** Refuses early what would be refused in the end: a file that is there, a folder that is not. */
export async function checkPlace(path: string, force: boolean): Promise<Outcome<true>> {
  const [file, folder] = await Promise.all([kindOf(path), kindOf(dirname(path))]);
  if (folder !== 'folder') return refused(`there is no folder ${sanitiseText(dirname(path), 200)}`);
  if (file === 'folder') return refused(`${sanitiseText(path, 200)} is a folder: name a file in it`);
  if (file !== 'nothing' && !force) return exists(path);
  return { ok: true, value: true };
}

/** Through a file beside it that is renamed: nobody ever reads half a report. */
export async function writeWhole(path: string, text: string, force: boolean): Promise<Outcome<true>> {
  const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}`);
  try {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if (force) await rename(draft, path);
    else await placeNew(draft, path);
    return { ok: true, value: true };
  } catch (error) {
    return codeOf(error) === 'EEXIST'
      ? exists(path)
      : refused(`${sanitiseText(path, 200)}: ${sayError(error)}`);
  } finally {
    await rm(draft, { force: true });
  }
}

/** A link, unlike a rename, never replaces what came to be there in the meantime. */
async function placeNew(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    // File systems without links (FAT, some network ones).
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'].includes(codeOf(error))) throw error;
    if ((await kindOf(path)) !== 'nothing')
      throw Object.assign(new Error('it exists'), { code: 'EEXIST', cause: error });
    await rename(draft, path);
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' ? 'nothing' : 'file';
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

function sayError(error: unknown): string {
  const words: ReadonlyMap<string, string> = new Map([
    ['EACCES', 'this user may not write there'],
    ['EROFS', 'it can only be read'],
    ['ENOSPC', 'there is no room left'],
    ['ENOENT', 'its folder does not exist'],
  ]);
  return (
    words.get(codeOf(error)) ?? sanitiseText(error instanceof Error ? error.message : String(error), 200)
  );
}

function exists(path: string): { ok: false; failure: Failure } {
  return refused(`${sanitiseText(path, 200)} exists: choose another name, or say --force`);
}

function refused(message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'invalid', field: '--out', message } };
}
