/**
 * Who owned what, after the kernel forgot. Two memories: each socket that was seen open in a process, by cookie, until
 * its TIME_WAIT must have ended; and for each pool which processes were seen to use it lately.
 */
import { OwnerConfidence, OwnerIndex } from '../core/model.ts';
import type { SocketTable } from './socket-table.ts';

/** Longer than any TIME_WAIT of interest, in milliseconds; a generation lasts this long, two are kept. */
const GENERATION_MS = 130_000;
const MAX_PER_GENERATION = 400_000;

/** Remembers the owner of every socket seen open. */
export class ObservedOwners {
  private young = new Map<number, number>();
  private old = new Map<number, number>();
  private turnedMs = -Infinity;

  /** Notes the rows that have a live owner. */
  note(table: SocketTable, nowMs: number): void {
    this.turn(nowMs);
    for (let row = 0; row < table.length; row++) {
      const owner = table.owner[row] ?? OwnerIndex.unknown;
      if (owner === OwnerIndex.unknown || table.inode[row] === 0) continue;
      this.young.set(cookieKey(table, row), owner);
    }
  }

  /** Gives new rows without an owner the one they were seen with; the others have theirs from the dump before. */
  recall(table: SocketTable, isNew: Uint8Array): void {
    if (this.young.size + this.old.size === 0) return;
    for (let row = 0; row < table.length; row++) {
      if (isNew[row] === 0) continue;
      if (table.inode[row] !== 0 || table.owner[row] !== OwnerIndex.unknown) continue;
      const key = cookieKey(table, row);
      const owner = this.young.get(key) ?? this.old.get(key);
      if (owner === undefined) continue;
      table.owner[row] = owner;
      table.ownerConfidence[row] = owner >= 0 ? OwnerConfidence.observed : OwnerConfidence.unknown;
    }
  }

  private turn(nowMs: number): void {
    if (nowMs - this.turnedMs < GENERATION_MS && this.young.size < MAX_PER_GENERATION) return;
    this.old = this.young;
    this.young = new Map();
    this.turnedMs = nowMs;
  }
}

/** Cookies count up from 1 for each CPU's batch, so high words stay small and the sum is exact below 2⁵³. */
function cookieKey(table: SocketTable, row: number): number {
  return (table.cookieHigh[row] ?? 0) * 2 ** 32 + (table.cookieLow[row] ?? 0);
}

/** A sighting counts half after this long. */
const HALF_LIFE_MS = 60_000;
/** A process seen this long ago, weight below this, no longer explains a pool. */
const FORGET_BELOW = 0.05;

/** Which processes were seen in a pool, recent sightings counting more. */
export class PoolUsers {
  private weights = new Map<number, number>();
  private updatedMs = 0;

  note(sightings: ReadonlyMap<number, number>, nowMs: number): void {
    const decay = 0.5 ** (Math.max(0, nowMs - this.updatedMs) / HALF_LIFE_MS);
    this.updatedMs = nowMs;
    for (const [owner, weight] of this.weights) {
      if (weight * decay < FORGET_BELOW) this.weights.delete(owner);
      else this.weights.set(owner, weight * decay);
    }
    for (const [owner, count] of sightings) this.weights.set(owner, (this.weights.get(owner) ?? 0) + count);
  }

  /** Shares of the processes seen, adding up to 1; empty when none was. */
  shares(): Map<number, number> {
    let total = 0;
    for (const weight of this.weights.values()) total += weight;
    return new Map([...this.weights].map(([owner, weight]) => [owner, weight / total]));
  }
}
