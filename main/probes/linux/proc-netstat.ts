/** `cat /proc/net/netstat`: the Linux counters beyond those of the RFCs. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { readPairedLines, sharePaired } from './paired-lines.ts';

const FORMAT = 'proc-netstat';

/** Counter facts in groups "TcpExt", "IpExt", "MPTcpExt"; names are the kernel's (net/ipv4/proc.c, snmp4_net_list). */
export function parseProcNetstat(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, 'linux', take);
  readPairedLines(text, reading);
  return reading.done();
}

export const procNetstatFormat: OutputFormat = {
  id: FORMAT,
  title: '/proc/net/netstat',
  system: 'linux',
  recognises: (head) => sharePaired(head, /^(?:TcpExt|IpExt|MPTcpExt): /),
  parse: parseProcNetstat,
};

export const procNetstatProbe: Probe = {
  id: 'linux.proc-netstat',
  platform: 'linux',
  group: 'counters',
  title: 'Extended TCP counters',
  tool: 'cat',
  argv: ['/proc/net/netstat'],
  parameters: [],
  proves:
    'How many sockets entered TIME-WAIT (TW), were reused from it (TWRecycled) or skipped it (TCPTimeWaitOverflow), and whether accept queues overflowed.',
  needs: null,
  figures: ['counters', 'reuse', 'listeners'],
  parse: parseProcNetstat,
  mayBeEmpty: false,
};
