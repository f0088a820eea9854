import { describe, expect, it } from 'vitest';
import { indexPools } from '../../../main/core/pools.ts';
import { FindingKeeper } from '../../../main/sampling/finding-keeper.ts';
import type { FindingEvidence } from '../../../main/core/findings/evidence.ts';
import type { StackCounters } from '../../../main/core/model.ts';
import { findingEvidence } from '../../support/evidence-of.ts';
import { NO_COUNTERS } from '../../support/fake-platform.ts';
import { aPool, linuxSettings } from '../../support/pools.ts';
import { ownerOf, tableOf, type CompactRow } from '../../support/tables.ts';

const owners = (index: number) => (index === 0 ? ownerOf({ pid: 7, process: 'node' }) : null);

function judge(
  keeper: FindingKeeper,
  second: number,
  parts: Partial<FindingEvidence>,
  rows: CompactRow[] = [],
) {
  const table = tableOf(rows);
  table.takenMonotonicMs = second * 1000;
  const index = indexPools(table, linuxSettings());
  return keeper
    .judge(findingEvidence(parts), { table, index, ownerOf: owners })
    .settled.map(({ finding }) => `${finding.rule} ${finding.level}`);
}

const overflows = (timeWaitOverflow: number): Partial<FindingEvidence> => {
  const counters: StackCounters = { ...NO_COUNTERS, timeWaitOverflow, socketStatTimeWait: 100 };
  return { counters };
};

describe('the keeper of findings', () => {
  it('turns counters into rates between samples', () => {
    const keeper = new FindingKeeper({});
    expect(judge(keeper, 0, overflows(0))).toEqual([]);
    expect(judge(keeper, 1, overflows(15))).toEqual([]);
    expect(judge(keeper, 2, overflows(30))).toEqual(['tw-buckets-overflow warning']);
  });

  it('counts the descriptors of the processes with most open sockets, every ten seconds', () => {
    const asked: number[] = [];
    const keeper = new FindingKeeper({
      readDescriptors: (pid, process) => {
        asked.push(pid);
        return { pid, process, descriptors: 1000, descriptorLimit: 1024 };
      },
    });
    const rows: CompactRow[] = [
      { state: 'CLOSE_WAIT', local: '192.0.2.1:80', remote: '198.51.100.7:443', inode: 5, owner: 0 },
    ];
    expect(judge(keeper, 0, {}, rows)).toEqual(['descriptors-process critical']);
    judge(keeper, 9, {}, rows);
    expect(asked).toEqual([7]);
    judge(keeper, 10, {}, rows);
    expect(asked).toEqual([7, 7]);
  });

  it('counts them for servers too, and for no process whose connections are all closed', () => {
    const asked: number[] = [];
    const keeper = new FindingKeeper({
      readDescriptors: (pid, process) => {
        asked.push(pid);
        return { pid, process, descriptors: 10, descriptorLimit: 1024 };
      },
    });
    const served: CompactRow = { state: 'ESTABLISHED', local: '192.0.2.1:80', remote: '198.51.100.7:5000' };
    judge(keeper, 0, {}, [{ ...served, state: 'TIME_WAIT', inode: 0, owner: 0 }]);
    expect(asked).toEqual([]);
    judge(keeper, 10, {}, [{ ...served, inode: 5, owner: 0 }]);
    expect(asked).toEqual([7]);
  });

  it('tells by the parity of ports that a client binds first', () => {
    const bound = Array.from({ length: 30 }, (_, at): CompactRow => ({
      state: 'ESTABLISHED',
      local: `10.0.2.7:${40001 + 2 * at}`,
      remote: '10.0.3.12:443',
      cookie: at,
    }));
    const pools = [aPool({ used: 30, byState: { ESTABLISHED: 30 } })];
    expect(judge(new FindingKeeper({}), 0, { pools }, bound)).toEqual(['bind-before-connect notice']);
  });
});
