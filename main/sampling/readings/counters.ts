/** The kernel's counters out of what tools print of them. */
import type { StackCounters } from '../../core/model.ts';
import type { Fact } from '../../core/readings.ts';

/** Where each counter stands on Linux: group and name of a counter fact. */
const LINUX: Partial<Record<keyof StackCounters, readonly [group: string, name: string]>> = {
  activeOpens: ['Tcp', 'ActiveOpens'],
  passiveOpens: ['Tcp', 'PassiveOpens'],
  attemptFails: ['Tcp', 'AttemptFails'],
  establishedResets: ['Tcp', 'EstabResets'],
  retransmittedSegments: ['Tcp', 'RetransSegs'],
  timeWaitEntered: ['TcpExt', 'TW'],
  timeWaitRecycled: ['TcpExt', 'TWRecycled'],
  timeWaitOverflow: ['TcpExt', 'TCPTimeWaitOverflow'],
  listenOverflows: ['TcpExt', 'ListenOverflows'],
  listenDrops: ['TcpExt', 'ListenDrops'],
  socketStatTimeWait: ['sockstat TCP', 'tw'],
  socketStatInUse: ['sockstat TCP', 'inuse'],
  socketStatInUse6: ['sockstat TCP6', 'inuse'],
  orphans: ['sockstat TCP', 'orphan'],
  fileHandlesUsed: ['file-nr', 'allocated'],
  fileHandlesMax: ['file-nr', 'max'],
};
/** Counters that Linux keeps as settings. */
const LINUX_SETTINGS: Partial<Record<keyof StackCounters, string>> = {
  conntrackCount: 'net.netfilter.nf_conntrack_count',
  conntrackMax: 'net.netfilter.nf_conntrack_max',
  fileHandlesMax: 'fs.file-max',
};
/** `netstat -s` of macOS and the BSDs: the words after the number, singular (usr.bin/netstat/inet.c, tcp_stats). */
const BSD_WORDS: Partial<Record<keyof StackCounters, RegExp>> = {
  activeOpens: /^connection requests?$/,
  passiveOpens: /^connection accepts?$/,
  retransmittedSegments: /^data packets? \([^)]*\) retransmitted$|^data packets? retransmitted$/,
  listenOverflows: /^listen queue overflows?$/,
};

export const NO_COUNTERS: Readonly<StackCounters> = {
  activeOpens: null,
  passiveOpens: null,
  attemptFails: null,
  establishedResets: null,
  retransmittedSegments: null,
  timeWaitEntered: null,
  timeWaitRecycled: null,
  timeWaitOverflow: null,
  listenOverflows: null,
  listenDrops: null,
  socketStatTimeWait: null,
  socketStatInUse: null,
  socketStatInUse6: null,
  orphans: null,
  conntrackCount: null,
  conntrackMax: null,
  fileHandlesUsed: null,
  fileHandlesMax: null,
};

/** The counters that the facts tell; null for the others. Of several readings of one counter the last counts. */
export function countersFrom(facts: readonly Fact[]): StackCounters {
  const counters: StackCounters = { ...NO_COUNTERS };
  const byPlace = new Map<string, keyof StackCounters>();
  for (const key of keysOf(LINUX)) byPlace.set((LINUX[key] ?? []).join('\n'), key);
  for (const fact of facts) {
    if (fact.kind === 'counter') {
      const key = byPlace.get(`${fact.group}\n${fact.name}`) ?? keyOfWords(fact.name);
      if (key !== null && fact.value >= 0) counters[key] = fact.value;
    } else if (fact.kind === 'setting') {
      const key = keysOf(LINUX_SETTINGS).find((candidate) => LINUX_SETTINGS[candidate] === fact.name);
      const value = /^\d{1,20}$/.test(fact.value) ? Number(fact.value) : null;
      if (key !== undefined && value !== null) counters[key] ??= value;
    }
  }
  return counters;
}

function keyOfWords(name: string): keyof StackCounters | null {
  return keysOf(BSD_WORDS).find((key) => BSD_WORDS[key]?.test(name)) ?? null;
}

function keysOf<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}
