import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnerConfidence } from '../../../main/core/model.ts';
import { beginClosedSince, stampClosed } from '../../../main/sampling/closed-since.ts';
import { firstSight, giveTupleCookies, linkDumps } from '../../../main/sampling/continuity.ts';
import { ObservedOwners } from '../../../main/sampling/owner-memory.ts';
import { CLOSED_BEFORE, NOT_CLOSED, SocketTable } from '../../../main/sampling/socket-table.ts';
import { tableOf, type CompactRow } from '../../support/tables.ts';

function dump(
  takenMonotonicMs: number,
  sockets: { cookie: number; inode?: number; owner?: number }[],
): SocketTable {
  const table = new SocketTable();
  table.takenMonotonicMs = takenMonotonicMs;
  for (const { cookie, inode = 0, owner = -1 } of sockets) {
    const row = table.append();
    table.cookieLow[row] = cookie;
    table.inode[row] = inode;
    table.owner[row] = owner;
    table.ownerConfidence[row] = owner >= 0 ? OwnerConfidence.observed : OwnerConfidence.unknown;
  }
  return table;
}

describe('two dumps linked by cookie', () => {
  it('tell new sockets from known ones and keep when each was first seen', () => {
    const first = dump(1000, [{ cookie: 1 }, { cookie: 2 }]);
    firstSight(first);
    const second = dump(2000, [{ cookie: 2 }, { cookie: 3 }]);
    const linked = linkDumps(first, second);
    expect([...linked.isNew]).toEqual([0, 1]);
    expect([second.firstSeenMs[0], second.firstSeenMs[1]]).toEqual([0, 2000]);
  });

  it('remember the process of a socket that has closed since (its inode is gone)', () => {
    const first = dump(1000, [{ cookie: 1, inode: 77, owner: 5 }]);
    const second = dump(2000, [{ cookie: 1 }]);
    linkDumps(first, second);
    expect([second.owner[0], second.ownerConfidence[0]]).toEqual([5, OwnerConfidence.observed]);
  });

  it('hold for 100,000 sockets with colliding cookies', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({ cookie: i * 4096 + 1 }));
    const linked = linkDumps(dump(1, many), dump(2, [...many].reverse()));
    expect(linked.newCount).toBe(0);
  });
});

describe('two dumps linked by 4-tuple', () => {
  const listing = (takenMonotonicMs: number, rows: readonly CompactRow[]) => {
    const table = tableOf(rows);
    table.takenMonotonicMs = takenMonotonicMs;
    giveTupleCookies(table);
    return table;
  };
  const row = (state: CompactRow['state'], port: number): CompactRow => ({
    state,
    local: `10.0.2.7:${port}`,
    remote: '10.0.3.12:443',
    timer: 'unknown',
  });

  it('know a connection again when it has closed, and call one new that took its 4-tuple since', () => {
    const first = listing(1000, [
      row('ESTABLISHED', 40001),
      row('TIME_WAIT', 40002),
      row('TIME_WAIT', 40003),
    ]);
    firstSight(first);
    const second = listing(2000, [
      row('TIME_WAIT', 40003),
      row('ESTABLISHED', 40002),
      row('TIME_WAIT', 40001),
    ]);
    const linked = linkDumps(first, second, true);
    expect([...linked.isNew]).toEqual([0, 1, 0]);
    expect(linked.newCount).toBe(1);
  });

  it('time closed connections from when they were first seen closed', () => {
    const first = listing(1000, [row('ESTABLISHED', 40001), row('TIME_WAIT', 40002)]);
    beginClosedSince(first);
    firstSight(first);
    expect([...stampClosed(first, true)]).toEqual([0, 0]);
    const second = listing(2000, [row('TIME_WAIT', 40002), row('TIME_WAIT', 40001), row('TIME_WAIT', 40003)]);
    beginClosedSince(second);
    linkDumps(first, second, true);
    expect([...stampClosed(second, false)]).toEqual([0, 1, 1]);
    const third = listing(3000, [
      row('TIME_WAIT', 40001),
      row('TIME_WAIT', 40002),
      row('ESTABLISHED', 40003),
    ]);
    beginClosedSince(third);
    linkDumps(second, third, true);
    expect([...stampClosed(third, false)]).toEqual([0, 0, 0]);
    expect([...(third.closedSinceMs ?? [])]).toEqual([2000, CLOSED_BEFORE, NOT_CLOSED]);
  });

  it('keep an owner that the listing tells, and the one that was seen where it tells none', () => {
    const first = listing(1000, [{ ...row('ESTABLISHED', 40001), owner: 3, confidence: 'observed' }]);
    firstSight(first);
    const closed = listing(2000, [row('TIME_WAIT', 40001)]);
    linkDumps(first, closed, true);
    expect([closed.owner[0], closed.ownerConfidence[0]]).toEqual([3, OwnerConfidence.observed]);
    const passedOn = listing(2000, [{ ...row('CLOSE_WAIT', 40001), owner: 5, confidence: 'observed' }]);
    linkDumps(first, passedOn, true);
    expect(passedOn.owner[0]).toBe(5);
  });

  it('have different cookies for different 4-tuples, and the same for the same', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({
      ...row('TIME_WAIT', 40000 + (i % 20_000)),
      remote: `10.0.${i % 7}.12:${443 + (i % 3)}`,
    }));
    const table = listing(1, many);
    const cookies = new Set(many.map((_, at) => `${table.cookieHigh[at] ?? 0}:${table.cookieLow[at] ?? 0}`));
    expect(cookies.size).toBe(20_000);
    expect(linkDumps(table, listing(2, [...many].reverse()), true).newCount).toBe(0);
  });
});

describe('the walk over two dumps', () => {
  it('finds what a plain look-up by cookie finds, in whatever order the rows come', () => {
    const cookies = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 200 });
    fc.assert(
      fc.property(cookies, cookies, (before, after) => {
        const linked = linkDumps(
          dump(
            1,
            before.map((cookie) => ({ cookie })),
          ),
          dump(
            2,
            after.map((cookie) => ({ cookie })),
          ),
        );
        expect([...linked.isNew]).toEqual(after.map((cookie) => (before.includes(cookie) ? 0 : 1)));
      }),
    );
  });
});

describe('owners remembered between dumps', () => {
  it('are recalled for sockets seen open in a glance, until two generations have passed', () => {
    const owners = new ObservedOwners();
    owners.note(dump(0, [{ cookie: 9, inode: 1, owner: 3 }]), 0);
    const closed = dump(100, [{ cookie: 9 }, { cookie: 10 }]);
    owners.recall(closed, Uint8Array.of(1, 1));
    expect([closed.owner[0], closed.owner[1]]).toEqual([3, -1]);
    owners.note(dump(0, []), 200_000);
    owners.note(dump(0, []), 400_000);
    const later = dump(400_000, [{ cookie: 9 }]);
    owners.recall(later, Uint8Array.of(1));
    expect(later.owner[0]).toBe(-1);
  });
});
