/** What the wording guide asks of every sentence that a person reads. */
import { expect } from 'vitest';

/** Longest sentence that still reads in two lines or so. */
const MAX_CHARACTERS = 300;

/** Fails with the sentence when it breaks the guide. */
export function expectGoodWording(sentence: string): void {
  expect(sentence, sentence).toMatch(/^[\p{L}\d“]/u);
  expect(sentence, sentence).toMatch(/\.$/);
  expect(sentence, sentence).not.toMatch(
    /!|\bplease\b|\boops\b|\bsorry\b|undefined|null|NaN|Infinity|\[object/i,
  );
  expect(sentence, sentence).not.toMatch(/ {2}|\d{6,}/);
  expect(sentence.length, sentence).toBeLessThanOrEqual(MAX_CHARACTERS);
}
