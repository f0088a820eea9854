/** Who holds a pool: each owner's part, seen or inferred row by row, and what only the shares of its closings tell. */
import { OwnerConfidence, OwnerIndex, TcpState, type PoolOwner, type SocketOwner } from '../core/model.ts';
import type { Attributed } from './pool-attribution.ts';
import type { SocketTable } from './socket-table.ts';

const HOLDERS_SHOWN = 8;

/** A process's part of a pool. */
export interface HeldBy {
  /** Index in the owner registry; null where the owner is unknown. */
  index: number | null;
  owner: PoolOwner;
  timeWait: number;
  established: number;
  /** Mean requests of a closed connection; null when not known. */
  requestsPerConnection: number | null;
}

export interface HoldersInput {
  table: SocketTable;
  rows: Int32Array;
  attributed: Attributed;
  ownerOf(index: number): SocketOwner | null;
}

interface Part {
  sockets: number;
  observed: number;
  timeWait: number;
  established: number;
}

/** Every row of the pool belongs to exactly one part; the largest first, the unknown last. */
export function sharePool(input: HoldersInput): { holders: HeldBy[]; inferredByShare: number } {
  const { rows, attributed, ownerOf } = input;
  const { parts, unknown } = countParts(input);
  const inferredByShare = spreadByShares(attributed, parts, unknown);
  const total = Math.max(1, rows.length);
  const holderOf = (index: number | null, part: Part): HeldBy => {
    const owner = index === null ? null : ownerOf(index);
    const confidence =
      index === null ? 'unknown' : part.observed * 2 >= part.sockets ? 'observed' : 'inferred';
    return {
      index,
      owner: {
        pid: owner?.pid ?? null,
        process: owner?.process ?? null,
        sockets: part.sockets,
        share: part.sockets / total,
        confidence,
      },
      timeWait: part.timeWait,
      established: part.established,
      requestsPerConnection: attributed.requestsByOwner.get(index ?? -1) ?? null,
    };
  };
  const holders = [...parts].map(([index, part]) => holderOf(index, part));
  holders.sort((a, b) => b.owner.sockets - a.owner.sockets);
  if (unknown.sockets > 0) holders.push(holderOf(null, unknown));
  return { holders: holders.slice(0, HOLDERS_SHOWN), inferredByShare };
}

function countParts({ table, rows, attributed }: HoldersInput): { parts: Map<number, Part>; unknown: Part } {
  const parts = new Map<number, Part>();
  const unknown = nothing();
  for (const row of rows) {
    const owner = table.owner[row] ?? OwnerIndex.unknown;
    let part = unknown;
    if (owner >= 0) {
      const group = attributed.groupOf(owner);
      part = parts.get(group) ?? nothing();
      parts.set(group, part);
    }
    part.sockets++;
    if (table.ownerConfidence[row] === OwnerConfidence.observed) part.observed++;
    if (table.state[row] === TcpState.TIME_WAIT) part.timeWait++;
    else if (table.state[row] === TcpState.ESTABLISHED) part.established++;
  }
  return { parts, unknown };
}

/** Gives each owner its share of the TIME_WAIT sockets that no row says the owner of; how many those are. */
function spreadByShares({ shares }: Attributed, parts: Map<number, Part>, unknown: Part): number {
  const toSpread = unknown.timeWait;
  let left = toSpread;
  for (const [owner, share] of shares.byOwner) {
    const count = Math.min(left, Math.round(toSpread * share));
    if (count === 0) continue;
    const part = parts.get(owner) ?? nothing();
    parts.set(owner, part);
    part.sockets += count;
    part.timeWait += count;
    left -= count;
  }
  unknown.timeWait = left;
  unknown.sockets -= toSpread - left;
  return toSpread - left;
}

function nothing(): Part {
  return { sockets: 0, observed: 0, timeWait: 0, established: 0 };
}
