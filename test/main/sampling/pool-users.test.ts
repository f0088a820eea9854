import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnerConfidence } from '../../../main/core/model.ts';
import { LikenessTallies, PoolUsers, type Closing } from '../../../main/sampling/pool-users.ts';
import type { SocketTable } from '../../../main/sampling/socket-table.ts';
import { tableOf, type CompactRow } from '../../support/tables.ts';

const itself = (owner: number) => owner;

/** `count` closings of an owner, by default of one user. */
const closings = (count: number, owner: number | null, more: Partial<Closing> = {}): Closing[] =>
  Array.from({ length: count }, () => ({ owner, user: 1000, likeness: 0, ...more }));

/** A pool of `count` closed sockets without an owner, `likeness` each, and what more rows there are. */
function poolOf(count: number, more: CompactRow[] = [], likeness: (row: number) => number = () => 0) {
  const closed = Array.from({ length: count }, (_, i): CompactRow => ({
    state: 'TIME_WAIT',
    local: `10.0.2.7:${40000 + i}`,
    remote: '10.0.3.12:443',
    cookie: i + 1,
  }));
  const table = tableOf([...closed, ...more]);
  for (let row = 0; row < count; row++) table.likeness[row] = likeness(row);
  return { table, rows: Int32Array.from({ length: table.length }, (_, row) => row) };
}

function infer(users: PoolUsers, pool: { table: SocketTable; rows: Int32Array }, groupOf = itself) {
  const shares = users.infer({ ...pool, groupOf }, new LikenessTallies());
  const told = new Map<number, number>();
  for (const owner of pool.table.owner.subarray(0, pool.table.length))
    told.set(owner, (told.get(owner) ?? 0) + 1);
  return { shares: [...shares.byOwner], sole: shares.sole, told: [...told].sort(([a], [b]) => a - b) };
}

const noted = (...seen: Closing[][]) => {
  const users = new PoolUsers();
  users.note(seen.flat(), 0);
  return users;
};

describe('who closes the connections of a pool', () => {
  it('is one owner for all where only one was seen to close them, and that is inferred', () => {
    const pool = poolOf(400);
    expect(infer(noted(closings(6, 3)), pool)).toEqual({ shares: [[3, 1]], sole: 3, told: [[3, 400]] });
    expect(pool.table.ownerConfidence[0]).toBe(OwnerConfidence.inferred);
  });

  it('is not said for a large pool on the strength of four closings, but for a small one by one', () => {
    expect(infer(noted(closings(4, 3)), poolOf(400))).toMatchObject({ sole: null, told: [[-1, 400]] });
    expect(infer(noted(closings(1, 3)), poolOf(12))).toMatchObject({ sole: 3, told: [[3, 12]] });
  });

  it('is shared out, but no row is given to either of two', () => {
    expect(infer(noted(closings(30, 1), closings(10, 2)), poolOf(400))).toEqual({
      shares: [
        [1, 0.75],
        [2, 0.25],
      ],
      sole: null,
      told: [[-1, 400]],
    });
  });

  it('may be one owner though another was seen once in two hundred', () => {
    expect(infer(noted(closings(300, 1), closings(1, 2)), poolOf(400)).sole).toBe(1);
  });

  it('stays unknown for the connections of a user whose processes are never found', () => {
    const users = noted(closings(30, 1), closings(10, null, { user: 33 }));
    expect(infer(users, poolOf(400))).toEqual({ shares: [[1, 0.75]], sole: null, told: [[-1, 400]] });
  });

  it('speaks for the unresolved closings of the same user, unless nearly none was resolved', () => {
    expect(infer(noted(closings(10, 1), closings(90, null)), poolOf(400)).sole).toBe(1);
    expect(infer(noted(closings(10, 1), closings(900, null)), poolOf(400)).sole).toBeNull();
  });

  it('leaves what was not resolved unknown where several share: the shorter lived is found less often', () => {
    const users = noted(closings(20, 1), closings(10, 2), closings(70, null));
    expect(infer(users, poolOf(400)).shares).toEqual([
      [1, 0.2],
      [2, 0.1],
    ]);
  });

  it('counts short-lived processes as the group they belong to', () => {
    const users = noted(...[11, 12, 13, 14, 15, 16].map((owner) => closings(1, owner)));
    expect(infer(users, poolOf(400)).sole).toBeNull();
    expect(infer(users, poolOf(400), (owner) => (owner > 10 ? 9 : owner))).toMatchObject({
      sole: 9,
      told: [[9, 400]],
    });
  });

  it('is forgotten when nothing was seen for minutes', () => {
    const users = noted(closings(30, 1));
    users.note([], 20 * 60_000);
    expect(infer(users, poolOf(400)).shares).toEqual([]);
  });

  it('is told by the recent more than by what was', () => {
    const users = noted(closings(30, 1));
    users.note(closings(15, 2), 60_000);
    expect(infer(users, poolOf(400)).shares).toEqual([
      [1, 0.5],
      [2, 0.5],
    ]);
  });
});

