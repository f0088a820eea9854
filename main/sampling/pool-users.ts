/**
 * Which processes close connections in a pool, from those connections that were seen open: what is known of the ones
 * that nobody saw. Only closings count. A program that keeps its connections is seen in every dump and still leaves
 * nothing in TIME_WAIT; what it holds open says little of who closed the rest.
 */
import { OwnerConfidence, OwnerIndex, TcpState } from '../core/model.ts';
import type { SocketTable } from './socket-table.ts';

/** A closing counts half after this long. */
const HALF_LIFE_MS = 60_000;
/** A weight below this no longer explains anything. */
const FORGET_BELOW = 0.05;
/** Share from which an owner is taken for the only one: at most one in a hundred is then told wrongly. */
const SOLE_SHARE = 0.99;
/** Closings seen with their process that it takes to speak for the rest; fewer in a pool of few connections. */
const CLOSINGS_NEEDED = 5;
const ROWS_PER_CLOSING = 20;
/** Of a user's closings, how many must have been seen with their process to speak for those that were not. */
const RESOLVED_NEEDED = { oneOwner: 0.05, severalOwners: 0.6 };
/** Closings that nobody saw, from which the open connections of a pool no longer speak for its closed ones. */
const UNSEEN_LIMIT = 3;
const LIKENESSES_KEPT = 128;
/** A kind of exchange is never told by fewer closings than a large pool: another program's may be of it as well. */
const ROWS_OF_A_KIND = CLOSINGS_NEEDED * ROWS_PER_CLOSING;
const CLOSING_STATES: readonly number[] = [
  TcpState.FIN_WAIT_1,
  TcpState.FIN_WAIT_2,
  TcpState.LAST_ACK,
  TcpState.CLOSING,
  TcpState.CLOSE,
];

/** A connection that closed since the last dump. */
export interface Closing {
  /** Null when its process was not found. */
  owner: number | null;
  /** The user of the socket; null when it was not seen open. */
  user: number | null;
  /** What kind of exchange it was (close-likeness.ts), 0 when not known. */
  likeness: number;
}

export interface UserShares {
  /** Part of the closings that each owner makes; together 1 at most, the rest is not known. */
  byOwner: ReadonlyMap<number, number>;
  /** The owner of practically all of them, or null. */
  sole: number | null;
}

/** Gives the index that an owner is counted under. */
export type GroupOf = (owner: number) => number;

const NOBODY: UserShares = { byOwner: new Map(), sole: null };

interface Weighed {
  weight: number;
  user: number | null;
}

/** Closings by owner, recent ones counting more. */
class Tally {
  private readonly owners = new Map<number, Weighed>();
  /** Seen open, process not found. */
  private readonly unresolved = new Map<number, number>();
  unseen = 0;

  get isEmpty(): boolean {
    return this.owners.size + this.unresolved.size === 0;
  }

  decay(factor: number): void {
    this.unseen *= factor;
    for (const [owner, entry] of this.owners) {
      entry.weight *= factor;
      if (entry.weight < FORGET_BELOW) this.owners.delete(owner);
    }
    for (const [user, weight] of this.unresolved) {
      if (weight * factor < FORGET_BELOW) this.unresolved.delete(user);
      else this.unresolved.set(user, weight * factor);
    }
  }

  add({ owner, user }: Closing): void {
    if (owner !== null) {
      const entry = this.owners.get(owner) ?? { weight: 0, user };
      entry.weight++;
      this.owners.set(owner, entry);
    } else if (user !== null) {
      this.unresolved.set(user, (this.unresolved.get(user) ?? 0) + 1);
    } else {
      this.unseen++;
    }
  }

  /** Shares of the closings, user by user: an owner speaks for what was not resolved of its own user's only. */
  shares(groupOf: GroupOf, rows: number): UserShares {
    const users = this.byUser(groupOf);
    let total = 0;
    for (const { resolved, unresolved } of users.values()) total += resolved + unresolved;
    if (total === 0) return NOBODY;
    const byOwner = new Map<number, number>();
    let top: { owner: number; weight: number } | null = null;
    for (const { groups, resolved, unresolved } of users.values()) {
      const largest = Math.max(0, ...groups.values());
      const isOne = largest >= resolved * SOLE_SHARE;
      const needed = isOne ? RESOLVED_NEEDED.oneOwner : RESOLVED_NEEDED.severalOwners;
      const told = resolved >= needed * (resolved + unresolved) ? resolved + unresolved : resolved;
      for (const [owner, weight] of groups) {
        byOwner.set(owner, (byOwner.get(owner) ?? 0) + ((weight / resolved) * told) / total);
        if (top === null || weight > top.weight) top = { owner, weight };
      }
    }
    const isEnough = top !== null && top.weight >= Math.min(CLOSINGS_NEEDED, rows / ROWS_PER_CLOSING) - 0.5;
    const isSole = top !== null && isEnough && (byOwner.get(top.owner) ?? 0) >= SOLE_SHARE;
    return { byOwner, sole: isSole && top !== null ? top.owner : null };
  }

