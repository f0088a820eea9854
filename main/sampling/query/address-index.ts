/**
 * Numbers for the distinct addresses of one side of a table, so that sorting, grouping and text search cost per address
 * and not per row.
 */
import { formatRowAddress, isLinkLocal } from '../../core/address.ts';
import type { SocketColumns } from '../../core/model.ts';
import { orderByKeys } from './radix.ts';

export type Side = 'local' | 'remote';

export interface AddressIndex {
  /** Distinct addresses. */
  count: number;
  /** Number of each row's address, in the order of addresses: IPv4 first, then by value. */
  rankOfRow: Uint32Array;
  /** A row that has the address of this rank. */
  rowOfRank: Uint32Array;
}

/** Indexes one side of all rows. */
export function indexAddresses(table: SocketColumns, side: Side): AddressIndex {
  const { idOfRow, rowOfId } = numberAddresses(table, side);
  const order = orderAddresses(table, side, rowOfId);
  const rankOfId = new Uint32Array(order.length);
  const rowOfRank = new Uint32Array(order.length);
  for (let rank = 0; rank < order.length; rank++) {
    const id = order[rank] ?? 0;
    rankOfId[id] = rank;
    rowOfRank[rank] = rowOfId[id] ?? 0;
  }
  const rankOfRow = idOfRow;
  for (let row = 0; row < rankOfRow.length; row++) rankOfRow[row] = rankOfId[idOfRow[row] ?? 0] ?? 0;
  return { count: order.length, rankOfRow, rowOfRank };
}

/** The text of the address with this rank. */
export function addressText(table: SocketColumns, side: Side, index: AddressIndex, rank: number): string {
  return formatRowAddress(table, index.rowOfRank[rank] ?? 0, side);
}

/** Open addressing over the address columns; ids in order of first appearance. */
function numberAddresses(table: SocketColumns, side: Side): { idOfRow: Uint32Array; rowOfId: Uint32Array } {
  const words = side === 'local' ? table.localAddress : table.remoteAddress;
  const { length, scopeId } = table;
  const idOfRow = new Uint32Array(length);
  let rowOfId = new Uint32Array(1024);
  let slots = new Int32Array(4096).fill(-1);
  let count = 0;
  for (let row = 0; row < length; row++) {
    const hash = hashAddress(words, scopeId, row);
    let slot = hash & (slots.length - 1);
    let id = slots[slot] ?? -1;
    while (id >= 0 && !sameAddress(words, scopeId, row, rowOfId[id] ?? 0)) {
      slot = (slot + 1) & (slots.length - 1);
      id = slots[slot] ?? -1;
    }
    if (id < 0) {
      id = count++;
      if (id === rowOfId.length) {
        rowOfId = doubled(rowOfId);
        slots = rehash(words, scopeId, rowOfId, id);
        slot = freeSlot(slots, hash);
      }
      rowOfId[id] = row;
      slots[slot] = id;
    }
    idOfRow[row] = id;
  }
  return { idOfRow, rowOfId: rowOfId.slice(0, count) };
}

function hashAddress(words: Uint32Array, scopeId: Uint32Array, row: number): number {
  const at = row * 4;
  let hash = (words[at + 3] ?? 0) ^ Math.imul(words[at + 2] ?? 0, 0x9e3779b1);
  hash ^=
    Math.imul(words[at + 1] ?? 0, 0x85ebca6b) ^
    Math.imul(words[at] ?? 0, 0xc2b2ae35) ^
    scopeAt(words, scopeId, row);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function sameAddress(words: Uint32Array, scopeId: Uint32Array, a: number, b: number): boolean {
  for (let word = 0; word < 4; word++) if (words[a * 4 + word] !== words[b * 4 + word]) return false;
  return scopeAt(words, scopeId, a) === scopeAt(words, scopeId, b);
}

/** Only link-local addresses have a scope; others carry the interface their socket is bound to (SO_BINDTODEVICE). */
function scopeAt(words: Uint32Array, scopeId: Uint32Array, row: number): number {
  return isLinkLocal(words[row * 4] ?? 0) ? (scopeId[row] ?? 0) : 0;
}

/** Slots for twice as many ids as before, filled with the first `count`. */
function rehash(
  words: Uint32Array,
  scopeId: Uint32Array,
  rowOfId: Uint32Array,
  count: number,
): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(rowOfId.length * 4).fill(-1);
  for (let id = 0; id < count; id++)
    slots[freeSlot(slots, hashAddress(words, scopeId, rowOfId[id] ?? 0))] = id;
  return slots;
}

function freeSlot(slots: Int32Array, hash: number): number {
  let slot = hash & (slots.length - 1);
  while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1);
  return slot;
}

function doubled(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(column.length * 2);
  larger.set(column);
  return larger;
}

/** Ids in the order of their addresses: stable passes from the least significant part to the family. */
function orderAddresses(table: SocketColumns, side: Side, rowOfId: Uint32Array): Uint32Array {
  const words = side === 'local' ? table.localAddress : table.remoteAddress;
  const parts: ((row: number) => number)[] = [
    (row) => scopeAt(words, table.scopeId, row),
    (row) => words[row * 4 + 3] ?? 0,
    (row) => words[row * 4 + 2] ?? 0,
    (row) => words[row * 4 + 1] ?? 0,
    (row) => words[row * 4] ?? 0,
    (row) => table.family[row] ?? 0,
  ];
  let order = Uint32Array.from(rowOfId, (_, id) => id);
  for (const part of parts) {
    const keys = Float64Array.from(order, (id) => part(rowOfId[id] ?? 0));
    const first = keys[0];
    if (keys.every((key) => key === first)) continue;
    const before = order;
    order = orderByKeys(keys, false).map((position) => before[position] ?? 0) as Uint32Array<ArrayBuffer>;
  }
  return order;
}