describe('a pool of which no closing was seen', () => {
  const open = (owner: number, cookie: number): CompactRow => ({
    state: 'ESTABLISHED',
    local: `10.0.2.7:${50000 + cookie}`,
    remote: '10.0.3.12:443',
    inode: cookie,
    cookie,
    owner,
    confidence: owner >= 0 ? 'observed' : 'unknown',
  });

  it("is the process's that holds every open connection", () => {
    expect(infer(new PoolUsers(), poolOf(50, [open(4, 900), open(4, 901)])).told).toEqual([[4, 52]]);
  });

  it("is nobody's where one open connection is another's or unknown", () => {
    for (const other of [5, -1, -2]) {
      expect(infer(new PoolUsers(), poolOf(50, [open(4, 900), open(other, 901)])).sole).toBeNull();
    }
  });

  it("is nobody's once connections close that nobody saw: what stays open says nothing of them", () => {
    const users = noted(closings(5, null, { user: null }));
    expect(infer(users, poolOf(50, [open(4, 900)])).sole).toBeNull();
  });
});

describe('a pool that several programs share', () => {
  const mixed = () => poolOf(300, [], (row) => [501, 502, 503][row % 3] ?? 0);

  it('is told apart by the kind of exchange, where only one makes it', () => {
    const users = noted(closings(20, 1, { likeness: 501 }), closings(20, 2, { likeness: 502 }));
    const pool = mixed();
    expect(infer(users, pool).told).toEqual([
      [-1, 100],
      [1, 100],
      [2, 100],
    ]);
    expect(pool.table.ownerConfidence[0]).toBe(OwnerConfidence.inferred);
  });

  it('is not told apart by a kind that both make, nor by one that few were seen of', () => {
    const users = noted(
      closings(20, 1, { likeness: 501 }),
      closings(1, 2, { likeness: 501 }),
      closings(4, 1, { likeness: 502 }),
    );
    expect(infer(users, mixed()).told).toEqual([[-1, 300]]);
  });

  it("takes other pools' word for a kind, if its owner was seen here too and no other", () => {
    const everywhere = new LikenessTallies();
    everywhere.note(closings(20, 1, { likeness: 501 }), 0);
    const told = (users: PoolUsers) => {
      const pool = mixed();
      users.infer({ ...pool, groupOf: itself }, everywhere);
      return pool.table.owner[0];
    };
    const other = [...closings(9, 2, { likeness: 502 }), ...closings(9, 4)];
    expect(told(noted(other, closings(1, 1, { likeness: 501 })))).toBe(1);
    expect(told(noted(other))).toBe(-1);
    expect(told(noted(other, closings(1, 3, { likeness: 501 })))).toBe(-1);
  });

  it('never gives away a row that has an owner, and never more shares than there are', () => {
    const closing = fc.record({
      owner: fc.constantFrom(null, 1, 2, 3),
      user: fc.constantFrom(null, 0, 1000),
      likeness: fc.constantFrom(0, 501, 502),
    });
    fc.assert(
      fc.property(fc.array(closing), fc.array(fc.constantFrom(-2, -1, 7)), (seen, owners) => {
        const pool = poolOf(owners.length, [], (row) => [0, 501, 502][row % 3] ?? 0);
        owners.forEach((owner, row) => (pool.table.owner[row] = owner));
        const { byOwner } = noted(seen).infer({ ...pool, groupOf: itself }, new LikenessTallies());
        expect([...byOwner.values()].reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        owners.forEach((owner, row) => owner !== -1 && expect(pool.table.owner[row]).toBe(owner));
      }),
    );
  });
});
