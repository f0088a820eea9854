/** Lines of which none is cut off: for outputs whose last field is a number that would still look like one. */
import { forEachLine } from './lines.ts';
import type { ReadingBuilder } from './reading-builder.ts';

/**
 * Visits each line that has its end. A last line without one may have lost digits ("inuse 88" of "inuse 886"): it is
 * dropped and the reading says so (hardening C5). Who knows that a text is whole (a paste) ends it with a line end.
 */
export function forEachWholeLine(
  text: string,
  reading: ReadingBuilder,
  visit: (line: string, number: number) => void,
): void {
  const wholeLength = text.lastIndexOf('\n') + 1;
  if (wholeLength < text.length && text.slice(wholeLength).trim() !== '') reading.cut();
  forEachLine(text.slice(0, wholeLength), visit);
}

/** The first `most` lines of a text's beginning that have something on them, without their ends. */
export function firstLines(head: string, most: number): string[] {
  return head
    .split('\n', most)
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '');
}
