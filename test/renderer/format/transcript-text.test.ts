import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLines } from '../../../renderer/format/line-changes.ts';
import { linePieces } from '../../../renderer/format/line-pieces.ts';
import {
  MAX_LINE_CHARACTERS,
  printTranscript,
  splitLines,
  visibleLine,
} from '../../../renderer/format/transcript-text.ts';

describe('lines of a transcript', () => {
  it('end with LF or CRLF; a last empty one is none', () => {
    expect(splitLines('a\r\nb\n\nc\n').map(visibleLine)).toEqual(['a', 'b', '', 'c']);
    expect(splitLines('')).toEqual([]);
  });

  it.each([
    ['an escape sequence', '\x1b[31mred', '\\x1b[31mred'],
    ['a carriage return in the middle', 'shown\rhidden', 'shown\\x0dhidden'],
    ['a turn of direction', 'abc\u202edef', 'abc\\u202edef'],
    ['a zero-width character', 'pay\u200bpal', 'pay\\u200bpal'],
    ['a NUL', 'a\0b', 'a\\x00b'],
    ['a tab, which stays', 'a\tb', 'a\tb'],
  ])('T1: show %s', (_, line, shown) => expect(visibleLine(line)).toBe(shown));

  it('T1: count what is cut off an overlong line, and a megabyte of escapes takes no time', () => {
    expect(visibleLine('x'.repeat(MAX_LINE_CHARACTERS + 1234))).toMatch(/x… \(1,234 more characters\)$/);
    expect(visibleLine('\x1b'.repeat(1_000_000)).length).toBeLessThan(MAX_LINE_CHARACTERS * 4 + 40);
  });

  it('carry their states as pieces that are the line again', () => {
    expect(linePieces('TIME-WAIT 0 ESTAB x')).toEqual([
      { text: 'TIME-WAIT', state: 'tw' },
      { text: ' 0 ', state: null },
      { text: 'ESTAB', state: 'est' },
      { text: ' x', state: null },
    ]);
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(
          linePieces(line)
            .map(({ text }) => text)
            .join(''),
        ).toBe(line);
      }),
    );
  });

  it('are saved under how they came about', () => {
    const file = printTranscript({
      command: 'ss -s',
      startedAtMs: Date.UTC(2026, 10, 23, 14, 32, 7),
      asUser: 'uid 1000',
      endSentence: 'Ended with exit status 0.',
      exitCode: 0,
      sha256: 'ab12',
      missing: null,
      text: 'Total: 3\n',
    });
    expect(file.split('\n')).toEqual([
      '# command: ss -s',
      '# time: 2026-11-23T14:32:07.000Z',
      '# as: uid 1000',
      '# ended: Ended with exit status 0.',
      '# exit: 0',
      '# sha256 of the output: ab12',
      '',
      'Total: 3',
      '',
    ]);
  });
});

describe('what changed between two outputs', () => {
  it('counts lines as a bag: their order does not matter', () => {
    expect(compareLines(['a', 'b', 'b', 'c'], ['b', 'a', 'd'])).toEqual({
      added: ['d'],
      addedCount: 1,
      removed: ['b', 'c'],
      removedCount: 2,
      sameCount: 2,
    });
  });

  it('always accounts for every line of both', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(lines, lines, (older, newer) => {
        const { addedCount, removedCount, sameCount } = compareLines(older, newer);
        expect([sameCount + removedCount, sameCount + addedCount]).toEqual([older.length, newer.length]);
      }),
    );
  });
});
