import { describe, expect, it } from 'vitest';
import { OwnerConfidence, OwnerIndex } from '../../../../main/core/model.ts';
import { ProcOwnerFinder } from '../../../../main/sampling/linux/owners.ts';
import { SocketTable } from '../../../../main/sampling/socket-table.ts';
import { fakeProc, type FakeProcess } from '../../../support/fake-proc.ts';

function tableWith(inodes: number[], uid = 0): SocketTable {
  const table = new SocketTable();
  for (const inode of inodes) {
    const row = table.append();
    table.inode[row] = inode;
    table.uid[row] = uid;
  }
  return table;
}

/** A finder over `processes` whose clock moves by `linkMs` with each descriptor that is read. */
function finderOver(processes: Map<number, FakeProcess>, options: { linkMs?: number; ownUid?: number } = {}) {
  const { files, asked } = fakeProc(processes);
  const clock = { ms: 1000 };
  const slowFiles = {
    ...files,
    readLink(path: string) {
      clock.ms += options.linkMs ?? 0;
      return files.readLink(path);
    },
  };
  const finder = new ProcOwnerFinder({
    files: slowFiles,
    procRoot: '/proc',
    monotonicMs: () => clock.ms,
    ownUid: options.ownUid ?? 0,
  });
  return { finder, asked, clock, processes };
}

const sockets = (...inodes: number[]) => inodes.map((inode) => `socket:[${inode}]`);

/** Resolves a fresh table of `inodes` and names the owner of each. */
function resolve(finder: ProcOwnerFinder, inodes: number[], { budgetMs = 1000, uid = 0 } = {}) {
  const table = tableWith(inodes, uid);
  const facts = finder.resolve(table, budgetMs);
  const owners = inodes.map((_, row) => {
    const index = table.owner[row] ?? OwnerIndex.unknown;
    if (index === OwnerIndex.notPermitted) return 'not permitted';
    return index < 0 ? null : (finder.owner(index)?.process ?? 'forgotten');
  });
  return { facts, owners, table };
}

