import { chmodSync, chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeStateFolder, stateFolder, type StateFolderInput } from '../../../main/storage/state-folder.ts';
import { failureSentence } from '../../../main/core/words/failure.ts';
import { aFolder } from '../../support/journal.ts';

const WHAT = 'the journal of changes';
const isRoot = process.geteuid?.() === 0;

describe('stateFolder', () => {
  const user = { env: {}, home: '/home/ann', isRoot: false };
  const xdg = (path: string) => ({ ...user, env: { XDG_STATE_HOME: path } });
  test.each<[string, StateFolderInput, string]>([
    ['root of Linux', { ...user, platform: 'linux', home: '/root', isRoot: true }, '/var/lib/fourtuple'],
    ['root of FreeBSD', { ...user, platform: 'freebsd', isRoot: true }, '/var/lib/fourtuple'],
    ['a user of Linux', { ...user, platform: 'linux' }, '/home/ann/.local/state/fourtuple'],
    ['a user who chose', { ...xdg('/data/state'), platform: 'linux' }, '/data/state/fourtuple'],
    ['root who chose', { ...xdg('/data/state'), platform: 'linux', isRoot: true }, '/data/state/fourtuple'],
    ['a choice that is relative', { ...xdg('state'), platform: 'linux' }, '/home/ann/.local/state/fourtuple'],
    ['an empty choice', { ...xdg(''), platform: 'linux' }, '/home/ann/.local/state/fourtuple'],
    [
      'a user of macOS',
      { ...user, platform: 'darwin', home: '/Users/ann' },
      '/Users/ann/Library/Application Support/Fourtuple',
    ],
    [
      'Windows',
      { ...user, platform: 'win32', env: { LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' } },
      'C:\\Users\\ann\\AppData\\Local\\Fourtuple',
    ],
    [
      'Windows without LOCALAPPDATA',
      { ...user, platform: 'win32', home: 'C:\\Users\\ann' },
      'C:\\Users\\ann\\AppData\\Local\\Fourtuple',
    ],
  ])('of %s', (_who, input, folder) => {
    expect(stateFolder(input)).toEqual({ ok: true, value: folder });
  });

  test('says so when there is no home to put it in', () => {
    const found = stateFolder({ ...user, platform: 'linux', home: '' });
    expect(found.ok || failureSentence(found.failure)).toBe(
      'A folder for what Fourtuple keeps is not available: the home directory of this user is not known; set XDG_STATE_HOME to a folder of its own.',
    );
  });
});

describe.skipIf(process.platform === 'win32')('makeStateFolder', () => {
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  const refusal = (path: string) => {
    const made = makeStateFolder(path, WHAT);
    return made.ok ? 'made' : failureSentence(made.failure);
  };

  test('D6: makes it, and what is missing above it, for this user alone', () => {
    const folder = join(aFolder(), 'state', 'fourtuple');
    expect(makeStateFolder(folder, WHAT)).toEqual({ ok: true, value: folder });
    expect(modeOf(folder)).toBe(0o700);
    expect(makeStateFolder(folder, WHAT).ok).toBe(true);
  });

  test('D6: closes one that others may look into', () => {
    const folder = aFolder();
    chmodSync(folder, 0o755);
    expect(makeStateFolder(folder, WHAT).ok).toBe(true);
    expect(modeOf(folder)).toBe(0o700);
  });

  test.each([0o770, 0o702])('refuses one that others can write (mode %o)', (mode) => {
    const folder = aFolder();
    chmodSync(folder, mode);
    expect(refusal(folder)).toBe(
      `The journal of changes is not available: ${folder} can be written by others; look what is in it, then take that right away (chmod 700).`,
    );
    expect(modeOf(folder)).toBe(mode);
  });

  test.skipIf(!isRoot)('refuses one of another user', () => {
    const folder = aFolder();
    chownSync(folder, 1234, 1234);
    expect(refusal(folder)).toContain(`${folder} belongs to another user`);
  });

  test('says what is in the way', () => {
    const file = join(aFolder(), 'fourtuple');
    writeFileSync(file, '');
    expect(refusal(file)).toMatch(/^The system refused make .*EEXIST/);
  });
});
