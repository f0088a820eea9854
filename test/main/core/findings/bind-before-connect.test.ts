import { describe, expect, it } from 'vitest';
import { bindBeforeConnect } from '../../../../main/core/findings/bind-before-connect.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool } from '../../../support/pools.ts';

const pool = aPool({ used: 1000 });
const found = (offParity: number, used = 1000) =>
  bindBeforeConnect.find(
    findingEvidence({
      pools: [{ ...pool, used, usedRatio: used / pool.capacity }],
      poolParity: [{ poolKey: pool.key, sockets: 1000, judged: 1000, offParity }],
    }),
  );

describe('the rule for clients that bind first', () => {
  it('tells by the parity of the ports', () => {
    expect(found(499)).toEqual([]);
    expect(found(500)).toMatchObject([{ level: 'notice', remedies: [{ fixId: 'app-late-bind' }, {}] }]);
    expect(found(500)[0]?.sentence).toContain('seems to call bind() before connect()');
  });

  it('warns when the ports bound for all destinations near half of the range', () => {
    const warned = (sockets: number) => {
      const pools = ['10.0.0.1', '10.0.0.2'].map((key) => ({
        ...pool,
        key,
        used: sockets,
        usedRatio: sockets / 10_000,
      }));
      // The second found the lower half of the range nearly full of this parity.
      const poolParity = pools.map(({ key }, at) => ({
        poolKey: key,
        sockets,
        judged: sockets,
        offParity: at === 0 ? sockets : 200,
      }));
      return bindBeforeConnect.find(findingEvidence({ pools, capacity: 10_000, poolParity }));
    };
    expect(warned(1999)).toMatchObject([{ level: 'notice' }]);
    expect(warned(2000)).toMatchObject([{ level: 'warning' }]);
    expect(warned(2000)[0]?.sentence).toContain('4,000 ports (40% of the range)');
  });

  it('says nothing where the kernel itself takes the second parity, past half of the pool', () => {
    expect(found(1000, 14000)).toEqual([]);
  });

  it('goes by the ports taken when parity told, and counts all of the pool as bound', () => {
    const parity = { poolKey: pool.key, sockets: 1000, judged: 60, offParity: 40 };
    const [finding] = bindBeforeConnect.find(findingEvidence({ pools: [pool], poolParity: [parity] }));
    expect(finding?.sentence).toContain('1,000 ports');
    expect(finding?.evidence).toContain('40 of the 60 ports taken last');
  });

  it('says nothing of a handful', () => {
    const few = { poolKey: pool.key, sockets: 19, judged: 19, offParity: 19 };
    expect(bindBeforeConnect.find(findingEvidence({ pools: [pool], poolParity: [few] }))).toEqual([]);
  });
});
