/** `cat /proc/net/snmp`: the counters of RFC 4022 and its like. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { readPairedLines, sharePaired } from './paired-lines.ts';

const FORMAT = 'proc-snmp';

/** Counter facts in groups "Ip", "Icmp", "Tcp", "Udp"; names are the kernel's (net/ipv4/proc.c, snmp4_tcp_list). */
export function parseProcSnmp(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, 'linux', take);
  readPairedLines(text, reading);
  return reading.done();
}

export const procSnmpFormat: OutputFormat = {
  id: FORMAT,
  title: '/proc/net/snmp',
  system: 'linux',
  recognises: (head) => sharePaired(head, /^(?:Ip|Icmp|IcmpMsg|Tcp|Udp|UdpLite): /),
  parse: parseProcSnmp,
};

export const procSnmpProbe: Probe = {
  id: 'linux.proc-snmp',
  platform: 'linux',
  group: 'counters',
  title: 'TCP counters',
  tool: 'cat',
  argv: ['/proc/net/snmp'],
  parameters: [],
  proves:
    'How many connections this namespace opened (ActiveOpens) and accepted (PassiveOpens) since it began, and how many failed.',
  needs: null,
  figures: ['counters', 'new-connections'],
  parse: parseProcSnmp,
  mayBeEmpty: false,
};
