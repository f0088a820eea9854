/** `cat /proc/net/sockstat /proc/net/sockstat6`: how many sockets there are, by protocol. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { firstLines } from '../whole-lines.ts';
import { forEachFileLine, parseCounter, wordsOf } from './cat-file.ts';

const FORMAT = 'proc-sockstat';
const SECTION = /^(sockets|[A-Z]{3,9}6?):\s/;

/** Counter facts: group "sockstat TCP", name "tw" (net/ipv4/proc.c, sockstat_seq_show). `mem` is in pages. */
export function parseProcSockstat(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, 'linux', take);
  forEachFileLine(text, reading, (line, number) => {
    const section = SECTION.exec(line)?.[1];
    if (section === undefined) return reading.problem(number, line, 'no protocol name at its start');
    const words = wordsOf(line.slice(section.length + 1));
    const values: (number | null)[] = words.filter((_, index) => index % 2 === 1).map(parseCounter);
    if (words.length % 2 === 1 || values.length === 0 || values.includes(null)) {
      return reading.problem(number, line, 'names and numbers do not pair up');
    }
    values.forEach((value, index) => {
      const name = words[index * 2] ?? '';
      if (value !== null)
        reading.fact({ kind: 'counter', line: number, group: `sockstat ${section}`, name, value });
    });
  });
  return reading.done();
}

export const procSockstatFormat: OutputFormat = {
  id: FORMAT,
  title: '/proc/net/sockstat',
  system: 'linux',
  recognises(head) {
    const lines = firstLines(head, 40);
    if (!lines.some((line) => /^(?:sockets: used|TCP6?: inuse) \d/.test(line))) return 0;
    return lines.filter((line) => SECTION.test(line)).length / lines.length;
  },
  parse: parseProcSockstat,
};

export const procSockstatProbe: Probe = {
  id: 'linux.proc-sockstat',
  platform: 'linux',
  group: 'counters',
  title: 'Socket totals',
  tool: 'cat',
  argv: ['/proc/net/sockstat', '/proc/net/sockstat6'],
  parameters: [],
  proves:
    'How many TCP sockets exist in this namespace without listing them: in use (TIME-WAIT not counted), TIME-WAIT (tw, with orphaned FIN-WAIT-2), orphans.',
  needs: null,
  figures: ['time-wait', 'sockets', 'counters'],
  parse: parseProcSockstat,
  mayBeEmpty: false,
};
