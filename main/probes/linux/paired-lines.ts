/** /proc/net/snmp and /proc/net/netstat: a line of names, then a line of values, both beginning with the section. */
import { sanitiseText } from '../../core/sanitise.ts';
import type { ReadingBuilder } from '../reading-builder.ts';
import { firstLines } from '../whole-lines.ts';
import { forEachFileLine, parseCounter, wordsOf } from './cat-file.ts';

interface NamesLine {
  section: string;
  names: string[];
  line: number;
  text: string;
}

const SECTION_LINE = /^([A-Z]\w{0,40}):(?:\s|$)/i;

/** Each value becomes a counter fact in the group of its section. Columns that do not pair up are a problem, not a guess. */
export function readPairedLines(text: string, reading: ReadingBuilder): void {
  const waiting: NamesLine[] = [];
  const drop = () => {
    const lone = waiting.pop();
    if (lone !== undefined) reading.problem(lone.line, lone.text, 'names without a line of values');
  };
  forEachFileLine(text, reading, (line, number) => {
    const section = SECTION_LINE.exec(line)?.[1];
    if (section === undefined) return reading.problem(number, line, 'no section name at its start');
    const words = wordsOf(line.slice(section.length + 1));
    if (words.every((word) => parseCounter(word) === null)) {
      drop();
      waiting.push({ section, names: words, line: number, text: line });
    } else if (waiting[0]?.section === section) {
      const names = waiting.pop()?.names ?? [];
      takeValues(reading, { section, names, values: words, number, line });
    } else {
      drop();
      reading.problem(number, line, 'values without a line of names');
    }
  });
  // Where the text was cut after the names, the values are what is missing: the reading says so already.
  if (text.endsWith('\n')) drop();
}

interface Values {
  section: string;
  names: readonly string[];
  values: readonly string[];
  number: number;
  line: string;
}

function takeValues(reading: ReadingBuilder, { section, names, values, number, line }: Values): void {
  if (names.length !== values.length) {
    return reading.problem(number, line, `${values.length} values for ${names.length} names`);
  }
  names.forEach((name, index) => {
    const value = parseCounter(values[index] ?? '');
    if (value === null) reading.problem(number, line, `the value of ${name} is no number`);
    else reading.fact({ kind: 'counter', line: number, group: section, name: sanitiseText(name), value });
  });
}

/** How many of the first lines are pairs of the sections named, as a share. */
export function sharePaired(head: string, sections: RegExp): number {
  const lines = firstLines(head, 40);
  if (lines.length === 0) return 0;
  return lines.filter((line) => sections.test(line)).length / lines.length;
}
