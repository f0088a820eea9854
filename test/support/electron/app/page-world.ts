/** What a window's options make of its page. */
import { readFileSync } from 'node:fs';
import type * as Electron from 'electron';
import type { PageWorld } from '../wire.ts';
import { nativeTheme } from './native-theme.ts';

/** Null: as the system has it. */
export function chosenTheme(): 'light' | 'dark' | null {
  if (nativeTheme.themeSource === 'system') return null;
  return nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
}

/** What its webPreferences make of a page. */
export function pageWorld(preferences: Electron.WebPreferences): PageWorld {
  const { preload, contextIsolation = true, nodeIntegrationInSubFrames = false } = preferences;
  return { preload: readPreload(preload), contextIsolation, inSubFrames: nodeIntegrationInSubFrames };
}

function readPreload(path: string | undefined): string | null {
  if (path === undefined) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // Electron goes on without it, and says so in the console of the page.
    process.stderr.write(`Unable to load preload script: ${path}\n${String(error)}\n`);
    return null;
  }
}
