import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SHOWN_CHARACTERS, sanitiseBytes, sanitiseText } from '../../../main/core/sanitise.ts';

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe('sanitiseText', () => {
  it.each([
    ['plain text', 'nginx: worker', 'nginx: worker'],
    ['other scripts', 'größe 数据 Ж', 'größe 数据 Ж'],
    ['a colour sequence', '\x1b[31mred', '\\x1b[31mred'],
    ['line ends, tabs, backspace and NUL', 'a\r\n\tb\bc\0', 'a\\x0d\\x0a\\x09b\\x08c\\x00'],
    ['C1 controls, also a one-byte CSI and DCS', '\x9b2J\x90q', '\\x9b2J\\x90q'],
    ['DEL', 'a\x7f', 'a\\x7f'],
    ['bidi overrides and isolates', 'a\u202egpj.exe\u2066', 'a\\u202egpj.exe\\u2066'],
    ['zero-width characters', 'a\u200bb\u2060\ufeff', 'a\\u200bb\\u2060\\ufeff'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['Hangul fillers and soft hyphens', '\u3164\u00ad', '\\u3164\\xad'],
    ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
    ['lone surrogates', 'a\ud800b', 'a\\ud800b'],
    ['nothing', '', ''],
  ])('T1: shows %s', (_what, text, shown) => {
    expect(sanitiseText(text)).toBe(shown);
  });

  it('T1: keeps 256 characters whole and cuts longer text with a mark', () => {
    expect(sanitiseText('x'.repeat(256))).toBe('x'.repeat(256));
    expect(sanitiseText('x'.repeat(257))).toBe(`${'x'.repeat(255)}…`);
  });

  it('T1: never cuts an escape or a character in two', () => {
    expect(sanitiseText(`abc\x1b`, 6)).toBe('abc…');
    expect(sanitiseText('abcde😀', 6)).toBe('abcde…');
    expect(sanitiseText('abc\x1b\x1b', 8)).toBe('abc\\x1b…');
  });

  it('T1: whatever comes in, what goes out is short and shows everything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 600 }),
        fc.integer({ min: 8, max: 300 }),
        (text, limit) => {
          const shown = sanitiseText(text, limit);
          expect(HIDDEN.test(shown)).toBe(false);
          expect(shown.length).toBeLessThanOrEqual(limit);
          if (shown.length < limit - 10) expect(shown.endsWith('…')).toBe(false);
        },
      ),
    );
  });

  it('T1: is idempotent, so that text sanitised twice reads the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(sanitiseText(sanitiseText(text))).toBe(sanitiseText(text));
      }),
    );
  });

  it('T1: 1 MB of unterminated escapes takes less than 100 ms', () => {
    const text = '\x1bP\x1b]\x1b_'.repeat((1024 * 1024) / 6);
    const startedMs = performance.now();
    expect(sanitiseText(text).length).toBeLessThanOrEqual(MAX_SHOWN_CHARACTERS);
    expect(performance.now() - startedMs).toBeLessThan(100);
    const wholeMs = performance.now();
    sanitiseText(text, text.length * 4);
    console.info(`sanitise: 1 MB of escapes shown whole in ${(performance.now() - wholeMs).toFixed(1)} ms`);
  });
});

describe('sanitiseBytes', () => {
  it('T1: decodes with replacement', () => {
    expect(sanitiseBytes(new Uint8Array([0x61, 0xff, 0xc3, 0x28]))).toBe('a\ufffd\ufffd(');
  });

  it('T1: shows a byte order mark instead of dropping it', () => {
    expect(sanitiseBytes(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe('\\ufeffa');
  });

  it('T1: reads no more of a long text than it shows', () => {
    const startedMs = performance.now();
    const shown = sanitiseBytes(new Uint8Array(64 * 1024 * 1024).fill(0x1b));
    expect(shown).toBe(`${'\\x1b'.repeat(63)}…`);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});
