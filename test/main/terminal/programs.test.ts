import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, win32 } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { windowsEnvironment } from '../../../main/terminal/environment.ts';
import { checkedSystemRoot } from '../../../main/terminal/programs/windows.ts';
import { choosePrograms, findProgram } from '../../../main/terminal/programs.ts';
import { runsElevated, writableByOthers } from '../../../main/terminal/trusted-file.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'programs-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

const tableOf = (...candidates: string[]) => new Map([['tool', { candidates, hint: 'it is in a package' }]]);

test.each(['linux', 'darwin', 'freebsd', 'win32'] as const)(
  'C1: every program of %s is an absolute path with a hint',
  (platform) => {
    const table = choosePrograms(platform);
    expect(table.size).toBeGreaterThan(4);
    for (const [tool, { candidates, hint }] of table) {
      expect(tool).toMatch(/^[a-z][a-z-]*$/);
      expect(hint).toContain(tool);
      for (const path of candidates) {
        expect(platform === 'win32' ? win32.isAbsolute(path) : isAbsolute(path)).toBe(true);
      }
    }
  },
);

test('a missing tool is named with the package that brings it', () => {
  const linux = choosePrograms('linux').get('conntrack');
  expect(linux?.hint).toBe('conntrack is in the package conntrack or conntrack-tools');
  expect(findProgram(tableOf(join(folder, 'none')), 'tool')).toEqual({
    ok: false,
    failure: { code: 'tool-missing', tool: 'tool', hint: 'it is in a package' },
  });
});

test('the first candidate that can be run is taken; folders are none', () => {
  mkdirSync(join(folder, 'sub'));
  const path = program('second');
  const table = tableOf(join(folder, 'first'), join(folder, 'sub'), path);
  expect(findProgram(table, 'tool', false)).toEqual({ ok: true, value: path });
});

test('a program that may not be executed is refused, unless another candidate may', () => {
  const closed = program('closed', 0o644);
  expect(findProgram(tableOf(closed), 'tool', false)).toMatchObject({
    failure: { code: 'not-permitted', what: `run ${closed}` },
  });
  const open = program('open');
  expect(findProgram(tableOf(closed, open), 'tool', false)).toEqual({ ok: true, value: open });
});

test.each(['sh', '../tool', 'toString', '__proto__', ''])('T4: %j is not a tool of the table', (tool) => {
  expect(findProgram(tableOf('/bin/sh'), tool)).toMatchObject({
    failure: { code: 'invalid', field: 'tool' },
  });
});

describe.skipIf(process.getuid?.() !== 0)('C1: as root (skipped for other users)', () => {
  test('the system’s own programs are trusted', () => {
    expect(runsElevated()).toBe(true);
    expect(findProgram(choosePrograms('linux'), 'cat', true)).toMatchObject({ ok: true });
  });

  test('a program below a folder that everybody can write to is not, sticky or not', () => {
    const path = program('tool');
    expect(findProgram(tableOf(path), 'tool', true)).toMatchObject({
      failure: { code: 'unavailable', what: path, why: expect.stringContaining(tmpdir()) },
    });
  });

  test('a file, a link or a folder of somebody else, or writable by others, is named', () => {
    // Above `folder` everything is loose already (/tmp), so the answers are looked at from within.
    const within = (path: string) => writableByOthers(path);
    expect(within('/bin/sh')).toBeNull();
    expect(within('/nowhere/at/all')).toBe('/nowhere/at/all');
    const link = join(folder, 'link');
    symlinkSync('/bin/sh', link);
    expect(within(link)).not.toBeNull();
    const path = program('owned');
    chownSync(path, 65534, 65534);
    expect(within(path)).not.toBeNull();
  });
});

test('C3: %SystemRoot% is taken only where it looks like one', () => {
  expect(checkedSystemRoot('D:\\WINNT')).toBe('D:\\WINNT');
  expect(checkedSystemRoot('C:\\Windows\\')).toBe('C:\\Windows');
  for (const odd of [undefined, '', '\\\\server\\share', 'C:\\Windows;C:\\evil', '/tmp', 'C:\\a"b']) {
    expect(checkedSystemRoot(odd)).toBe('C:\\Windows');
  }
  expect(Object.keys(windowsEnvironment(undefined)).sort()).toEqual(
    ['HOME', 'LANG', 'LC_ALL', 'NO_COLOR', 'PATH', 'SystemDrive', 'SystemRoot', 'TEMP', 'windir'].sort(),
  );
});
