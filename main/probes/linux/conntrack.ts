/** Connection tracking: /proc/net/nf_conntrack, `conntrack -L`, `-C`, `-S` and /proc/net/stat/nf_conntrack. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { firstLines } from '../whole-lines.ts';
import { forEachFileLine, parseCounter, wordsOf } from './cat-file.ts';
import { parseTrackedFlow } from './conntrack-flow.ts';

const FLOWS = 'conntrack';
const COUNT = 'conntrack-count';
const STATISTICS = 'conntrack-statistics';
/** Group of the counter facts that hold for the whole table; those of one CPU are in "nf_conntrack cpu 0". */
const GROUP = 'nf_conntrack';
/** conntrack-tools say this on standard error, which is part of the output on a terminal. */
const NOTICE = /^conntrack v[\d.]+ \(conntrack-tools\): \d+ flow entries have been shown\.$/;
/** Number of tracked connections: the same in each CPU's line, so never added up (nf_conntrack_standalone.c, ct_cpu_seq_show). */
const TABLE_SIZE = 'entries';

/** A 'tracked-flow' fact for each connection, TCP or not. */
export function parseConntrack(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FLOWS, 'linux', take);
  forEachFileLine(text, reading, (line, number) => {
    if (NOTICE.test(line)) return reading.skip('notice');
    const flow = parseTrackedFlow(line);
    if ('why' in flow) reading.problem(number, line, flow.why);
    else reading.fact({ kind: 'tracked-flow', line: number, ...flow });
  });
  return reading.done();
}

/** One counter fact: group "nf_conntrack", name "entries". */
export function parseConntrackCount(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(COUNT, 'linux', take);
  forEachFileLine(text, reading, (line, number) => {
    const value = parseCounter(line.trim());
    if (value === null) return reading.problem(number, line, 'no number');
    reading.fact({ kind: 'counter', line: number, group: GROUP, name: TABLE_SIZE, value });
  });
  return reading.done();
}

/**
 * Counters by CPU (group "nf_conntrack cpu 0") and their sums (group "nf_conntrack", on the line of the first CPU), from
 * `conntrack -S` (decimal, "name=value") or the kernel's file (hexadecimal columns under a line of names).
 */
export function parseConntrackStatistics(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(STATISTICS, 'linux', take);
  const sums = new Map<string, number>();
  let names: string[] | null = null;
  let cpu = 0;
  let firstLine = 0;
  forEachFileLine(text, reading, (line, number) => {
    if (line.startsWith('entries ')) {
      names = wordsOf(line);
      return;
    }
    const counters = line.startsWith('cpu=') ? readPairs(line) : readHexRow(line, names);
    if (counters === null) return reading.problem(number, line, 'its counters do not match their names');
    firstLine ||= number;
    const group = `${GROUP} cpu ${counters.get('cpu') ?? cpu}`;
    cpu++;
    counters.delete('cpu');
    for (const [name, value] of counters) {
      reading.fact({ kind: 'counter', line: number, group, name, value });
      if (name === TABLE_SIZE) sums.set(name, sums.get(name) ?? value);
      else sums.set(name, (sums.get(name) ?? 0) + value);
    }
  });
  for (const [name, value] of sums) {
    reading.fact({ kind: 'counter', line: firstLine, group: GROUP, name, value });
  }
  return reading.done();
}

/** "cpu=0   	found=770 invalid=3856 …". */
function readPairs(line: string): Map<string, number> | null {
  const counters = new Map<string, number>();
  for (const word of wordsOf(line)) {
    const pair = /^([a-z][a-z_]{1,40})=(\d{1,20})$/.exec(word);
    if (pair === null) return null;
    counters.set(sanitiseText(pair[1] ?? ''), Number(pair[2]));
  }
  return counters.size > 1 ? counters : null;
}

