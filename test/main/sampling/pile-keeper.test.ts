import { describe, expect, it } from 'vitest';
import { PileKeeper } from '../../../main/sampling/pile-keeper.ts';
import { ownerOf, tableOf, type CompactRow } from '../../support/tables.ts';

const node = ownerOf({ pid: 2210, process: 'node' });
const owners = (index: number) => (index === 0 ? node : null);

const closeWait = (cookie: number, owner = 0): CompactRow => ({
  state: 'CLOSE_WAIT',
  local: `192.0.2.1:${40000 + cookie}`,
  remote: '198.51.100.7:443',
  inode: 900 + cookie,
  owner,
  cookie,
});

/** What is found after samples taken at these seconds. */
function pilesAfter(samples: readonly (readonly [second: number, rows: CompactRow[]])[]) {
  const keeper = new PileKeeper();
  let piles: ReturnType<PileKeeper['update']> = [];
  for (const [second, rows] of samples) {
    const table = tableOf(rows);
    table.takenMonotonicMs = second * 1000;
    piles = keeper.update(table, owners);
  }
  return piles;
}

describe('piles of sockets in a state', () => {
  it('belong to the process that holds them, and age from their first sight', () => {
    const rows = [closeWait(1), closeWait(2), closeWait(3)];
    expect(
      pilesAfter([
        [0, rows.slice(0, 1)],
        [70, rows.slice(0, 2)],
        [130, rows],
      ]),
    ).toMatchObject([
      {
        state: 'CLOSE_WAIT',
        pid: 2210,
        process: 'node',
        destination: null,
        sockets: 3,
        oldestSeconds: 130,
        medianSeconds: 60,
        overTwoMinutes: 1,
        watchedSeconds: 130,
      },
    ]);
  });

  it('grow by what was added since half a minute ago, and know no growth at the first sample', () => {
    expect(pilesAfter([[0, [closeWait(1)]]])[0]?.growthPerSecond).toBeNull();
    const many = Array.from({ length: 31 }, (_, index) => closeWait(index));
    expect(
      pilesAfter([
        [0, [closeWait(0)]],
        [30, many],
      ])[0]?.growthPerSecond,
    ).toBe(1);
  });

  it('are told apart by destination where attempts wait', () => {
    const synSent = (remote: string, cookie: number): CompactRow => ({
      state: 'SYN_SENT',
      local: `192.0.2.1:${40000 + cookie}`,
      remote,
      cookie,
    });
    const piles = pilesAfter([
      [0, [synSent('198.51.100.7:443', 1), synSent('198.51.100.7:443', 2), synSent('198.51.100.8:443', 3)]],
    ]);
    expect(piles.map(({ destination, sockets }) => `${destination} ${sockets}`)).toEqual([
      '198.51.100.7:443 2',
      '198.51.100.8:443 1',
    ]);
  });

  it('count orphans of FIN_WAIT_2, which have no inode', () => {
    const rows: CompactRow[] = [
      {
        state: 'FIN_WAIT_2',
        local: '192.0.2.1:40001',
        remote: '198.51.100.7:443',
        cookie: 1,
        timer: 'timeWait',
      },
      {
        state: 'FIN_WAIT_2',
        local: '192.0.2.1:40002',
        remote: '198.51.100.7:443',
        cookie: 2,
        inode: 7,
        owner: 0,
      },
    ];
    expect(pilesAfter([[0, rows]])).toMatchObject([{ sockets: 2, orphans: 1 }]);
    // A listing that tells neither timers nor inodes tells nothing of orphans.
    const listed = rows.map((row): CompactRow => ({ ...row, timer: 'unknown', inode: 0 }));
    expect(pilesAfter([[0, listed]])).toMatchObject([{ sockets: 2, orphans: 0 }]);
  });

  it('forget a socket that left the state', () => {
    const back: CompactRow = { ...closeWait(1), state: 'ESTABLISHED' };
    expect(
      pilesAfter([
        [0, [closeWait(1)]],
        [60, [back]],
        [130, [closeWait(1)]],
      ]),
    ).toMatchObject([{ oldestSeconds: 0 }]);
  });

  it('leave open, closed and listening sockets alone', () => {
    const rows: CompactRow[] = [
      { state: 'ESTABLISHED', local: '192.0.2.1:40001', remote: '198.51.100.7:443' },
      { state: 'TIME_WAIT', local: '192.0.2.1:40002', remote: '198.51.100.7:443' },
      { state: 'LISTEN', local: '0.0.0.0:80' },
    ];
    expect(pilesAfter([[0, rows]])).toEqual([]);
  });

  it('are of a service where the closed connections are those of its clients', () => {
    const served = Array.from({ length: 40 }, (_, at): CompactRow => ({
      state: 'FIN_WAIT_2',
      local: '192.0.2.1:443',
      remote: `198.51.100.7:${50_000 + at}`,
      timer: 'timeWait',
      cookie: at,
    }));
    const service: CompactRow = { state: 'LISTEN', local: '0.0.0.0:443', cookie: 99 };
    expect(pilesAfter([[0, [service, ...served]]])).toMatchObject([
      { state: 'FIN_WAIT_2', servicePort: 443, destination: null, sockets: 40, orphans: 40 },
    ]);
    expect(pilesAfter([[0, served]])[0]).toMatchObject({ servicePort: null, sockets: 1 });
  });

  it('do not grow by the owner of their sockets becoming known', () => {
    const rows = (owner: number) => Array.from({ length: 200 }, (_, index) => closeWait(index, owner));
    expect(
      pilesAfter([
        [0, rows(-1)],
        [10, rows(0)],
      ]),
    ).toMatchObject([{ pid: 2210, sockets: 200, growthPerSecond: 0 }]);
  });

  it('of one state leave room for those of another', () => {
    const attempts = Array.from({ length: 60 }, (_, at): CompactRow => ({
      state: 'SYN_SENT',
      local: `192.0.2.1:${41_000 + at}`,
      remote: `198.51.100.${Math.floor(at / 2)}:443`,
      cookie: 1000 + at,
    }));
    const piles = pilesAfter([[0, [...attempts, closeWait(1)]]]);
    expect(piles.filter(({ state }) => state === 'CLOSE_WAIT')).toHaveLength(1);
  });
});
