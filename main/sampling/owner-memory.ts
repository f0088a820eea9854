/**
 * Who owned what, after the kernel forgot: each socket that was seen open, by cookie, until its TIME_WAIT must have
 * ended, with its process, or with its user where the process was not found in time.
 */
import { OwnerConfidence, OwnerIndex } from '../core/model.ts';
import type { SocketTable } from './socket-table.ts';

/** Longer than any TIME_WAIT of interest, in milliseconds; a generation lasts this long, two are kept. */
const GENERATION_MS = 130_000;
const MAX_PER_GENERATION = 400_000;

/** Remembers the owner of every socket seen open. */
export class ObservedOwners {
  /** By cookie: the index of an owner, or `codeOf` the user. */
  private young = new Map<number, number>();
  private old = new Map<number, number>();
  private turnedMs = -Infinity;
  private readonly userOfOwner = new Map<number, number>();

  /** Notes the rows that a process holds. */
  note(table: SocketTable, nowMs: number): void {
    this.turn(nowMs);
    for (let row = 0; row < table.length; row++) {
      if (table.inode[row] === 0) continue;
      const owner = table.owner[row] ?? OwnerIndex.unknown;
      const key = cookieKey(table, row);
      const uid = table.uid[row] ?? 0;
      if (owner >= 0) {
        this.young.set(key, owner);
        if (!this.userOfOwner.has(owner)) this.userOfOwner.set(owner, uid);
      } else if (!this.young.has(key)) {
        this.young.set(key, codeOf(uid));
      }
    }
  }

  /** Gives new rows without an owner the one they were seen with; the others have theirs from the dump before. */
  recall(table: SocketTable, isNew: Uint8Array): void {
    if (this.young.size + this.old.size === 0) return;
    for (let row = 0; row < table.length; row++) {
      if (isNew[row] === 0) continue;
      if (table.inode[row] !== 0 || table.owner[row] !== OwnerIndex.unknown) continue;
      const seen = this.find(table, row);
      if (seen === undefined || seen < 0) continue;
      table.owner[row] = seen;
      table.ownerConfidence[row] = OwnerConfidence.observed;
    }
  }

  /** The user of a row that was seen open without its process being found; null when it was not seen at all. */
  userSeen(table: SocketTable, row: number): number | null {
    const seen = this.find(table, row);
    if (seen === undefined) return null;
    return seen < 0 ? userOf(seen) : (this.userOfOwner.get(seen) ?? null);
  }

  /** The user of an owner's sockets, as the sockets say; null when none was seen open. */
  userOf(owner: number): number | null {
    return this.userOfOwner.get(owner) ?? null;
  }

  private find(table: SocketTable, row: number): number | undefined {
    const key = cookieKey(table, row);
    const young = this.young.get(key);
    return young !== undefined && young >= 0 ? young : (this.old.get(key) ?? young);
  }

  private turn(nowMs: number): void {
    if (nowMs - this.turnedMs < GENERATION_MS && this.young.size < MAX_PER_GENERATION) return;
    const kept = new Set([...this.old.values(), ...this.young.values()]);
    for (const owner of this.userOfOwner.keys()) if (!kept.has(owner)) this.userOfOwner.delete(owner);
    this.old = this.young;
    this.young = new Map();
    this.turnedMs = nowMs;
  }
}

/** A user as a number below those of owners: 0 is −1, 1 is −2 … */
function codeOf(uid: number): number {
  return -1 - uid;
}

function userOf(code: number): number {
  return -1 - code;
}

/** Cookies count up from 1 for each CPU's batch, so high words stay small and the sum is exact below 2⁵³. */
function cookieKey(table: SocketTable, row: number): number {
  return (table.cookieHigh[row] ?? 0) * 2 ** 32 + (table.cookieLow[row] ?? 0);
}
