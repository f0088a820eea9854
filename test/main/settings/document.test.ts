import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingsSchema } from '../../../preload/contract-settings.ts';
import { joinChanges, SECTIONS, withChange } from '../../../main/settings/change.ts';
import { DEFAULT_SETTINGS } from '../../../main/settings/defaults.ts';
import { formatSettings, parseSettings } from '../../../main/settings/document.ts';
import { problemsOf } from '../../../main/settings/rules.ts';

const written = (settings: unknown, schema: unknown = 1) => JSON.stringify({ schema, settings });
const whyOf = (text: string) => {
  const read = parseSettings(text);
  return read.kind === 'broken' ? read.why : read.kind;
};

test('the defaults are valid, fit together, and name every section', () => {
  expect(settingsSchema.parse(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
  expect(problemsOf(DEFAULT_SETTINGS)).toEqual([]);
  expect(Object.keys(DEFAULT_SETTINGS)).toEqual([...SECTIONS]);
});

describe('the text of the file', () => {
  test('is read back as it was written', () => {
    const settings = withChange(DEFAULT_SETTINGS, {
      thresholds: { warningShare: 0.25 },
      notifications: { quietHours: { fromMinute: 1320, toMinute: 360 } },
    });
    expect(parseSettings(formatSettings(settings))).toEqual({ kind: 'settings', settings });
  });

  test('may begin with a byte order mark', () => {
    expect(whyOf(`\uFEFF${written({})}`)).toBe('settings');
  });

  test('may leave out what is as the defaults say', () => {
    expect(parseSettings(written({ appearance: { theme: 'light' } }))).toEqual({
      kind: 'settings',
      settings: { ...DEFAULT_SETTINGS, appearance: { theme: 'light' } },
    });
  });

  test.each([
    ['', 'it is no JSON'],
    ['{"schema": 1, "settings": {', 'it is no JSON'],
    ['[]', 'it does not say which settings it holds'],
    ['null', 'it does not say which settings it holds'],
    [written({}, '1'), 'it does not say which settings it holds'],
    [written(null), 'it has another shape'],
    [written({ thresholds: { warningShare: 5 } }), 'thresholds.warningShare has a value that it cannot have'],
    [written({ thresholds: { warnShare: 0.5 } }), 'this version has no setting “thresholds.warnShare”'],
    [written({ 'a\u202eb': 1 }), 'this version has no setting “a\\u202eb”'],
    ['{"schema":1,"settings":{},"more":1}', 'this version has no setting “more”'],
    [
      written({ thresholds: { warningShare: 0.95 } }),
      'thresholds.warningShare: a warning cannot begin above where critical begins',
    ],
  ])('says why %s cannot be used', (text, why) => {
    expect(whyOf(text)).toBe(why);
  });

  test('of a newer version is used as far as it is understood', () => {
    const settings = {
      sampling: { intervalMs: 2000, mode: 'eager' },
      thresholds: { warningShare: 0.95 },
      appearance: { theme: 'sepia' },
      sounds: { enabled: true },
    };
    expect(parseSettings(JSON.stringify({ schema: 2, settings, more: [] }))).toEqual({
      kind: 'newer',
      settings: { ...DEFAULT_SETTINGS, sampling: { intervalMs: 2000 } },
    });
  });

  test('of an older version is brought up to date, step by step', () => {
    const rename = (raw: unknown) => ({ appearance: { theme: (raw as { colours: string }).colours } });
    const same = (raw: unknown) => raw;
    const read = parseSettings(written({ colours: 'light' }), [rename, same], 3);
    expect(read).toMatchObject({ kind: 'settings', settings: { appearance: { theme: 'light' } } });
  });

  test('never throws, whatever it is, and never gives settings that are not valid', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.anything().map((settings) => JSON.stringify({ schema: 1, settings })),
      fc
        .record({ schema: fc.nat(3), settings: fc.dictionary(fc.constantFrom(...SECTIONS), fc.anything()) })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const read = parseSettings(text ?? '');
        if (read.kind === 'broken') return read.why.length > 0;
        return settingsSchema.safeParse(read.settings).success && problemsOf(read.settings).length === 0;
      }),
    );
  });
});

test('two changes made one after the other are the same as both at once', () => {
  const first = { thresholds: { warningShare: 0.3 }, sampling: { intervalMs: 500 } };
  const second = { thresholds: { warningShare: 0.4, criticalShare: 0.5 }, sampling: {} };
  expect(withChange(DEFAULT_SETTINGS, joinChanges(first, second))).toEqual(
    withChange(withChange(DEFAULT_SETTINGS, first), second),
  );
  expect(joinChanges(first, second)).toEqual({
    sampling: { intervalMs: 500 },
    thresholds: { warningShare: 0.4, criticalShare: 0.5 },
  });
});
