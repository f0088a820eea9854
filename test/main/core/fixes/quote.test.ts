import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { asciiOf, quoteForPowerShell, quoteForSh } from '../../../../main/core/fixes/quote.ts';

const WORDS = [
  '',
  ' ',
  "it's",
  "'; rm -rf / #",
  '$(id)',
  '`id`',
  '$HOME',
  '\\',
  "\\'",
  '"',
  'two\nlines\n',
  '*',
  '-n',
  '~',
  'größer – “so”',
  "''''",
  '&& false',
  '\t!history',
];

describe('words for sh', () => {
  test.skipIf(process.platform === 'win32')('come out of a real shell as they went in', () => {
    const script = `printf '%s\\0' ${WORDS.map(quoteForSh).join(' ')}`;
    const { stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.split('\0').slice(0, -1)).toEqual(WORDS);
  });

  test('cannot hold NUL', () => {
    expect(() => quoteForSh('a\0b')).toThrow();
  });
});

describe('words for PowerShell', () => {
  test('stand between single quotes, in which only the quote itself is special', () => {
    expect(quoteForPowerShell("it's $x `n $(id)")).toBe("'it''s $x `n $(id)'");
  });

  test('are printable ASCII: a code page can turn other bytes into a quote', () => {
    for (const word of ['49152–65535', '‘', '’', 'a\nb', 'a\0b', '\u001b[2J']) {
      expect(() => quoteForPowerShell(word)).toThrow();
    }
  });

  test('of messages are made ASCII first', () => {
    expect(asciiOf('excluded ports 5–6, “it’s” \u001b ü')).toBe('excluded ports 5-6, "it\'s" ? ?');
  });
});