describe('ProcOwnerFinder', () => {
  it('finds the process of each socket', () => {
    const { finder } = finderOver(
      new Map([
        [
          10,
          {
            comm: 'web',
            cmdline: 'web\0-x\0',
            uid: 33,
            fds: ['/dev/null', 'pipe:[5]', ...sockets(101, 102)],
          },
        ],
        [20, { comm: 'db', fds: sockets(201) }],
      ]),
    );
    const { facts, owners, table } = resolve(finder, [101, 201, 0, 102]);
    expect(owners).toEqual(['web', 'db', null, 'web']);
    expect(facts).toMatchObject({ notPermitted: 0, unresolved: 0 });
    expect([table.ownerConfidence[0], table.ownerConfidence[2]]).toEqual([OwnerConfidence.observed, 0]);
    expect(finder.owner(table.owner[0] ?? -1)).toMatchObject({ pid: 10, commandLine: 'web -x', uid: 33 });
  });

  it('asks /proc nothing when every inode is known', () => {
    const { finder, asked } = finderOver(new Map([[10, { fds: sockets(1, 2, 3) }]]));
    resolve(finder, [1, 2, 3]);
    const before = { ...asked };
    resolve(finder, [1, 2, 3]);
    expect(asked).toEqual(before);
  });

  it('reads a process once however many sockets it has', () => {
    const inodes = Array.from({ length: 500 }, (_, i) => i + 1);
    const { finder, asked } = finderOver(new Map([[10, { fds: sockets(...inodes) }]]));
    resolve(finder, inodes);
    expect(asked).toMatchObject({ links: 500, reads: 3 });
  });

  it('stops at its budget and goes on where it stood', () => {
    const inodes = Array.from({ length: 1000 }, (_, i) => i + 1);
    const { finder, asked } = finderOver(new Map([[10, { fds: sockets(...inodes) }]]), { linkMs: 0.1 });
    const counts: number[] = [];
    for (let round = 0; round < 12 && asked.links < 1000; round++) {
      const before = asked.links;
      resolve(finder, inodes, { budgetMs: 10 });
      counts.push(asked.links - before);
    }
    expect(Math.max(...counts)).toBeLessThan(140);
    expect(asked.links).toBe(1000);
    expect(resolve(finder, inodes).facts.unresolved).toBe(0);
  });

  it('looks first at the process that had the most new sockets lately', () => {
    const quiet = Array.from({ length: 50 }, (_, i): [number, FakeProcess] => [
      i + 1,
      { fds: ['/dev/null'] },
    ]);
    const busy: FakeProcess = {
      comm: 'busy',
      fds: sockets(...Array.from({ length: 40 }, (_, i) => 1000 + i)),
    };
    const { finder, asked } = finderOver(new Map<number, FakeProcess>([...quiet, [900, busy]]));
    resolve(
      finder,
      Array.from({ length: 40 }, (_, i) => 1000 + i),
    );
    busy.fds = sockets(2000);
    const before = asked.lists;
    expect(resolve(finder, [2000]).owners).toEqual(['busy']);
    expect(asked.lists - before).toBeLessThan(5);
  });

  it('finds what a busy process opened since while a long walk for a lost socket goes on', () => {
    const idle = Array.from({ length: 60 }, (_, i): [number, FakeProcess] => [
      100 + i,
      { fds: Array.from({ length: 40 }, () => '/dev/null') },
    ]);
    const busy: FakeProcess = { comm: 'busy', fds: sockets(1, 2, 3) };
    const { finder } = finderOver(new Map<number, FakeProcess>([[10, busy], ...idle]), { linkMs: 0.1 });
    const rounds: (string | null | undefined)[] = [];
    for (let round = 0; round < 6; round++) {
      const opened = 10 * (round + 1);
      busy.fds = sockets(opened, opened + 1);
      rounds.push(resolve(finder, [999, opened, opened + 1], { budgetMs: 20 }).owners[1]);
    }
    expect(rounds).toEqual(Array.from({ length: 6 }, () => 'busy'));
  });

  it('does not walk through /proc each second for an inode that nobody holds', () => {
    const { finder, asked, clock } = finderOver(new Map([[10, { fds: [] }]]));
    expect(resolve(finder, [55])).toMatchObject({
      owners: [null],
      facts: { unresolved: 1, notPermitted: 0 },
    });
    const lists = asked.lists;
    clock.ms += 1000;
    resolve(finder, [55]);
    expect(asked.lists).toBe(lists);
    clock.ms += 1500;
    resolve(finder, [55]);
    expect(asked.lists).toBe(lists * 2);
  });

  it('finds a socket at a later try whose process was not there at the first', () => {
    const { finder, clock, processes } = finderOver(new Map([[10, { fds: [] }]]));
    resolve(finder, [55]);
    processes.set(11, { comm: 'late', fds: sockets(55) });
    clock.ms += 2500;
    expect(resolve(finder, [55]).owners).toEqual(['late']);
  });

  it('S3: says "not permitted" when some processes may not be looked into', () => {
    const { finder } = finderOver(
      new Map([
        [10, { comm: 'mine', fds: sockets(1) }],
        [20, { hidden: true, fds: sockets(2) }],
      ]),
    );
    expect(resolve(finder, [1, 2])).toMatchObject({
      owners: ['mine', 'not permitted'],
      facts: { notPermitted: 1, unresolved: 0 },
    });
  });

  it('S8: says "not permitted" for another user\'s socket when /proc hides other users (hidepid)', () => {
    const { finder } = finderOver(new Map([[10, { fds: [] }]]), { ownUid: 1000 });
    expect(resolve(finder, [7], { uid: 33 }).owners).toEqual(['not permitted']);
    expect(resolve(finder, [8], { uid: 1000 }).owners).toEqual([null]);
  });

  it('S3: a process that ends during the search is gone, not an accident', () => {
    const processes = new Map<number, FakeProcess>([[10, { fds: sockets(1) }]]);
    const { files } = fakeProc(processes);
    const vanishing = {
      ...files,
      readLink(path: string) {
        const link = files.readLink(path);
        processes.delete(10);
        return link;
      },
    };
    const finder = new ProcOwnerFinder({
      files: vanishing,
      procRoot: '/proc',
      monotonicMs: () => 0,
      ownUid: 0,
    });
    expect(resolve(finder, [1]).owners).toEqual([null]);
  });

  it('S3: tells a process from an earlier one with its pid', () => {
    const { finder, clock, processes } = finderOver(
      new Map([[10, { comm: 'old', startTicks: 5, fds: sockets(1) }]]),
    );
    const first = resolve(finder, [1]);
    processes.set(10, { comm: 'new', startTicks: 9, fds: sockets(2) });
    clock.ms += 6000;
    const second = resolve(finder, [2]);
    expect(second.owners).toEqual(['new']);
    expect(second.table.owner[0]).not.toBe(first.table.owner[0]);
  });

  it('remembers a process after its end', () => {
    const { finder, clock, processes } = finderOver(new Map([[10, { comm: 'curl', fds: sockets(1) }]]));
    const index = resolve(finder, [1]).table.owner[0] ?? -1;
    processes.delete(10);
    clock.ms += 60_000;
    resolve(finder, []);
    expect(finder.owner(index)?.process).toBe('curl');
  });

  it('looks for a new holder when the process ended and the socket did not', () => {
    const { finder, clock, processes } = finderOver(
      new Map([
        [10, { comm: 'parent', fds: sockets(1) }],
        [11, { comm: 'child', fds: sockets(1) }],
      ]),
    );
    expect(resolve(finder, [1]).owners).toEqual(['parent']);
    processes.delete(10);
    clock.ms += 6000;
    expect(resolve(finder, [1]).owners).toEqual(['child']);
  });

  it('notices that a process became another program', () => {
    const process: FakeProcess = { comm: 'sh', fds: sockets(1) };
    const { finder, clock } = finderOver(new Map([[10, process]]));
    resolve(finder, [1]);
    process.comm = 'server';
    clock.ms += 6000;
    expect(resolve(finder, [1]).owners).toEqual(['server']);
  });

  it('keeps its memory bounded while sockets and processes come and go', () => {
    const { finder, clock, processes } = finderOver(new Map());
    let firstIndex = -1;
    for (let round = 0; round < 100; round++) {
      processes.clear();
      const inodes: number[] = [];
      for (let n = 0; n < 100; n++) {
        const inode = round * 100 + n + 1;
        processes.set(inode, { fds: sockets(inode) });
        inodes.push(inode);
      }
      clock.ms += 10_000;
      const { table, facts } = resolve(finder, inodes);
      expect(facts.unresolved).toBe(0);
      if (round === 0) firstIndex = table.owner[0] ?? -1;
    }
    expect(finder.owner(firstIndex)).toBeNull();
    expect(finder.memory().inodes).toBeLessThan(5000);
    expect(finder.memory().processes).toBeLessThanOrEqual(8192);
  });

  it('S8: an unreadable /proc hides everybody', () => {
    const { files } = fakeProc(new Map());
    const denied = {
      ...files,
      list: (path: string) => ({
        ok: false as const,
        failure: { code: 'not-permitted' as const, what: path, needs: 'root' },
      }),
    };
    const finder = new ProcOwnerFinder({ files: denied, procRoot: '/proc', monotonicMs: () => 0, ownUid: 0 });
    expect(resolve(finder, [1]).owners).toEqual(['not permitted']);
  });
});
