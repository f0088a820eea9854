/** Counters of the Linux network stack, by name: columns are added over time and differ between kernels. */
import type { StackCounters } from '../../core/model.ts';
import { readProcText } from './proc-file.ts';

/** Every counter that can be read now; each that cannot is null. `procRoot` is where /proc is mounted. */
export function readCounters(procRoot: string): StackCounters {
  const text = (path: string) => {
    const read = readProcText(`${procRoot}/${path}`);
    return read.ok ? read.value : '';
  };
  const tcp = parseHeaderPairs(text('net/snmp')).get('Tcp');
  const tcpExt = parseHeaderPairs(text('net/netstat')).get('TcpExt');
  const sockets = parseSockstat(text('net/sockstat')).get('TCP');
  const sockets6 = parseSockstat(text('net/sockstat6')).get('TCP6');
  const files = parseFileHandles(text('sys/fs/file-nr'));
  return {
    activeOpens: tcp?.get('ActiveOpens') ?? null,
    passiveOpens: tcp?.get('PassiveOpens') ?? null,
    attemptFails: tcp?.get('AttemptFails') ?? null,
    establishedResets: tcp?.get('EstabResets') ?? null,
    retransmittedSegments: tcp?.get('RetransSegs') ?? null,
    timeWaitEntered: tcpExt?.get('TW') ?? null,
    timeWaitRecycled: tcpExt?.get('TWRecycled') ?? null,
    timeWaitOverflow: tcpExt?.get('TCPTimeWaitOverflow') ?? null,
    listenOverflows: tcpExt?.get('ListenOverflows') ?? null,
    listenDrops: tcpExt?.get('ListenDrops') ?? null,
    socketStatTimeWait: sockets?.get('tw') ?? null,
    socketStatInUse: sockets?.get('inuse') ?? null,
    socketStatInUse6: sockets6?.get('inuse') ?? null,
    orphans: sockets?.get('orphan') ?? null,
    // Absent without the nf_conntrack module: nothing is tracked, and nothing is wrong.
    conntrackCount: parseCount(text('sys/net/netfilter/nf_conntrack_count')),
    conntrackMax: parseCount(text('sys/net/netfilter/nf_conntrack_max')),
    fileHandlesUsed: files?.used ?? null,
    fileHandlesMax: files?.max ?? null,
  };
}

/**
 * /proc/net/snmp and /proc/net/netstat: a line of names and a line of values, both starting with the section. A pair
 * that does not match in length gives the names that have a value.
 */
export function parseHeaderPairs(text: string): Map<string, Map<string, number>> {
  const sections = new Map<string, Map<string, number>>();
  let section = '';
  let names: string[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const fields = words(line.slice(colon + 1));
    if (section !== line.slice(0, colon)) {
      section = line.slice(0, colon);
      names = fields;
      continue;
    }
    const values = sections.get(section) ?? new Map<string, number>();
    names.forEach((name, index) => putCount(values, name, fields[index]));
    sections.set(section, values);
    section = '';
  }
  return sections;
}

/** /proc/net/sockstat and sockstat6: "TCP: inuse 11 orphan 0 tw 3 alloc 29 mem 221". */
export function parseSockstat(text: string): Map<string, Map<string, number>> {
  const sections = new Map<string, Map<string, number>>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const values = new Map<string, number>();
    const fields = words(line.slice(colon + 1));
    for (let i = 0; i + 1 < fields.length; i += 2) putCount(values, fields[i] ?? '', fields[i + 1]);
    sections.set(line.slice(0, colon), values);
  }
  return sections;
}

/** /proc/sys/fs/file-nr: allocated, free (always 0 since 2.6), maximum. */
export function parseFileHandles(text: string): { used: number; max: number } | null {
  const fields = words(text);
  const used = parseCount(fields[0] ?? '');
  const max = parseCount(fields[2] ?? '');
  return used === null || max === null ? null : { used, max };
}

/** A whole number that is alone on its line, or null. */
export function parseCount(text: string): number | null {
  const trimmed = text.trim();
  return /^-?\d{1,20}$/.test(trimmed) ? Number(trimmed) : null;
}

function putCount(values: Map<string, number>, name: string, text: string | undefined): void {
  const count = parseCount(text ?? '');
  if (count !== null) values.set(name, count);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
