/**
 * Text from strangers (process names, host names, command output) made safe to show: nothing in it can move the
 * cursor, turn the direction of writing or be invisible (hardening T1).
 */

/** Characters kept of one piece of text; the mark that says there was more counts. */
export const MAX_SHOWN_CHARACTERS = 256;
const CUT_MARK = '…';

/**
 * Control (Cc), format and bidi (Cf), lone surrogates (Cs), line and paragraph separators, and whatever a font draws
 * as nothing (zero-width, variation selectors, Hangul fillers, tags).
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/**
 * `text` with each hidden character as a visible escape (`\x1b`, `\u202e`, `\u{e0041}`), at most `maxCharacters` long
 * with "…" at the end when something was cut. An escape is never cut in two. Looks at no more of the text than it shows.
 */
export function sanitiseText(text: string, maxCharacters = MAX_SHOWN_CHARACTERS): string {
  let shown = '';
  let lengthBeforeMark = 0;
  for (const character of text) {
    const piece = HIDDEN.test(character) ? escapeOf(character) : character;
    if (shown.length + piece.length > maxCharacters) return shown.slice(0, lengthBeforeMark) + CUT_MARK;
    shown += piece;
    if (shown.length < maxCharacters) lengthBeforeMark = shown.length;
  }
  return shown;
}

/** The same for bytes: decoded as UTF-8, what is not UTF-8 shown as U+FFFD. */
export function sanitiseBytes(bytes: Uint8Array, maxCharacters = MAX_SHOWN_CHARACTERS): string {
  // A character has at most four bytes; one more so that a cut is noticed.
  const enough = bytes.subarray(0, (maxCharacters + 1) * 4);
  return sanitiseText(new TextDecoder('utf-8', { ignoreBOM: true }).decode(enough), maxCharacters);
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