function readHexRow(line: string, names: readonly string[] | null): Map<string, number> | null {
  const words = wordsOf(line);
  if (names === null || words.length !== names.length) return null;
  if (!words.every((word) => /^[0-9a-f]{8,16}$/i.test(word))) return null;
  return new Map(names.map((name, index) => [sanitiseText(name), Number.parseInt(words[index] ?? '', 16)]));
}

export const conntrackFormat: OutputFormat = {
  id: FLOWS,
  title: 'conntrack -L or /proc/net/nf_conntrack',
  system: 'linux',
  recognises(head) {
    // The head may end inside a line.
    const lines = firstLines(head.slice(0, head.lastIndexOf('\n') + 1), 40);
    const full = lines.filter((line) => !NOTICE.test(line));
    if (full.length === 0) return 0;
    return full.filter((line) => !('why' in parseTrackedFlow(line))).length / full.length;
  },
  parse: parseConntrack,
};

export const conntrackStatisticsFormat: OutputFormat = {
  id: STATISTICS,
  title: 'conntrack -S or /proc/net/stat/nf_conntrack',
  system: 'linux',
  recognises: (head) =>
    /^(?:cpu=\d+\s+(?:entries|found)=\d|entries +(?:searched|clashres) +found )/.test(head) ? 1 : 0,
  parse: parseConntrackStatistics,
};

/** Without the module there is no such file, and nothing is wrong. */
const MISSING_FILE_EXITS = [0, 1] as const;

const COMMON = { platform: 'linux', parameters: [], figures: ['conntrack'] } as const;

export const conntrackListProbe: Probe = {
  ...COMMON,
  id: 'linux.conntrack-list',
  group: 'path',
  title: 'Tracked TCP connections',
  tool: 'conntrack',
  argv: ['-L', '-p', 'tcp'],
  proves:
    'Which connections the firewall tracks, for how much longer, and which of them it translates (NAT).',
  needs: 'root (CAP_NET_ADMIN) and the module nf_conntrack',
  parse: parseConntrack,
};

export const procConntrackProbe: Probe = {
  ...COMMON,
  id: 'linux.proc-nf-conntrack',
  group: 'path',
  title: 'Tracked connections, from the kernel’s file',
  tool: 'cat',
  argv: ['/proc/net/nf_conntrack'],
  goodExits: MISSING_FILE_EXITS,
  proves: 'The same without conntrack-tools, all protocols.',
  needs: 'root and the module nf_conntrack',
  parse: parseConntrack,
};

export const conntrackCountProbe: Probe = {
  ...COMMON,
  id: 'linux.conntrack-count',
  group: 'counters',
  title: 'Number of tracked connections',
  tool: 'conntrack',
  argv: ['-C'],
  proves: 'How many connections the firewall tracks now.',
  needs: 'root (CAP_NET_ADMIN) and the module nf_conntrack',
  parse: parseConntrackCount,
  mayBeEmpty: false,
};

export const conntrackStatisticsProbe: Probe = {
  ...COMMON,
  id: 'linux.conntrack-statistics',
  group: 'counters',
  title: 'Losses of connection tracking',
  tool: 'conntrack',
  argv: ['-S'],
  proves:
    'Whether packets were dropped because the table of tracked connections was full (drop, insert_failed, early_drop).',
  needs: 'root (CAP_NET_ADMIN) and the module nf_conntrack',
  parse: parseConntrackStatistics,
};

export const procConntrackStatisticsProbe: Probe = {
  ...COMMON,
  id: 'linux.proc-stat-nf-conntrack',
  group: 'counters',
  title: 'Losses of connection tracking, from the kernel’s file',
  tool: 'cat',
  argv: ['/proc/net/stat/nf_conntrack'],
  goodExits: MISSING_FILE_EXITS,
  proves: 'The same without conntrack-tools; hexadecimal, a line for each CPU.',
  needs: 'the module nf_conntrack',
  parse: parseConntrackStatistics,
};
