/**
 * Follows sockets that pile up in a state between samples: whose they are, how old, whether there are more each time.
 * TIME_WAIT and open connections are left to the pools; what is left is few on a healthy machine, and bounded here.
 */
import { formatEndpoint, formatRowAddress } from '../core/address.ts';
import type { StatePile } from '../core/findings/evidence.ts';
import { OwnerIndex, SocketTimer, TCP_STATE_NAMES, TcpState, type SocketOwner } from '../core/model.ts';
import type { SocketTable } from './socket-table.ts';

/** States that should not last, and BOUND. */
const FOLLOWED = new Uint8Array(TCP_STATE_NAMES.length);
for (const state of ['SYN_SENT', 'FIN_WAIT_2', 'CLOSE_WAIT', 'LAST_ACK', 'BOUND'] as const) {
  FOLLOWED[TcpState[state]] = 1;
}
/** Sockets whose age is followed; of more only the count is known. */
const MAX_FOLLOWED = 50_000;
/** Piles handed over of each state, largest first. */
const PILES = 16;
/** Growth is measured against the sample this long ago. */
const GROWTH_SECONDS = 30;
const TWO_MINUTES = 120;

interface Group {
  state: number;
  owner: number;
  destination: string | null;
  servicePort: number | null;
  sockets: number;
  orphans: number;
  ages: number[];
}

export class PileKeeper {
  /** When each followed socket was first seen in its state, by socket and state. */
  #since = new Map<string, number>();
  /** Counts of earlier samples, oldest first. */
  #past: { atMs: number; counts: Map<string, number> }[] = [];
  #startedMs: number | null = null;

  /** The piles of a sample; `ownerOf` names an index of the table's owner column. */
  update(table: SocketTable, ownerOf: (index: number) => SocketOwner | null): StatePile[] {
    const nowMs = table.takenMonotonicMs;
    this.#startedMs ??= nowMs;
    const groups = this.#group(table, nowMs);
    const counts = countsOf(groups);
    const past = this.#reference(nowMs);
    this.#past.push({ atMs: nowMs, counts });
    const watchedSeconds = (nowMs - this.#startedMs) / 1000;
    return largest(groups).map(([key, group]) =>
      describe(group, growthOf(key, counts, past, nowMs), watchedSeconds, ownerOf),
    );
  }

  #group(table: SocketTable, nowMs: number): Map<string, Group> {
    const groups = new Map<string, Group>();
    const since = new Map<string, number>();
    // Made when it is first asked for: a healthy machine has nothing to follow.
    let isService: Uint8Array | null = null;
    for (let row = 0; row < table.length; row++) {
      const state = table.state[row] ?? 0;
      if (FOLLOWED[state] !== 1) continue;
      isService ??= listenedPorts(table);
      const group = groupOf(groups, table, row, isService);
      group.sockets++;
      if (isOrphan(table, row, state)) group.orphans++;
      if (since.size >= MAX_FOLLOWED) continue;
      const socket = `${state} ${table.cookieHigh[row]} ${table.cookieLow[row]} ${table.localPort[row]} ${table.remotePort[row]}`;
      const firstMs = this.#since.get(socket) ?? nowMs;
      since.set(socket, firstMs);
      group.ages.push((nowMs - firstMs) / 1000);
    }
    this.#since = since;
    return groups;
  }

  /** The sample to compare with, about GROWTH_SECONDS ago, or the oldest there is. */
  #reference(nowMs: number): { atMs: number; counts: Map<string, number> } | null {
    while ((this.#past[1]?.atMs ?? nowMs) <= nowMs - GROWTH_SECONDS * 1000) this.#past.shift();
    return this.#past[0] ?? null;
  }
}

/** The largest piles of each state, largest first. */
function largest(groups: ReadonlyMap<string, Group>): [string, Group][] {
  const shown = new Uint32Array(TCP_STATE_NAMES.length);
  return [...groups]
    .sort(([, a], [, b]) => b.sockets - a.sockets)
    .filter(([, { state }]) => {
      shown[state] = (shown[state] ?? 0) + 1;
      return (shown[state] ?? 0) <= PILES;
    });
}

/** Sockets of each pile, and of each state under its number alone. */
function countsOf(groups: ReadonlyMap<string, Group>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [key, { state, sockets }] of groups) {
    counts.set(key, sockets);
    counts.set(`${state}`, (counts.get(`${state}`) ?? 0) + sockets);
  }
  return counts;
}

