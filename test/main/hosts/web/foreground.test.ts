import { expect, test } from 'vitest';
import { isForegroundTerminal } from '../../../../main/hosts/web/foreground.ts';

const stat = (group: number, foreground: number) => `42 (a ) b) S 1 ${group} 7 34816 ${foreground} 4194304`;

test('only the foreground of a terminal may be read', () => {
  expect(isForegroundTerminal(false)).toBe(false);
  expect(isForegroundTerminal(true, () => stat(42, 42))).toBe(true);
  expect(isForegroundTerminal(true, () => stat(42, 7))).toBe(false);
});

test('a terminal is enough where there is no /proc', () => {
  const missing = () => {
    throw new Error('ENOENT');
  };
  expect(isForegroundTerminal(true, missing)).toBe(true);
});
