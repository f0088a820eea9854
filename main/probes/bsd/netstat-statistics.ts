/** `netstat -s -p tcp` of macOS and the BSDs: a number, then words. The words become the counter's name. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import type { OutputFormat } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { forEachWholeLine } from '../whole-lines.ts';

const FORMAT = 'bsd-netstat-statistics';

/**
 * Names of the counters that say something of ports, by what they count; the plural, as the tool prints it for most
 * values (tcp_stats() of netstat/inet.c, the same words in macOS and the BSDs).
 */
export const BSD_TCP_COUNTERS = {
  activeOpens: 'connection requests',
  passiveOpens: 'connection accepts',
  established: 'connections established',
  closed: 'connections closed',
  /** Connections that never came about: refused, timed out, reset while opening. */
  failedOpens: 'embryonic connections dropped',
  badOpens: 'bad connection attempts',
  listenOverflows: 'listen queue overflows',
  retransmitTimeouts: 'retransmit timeouts',
  retransmittedPackets: 'data packets retransmitted',
  droppedByTimeout: 'connections dropped by rexmit timeout',
} as const;

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.values(BSD_TCP_COUNTERS).map((name) => [singular(name), name]),
);
/** A counter's words are a short phrase. */
const MAX_NAME_CHARACTERS = 120;

/**
 * A counter fact for each number: group is the section ("tcp"), name the words without numbers and in one form whether
 * there is one or many. A second number in parentheses is a counter of its own: "connections closed: including drop".
 */
export function parseBsdNetstatStatistics(
  text: string,
  take: (socket: SocketReading) => void,
): OutputReading {
  const reading = new ReadingBuilder(FORMAT, null, take);
  let section = 'tcp';
  forEachWholeLine(text, reading, (line, number) => {
    if (line.trim() === '') return;
    const title = /^\s*([A-Za-z][\w ()/-]{0,60}):$/.exec(line)?.[1];
    if (title !== undefined) {
      section = line.startsWith(title)
        ? title.toLowerCase()
        : `${section.split(' ', 1)[0] ?? section} ${title}`;
      return;
    }
    const counter = /^\s*(\d{1,20})\s+(\S.*)$/.exec(line);
    if (counter === null) return reading.problem(number, line, 'no number at its beginning');
    const words = counter[2] ?? '';
    const value = Number(counter[1]);
    if (words.length > MAX_NAME_CHARACTERS || !Number.isSafeInteger(value)) {
      return reading.problem(number, line, 'neither a title nor a counter');
    }
    const { name, inner } = splitWords(words);
    reading.fact({ kind: 'counter', line: number, group: section, name, value });
    for (const part of inner) {
      reading.fact({
        kind: 'counter',
        line: number,
        group: section,
        name: `${name}: ${part.name}`,
        value: part.value,
      });
    }
  });
  return reading.done();
}

export const bsdNetstatStatisticsFormat: OutputFormat = {
  id: FORMAT,
  title: 'netstat -s of macOS or BSD',
  system: null,
  recognises(head) {
    if (!/^\s*tcp:\s*$/m.test(head)) return 0;
    return /^\t+\d+ (?:packets? sent|connection requests?|connection accepts?)$/m.test(head) ? 0.95 : 0;
  },
  parse: parseBsdNetstatStatistics,
};

interface Counter {
  name: string;
  value: number;
}

/** "data packets (120 bytes) retransmitted" → "data packets retransmitted", and 120 of "byte". */
function splitWords(words: string): { name: string; inner: Counter[] } {
  const inner: Counter[] = [];
  const bare = words.replace(/\(([^()]{0,100})\)/g, (_whole, inside: string) => {
    const number = /\d{1,15}/.exec(inside);
    // "(including accepts)" only explains.
    if (number !== null)
      inner.push({ name: singular(inside.replace(number[0], ' ')), value: Number(number[0]) });
    return ' ';
  });
  const name = singular(bare);
  return { name: NAMES.get(name) ?? name, inner };
}

/** Each word without the "s" of many; "ies" becomes "y". Not English, but the same for one and for many. */
function singular(text: string): string {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      // Entries and retries, but cookies.
      if (word.length > 4 && /[^k]ies$/.test(word)) return `${word.slice(0, -3)}y`;
      return word.length > 3 && /[^suiS]s$/.test(word) ? word.slice(0, -1) : word;
    })
    .join(' ');
}
