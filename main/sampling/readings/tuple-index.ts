/** Finds the row of a socket table that has the same 4-tuple, without an object or a string for a row. */
import type { SocketTable } from '../socket-table.ts';

const FIRST_SLOTS = 1024;
/** Rows of one 4-tuple that are told apart (many sockets may listen on one endpoint); more would make the search slow. */
const MAX_OF_A_TUPLE = 32;

export class TupleIndex {
  private readonly table: SocketTable;
  private slots = new Int32Array(FIRST_SLOTS).fill(-1);
  private count = 0;

  constructor(table: SocketTable) {
    this.table = table;
  }

  /** Remembers `row` and gives it, or gives an earlier row with the same 4-tuple that `isSame` accepts. */
  add(row: number, isSame: (candidate: number) => boolean): number {
    const mask = this.slots.length - 1;
    let slot = this.hashOf(row) & mask;
    let others = 0;
    for (;;) {
      const candidate = this.slots[slot] ?? -1;
      if (candidate < 0) break;
      if (this.hasSameTuple(candidate, row)) {
        if (isSame(candidate)) return candidate;
        if (++others === MAX_OF_A_TUPLE) return row;
      }
      slot = (slot + 1) & mask;
    }
    this.slots[slot] = row;
    if (++this.count * 2 > this.slots.length) this.grow();
    return row;
  }

  private grow(): void {
    const before = this.slots;
    this.slots = new Int32Array(before.length * 2).fill(-1);
    const mask = this.slots.length - 1;
    for (const row of before) {
      if (row < 0) continue;
      let slot = this.hashOf(row) & mask;
      while ((this.slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = row;
    }
  }

  private hasSameTuple(a: number, b: number): boolean {
    const { localPort, remotePort, localAddress, remoteAddress, scopeId } = this.table;
    if (localPort[a] !== localPort[b] || remotePort[a] !== remotePort[b]) return false;
    for (let word = 0; word < 4; word++) {
      if (localAddress[a * 4 + word] !== localAddress[b * 4 + word]) return false;
      if (remoteAddress[a * 4 + word] !== remoteAddress[b * 4 + word]) return false;
    }
    // One tool prints the scope as a number, another as a name that is not known here.
    return scopeId[a] === scopeId[b] || scopeId[a] === 0 || scopeId[b] === 0;
  }

  private hashOf(row: number): number {
    const { localPort, remotePort, localAddress, remoteAddress } = this.table;
    let hash = mix(localPort[row] ?? 0, remotePort[row] ?? 0);
    for (let word = 0; word < 4; word++) {
      hash = mix(hash, localAddress[row * 4 + word] ?? 0);
      hash = mix(hash, remoteAddress[row * 4 + word] ?? 0);
    }
    return hash ^ (hash >>> 15);
  }
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 16);
}
