import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectFormat, FORMATS } from '../../../../main/probes/formats.ts';
import { WINDOWS_PROBES } from '../../../../main/probes/windows/catalogue.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

const FOLDER = resolve(import.meta.dirname, '../../../fixtures/windows');
const SAMPLES = readdirSync(FOLDER).flatMap((tool) =>
  readdirSync(resolve(FOLDER, tool)).map((name) => `${tool}/${name}`),
);
const textOf = (sample: string) => readFixtureText(`windows/${sample}/stdout`);

/** Pieces of these outputs, so that texts made of them reach further into the parsers than letters do. */
const PIECES = [
  '\n',
  '\r\n',
  ' ',
  '   ',
  '\t',
  'TCP',
  'UDP',
  '0.0.0.0:135',
  '[::1]:443',
  '*:*',
  'TIME_WAIT',
  '1204',
  '[svchost.exe]',
  'LocalAddress',
  'LocalPort',
  'RemoteAddress',
  'State',
  '-----',
  '---- ----',
  ' : ',
  ',',
  ';',
  '"',
  '#TYPE',
  '{',
  '}',
  '[',
  ']',
  ':',
  '"LocalAddress":',
  '\\',
  'Event[0]:',
  'Event ID: 4231',
  '<Event>',
  '</Event>',
  '<EventID>4227</EventID>',
  'Tcpip',
  '|',
  '4227',
  'REG_DWORD',
  '0x1e',
  'MaxUserPort',
  'C:\\>',
  'netsh int ipv6>',
  '========',
  '*',
  '\u001b[2J',
  '\u202e',
  '\u0000',
  '😀',
  '\ud800',
];

const WINDOWS_FORMATS = FORMATS.filter(({ system }) => system === 'windows');

describe('probes of Windows', () => {
  it('have ids of their own and fixed arguments without a place for anything else', () => {
    const ids = WINDOWS_PROBES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, platform, argv, parameters, encoding } of WINDOWS_PROBES) {
      expect([id, platform, parameters, encoding]).toEqual([id, 'windows', [], 'oem']);
      expect(id).toMatch(/^windows\.[a-z0-9-]+$/);
      expect(argv.join('\n')).not.toMatch(/\{[a-z]+\}|%|"/);
    }
  });

  it('ask PowerShell without a profile, without a prompt, and with one constant text', () => {
    const texts = WINDOWS_PROBES.filter(({ tool }) => tool === 'powershell').map(({ argv }) => argv);
    expect(texts.length).toBeGreaterThan(0);
    for (const argv of texts) {
      expect(argv.slice(0, 3)).toEqual(['-NoProfile', '-NonInteractive', '-Command']);
      expect(argv.length).toBe(4);
      expect(argv[3]).not.toMatch(/\b(?:Set|New|Remove|Stop|Start|Invoke|Enable|Disable)-/);
    }
  });

  it('only ever ask: no argument changes anything', () => {
    const words = WINDOWS_PROBES.flatMap(({ argv }) => argv).flatMap((argument) => argument.split(/\s+/));
    for (const word of ['set', 'add', 'delete', 'reset', 'cl', 'sl', 'import'])
      expect(words).not.toContain(word);
  });

  it('say in a sentence what they prove', () => {
    for (const { proves, title } of WINDOWS_PROBES) {
      expect(proves).toMatch(/^[A-Z].*\.$/s);
      expect(title).toMatch(/^[A-Z]/);
    }
  });
});

describe('formats of Windows', () => {
  it('recognise every sample of our own, each one format best', () => {
    for (const sample of SAMPLES) {
      expect([sample, detectFormat(textOf(sample))?.system]).toEqual([sample, 'windows']);
      const scores = FORMATS.map(({ recognises }) => recognises(textOf(sample).slice(0, 16_384)));
      const best = Math.max(...scores);
      expect([sample, best > 0.5, scores.filter((score) => score === best).length]).toEqual([
        sample,
        true,
        1,
      ]);
    }
  });

  it('never throw, on any text, and number problems by lines that exist', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(fc.constantFrom(...PIECES), fc.string()), { maxLength: 60 })
        .map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (any) => {
        const lines = any.split('\n').length;
        for (const { parse, recognises } of WINDOWS_FORMATS) {
          const { reading, sockets } = listSockets(parse, any);
          expect(reading.rows).toBe(sockets.length);
          for (const { line } of [...reading.problems, ...reading.facts, ...sockets]) {
            expect(line >= 1 && line <= lines).toBe(true);
          }
          const score = recognises(any);
          expect(score >= 0 && score <= 1).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never throw on samples with a piece cut out or put in', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SAMPLES),
        fc.nat(),
        fc.nat({ max: 40 }),
        fc.constantFrom(...PIECES),
        (sample, seed, length, piece) => {
          const whole = textOf(sample);
          const at = seed % (whole.length + 1);
          const text = whole.slice(0, at) + piece + whole.slice(at + length);
          for (const { parse } of WINDOWS_FORMATS) listSockets(parse, text);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('end in good time on texts made to be slow', () => {
    const size = 300_000;
    for (const text of [
      ' '.repeat(size),
      '-'.repeat(size),
      '- '.repeat(size),
      '"'.repeat(size),
      '{"'.repeat(size),
      'TCP '.repeat(size),
      `TCP ${':'.repeat(size)}`,
      `${' '.repeat(size)}x`,
      `a${'\t'.repeat(size)}REG_DWORD`,
      '<Event>'.repeat(size),
      `<Event><EventID>${'<Data '.repeat(size)}</Event>`,
      'Event[0]:\n'.repeat(size / 3),
      ' [\n'.repeat(size / 3),
      `  TCP 1.1.1.1:1 2.2.2.2:2 X 1\n${'  a\n'.repeat(size / 3)}`,
      'a : b\n'.repeat(size / 3),
      '\n'.repeat(size),
      '='.repeat(size),
      '\u0000'.repeat(size),
    ]) {
      for (const { parse, recognises } of WINDOWS_FORMATS) {
        expect(recognises(text.slice(0, 16_384))).toBeLessThanOrEqual(1);
        expect(listSockets(parse, text).reading.format).not.toBe('');
      }
    }
  });
});
