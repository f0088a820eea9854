import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const SCRIPTS = resolve(import.meta.dirname, '../../build/linux');
/** Every place that the scripts name; a test moves them below a folder of its own. */
const PLACES = /(?<![\w.])\/(opt|usr|etc|sys|proc)\//g;

let root: string;
const at = (path: string) => join(root, path);
const profile = () => at('etc/apparmor.d/fourtuple');
const link = () => at('usr/bin/fourtuple');
const calls = () => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : []);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fourtuple-scripts-'));
  put('opt/Fourtuple/fourtuple', '');
  put('opt/Fourtuple/chrome-sandbox', '');
  put('opt/Fourtuple/resources/apparmor-profile', 'profile text');
  mkdirSync(at('usr/bin'), { recursive: true });
  mkdirSync(at('tools'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

/** A tool that writes down how it was called. */
function tool(name: string, body = 'exit 0'): void {
  writeFileSync(at(`tools/${name}`), `#!/bin/sh\necho "${name} $*" >> '${at('calls')}'\n${body}\n`);
  chmodSync(at(`tools/${name}`), 0o755);
}

function withAppArmor(canRead = true): void {
  put('etc/apparmor.d/.keep', '');
  mkdirSync(at('sys/kernel/security/apparmor'), { recursive: true });
  tool('apparmor_parser', canRead ? 'exit 0' : 'case "$1" in --skip-kernel-load) exit 1 ;; esac');
}

/** Runs a script below the folder; only the basic commands and the test's tools can be found. */
function run(name: string, ...args: string[]) {
  const text = readFileSync(join(SCRIPTS, name), 'utf8').replaceAll(PLACES, `${root}/$1/`);
  for (const command of ['ln', 'rm', 'cp', 'chmod', 'readlink']) {
    if (!existsSync(at(`tools/${command}`))) symlinkSync(pathOf(command), at(`tools/${command}`));
  }
  return spawnSync('/bin/sh', ['-c', text, name, ...args], {
    encoding: 'utf8',
    env: { PATH: at('tools') },
  });
}

function pathOf(command: string): string {
  return ['/bin', '/usr/bin'].map((folder) => join(folder, command)).find((path) => existsSync(path)) ?? '';
}

const quiet = { status: 0, stdout: '', stderr: '' };

describe.skipIf(process.platform !== 'linux')('the scripts of deb and rpm', () => {
  test('hold nothing that electron-builder would replace, and no bashism', () => {
    for (const name of ['after-install.sh', 'after-remove.sh']) {
      const text = readFileSync(join(SCRIPTS, name), 'utf8').replaceAll('${...}', '');
      expect(text).not.toMatch(/\$\{/);
      expect(spawnSync('/bin/sh', ['-n', join(SCRIPTS, name)], { encoding: 'utf8' }).stderr).toBe('');
    }
  });

  test('install: a command, the sandbox helper, and the AppArmor profile, which is loaded', () => {
    withAppArmor();
    expect(run('after-install.sh', 'configure')).toMatchObject(quiet);
    expect(readlinkSync(link())).toBe(at('opt/Fourtuple/fourtuple'));
    expect(readFileSync(profile(), 'utf8')).toBe('profile text');
    expect(statSync(profile()).mode & 0o777).toBe(0o644);
    expect(calls().at(-1)).toBe(`apparmor_parser --replace --write-cache --skip-read-cache ${profile()}`);
  });

  test('install: no profile where AppArmor is absent, too old, or not running', () => {
    expect(run('after-install.sh', 'configure')).toMatchObject(quiet);
    expect(existsSync(profile())).toBe(false);
    withAppArmor(false);
    expect(run('after-install.sh', 'configure')).toMatchObject(quiet);
    expect(existsSync(profile())).toBe(false);
    withAppArmor();
    rmSync(at('sys'), { recursive: true });
    rmSync(at('calls'));
    expect(run('after-install.sh', 'configure')).toMatchObject(quiet);
    expect(existsSync(profile())).toBe(true);
    expect(calls().filter((call) => call.includes('--replace'))).toEqual([]);
  });

  test('install: the sandbox helper gets its bit only where there are no user namespaces', () => {
    const helper = () => statSync(at('opt/Fourtuple/chrome-sandbox')).mode & 0o7777;
    run('after-install.sh', 'configure');
    expect(helper()).toBe(0o4755);
    mkdirSync(at('proc/self/ns'), { recursive: true });
    symlinkSync('user:[1]', at('proc/self/ns/user'));
    tool('unshare');
    run('after-install.sh', 'configure');
    expect(helper()).toBe(0o755);
    tool('unshare', 'exit 1');
    run('after-install.sh', 'configure');
    expect(helper()).toBe(0o4755);
  });

  test('install: a command of that name that somebody else has put there stays', () => {
    put('usr/bin/fourtuple', 'theirs');
    expect(run('after-install.sh', 'configure')).toMatchObject(quiet);
    expect(lstatSync(link()).isSymbolicLink()).toBe(false);
  });

  test('remove: takes back the command and the profile, which is unloaded first', () => {
    withAppArmor();
    run('after-install.sh', 'configure');
    expect(run('after-remove.sh', 'remove')).toMatchObject(quiet);
    expect([existsSync(profile()), lstatSync(link(), { throwIfNoEntry: false })]).toEqual([false, undefined]);
    expect(calls().at(-1)).toBe(`apparmor_parser --remove ${profile()}`);
    expect(run('after-remove.sh', 'purge')).toMatchObject(quiet);
  });

  test('remove: rpm’s last version, named 0, too', () => {
    withAppArmor();
    run('after-install.sh', '1');
    run('after-remove.sh', '0');
    expect(existsSync(profile())).toBe(false);
  });

  test.each(['upgrade', '1'])(
    'an upgrade (%s) takes nothing away that the new version has put there',
    (argument) => {
      withAppArmor();
      run('after-install.sh', 'configure');
      expect(run('after-remove.sh', argument)).toMatchObject(quiet);
      expect(existsSync(profile())).toBe(true);
      expect(lstatSync(link()).isSymbolicLink()).toBe(true);
    },
  );

  test('remove: a command that is not ours stays', () => {
    put('usr/bin/fourtuple', 'theirs');
    run('after-remove.sh', 'remove');
    expect(existsSync(link())).toBe(true);
  });
});
