/** Linux: which files set, at the next start, what our own file sets, and are read after it. */
import { readdirSync } from 'node:fs';
import { WRITABLE_KEYS } from '../../core/fixes/allowed.ts';
import { SYSCTL_FILE } from '../../core/fixes/linux/persist.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { readText } from '../read-known.ts';

/** Folders in which sysctl --system looks, and the file that procps reads last. */
const SYSCTL_FOLDERS = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
];
const LAST_FILE = '/etc/sysctl.conf';
const OWN_NAME = SYSCTL_FILE.slice(SYSCTL_FILE.lastIndexOf('/') + 1);

/** Path by key; the one that is read last wins. */
export function readLaterFiles(root: string): Map<string, string> {
  const later = new Map<string, string>();
  const paths = SYSCTL_FOLDERS.flatMap((folder) =>
    listFolder(`${root}${folder}`)
      .filter((name) => name.endsWith('.conf') && name > OWN_NAME)
      .map((name) => `${folder}/${name}`),
  );
  for (const path of [...paths, LAST_FILE]) {
    const known = readText(`${root}${path}`);
    for (const line of known.kind === 'value' ? known.text.split('\n') : []) {
      const key = /^\s*-?([\w./-]+)\s*=/.exec(line)?.[1]?.replaceAll('/', '.');
      if (key !== undefined && WRITABLE_KEYS.includes(key)) later.set(key, sanitiseText(path));
    }
  }
  return later;
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    // Most machines lack some of them.
    return [];
  }
}
