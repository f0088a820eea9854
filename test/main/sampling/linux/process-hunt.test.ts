import { describe, expect, it } from 'vitest';
import { OwnerIndex } from '../../../../main/core/model.ts';
import { ProcOwnerFinder } from '../../../../main/sampling/linux/owners.ts';
import { SocketTable } from '../../../../main/sampling/socket-table.ts';
import { fakeProc, type FakeProcess } from '../../../support/fake-proc.ts';

/** Seconds since boot at the beginning: a process whose startTicks are 100_000 starts then. */
const UPTIME_SECONDS = 1000;
const START_TICKS = UPTIME_SECONDS * 100;

const sockets = (...inodes: number[]) => inodes.map((inode) => `socket:[${inode}]`);
const IDLE: [number, FakeProcess][] = Array.from({ length: 30 }, (_, i) => [
  i + 1,
  { comm: 'idle', fds: ['/dev/null', '/dev/null'] },
]);

function begin(more: [number, FakeProcess][] = []) {
  const processes = new Map<number, FakeProcess>([...IDLE, ...more]);
  const { files, asked } = fakeProc(processes);
  const clock = { ms: 5000 };
  const finder = new ProcOwnerFinder({
    files,
    procRoot: '/proc',
    monotonicMs: () => clock.ms,
    ownUid: 0,
    uptimeSeconds: () => UPTIME_SECONDS + (clock.ms - 5000) / 1000,
  });
  const tableOf = (inodes: number[]) => {
    const table = new SocketTable();
    for (const inode of inodes) table.inode[table.append()] = inode;
    return table;
  };
  const nameOf = (index = OwnerIndex.unknown as number) =>
    index < 0 ? null : (finder.owner(index)?.process ?? null);
  /** A glance that shows these sockets: the processes found, after `between` the dump and the search. */
  const glance = (inodes: number[], between = () => {}) => {
    clock.ms += 50;
    finder.prepare(100);
    const table = tableOf(inodes);
    between();
    finder.glance(table, 100, () => true);
    return inodes.map((_, row) => nameOf(table.owner[row]));
  };
  const sample = (inodes: number[]) => finder.resolve(tableOf(inodes), 1000);
  return { processes, asked, clock, finder, glance, sample, tableOf };
}

const started = (comm: string, fds: string[], more: Partial<FakeProcess> = {}): FakeProcess => ({
  comm,
  fds,
  startTicks: START_TICKS,
  ...more,
});

describe('a glance at connections that close in a moment', () => {
  it('finds a process that was started since the last look', () => {
    const { processes, glance } = begin();
    glance([999]);
    processes.set(700, started('nc', ['/dev/null', ...sockets(41)]));
    expect(glance([41])).toEqual(['nc']);
  });

  it('finds the next socket of a process under the number of the last, without listing anything', () => {
    const { processes, asked, glance, sample } = begin([[50, { comm: 'web', fds: sockets(1) }]]);
    sample([1]);
    glance([1, 2]);
    processes.set(50, { comm: 'web', fds: sockets(3) });
    expect(glance([3])).toEqual(['web']);
    processes.set(50, { comm: 'web', fds: sockets(4) });
    const { lists } = asked;
    expect(glance([4])).toEqual(['web']);
    // A process that is not known to be busy may still be looked at, one or a few a glance.
    expect(asked.lists - lists).toBeLessThan(8);
  });

  it('knows a socket that was open before the dump and is closed after it', () => {
    const { processes, glance, sample } = begin([[50, { comm: 'web', fds: sockets(1) }]]);
    sample([1]);
    glance([1]);
    processes.set(50, { comm: 'web', fds: sockets(2) });
    glance([2]);
    processes.set(50, { comm: 'web', fds: sockets(3) });
    const close = () => void processes.set(50, { comm: 'web', fds: [] });
    expect(glance([3], close)).toEqual(['web']);
  });

  it('comes to suspect a process that opens sockets while others are not found', () => {
    const { processes, glance } = begin([[60, { comm: 'quick', fds: [] }]]);
    const seen: (string | null)[] = [];
    for (let at = 0; at < 60; at++) {
      const inode = 1000 + at;
      processes.set(60, { comm: 'quick', fds: ['/dev/null', `socket:[${inode}]`] });
      seen.push(...glance([inode], () => void processes.set(60, { comm: 'quick', fds: ['/dev/null'] })));
    }
    expect(seen[0]).toBeNull();
    expect(seen.slice(-10)).toEqual(Array(10).fill('quick'));
  });

  it('looks for nothing that the caller does not want', () => {
    const { finder, tableOf, asked } = begin([[50, { comm: 'web', fds: sockets(1) }]]);
    const { lists, links } = asked;
    finder.glance(tableOf([1]), 100, () => false);
    expect([asked.lists, asked.links]).toEqual([lists, links]);
  });
});

describe('processes that live for one connection', () => {
  function loop(count: number, { parent = 4711, comm = 'nc' } = {}) {
    const parts = begin([[4711, { comm: 'bash', fds: [] }]]);
    const indexes: number[] = [];
    parts.glance([999]);
    for (let at = 0; at < count; at++) {
      const startTicks = START_TICKS + Math.round((parts.clock.ms - 5000) / 10);
      parts.processes.set(800 + at, started(comm, sockets(100 + at), { parentPid: parent, startTicks }));
      parts.clock.ms += 20;
      const table = parts.tableOf([100 + at]);
      parts.finder.prepare(100);
      parts.finder.glance(table, 100, () => true);
      indexes.push(table.owner[0] ?? -1);
      parts.processes.delete(800 + at);
      parts.glance([999 + at]);
    }
    return { ...parts, indexes, groups: indexes.map((index) => parts.finder.groupOf(index)) };
  }

  it('are counted together, by their name and their parent, and keep their names', () => {
    const { finder, indexes, groups } = loop(5);
    expect(new Set(indexes).size).toBe(5);
    expect(new Set(groups).size).toBe(1);
    expect(finder.owner(groups[0] ?? -1)).toMatchObject({
      pid: null,
      process: 'nc',
      group: { parentPid: 4711, parentProcess: 'bash', processCount: 5 },
    });
    expect(finder.owner(indexes[0] ?? -1)).toMatchObject({ pid: 800, process: 'nc' });
  });

  it('are no group with a single one: a command typed by hand is itself', () => {
    const { indexes, groups } = loop(1);
    expect(groups).toEqual(indexes);
  });

  it('do not take in a process that lives on', () => {
    const { processes, finder, clock, glance, tableOf } = loop(4);
    processes.set(900, started('nc', sockets(500), { parentPid: 4711, startTicks: START_TICKS }));
    glance([500]);
    clock.ms += 60_000;
    const table = tableOf([500]);
    finder.resolve(table, 1000);
    const index = table.owner[0] ?? -1;
    expect(finder.owner(index)).toMatchObject({ pid: 900 });
    expect(finder.groupOf(index)).toBe(index);
  });

  it('say nothing of a parent that could not be read', () => {
    const { finder, groups } = loop(3, { parent: 4712 });
    expect(finder.owner(groups[0] ?? -1)?.group).toEqual({
      parentPid: 4712,
      parentProcess: null,
      processCount: 3,
    });
  });
});
