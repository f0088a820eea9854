/** `ss -s`: how many sockets there are, by kind. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { forEachLine } from '../lines.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { commandOnLine } from '../shell-lines.ts';

const TOTAL = /^Total:\s*(\d{1,15})(?:\s+\(kernel (\d{1,15})\))?\s*$/;
const TCP = /^TCP:\s*(\d{1,15})\s*\(([^()]{0,300})\)(?:,\s*ports\s+(\d{1,15}))?\s*$/;
/** "estab 8" or, before iproute2 4.20, "timewait 173/0": the second was a count of the slab cache. */
const PART = /^([a-z]{1,20})\s+(\d{1,15})(?:\/(\d{1,15}))?$/;
const TABLE_HEADER = /^Transport\s+Total\s+IP\s+IPv6\s*$/;
const TABLE_ROW = /^(\*|[A-Z][A-Z0-9]{1,9})\s+(\d{1,15}|-)\s+(\d{1,15}|-)\s+(\d{1,15}|-)\s*$/;
const TABLE_COLUMNS = ['Total', 'IP', 'IPv6'] as const;

/**
 * Counters in groups "ss Total" (sockets, kernel), "ss TCP" (sockets, estab, closed, timewait, …, ports) and, of the
 * table, "ss table TCP" and so on (Total, IP, IPv6). A "-" is no value and gives none.
 */
export function parseSsSummary(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder('ss-summary', 'linux', take);
  forEachLine(text, (line, number, isOpen) => {
    if (line.trim() === '' || TABLE_HEADER.test(line)) return;
    if (isOpen && !/[\s)-]$/.test(line)) reading.cut();
    else if (!readLine(line, number, reading) && commandOnLine(line) === null) {
      reading.problem(number, line, 'not a line of ss -s');
    }
  });
  return reading.done();
}

function readLine(line: string, number: number, reading: ReadingBuilder): boolean {
  const put = (group: string, name: string, value: string | undefined) => {
    if (value === undefined || value === '-') return;
    reading.fact({ kind: 'counter', line: number, group, name, value: Number(value) });
  };
  const total = TOTAL.exec(line);
  if (total !== null) {
    put('ss Total', 'sockets', total[1]);
    put('ss Total', 'kernel', total[2]);
    return true;
  }
  const row = TABLE_ROW.exec(line);
  if (row !== null) {
    TABLE_COLUMNS.forEach((name, index) => put(`ss table ${row[1] ?? ''}`, name, row[index + 2]));
    return true;
  }
  const tcp = TCP.exec(line);
  const parts = tcp?.[2]?.split(/,\s*/).map((part) => PART.exec(part.trim()));
  if (tcp === null || parts === undefined || parts.includes(null)) return false;
  put('ss TCP', 'sockets', tcp[1]);
  for (const part of parts) {
    put('ss TCP', part?.[1] ?? '', part?.[2]);
    put('ss TCP', `${part?.[1] ?? ''} slab`, part?.[3]);
  }
  put('ss TCP', 'ports', tcp[3]);
  return true;
}

export const ssSummaryFormat: OutputFormat = {
  id: 'ss-summary',
  title: 'ss -s of Linux',
  system: 'linux',
  recognises: (head) => (/^Total:\s*\d+.*\nTCP:\s*\d+ \(estab /m.test(head) ? 1 : 0),
  parse: parseSsSummary,
};

export const ssSummaryProbe: Probe = {
  id: 'linux.ss-summary',
  platform: 'linux',
  group: 'counters',
  title: 'Sockets by kind',
  tool: 'ss',
  argv: ['-s'],
  parameters: [],
  proves:
    'How many TCP sockets this namespace has, open, closed, without a process and in TIME_WAIT, as the kernel counts them.',
  needs: null,
  figures: ['counters'],
  parse: parseSsSummary,
  mayBeEmpty: false,
};
