/**
 * Opens the workbench in the person's browser. The address holds the one-time code, and the arguments of a program can
 * be read by every user; so the browser is given a private file (0600, in a 0700 folder) that leads on (hardening W6).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The file is removed after this; a browser that is slower than that gets the printed address. */
const KEEP_FILE_MS = 60_000;

/** Calls `failed` once with the reason if no browser could be asked. Returns a function that removes the file at once. */
export function openBrowser(
  url: string,
  platform: NodeJS.Platform,
  failed: (reason: string) => void,
): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-'));
  const file = join(folder, 'open.html');
  writeFileSync(file, redirectPage(url), { mode: 0o600 });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  setTimeout(remove, KEEP_FILE_MS).unref();
  const [program, ...args] = openerOf(platform, file);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', (error) => failed(`${program} could not be started (${error.message})`));
  child.on('exit', (code) => {
    if (code !== 0 && code !== null) failed(`${program} ended with status ${code}`);
  });
  child.unref();
  return remove;
}

function openerOf(platform: NodeJS.Platform, file: string): [string, ...string[]] {
  if (platform === 'darwin') return ['open', file];
  if (platform === 'win32') return ['explorer.exe', file];
  return ['xdg-open', file];
}

/** The address is of our own making: digits, letters, and the characters of base64url. */
function redirectPage(url: string): string {
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${url}"><title>Fourtuple</title>\n`;
}
