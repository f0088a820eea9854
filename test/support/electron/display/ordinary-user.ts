/** Root may not open a window (hardening G3): whoever tests as root starts the app as nobody in particular. */
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The kernel's own number for a user without a name anywhere. */
export const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** argv that becomes someone without rights, and then what follows it; empty when the test is such a one itself. */
export const AS_NOBODY: readonly string[] = isRoot
  ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--inh-caps=-all', '--']
  : [];

export interface Home {
  readonly folder: string;
  /** Where the app finds its folders. */
  readonly environment: Record<string, string>;
  remove(): void;
}

/** A home for the app of one test, the user's own. */
export function makeHome(
  user: { uid: number; gid: number } | null = isRoot ? { uid: NOBODY, gid: NOBODY } : null,
): Home {
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-home-'));
  if (user) chownSync(folder, user.uid, user.gid);
  return {
    folder,
    environment: {
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
