/** Whether this process runs with the machine's highest rights: a window must not (hardening G3). */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Authority {
  platform: NodeJS.Platform;
  /** Absent on Windows. */
  getuid?: () => number;
  systemRoot: string | undefined;
  /** Throws when the folder may not be listed. */
  listFolder(path: string): unknown;
}

/** True for root, and on Windows for an elevated administrator: only such may list %SystemRoot%\System32\config. */
export function isElevated(authority: Authority): boolean {
  if (authority.platform !== 'win32') return authority.getuid?.() === 0;
  try {
    authority.listFolder(join(authority.systemRoot ?? 'C:\\Windows', 'System32', 'config'));
    return true;
  } catch {
    // Refused: an ordinary user, or an administrator who is not elevated.
    return false;
  }
}

/** The authority of this very process. */
export function ownAuthority(): Authority {
  const { platform } = process;
  const getuid = process.getuid?.bind(process);
  return { platform, getuid, systemRoot: process.env['SystemRoot'], listFolder: (path) => readdirSync(path) };
}
