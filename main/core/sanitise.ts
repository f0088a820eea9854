/**
 * Text from strangers (process names, host names, command output) made safe to show: nothing in it can move the
 * cursor, turn the direction of writing or be invisible (hardening T1).
 */

/** Characters kept of one piece of text; the mark that says there was more counts. */
export const MAX_SHOWN_CHARACTERS = 256;
const CUT_MARK = '…';
/** What C0, DEL and C1 are shown as, by code: hostile text is full of them. */
const CONTROL_ESCAPES = Array.from({ length: 0xa0 }, (_, code) => `\\x${code.toString(16).padStart(2, '0')}`);

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
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    const next = at + (code > 0xffff ? 2 : 1);
    const piece = isPlain(code) ? text.charAt(at) : shownAs(text.slice(at, next), code);
    if (shown.length + piece.length > maxCharacters) return shown.slice(0, lengthBeforeMark) + CUT_MARK;
    shown += piece;
    if (shown.length < maxCharacters) lengthBeforeMark = shown.length;
    at = next;
  }
  return shown;
}

/** The same for bytes: decoded as UTF-8, what is not UTF-8 shown as U+FFFD. */
export function sanitiseBytes(bytes: Uint8Array, maxCharacters = MAX_SHOWN_CHARACTERS): string {
  // A character has at most four bytes; one more so that a cut is noticed.
  const enough = bytes.subarray(0, (maxCharacters + 1) * 4);
  return sanitiseText(new TextDecoder('utf-8', { ignoreBOM: true }).decode(enough), maxCharacters);
}

/** Printable ASCII: nearly all text, spared the expression. */
function isPlain(code: number): boolean {
  return code >= 0x20 && code < 0x7f;
}

function shownAs(character: string, code: number): string {
  if (code < CONTROL_ESCAPES.length) return CONTROL_ESCAPES[code] ?? '';
  if (!HIDDEN.test(character)) return character;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
