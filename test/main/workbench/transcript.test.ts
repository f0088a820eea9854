import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Transcript } from '../../../main/workbench/transcript.ts';
import { lineFinder } from '../../../main/workbench/understand.ts';
import type { OutputStream } from '../../../main/terminal/run.ts';

const whole = (transcript: Transcript) => transcript.slice(0, transcript.characters).text;
const bytes = (text: string) => Buffer.from(text, 'utf8');

function transcriptOf(pieces: readonly (readonly [OutputStream, string])[]): Transcript {
  const transcript = new Transcript('utf-8', 'en-US');
  for (const [stream, text] of pieces) transcript.append(stream, bytes(text));
  transcript.end();
  return transcript;
}

describe('decoding', () => {
  test('is the same however the bytes are cut, and slices put together are the whole', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => Buffer.from(value).toString());
    fc.assert(
      fc.property(text, fc.array(fc.nat(20)), fc.integer({ min: 1, max: 9 }), (printed, cuts, limit) => {
        const transcript = new Transcript('utf-8', 'en-US');
        const all = bytes(printed);
        let at = 0;
        for (const cut of cuts) {
          transcript.append('out', all.subarray(at, at + cut));
          at += cut;
        }
        transcript.append('out', all.subarray(at));
        expect(transcript.end()).toBe(createHash('sha256').update(all).digest('hex'));
        // A byte order mark is no text.
        const expected = printed.replace(/^\ufeff/, '');
        expect(whole(transcript)).toBe(expected);
        let joined = '';
        for (let offset: number | null = 0; offset !== null;) {
          const slice = transcript.slice(offset, limit);
          expect(Buffer.from(slice.text).toString()).toBe(slice.text);
          joined += slice.text;
          offset = slice.nextOffset;
        }
        expect(joined).toBe(expected);
      }),
    );
  });

  test('shows what is no UTF-8 as U+FFFD, also at the very end', () => {
    const transcript = new Transcript('utf-8', 'en-US');
    transcript.append('out', Uint8Array.of(0x41, 0xff, 0xe2, 0x82));
    transcript.end();
    expect(whole(transcript)).toBe('A\ufffd\ufffd');
  });

  test.each([
    ['oem', 'ru-RU', [0x8f, 0xe0, 0xae], 'Про'],
    ['oem', 'ja-JP', [0x93, 0xfa, 0x96, 0x7b], '日本'],
    ['oem', 'zh-TW', [0xa4, 0xa4], '中'],
    ['oem', 'zh-CN', [0xd6, 0xd0], '中'],
    ['oem', 'de-DE', [0x41, 0x99, 0x42], 'A\ufffdB'],
    ['utf-16le', 'en-US', [0x41, 0x00, 0xac, 0x20], 'A€'],
  ] as const)('reads %s of %s', (encoding, locale, printed, text) => {
    const transcript = new Transcript(encoding, locale);
    for (const byte of printed) transcript.append('out', Uint8Array.of(byte));
    transcript.end();
    expect(whole(transcript)).toBe(text);
  });
});

describe('two streams', () => {
  test('keep their lines whole', () => {
    const transcript = transcriptOf([
      ['out', 'one '],
      ['err', 'bad'],
      ['err', ' news\n'],
      ['out', 'line\ntwo\n'],
      ['err', 'more\n'],
      ['out', 'three'],
      ['err', 'last'],
    ]);
    expect(whole(transcript)).toBe('one line\ntwo\nbad news\nmore\nthree\nlast');
    expect(transcript.textOf('out').join('')).toBe('one line\ntwo\nthree');
    expect(transcript.textOf('err').join('')).toBe('bad news\nmore\nlast');
  });

  test('show a begun line before it ends', () => {
    const transcript = new Transcript('utf-8', 'en-US');
    transcript.append('out', bytes('Password: '));
    expect(whole(transcript)).toBe('Password: ');
  });

  test('lose nothing, and each line is found again', () => {
    const stream = fc.constantFrom<OutputStream>('out', 'err');
    const piece = fc.tuple(stream, fc.stringMatching(/^[ab\n]{0,6}$/));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const transcript = transcriptOf(pieces);
        const lines = whole(transcript).split('\n');
        for (const which of ['out', 'err'] as const) {
          const own = pieces.filter(([from]) => from === which).map(([, text]) => text);
          const text = transcript.textOf(which).join('');
          expect(text).toBe(own.join(''));
          const lineOf = lineFinder(transcript.stretches, which);
          for (const [index, line] of text.split('\n').entries()) {
            if (line !== '') expect(lines[lineOf(index + 1) - 1]).toBe(line);
          }
        }
      }),
    );
  });
});
