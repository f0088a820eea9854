import { describe, expect, it } from 'vitest';
import type { HistoryMoment } from '../../../preload/contract-history.ts';
import { poolEnds } from '../../../renderer/stores/moment-pool.ts';
import { momentSummary } from '../../../renderer/stores/moment-summary.ts';
import { INCIDENT_AT_MS, INCIDENT_POOL_KEY, incidentSummary } from '../../support/incident.ts';

type Kept = NonNullable<HistoryMoment>;
const NEW_KEY = '10.0.2.7>10.0.9.9:6379';

function momentOf(change: Partial<Kept> = {}, summaryAgeMs = 0): Kept {
  return {
    atMs: INCIDENT_AT_MS,
    stepMs: 1000,
    totals: { sockets: 26_000 },
    pools: [
      { poolKey: INCIDENT_POOL_KEY, target: '10.0.3.12:443', values: { used: 20_000, capacity: 28_232 } },
      {
        poolKey: NEW_KEY,
        target: '10.0.9.9:6379',
        values: {
          used: 9000.4,
          timeWait: 8000,
          established: null,
          opensPerSecond: null,
          capacity: 28_232,
          sustainablePerSecond: 470.5,
        },
      },
    ],
    consumers: [],
    verdict: null,
    summary: incidentSummary({ takenAtMs: INCIDENT_AT_MS - summaryAgeMs }),
    ...change,
  };
}
const keysOf = (moment: Kept) => momentSummary(moment)?.pools.map(({ key }) => key);

describe('the summary of a moment', () => {
  it('has the pools that history alone knows, unknown where it does not', () => {
    const pool = momentSummary(momentOf())?.pools.find(({ key }) => key === NEW_KEY);
    expect(pool).toEqual({
      key: NEW_KEY,
      localAddress: '10.0.2.7',
      remoteAddress: '10.0.9.9',
      remotePort: 6379,
      capacity: 28_232,
      blocked: 0,
      slowFrom: 14_116,
      used: 9000,
      reusable: 0,
      byState: { TIME_WAIT: 8000 },
      usedRatio: 9000 / 28_232,
      openRatePerSecond: null,
      closeRatePerSecond: null,
      rateBasis: 'none',
      rateWindowSeconds: null,
      sustainableRatePerSecond: 470.5,
      reuseEffective: false,
      exhaustion: { expected: false, inSeconds: null, likelySeconds: null, steadyState: null, basis: '' },
      owners: [],
    });
  });

  it('leaves out a pool of which history does not know how full it was', () => {
    const pools: Kept['pools'] = [
      { poolKey: NEW_KEY, target: '10.0.9.9:6379', values: { used: null, capacity: 28_232 } },
    ];
    expect(keysOf(momentOf({ pools }))).not.toContain(NEW_KEY);
  });

  it('tells nothing of a pool of half an hour before that history does not have then', () => {
    expect(keysOf(momentOf())).toHaveLength(6);
    expect(keysOf(momentOf({}, 1_800_000))).toEqual([INCIDENT_POOL_KEY, NEW_KEY]);
  });

  it('counts the ports that are in a state and not in use as reusable', () => {
    const values = { used: 500, timeWait: 800, established: 100, capacity: 1000 };
    const moment = momentOf({ pools: [{ poolKey: NEW_KEY, target: '', values }] }, 1_800_000);
    expect(momentSummary(moment)?.pools[0]?.reusable).toBe(400);
  });
});

describe('the ends of a pool', () => {
  it.each([
    ['10.0.2.7>10.0.3.12:443', { localAddress: '10.0.2.7', remoteAddress: '10.0.3.12', remotePort: 443 }],
    ['::1>[::1]:80', { localAddress: '::1', remoteAddress: '::1', remotePort: 80 }],
    ['10.0.2.7>*', { localAddress: '10.0.2.7', remoteAddress: '', remotePort: 0 }],
    ['ipv6>*', { localAddress: '', remoteAddress: '', remotePort: 0 }],
    ['something else', null],
  ])('are read from %s', (key, ends) => expect(poolEnds(key)).toEqual(ends));
});
