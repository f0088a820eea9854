/** `cat /proc/sys/fs/file-nr`: file handles of the whole system. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { forEachFileLine, parseCounter, wordsOf } from './cat-file.ts';

const FORMAT = 'file-nr';
/** Documentation/admin-guide/sysctl/fs.rst; the second is 0 since 2.6. */
const NAMES = ['allocated', 'unused', 'max'] as const;
const ROW = /^\s*\d{1,20}\s+\d{1,20}\s+\d{1,20}\s*$/;

/** Three counter facts in the group "file-nr". `max` is 2^63 − 1 where there is no limit worth the name. */
export function parseFileNr(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, 'linux', take);
  forEachFileLine(text, reading, (line, number) => {
    if (!ROW.test(line)) return reading.problem(number, line, 'not three numbers');
    wordsOf(line).forEach((word, index) => {
      const value = parseCounter(word);
      const name = NAMES[index];
      if (value === null || name === undefined) return;
      reading.fact({ kind: 'counter', line: number, group: FORMAT, name, value });
    });
  });
  return reading.done();
}

export const fileNrFormat: OutputFormat = {
  id: FORMAT,
  title: '/proc/sys/fs/file-nr',
  system: 'linux',
  // Three numbers alone say little: enough only where nothing else claims the text.
  recognises: (head) => (/^\d{1,20}\s+0\s+\d{1,20}\s*$/.test(head) ? 0.6 : 0),
  parse: parseFileNr,
};

export const fileNrProbe: Probe = {
  id: 'linux.file-nr',
  platform: 'linux',
  group: 'counters',
  title: 'File handles of the system',
  tool: 'cat',
  argv: ['/proc/sys/fs/file-nr'],
  parameters: [],
  proves: 'How many file handles are allocated and how many there may be; every socket takes one.',
  needs: null,
  figures: ['descriptors'],
  parse: parseFileNr,
  mayBeEmpty: false,
};
