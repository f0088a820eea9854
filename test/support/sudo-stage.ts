/**
 * A network namespace with an /etc of its own, in which unprivileged users exist who may and may not use sudo: nothing
 * of it is seen by the machine, and all of it goes with the namespace. Needs root and sudo.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namespaceMissing, openNamespace, type TestNamespace } from './namespace.ts';

/** May use sudo with a password; `open` has a terminal of sudo's own (use_pty), as newer versions have by default. */
export const USERS = { plain: 'fourtuple-plain', open: 'fourtuple-open', stranger: 'fourtuple-stranger' };
export const PASSWORD = 'kraftwerk 1974';

export interface SudoStage {
  namespace: TestNamespace;
  /** argv that starts whatever follows as that user. */
  enterAs(user: string): string[];
  close(): Promise<void>;
}

/** Why there is no such stage here; null when there is. */
export function sudoMissing(): string | null {
  if (process.getuid?.() !== 0) return 'only root can make users';
  for (const tool of ['sudo', 'useradd', 'chpasswd', 'setpriv']) {
    if (spawnSync(tool, ['--version']).error && spawnSync(tool, ['--help']).error)
      return `${tool} is not installed`;
  }
  return namespaceMissing();
}

// The pause after a wrong password is left out; the files of sudo's time stamps are the stage's own, too.
const SETUP = `set -e
mount -t tmpfs -o mode=755 none "$1"
cp -a /etc/. "$1"
mount --bind "$1" /etc
mkdir -p /run/sudo /var/lib/sudo
mount -t tmpfs -o mode=711 none /run/sudo
mount -t tmpfs -o mode=711 none /var/lib/sudo
sed -i 's/pam_unix.so.*/& nodelay/' /etc/pam.d/common-auth
for user in ${Object.values(USERS).join(' ')}; do
  useradd --no-create-home --home-dir / --shell /bin/sh "$user"
  echo "$user:${PASSWORD}" | chpasswd
done
for user in ${USERS.plain} ${USERS.open}; do echo "$user ALL=(ALL) ALL" >>/etc/sudoers; done
echo 'Defaults:${USERS.plain} !use_pty' >>/etc/sudoers
echo 'Defaults:${USERS.open} use_pty' >>/etc/sudoers
echo up
exec cat
`;

export async function openSudoStage(): Promise<SudoStage> {
  const namespace = await openNamespace();
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-etc-'));
  const holder = namespace.spawn(['unshare', '--mount', 'sh', '-c', SETUP, 'sh', folder]);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    holder.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    holder.stdout.once('data', () => resolve());
    holder.once('close', () => reject(new Error(`no stage for sudo: ${said}`)));
  });
  const enter = ['nsenter', '--target', String(holder.pid), '--mount', '--net', '--'];
  return {
    namespace,
    enterAs: (user) => [
      ...enter,
      'setpriv',
      `--reuid=${user}`,
      `--regid=${user}`,
      '--init-groups',
      ...['--reset-env', '--'],
    ],
    async close() {
      await namespace.close();
      rmdirSync(folder);
    },
  };
}
