/**
 * What two dumps have in common. A socket keeps its cookie from its first sight to the end of its TIME_WAIT, so a row
 * whose cookie the last dump did not have is a connection opened since.
 */
import { OwnerConfidence, OwnerIndex, TcpState } from '../core/model.ts';
import { NOT_CLOSED, type SocketTable } from './socket-table.ts';

export interface Continuity {
  /** 1 for a row that was not in the previous dump. */
  isNew: Uint8Array;
  newCount: number;
}

/** Every row new, none with a known beginning: what the first dump is. */
export function firstSight(current: SocketTable): Continuity {
  current.firstSeenMs.fill(0, 0, current.length);
  return { isNew: new Uint8Array(current.length), newCount: 0 };
}

/**
 * Marks the rows of `current` that `previous` did not have, and carries over when a socket was first seen and who was
 * seen to own it (the kernel forgets the owner at close).
 *
 * The kernel walks its hash table in the same order each time, so most rows are found by walking both dumps together;
 * only what is left over is looked up by hash.
 *
 * `byTuple` is for cookies made of the 4-tuple (giveTupleCookies): a connection that takes the 4-tuple of a closed one
 * has its cookie too, and is new when it is open where that was in TIME_WAIT.
 */
export function linkDumps(previous: SocketTable, current: SocketTable, byTuple = false): Continuity {
  const isNew = new Uint8Array(current.length);
  const isMatched = new Uint8Array(previous.length);
  const left: number[] = [];
  let newCount = 0;
  const markNew = (row: number) => {
    isNew[row] = 1;
    newCount++;
    current.firstSeenMs[row] = current.takenMonotonicMs;
  };
  let cursor = 0;
  for (let row = 0; row < current.length; row++) {
    const found = findAhead(previous, cursor, current, row);
    if (found < 0) {
      left.push(row);
      continue;
    }
    isMatched[found] = 1;
    cursor = found + 1;
    if (byTuple && isReopened(previous, found, current, row)) markNew(row);
    else carry(previous, found, current, row);
  }
  const lookUp = left.length > 0 ? indexByCookie(previous, isMatched) : null;
  for (const row of left) {
    const found = lookUp?.(current.cookieLow[row] ?? 0, current.cookieHigh[row] ?? 0) ?? -1;
    if (found < 0 || (byTuple && isReopened(previous, found, current, row))) markNew(row);
    else carry(previous, found, current, row);
  }
  return { isNew, newCount };
}

function isReopened(previous: SocketTable, from: number, current: SocketTable, row: number): boolean {
  return previous.state[from] === TcpState.TIME_WAIT && current.state[row] !== TcpState.TIME_WAIT;
}

/** Gives each row without a cookie one made of its 4-tuple (two FNV-1a hashes), the same in each dump. */
export function giveTupleCookies(table: SocketTable): void {
  for (let row = 0; row < table.length; row++) {
    if (table.cookieLow[row] !== 0 || table.cookieHigh[row] !== 0) continue;
    const ports = ((table.localPort[row] ?? 0) << 16) | (table.remotePort[row] ?? 0);
    let low = Math.imul(0x811c9dc5 ^ ports, 0x01000193);
    let high = Math.imul(0x9747b28c ^ ports, 0x85ebca6b);
    for (let at = row * 4; at < row * 4 + 4; at++) {
      low = Math.imul(low ^ (table.localAddress[at] ?? 0), 0x01000193);
      low = Math.imul(low ^ (table.remoteAddress[at] ?? 0), 0x01000193);
      high = Math.imul(high ^ (high >>> 13) ^ (table.remoteAddress[at] ?? 0), 0x85ebca6b);
      high = Math.imul(high ^ (high >>> 16) ^ (table.localAddress[at] ?? 0), 0xc2b2ae35);
    }
    table.cookieLow[row] = low;
    table.cookieHigh[row] = high;
  }
}

/** Rows that may have gone between two neighbours before the walk gives up. */
const LOOK_AHEAD = 12;

function findAhead(previous: SocketTable, from: number, current: SocketTable, row: number): number {
  const low = current.cookieLow[row] ?? 0;
  const high = current.cookieHigh[row] ?? 0;
  const end = Math.min(previous.length, from + LOOK_AHEAD);
  for (let candidate = from; candidate < end; candidate++) {
    if (previous.cookieLow[candidate] === low && previous.cookieHigh[candidate] === high) return candidate;
  }
  return -1;
}

function carry(previous: SocketTable, from: number, current: SocketTable, row: number): void {
  current.firstSeenMs[row] = previous.firstSeenMs[from] ?? 0;
  current.likeness[row] = previous.likeness[from] ?? 0;
  if (current.closedSinceMs !== null && previous.closedSinceMs !== null) {
    current.closedSinceMs[row] = previous.closedSinceMs[from] ?? NOT_CLOSED;
  }
  carryOwner(previous, from, current, row);
}

function carryOwner(previous: SocketTable, from: number, current: SocketTable, row: number): void {
  if (current.inode[row] !== 0 || current.owner[row] !== OwnerIndex.unknown) return;
  const owner = previous.owner[from] ?? OwnerIndex.unknown;
  if (owner === OwnerIndex.unknown) return;
  if (previous.ownerConfidence[from] === OwnerConfidence.inferred) return;
  current.owner[row] = owner;
  current.ownerConfidence[row] = previous.ownerConfidence[from] ?? OwnerConfidence.unknown;
}

/** Finds rows of `table` by cookie, among those not matched yet; -1 when there is none. */
function indexByCookie(table: SocketTable, isMatched: Uint8Array): (low: number, high: number) => number {
  let unmatched = 0;
  for (const matched of isMatched) if (matched === 0) unmatched++;
  let size = 64;
  while (size < unmatched * 2) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  const mask = size - 1;
  for (let row = 0; row < table.length; row++) {
    if (isMatched[row] === 1) continue;
    let slot = hashCookie(table.cookieLow[row] ?? 0, table.cookieHigh[row] ?? 0) & mask;
    while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    slots[slot] = row;
  }
  return (low, high) => {
    let slot = hashCookie(low, high) & mask;
    for (;;) {
      const candidate = slots[slot] ?? -1;
      if (candidate < 0) return -1;
      if (table.cookieLow[candidate] === low && table.cookieHigh[candidate] === high) return candidate;
      slot = (slot + 1) & mask;
    }
  };
}

function hashCookie(low: number, high: number): number {
  const hash = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
