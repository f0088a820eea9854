import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../../main/settings/defaults.ts';
import { settingsChangeSchema } from '../../../../preload/contract-settings.ts';
import {
  changeTo,
  formatStored,
  HISTORY_FIELDS,
  pathOf,
  readTyped,
  SAMPLING_FIELDS,
  sayStored,
  stepped,
  storedIn,
  THRESHOLD_FIELDS,
  type NumberField,
} from '../../../../renderer/screens/settings/number-fields.ts';

const FIELDS = [...SAMPLING_FIELDS, ...THRESHOLD_FIELDS, ...HISTORY_FIELDS];
const fieldAt = (path: string): NumberField => {
  const found = FIELDS.find((field) => pathOf(field) === path);
  if (!found) throw new Error(path);
  return found;
};

describe.each(FIELDS.map((field) => [pathOf(field), field] as const))('%s', (_path, field) => {
  const isTaken = (stored: number) => settingsChangeSchema.safeParse(changeTo(stored, field)).success;
  const stored = (text: string) => {
    const typed = readTyped(text, field);
    return 'stored' in typed ? typed.stored : null;
  };

  test('takes from its least to its most what the contract takes', () => {
    for (const text of [String(field.least), String(field.most)])
      expect(isTaken(stored(text) ?? NaN)).toBe(true);
    expect(stored(String(field.most + field.step))).toBeNull();
    expect(isTaken((field.most + field.step) * field.perUnit)).toBe(false);
    expect(stored('0')).toBeNull();
  });

  test('reads its default back from how it is shown', () => {
    const usual = storedIn(DEFAULT_SETTINGS, field);
    expect(stored(formatStored(usual, field))).toBe(usual);
    expect(stored(sayStored(usual, field))).toBe(usual);
  });

  test('steps within its limits to what the contract takes', () => {
    const usual = storedIn(DEFAULT_SETTINGS, field);
    for (const steps of [1, -1, 10, -10, 1e6, -1e6]) expect(isTaken(stepped(usual, steps, field))).toBe(true);
    expect(stepped(stepped(usual, 1, field), -1, field)).toBe(usual);
  });
});

test.each([
  ['thresholds.warningShare', '72.5', { stored: 0.725 }],
  ['thresholds.warningShare', ' 60 % ', { stored: 0.6 }],
  ['thresholds.warningShare', '', { problem: 'A number is needed here.' }],
  ['thresholds.warningShare', 'lots', { problem: '“lots” is not a number.' }],
  ['thresholds.warningShare', '101', { problem: 'It can be from 5 to 100%.' }],
  ['thresholds.criticalSeconds', '2.5', { stored: 150 }],
  ['sampling.intervalMs', '0.25 s', { stored: 250 }],
  ['sampling.intervalMs', '60', { problem: 'It can be from 0.2 to 10 s.' }],
  ['history.megabytes', '1,000', { stored: 1000 }],
])('%s of “%s” is %j', (path, text, typed) => {
  expect(readTyped(text, fieldAt(path))).toEqual(typed);
});
