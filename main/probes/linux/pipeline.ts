/**
 * What the small tools of a pipeline make of a text: wc, awk's columns, grep, sort and uniq, as GNU has them in the C
 * locale. Terminals end lines with CR LF; the CR is taken off, as a pipe would not have it.
 */
import { forEachLine } from '../lines.ts';

/** `wc -l`: line ends, so a last line without one does not count. */
export function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** `grep -c`: lines that contain `part`; a last line without an end counts. */
export function countLinesWith(text: string, part: string): number {
  let count = 0;
  forEachLine(text, (line) => {
    if (line.includes(part)) count++;
  });
  return count;
}

/** `awk '{print $N}'`: the word in column `column` (from 1) of each line, '' where there is none. */
export function columnOf(text: string, column: number): string[] {
  const words: string[] = [];
  forEachLine(text, (line) => words.push(wordAt(line, column)));
  return words;
}

function wordAt(line: string, column: number): string {
  // awk parts words at blanks and tabs only; \s would part at more.
  const words = /[^ \t]+/g;
  for (let index = 1; index < column; index++) if (words.exec(line) === null) return '';
  return words.exec(line)?.[0] ?? '';
}

/** `awk -F: '{print $NF}'`: what follows the last ":". */
export function afterLastColon(words: readonly string[]): string[] {
  return words.map((word) => word.slice(word.lastIndexOf(':') + 1));
}

/** `sort | uniq -c` or `sort -n | uniq -c`: each word once with its count. */
export function countEqual(words: readonly string[], order: 'bytes' | 'numbers'): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => {
    const byNumber = order === 'numbers' ? leadingNumber(a) - leadingNumber(b) : 0;
    return byNumber === 0 ? compareBytes(a, b) : byNumber;
  });
  return sorted.map(([word, count]) => `${String(count).padStart(7)} ${word}`).join('\n');
}

/** sort -n: blanks, a minus sign, digits, a decimal part; 0 without any. */
function leadingNumber(word: string): number {
  const match = /^[ \t]*(-?\d*(?:\.\d*)?)/.exec(word)?.[1] ?? '';
  const number = Number(match);
  return Number.isNaN(number) ? 0 : number;
}

/** Code points sort as their UTF-8 bytes do; UTF-16 units do not. */
function compareBytes(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
