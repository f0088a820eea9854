import { describe, expect, it } from 'vitest';
import { indexPools } from '../../../main/core/pools.ts';
import { ParityKeeper } from '../../../main/sampling/parity-keeper.ts';
import { findingEvidence } from '../../support/evidence-of.ts';
import { aPool, linuxSettings } from '../../support/pools.ts';
import { tableOf, type CompactRow } from '../../support/tables.ts';

/** Connections on ports of the parity that connect() takes second, closed with so much of their wait left. */
const offParity = (count: number, row: Partial<CompactRow> = {}): CompactRow[] =>
  Array.from({ length: count }, (_, at) => ({
    state: 'TIME_WAIT',
    local: `10.0.2.7:${40_001 + 2 * at}`,
    remote: '10.0.3.12:443',
    timer: 'timeWait',
    expiresMs: 58_000,
    cookie: at,
    ...row,
  }));

function counted(keeper: ParityKeeper, second: number, share: number, rows: CompactRow[]) {
  const table = tableOf(rows);
  table.takenMonotonicMs = second * 1000;
  const pools = [aPool({ used: Math.round(share * 28_232) })];
  return keeper.count(findingEvidence({ pools }), table, indexPools(table, linuxSettings()));
}

describe('ports by their parity', () => {
  it('tell at the first look by what is open or has just closed', () => {
    expect(counted(new ParityKeeper(), 100, 0.1, offParity(30))).toEqual([
      { poolKey: aPool().key, sockets: 30, judged: 30, offParity: 30 },
    ]);
    const open = offParity(30, { state: 'ESTABLISHED', timer: 'none', expiresMs: 0 });
    expect(counted(new ParityKeeper(), 100, 0.1, open)).toMatchObject([{ judged: 30 }]);
  });

  it('tell nothing at the first look by what closed long ago: the pool may have been past half then', () => {
    expect(counted(new ParityKeeper(), 100, 0.1, offParity(30, { expiresMs: 20_000 }))).toEqual([]);
    const untimed = offParity(30, { timer: 'unknown', expiresMs: 0 });
    expect(counted(new ParityKeeper(), 100, 0.1, untimed)).toEqual([]);
  });

  it('tell nothing of the ports of a peak after it, but of those taken since', () => {
    const keeper = new ParityKeeper();
    counted(keeper, 100, 0.6, offParity(300));
    const ofThePeak = offParity(200, { firstSeenMs: 99_000 });
    expect(counted(keeper, 130, 0.4, ofThePeak)).toEqual([]);
    const since = offParity(25, { firstSeenMs: 120_000, local: '10.0.2.7:50001' });
    expect(counted(keeper, 131, 0.4, [...ofThePeak, ...since])).toMatchObject([
      { sockets: 225, judged: 25, offParity: 25 },
    ]);
  });
});
