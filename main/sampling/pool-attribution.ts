/** Who holds each pool: what was seen of its closings is remembered, what was not seen is inferred from it. */
import { OwnerIndex, TcpState } from '../core/model.ts';
import type { ClosingRows } from './closing-rows.ts';
import type { ObservedOwners } from './owner-memory.ts';
import { LikenessTallies, PoolUsers, type Closing, type GroupOf, type UserShares } from './pool-users.ts';
import { RequestMeans } from './request-means.ts';
import type { SocketTable } from './socket-table.ts';

const POOLS_KEPT = 512;
const LIKENESSES_OF_ALL_POOLS = 1024;

interface PoolMemory {
  users: PoolUsers;
  requests: RequestMeans;
}

export interface AttributionInput {
  key: string;
  table: SocketTable;
  rows: Int32Array;
  closings: ClosingRows;
  observed: ObservedOwners;
  /** Requests of connections that closed lately, by row. */
  requestsOfRow: ReadonlyMap<number, number>;
}

/** A pool whose rows have their owners. */
export interface Attributed {
  shares: UserShares;
  /** Mean requests of a closed connection by owner; −1 for those whose owner is not known. */
  requestsByOwner: ReadonlyMap<number, number>;
  groupOf: GroupOf;
}

export class PoolAttribution {
  private readonly groupOf: GroupOf;
  /** In order of last use: the first are forgotten first. */
  private readonly pools = new Map<string, PoolMemory>();
  private readonly everywhere = new LikenessTallies(LIKENESSES_OF_ALL_POOLS);

  constructor(groupOf: GroupOf) {
    this.groupOf = groupOf;
  }

  /** Learns from the rows that closed since the last dump, and writes what is inferred for those without an owner. */
  attribute(input: AttributionInput): Attributed {
    const { table, rows } = input;
    const { users, requests } = this.memoryOf(input.key);
    const closings = closingsOf(input);
    users.note(closings, table.takenMonotonicMs);
    this.everywhere.note(closings, table.takenMonotonicMs);
    const groupOf = this.memoised();
    const shares = users.infer({ table, rows, groupOf }, this.everywhere);
    requests.note(requestsOf(input), table.takenMonotonicMs);
    return { shares, requestsByOwner: requests.byOwner(groupOf), groupOf };
  }

  private memoryOf(key: string): PoolMemory {
    const memory = this.pools.get(key) ?? { users: new PoolUsers(), requests: new RequestMeans() };
    const [eldest] = this.pools.keys();
    if (this.pools.size >= POOLS_KEPT && eldest !== undefined) this.pools.delete(eldest);
    this.pools.delete(key);
    this.pools.set(key, memory);
    return memory;
  }

  /** A pool of thousands of rows asks for few owners. */
  private memoised(): GroupOf {
    const groups = new Map<number, number>();
    return (owner) => {
      const known = groups.get(owner);
      if (known !== undefined) return known;
      const group = this.groupOf(owner);
      groups.set(owner, group);
      return group;
    };
  }
}

function closingsOf({ table, rows, closings, observed }: AttributionInput): Closing[] {
  const found: Closing[] = [];
  for (const row of rows) {
    if (table.state[row] !== TcpState.TIME_WAIT || !closings.isFresh(row)) continue;
    const owner = table.owner[row] ?? OwnerIndex.unknown;
    const likeness = table.likeness[row] ?? 0;
    if (owner >= 0) found.push({ owner, user: observed.userOf(owner), likeness });
    else found.push({ owner: null, user: observed.userSeen(table, row), likeness });
  }
  return found;
}

function* requestsOf({ table, rows, requestsOfRow }: AttributionInput) {
  if (requestsOfRow.size === 0) return;
  for (const row of rows) {
    const requests = requestsOfRow.get(row);
    if (requests !== undefined) yield { owner: Math.max(-1, table.owner[row] ?? -1), requests };
  }
}
