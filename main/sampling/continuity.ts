/**
 * What two dumps have in common. A socket keeps its cookie from its first sight to the end of its TIME_WAIT, so a row
 * whose cookie the last dump did not have is a connection opened since.
 */
import { OwnerConfidence, OwnerIndex } from '../core/model.ts';
import type { SocketTable } from './socket-table.ts';

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
 */
export function linkDumps(previous: SocketTable, current: SocketTable): Continuity {
  const slots = indexByCookie(previous);
  const mask = slots.length - 1;
  const isNew = new Uint8Array(current.length);
  let newCount = 0;
  for (let row = 0; row < current.length; row++) {
    const low = current.cookieLow[row] ?? 0;
    const high = current.cookieHigh[row] ?? 0;
    let slot = hashCookie(low, high) & mask;
    let found = -1;
    for (;;) {
      const candidate = slots[slot] ?? -1;
      if (candidate < 0) break;
      if (previous.cookieLow[candidate] === low && previous.cookieHigh[candidate] === high) {
        found = candidate;
        break;
      }
      slot = (slot + 1) & mask;
    }
    if (found < 0) {
      isNew[row] = 1;
      newCount++;
      current.firstSeenMs[row] = current.takenMonotonicMs;
    } else {
      current.firstSeenMs[row] = previous.firstSeenMs[found] ?? 0;
      carryOwner(previous, found, current, row);
    }
  }
  return { isNew, newCount };
}

function carryOwner(previous: SocketTable, from: number, current: SocketTable, row: number): void {
  if (current.inode[row] !== 0) return;
  const owner = previous.owner[from] ?? OwnerIndex.unknown;
  if (owner === OwnerIndex.unknown) return;
  if (previous.ownerConfidence[from] === OwnerConfidence.inferred) return;
  current.owner[row] = owner;
  current.ownerConfidence[row] = previous.ownerConfidence[from] ?? OwnerConfidence.unknown;
}

function indexByCookie(table: SocketTable): Int32Array {
  let size = 1024;
  while (size < table.length * 2) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  const mask = size - 1;
  for (let row = 0; row < table.length; row++) {
    let slot = hashCookie(table.cookieLow[row] ?? 0, table.cookieHigh[row] ?? 0) & mask;
    while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    slots[slot] = row;
  }
  return slots;
}

function hashCookie(low: number, high: number): number {
  const hash = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
