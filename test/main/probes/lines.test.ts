import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forEachLine } from '../../../main/probes/lines.ts';

function lines(text: string): { lines: string[]; endsWithNewline: boolean } {
  const found: string[] = [];
  const { endsWithNewline } = forEachLine(text, (line, number) => {
    expect(number).toBe(found.length + 1);
    found.push(line);
  });
  return { lines: found, endsWithNewline };
}

describe('forEachLine', () => {
  it.each<[string, string[], boolean]>([
    ['', [], true],
    ['\n', [''], true],
    ['a', ['a'], false],
    ['a\r\nb\r\n', ['a', 'b'], true],
    ['a\n\r\nb', ['a', '', 'b'], false],
    ['a\r\r\nb\r', ['a\r', 'b'], false],
    ['\ufeffa\n\ufeffb\n', ['a', '\ufeffb'], true],
  ])('reads %j', (text, expected, endsWithNewline) => {
    expect(lines(text)).toEqual({ lines: expected, endsWithNewline });
  });

  it('marks only a last line without its end as open', () => {
    const open: boolean[] = [];
    forEachLine('a\nb\nc', (_, __, isOpen) => open.push(isOpen));
    expect(open).toEqual([false, false, true]);
  });

  it('gives the same lines as a split of the whole text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b c', '\n', '\r\n', 'ö')), (pieces) => {
        const text = pieces.join('');
        const expected = text.split(/\r?\n/);
        if (expected.at(-1) === '') expected.pop();
        expect(lines(text).lines).toEqual(expected);
      }),
    );
  });
});
