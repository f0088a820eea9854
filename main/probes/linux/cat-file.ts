/** What all probes that print a file of the kernel share. */
import { parseErrorLine } from '../error-lines.ts';
import { absentFromError } from '../errors.ts';
import type { ReadingBuilder } from '../reading-builder.ts';
import { forEachWholeLine } from '../whole-lines.ts';

/**
 * Visits each whole line of a kernel file that has something on it. What `cat` says of a file that is missing or may not
 * be read becomes an 'absent' fact by its path; other messages are counted as "message" (main/probes/errors.ts reads
 * them); empty lines part one file from the next and are left out.
 */
export function forEachFileLine(
  text: string,
  reading: ReadingBuilder,
  visit: (line: string, number: number) => void,
): void {
  forEachWholeLine(text, reading, (line, number) => {
    if (line.trim() === '') return;
    if (parseErrorLine(line) === null) return visit(line, number);
    const absent = absentFromError(line);
    if (absent === null) reading.skip('message');
    else reading.fact({ kind: 'absent', line: number, ...absent });
  });
}

/** A decimal counter of the kernel (64 bit; beyond 2^53 the nearest number), or null. */
export function parseCounter(text: string): number | null {
  return /^-?\d{1,20}$/.test(text) ? Number(text) : null;
}

/** The words of a line. */
export function wordsOf(line: string): string[] {
  const trimmed = line.trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/);
}