  private byUser(groupOf: GroupOf) {
    const users = new Map<
      number | null,
      { groups: Map<number, number>; resolved: number; unresolved: number }
    >();
    const of = (user: number | null) => {
      const known = users.get(user) ?? { groups: new Map<number, number>(), resolved: 0, unresolved: 0 };
      users.set(user, known);
      return known;
    };
    for (const [owner, { weight, user }] of this.owners) {
      const entry = of(user);
      const group = groupOf(owner);
      entry.groups.set(group, (entry.groups.get(group) ?? 0) + weight);
      entry.resolved += weight;
    }
    for (const [user, weight] of this.unresolved) of(user).unresolved += weight;
    return users;
  }
}

/** Closings by what kind of exchange they were, recent ones counting more. */
export class LikenessTallies {
  /** The last used come last. */
  private readonly tallies = new Map<number, Tally>();
  private readonly limit: number;
  private updatedMs = 0;

  constructor(limit = LIKENESSES_KEPT) {
    this.limit = limit;
  }

  note(closings: readonly Closing[], nowMs: number): void {
    const factor = decayOver(nowMs - this.updatedMs);
    this.updatedMs = nowMs;
    for (const tally of this.tallies.values()) tally.decay(factor);
    for (const closing of closings) {
      const wasSeen = closing.owner !== null || closing.user !== null;
      if (closing.likeness !== 0 && wasSeen) this.tallyOf(closing.likeness).add(closing);
    }
    for (const [likeness, tally] of this.tallies) if (tally.isEmpty) this.tallies.delete(likeness);
  }

  /**
   * The kinds of exchange that only one owner makes. Where too few of a kind were seen here, `everywhere` may tell, if
   * that owner was seen here as well and no other.
   */
  soles(groupOf: GroupOf, everywhere: LikenessTallies): Map<number, number> {
    const soles = new Map<number, number>();
    for (const [likeness, tally] of this.tallies) {
      const here = tally.shares(groupOf, ROWS_OF_A_KIND);
      const [only] = here.byOwner.keys();
      const sole = here.sole ?? (here.byOwner.size === 1 ? everywhere.soleOf(likeness, groupOf) : null);
      if (sole !== null && sole === only) soles.set(likeness, sole);
    }
    return soles;
  }

  private soleOf(likeness: number, groupOf: GroupOf): number | null {
    return this.tallies.get(likeness)?.shares(groupOf, ROWS_OF_A_KIND).sole ?? null;
  }

  private tallyOf(likeness: number): Tally {
    const tally = this.tallies.get(likeness) ?? new Tally();
    this.tallies.delete(likeness);
    this.tallies.set(likeness, tally);
    const [eldest] = this.tallies.keys();
    if (this.tallies.size > this.limit && eldest !== undefined) this.tallies.delete(eldest);
    return tally;
  }
}

/** What was seen of one pool. */
export class PoolUsers {
  private readonly all = new Tally();
  private readonly likenesses = new LikenessTallies();
  private updatedMs = 0;

  note(closings: readonly Closing[], nowMs: number): void {
    this.all.decay(decayOver(nowMs - this.updatedMs));
    this.updatedMs = nowMs;
    for (const closing of closings) this.all.add(closing);
    this.likenesses.note(closings, nowMs);
  }

  /**
   * Gives rows in TIME_WAIT without an owner the one that is inferred: the pool's only one, else the only one that makes
   * exchanges of this kind, here or (`everywhere`) in all pools. Gives the shares of the pool's closings.
   */
  infer(
    { table, rows, groupOf }: { table: SocketTable; rows: Int32Array; groupOf: GroupOf },
    everywhere: LikenessTallies,
  ): UserShares {
    const shares = this.all.isEmpty
      ? this.fromOpen(table, rows, groupOf)
      : this.all.shares(groupOf, rows.length);
    const { sole } = shares;
    if (sole !== null) {
      writeInferred(table, rows, () => sole);
      return shares;
    }
    const soles = this.likenesses.soles(groupOf, everywhere);
    if (soles.size > 0) writeInferred(table, rows, (row) => soles.get(table.likeness[row] ?? 0));
    return shares;
  }

  /** Before any closing was seen: the one process that holds every open connection of the pool. */
  private fromOpen(table: SocketTable, rows: Int32Array, groupOf: GroupOf): UserShares {
    if (this.all.unseen >= UNSEEN_LIMIT) return NOBODY;
    let only: number | null = null;
    for (const row of rows) {
      const state = table.state[row] ?? 0;
      if (state === TcpState.TIME_WAIT) continue;
      const owner = table.owner[row] ?? OwnerIndex.unknown;
      // On its way to the end a connection may have lost its process already.
      if (owner < 0 && CLOSING_STATES.includes(state)) continue;
      if (owner < 0) return NOBODY;
      const group = groupOf(owner);
      if (only !== null && only !== group) return NOBODY;
      only = group;
    }
    return only === null ? NOBODY : { byOwner: new Map([[only, 1]]), sole: only };
  }
}

function decayOver(elapsedMs: number): number {
  return 0.5 ** (Math.max(0, elapsedMs) / HALF_LIFE_MS);
}

function writeInferred(
  table: SocketTable,
  rows: Int32Array,
  ownerOf: (row: number) => number | undefined,
): void {
  for (const row of rows) {
    if (table.state[row] !== TcpState.TIME_WAIT || table.owner[row] !== OwnerIndex.unknown) continue;
    const owner = ownerOf(row);
    if (owner === undefined) continue;
    table.owner[row] = owner;
    table.ownerConfidence[row] = OwnerConfidence.inferred;
  }
}
