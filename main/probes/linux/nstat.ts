/** `nstat`: the same counters as /proc/net/snmp and netstat, one a line. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { firstLines } from '../whole-lines.ts';
import { forEachFileLine, parseCounter } from './cat-file.ts';

const FORMAT = 'nstat';
/** Sections of the kernel's files, longest first: nstat writes section and name as one word. */
const SECTION =
  /^(IcmpMsg|MPTcpExt|UdpLite6|UdpLite|TcpExt|IpExt|Icmp6|Icmp|Sctp|Udp6|Ip6|Tcp|Udp|Ip|Tls|Xfrm)(?=[A-Z0-9])/;
const ROW = /^([A-Za-z]\w{1,79})\s+(-?\d{1,20})(?:\s+(-?\d{1,20}(?:\.\d{1,9})?))?\s*$/;

/** Counter facts by the kernel's own names: "TcpExtTW" is group "TcpExt", name "TW". The rate column is left out. */
export function parseNstat(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, 'linux', take);
  forEachFileLine(text, reading, (line, number) => {
    // "#kernel", or "#3221.1804289383 sampling_interval=60" with a daemon.
    if (line.startsWith('#')) return reading.skip('heading');
    const row = ROW.exec(line);
    const value = parseCounter(row?.[2] ?? '');
    if (row === null || value === null) return reading.problem(number, line, 'no name with a number');
    const word = row[1] ?? '';
    const section = SECTION.exec(word)?.[1];
    const group = section ?? FORMAT;
    const name = sanitiseText(word.slice(section?.length ?? 0));
    reading.fact({ kind: 'counter', line: number, group, name, value });
  });
  return reading.done();
}

export const nstatFormat: OutputFormat = {
  id: FORMAT,
  title: 'nstat',
  system: 'linux',
  recognises(head) {
    const lines = firstLines(head, 60);
    const rows = lines.filter((line) => ROW.test(line) && SECTION.test(line)).length;
    const headings = lines.filter((line) => line.startsWith('#')).length;
    return rows === 0 ? 0 : (rows + headings) / lines.length;
  },
  parse: parseNstat,
};

export const nstatProbe: Probe = {
  id: 'linux.nstat',
  platform: 'linux',
  group: 'counters',
  title: 'All counters, one a line',
  tool: 'nstat',
  // -a absolute values, -z zeros too; -s: it would else write a history file for the next call.
  argv: ['-asz'],
  parameters: [],
  proves: 'Every counter of the network stack by its kernel name, opens, TIME-WAIT and overflows among them.',
  needs: null,
  figures: ['counters'],
  parse: parseNstat,
  mayBeEmpty: false,
};
