/** The lines of a text, one pass, without an array of them. */

const BYTE_ORDER_MARK = '\ufeff';
const CARRIAGE_RETURN = 0x0d;

/**
 * Calls `visit` with each line in order, numbered from 1: without its end (LF or CRLF, one CR is taken off) and, on the
 * first line, without a byte order mark. A text that ends in a line end has no empty line after it. An empty text has no
 * line and counts as ended: nothing of it is cut off. `isOpen` is true for a last line without its end: it may be cut off.
 */
export function forEachLine(
  text: string,
  visit: (line: string, number: number, isOpen: boolean) => void,
): { endsWithNewline: boolean } {
  let start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  let number = 1;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const hasReturn = end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
    visit(text.slice(start, hasReturn ? end - 1 : end), number, newline < 0);
    number++;
    start = end + 1;
  }
  return { endsWithNewline: text.length === 0 || text.endsWith('\n') };
}
