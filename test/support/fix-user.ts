/** A person without rights who may use sudo with a password: made for one test, and removed after it. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface FixUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly password: string;
  /** argv that becomes this user, and then what follows it. */
  readonly become: readonly string[];
  remove(): void;
}

const TOOLS = ['sudo', 'useradd', 'userdel', 'chpasswd', 'setpriv', 'visudo'];
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const DAY_MS = 86_400_000;

/** Why no such user can be made here, for a suite's title; null when one can. */
export function fixUserMissing(programs: readonly string[]): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a user can be made by root alone';
  const tool = TOOLS.find((name) => pathOf(name) === null);
  if (tool !== undefined) return `${tool} is not installed`;
  const closed = programs.find((path) => !isOpenToAll(path));
  return closed === undefined ? null : `other users cannot read ${closed}`;
}

/** Throws with what went wrong. */
export function makeFixUser(): FixUser {
  const name = `ft-test-${process.pid}`;
  const password = `${randomBytes(9).toString('base64url')} é$`;
  const rule = `/etc/sudoers.d/${name}`;
  const remove = () => {
    rmSync(rule, { force: true });
    for (const folder of ['/run/sudo/ts', '/var/lib/sudo/ts', '/var/lib/sudo/lectured']) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
    spawnSync('userdel', ['--force', name]);
  };
  try {
    // Should the test be killed, nobody can be this user for longer than a day.
    const expires = new Date(Date.now() + 2 * DAY_MS).toISOString().slice(0, 10);
    run(['useradd', '--no-create-home', '--shell', '/bin/sh', '--expiredate', expires, name]);
    run(['chpasswd'], `${name}:${password}\n`);
    // No password is remembered: whoever needs rights twice has to type it twice.
    writeFileSync(
      rule,
      `Defaults:${name} timestamp_timeout=0, passwd_tries=2\n${name} ALL=(ALL:ALL) PASSWD: ALL\n`,
      {
        mode: 0o440,
      },
    );
    run(['visudo', '--check', '--quiet', `--file=${rule}`]);
    const uid = Number(run(['id', '-u', name]));
    const gid = Number(run(['id', '-g', name]));
    const become = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--inh-caps=-all', '--'];
    return { name, uid, gid, password, become, remove };
  } catch (cause) {
    remove();
    throw cause;
  }
}

function run([program = '', ...argv]: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(program, argv, { encoding: 'utf8', input });
  if (status === 0) return stdout.trim();
  throw new Error(`${program} ${argv.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

function pathOf(name: string): string | null {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** The file and every folder above it. */
function isOpenToAll(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    for (let at = path; ; at = dirname(at)) {
      const { mode } = statSync(at);
      if ((mode & (statSync(at).isDirectory() ? 0o001 : 0o004)) === 0) return false;
      if (at === dirname(at)) return true;
    }
  } catch {
    return false;
  }
}
