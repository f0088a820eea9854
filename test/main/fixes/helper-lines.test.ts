import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HelperLines, parseMessage } from '../../../main/fixes/helper-lines.ts';

const RS = '\u001e';

/** What came out, in order: messages, dropped lines, and what was printed, joined. */
function split(pieces: readonly Uint8Array[]): unknown[] {
  const out: unknown[] = [];
  let printed: number[] = [];
  const flush = () => {
    if (printed.length > 0) out.push(Buffer.from(printed).toString('latin1'));
    printed = [];
  };
  const put = (value: unknown) => {
    flush();
    out.push(value);
  };
  const lines = new HelperLines({
    message: put,
    printed: (bytes) => printed.push(...bytes),
    malformed: (line) => put({ malformed: line }),
  });
  for (const piece of pieces) lines.write(piece);
  lines.end();
  flush();
  return out;
}

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('what a helper prints', () => {
  test('is taken apart into messages and what is for the person', () => {
    const text = `Password: \r\n${RS}ready\r\n${RS}begin 1\r\n$ sysctl\r\nexit 0\r\n${RS}failed 1 255\n${RS}undone 1\r\r\n`;
    expect(split([bytes(text)])).toEqual([
      'Password: \r\n',
      { kind: 'ready' },
      { kind: 'begin', step: 1 },
      '$ sysctl\r\nexit 0\r\n',
      { kind: 'failed', step: 1, status: 255 },
      { kind: 'undone', step: 1 },
    ]);
  });

  test('passes at once, a prompt without a line end too; nothing is decoded', () => {
    const printed: number[][] = [];
    const lines = new HelperLines({ message: () => undefined, printed: (piece) => printed.push([...piece]) });
    lines.write(bytes('Password: '));
    lines.write(Uint8Array.of(0xff, 0xc3));
    expect(printed).toEqual([[...bytes('Password: ')], [0xff, 0xc3]]);
  });

  test('holds a message back until its line ends, and tells one that breaks off as none', () => {
    expect(split([bytes(`${RS}do`), bytes('ne 2')])).toEqual([{ malformed: 'done 2' }]);
    expect(split([bytes(`a${RS}`), bytes('done 2\nb')])).toEqual(['a', { kind: 'done', step: 2 }, 'b']);
  });

  test('T1: drops what only looks like a message, however long', () => {
    const long = 'x'.repeat(100_000);
    expect(split([bytes(`${RS}${long}\nafter`)])).toEqual([{ malformed: 'x'.repeat(64) }, 'after']);
    // One that would be a message if it were cut.
    expect(split([bytes(`${RS}kept${'\r'.repeat(100)}\n`)])).toEqual([{ malformed: 'kept' }]);
  });

  test.each([
    '',
    'Ready',
    'ready ',
    'ready 1',
    'begin',
    'begin 0',
    'begin 01',
    'begin 1000',
    'begin -1',
    'begin 1 2',
    'begin 1e2',
    'failed 1',
    'failed 1 256',
    'failed 1 -1',
    'done  1',
    'undone 1 0',
    'keep',
    'go 1',
    'toString',
    'done ١',
  ])('"%s" is no message', (line) => {
    expect(parseMessage(line)).toBeNull();
  });

  test('is understood alike, wherever it is cut', () => {
    const piece = fc.oneof(
      fc.constantFrom(RS, '\n', '\r\n', 'ready', 'begin 1', 'failed 2 1', `${RS}done 3\r\n`, `${RS}kept\n`),
      fc.uint8Array({ maxLength: 80 }).map((some) => Buffer.from(some).toString('latin1')),
    );
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => bytes(pieces.join('')));
    fc.assert(
      fc.property(text, fc.array(fc.nat(300), { maxLength: 8 }), (whole, cuts) => {
        const points = [
          0,
          ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b),
          whole.length,
        ];
        const pieces = points.slice(1).map((until, index) => whole.subarray(points[index], until));
        expect(split(pieces)).toEqual(split([whole]));
      }),
    );
  });
});