function listenedPorts(table: SocketTable): Uint8Array {
  const listened = new Uint8Array(65536);
  for (let row = 0; row < table.length; row++) {
    if (table.state[row] === TcpState.LISTEN) listened[table.localPort[row] ?? 0] = 1;
  }
  return listened;
}

/**
 * Attempts and half-closed connections belong together by destination, those of a service by its port (their
 * destinations are the ports of its clients, each another), the rest by process.
 */
function groupOf(groups: Map<string, Group>, table: SocketTable, row: number, isService: Uint8Array): Group {
  const state = table.state[row] ?? 0;
  const localPort = table.localPort[row] ?? 0;
  const servicePort = state === TcpState.FIN_WAIT_2 && isService[localPort] === 1 ? localPort : null;
  const byDestination =
    servicePort === null && (state === TcpState.SYN_SENT || state === TcpState.FIN_WAIT_2);
  const owner = table.owner[row] ?? OwnerIndex.unknown;
  const destination = byDestination
    ? formatEndpoint(formatRowAddress(table, row, 'remote'), table.remotePort[row] ?? 0)
    : null;
  const key = `${state} ${servicePort === null ? (destination ?? owner) : `port ${servicePort}`}`;
  let group = groups.get(key);
  if (!group) {
    group = { state, owner, destination, servicePort, sockets: 0, orphans: 0, ages: [] };
    groups.set(key, group);
  } else if (group.owner < 0 && owner >= 0) {
    group.owner = owner;
  }
  return group;
}

/**
 * FIN_WAIT_2 without a process is a small socket with the timer of TIME_WAIT (net/ipv4/tcp_minisocks.c). Where the
 * source tells no timers it tells no inodes either: their absence then says nothing.
 */
function isOrphan(table: SocketTable, row: number, state: number): boolean {
  if (state !== TcpState.FIN_WAIT_2 || table.timer[row] === SocketTimer.unknown) return false;
  return table.inode[row] === 0 || table.timer[row] === SocketTimer.timeWait;
}

/** No more than all of its state grew: a pile also grows when the owner of its sockets becomes known. */
function growthOf(
  key: string,
  counts: ReadonlyMap<string, number>,
  past: { atMs: number; counts: ReadonlyMap<string, number> } | null,
  nowMs: number,
): number | null {
  if (past === null || nowMs - past.atMs < 1000) return null;
  const added = (of: string) => (counts.get(of) ?? 0) - (past.counts.get(of) ?? 0);
  const [state = ''] = key.split(' ');
  return (Math.min(added(key), Math.max(0, added(state))) * 1000) / (nowMs - past.atMs);
}

function describe(
  group: Group,
  growthPerSecond: number | null,
  watchedSeconds: number,
  ownerOf: (index: number) => SocketOwner | null,
): StatePile {
  const owner = group.owner >= 0 ? ownerOf(group.owner) : null;
  const ages = group.ages.toSorted((a, b) => b - a);
  return {
    state: TCP_STATE_NAMES[group.state] ?? 'UNKNOWN',
    pid: owner?.pid ?? null,
    process: owner?.process ?? null,
    destination: group.destination,
    servicePort: group.servicePort,
    sockets: group.sockets,
    orphans: group.orphans,
    growthPerSecond,
    watchedSeconds,
    oldestSeconds: ages[0] ?? null,
    medianSeconds: ages[Math.floor((ages.length - 1) / 2)] ?? null,
    overTwoMinutes: ages.filter((seconds) => seconds >= TWO_MINUTES).length,
  };
}
