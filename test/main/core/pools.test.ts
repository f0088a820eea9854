import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classifyPorts,
  fullestPools,
  indexPools,
  isReuseEffective,
  poolKeyOf,
  poolStates,
  type PoolIndex,
} from '../../../main/core/pools.ts';
import type { SocketTable } from '../../../main/sampling/socket-table.ts';
import { linuxSettings } from '../../support/pools.ts';
import { tableOf, type CompactRow } from '../../support/tables.ts';

const settings = linuxSettings({ range: { first: 40000, last: 40999 } });

function poolsOf(rows: CompactRow[], with_ = settings): { key: string; sockets: number }[] {
  const table = tableOf(rows);
  const index = indexPools(table, with_);
  return listed(table, index);
}

function listed(table: SocketTable, index: PoolIndex) {
  return fullestPools(index, 100)
    .map((pool) => ({ key: poolKeyOf(table, index.firstRow[pool] ?? 0), sockets: index.sockets[pool] ?? 0 }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

const capacityOf = (rows: CompactRow[], reserved = settings.reserved) =>
  classifyPorts(tableOf(rows), { ...settings, reserved }).capacity;

describe('the capacity of a pool', () => {
  it('is the range less reserved ports less ports with a listening or bound socket', () => {
    expect(capacityOf([])).toBe(1000);
    expect(capacityOf([{ state: 'LISTEN', local: '0.0.0.0:40010' }])).toBe(999);
    expect(capacityOf([], [{ first: 40100, last: 40109 }])).toBe(990);
    expect(capacityOf([{ state: 'BOUND', local: '127.0.0.1:40010' }])).toBe(999);
  });

  it('loses a port to a listener of any address and either family', () => {
    expect(capacityOf([{ state: 'LISTEN', local: '127.0.0.2:40010' }])).toBe(999);
    expect(capacityOf([{ state: 'LISTEN', local: '[::1]:40010' }])).toBe(999);
  });

  it('counts a port once that is reserved, listening twice, and does not lose ports outside the range', () => {
    const twice: CompactRow[] = [
      { state: 'LISTEN', local: '0.0.0.0:40100' },
      { state: 'LISTEN', local: '[::]:40100' },
      { state: 'LISTEN', local: '0.0.0.0:8080' },
    ];
    expect(capacityOf(twice)).toBe(999);
    expect(capacityOf(twice, [{ first: 40100, last: 40109 }])).toBe(990);
  });

  it('stays without a port whose listener closed while its connections remain', () => {
    const before = tableOf([{ state: 'LISTEN', local: '0.0.0.0:40010' }]);
    const after = tableOf([{ state: 'ESTABLISHED', local: '10.0.0.1:40010', remote: '10.0.0.2:50000' }]);
    const { classOfPort } = classifyPorts(before, settings);
    expect(classifyPorts(after, settings, { classOfPort, isNew: Uint8Array.of(0) }).capacity).toBe(999);
    expect(classifyPorts(after, settings, { classOfPort, isNew: Uint8Array.of(1) }).capacity).toBe(1000);
  });
});

describe('the pools of a dump', () => {
  it('are one for each local address, remote address and remote port', () => {
    expect(
      poolsOf([
        { state: 'TIME_WAIT', local: '10.0.0.1:40001', remote: '10.0.0.9:80' },
        { state: 'ESTABLISHED', local: '10.0.0.1:40003', remote: '10.0.0.9:80' },
        { state: 'TIME_WAIT', local: '10.0.0.1:40001', remote: '10.0.0.9:81' },
        { state: 'TIME_WAIT', local: '10.0.0.2:40001', remote: '10.0.0.9:80' },
        { state: 'TIME_WAIT', local: '[2001:db8::1]:40001', remote: '[2001:db8::9]:80' },
      ]),
    ).toEqual([
      { key: '10.0.0.1>10.0.0.9:80', sockets: 2 },
      { key: '10.0.0.1>10.0.0.9:81', sockets: 1 },
      { key: '10.0.0.2>10.0.0.9:80', sockets: 1 },
      { key: '2001:db8::1>[2001:db8::9]:80', sockets: 1 },
    ]);
  });

  it('hold no server sockets: #52 a TIME_WAIT on a listening port is the server that closed first', () => {
    expect(
      poolsOf([
        { state: 'LISTEN', local: '0.0.0.0:40443' },
        { state: 'TIME_WAIT', local: '10.0.0.5:40443', remote: '10.0.0.9:51000' },
        { state: 'TIME_WAIT', local: '10.0.0.5:443', remote: '10.0.0.9:51001' },
        { state: 'SYN_RECV', local: '10.0.0.5:40443', remote: '10.0.0.9:51002' },
      ]),
    ).toEqual([]);
  });

  it('hold client sockets: #53 a TIME_WAIT on an ephemeral port counts for its destination', () => {
    expect(poolsOf([{ state: 'TIME_WAIT', local: '10.0.0.5:40123', remote: '10.0.0.9:443' }])).toEqual([
      { key: '10.0.0.5>10.0.0.9:443', sockets: 1 },
    ]);
  });

  it('count by state', () => {
    const table = tableOf([
      { state: 'TIME_WAIT', local: '10.0.0.5:40001', remote: '10.0.0.9:443' },
      { state: 'TIME_WAIT', local: '10.0.0.5:40003', remote: '10.0.0.9:443' },
      { state: 'SYN_SENT', local: '10.0.0.5:40005', remote: '10.0.0.9:443' },
    ]);
    expect(poolStates(indexPools(table, settings), 0)).toEqual({ TIME_WAIT: 2, SYN_SENT: 1 });
  });

  it('are one for the whole host where the system allocates so', () => {
    const rows: CompactRow[] = [
      { state: 'TIME_WAIT', local: '10.0.0.1:40001', remote: '10.0.0.9:80' },
      { state: 'TIME_WAIT', local: '10.0.0.2:40003', remote: '10.0.0.8:81' },
    ];
    expect(poolsOf(rows, { ...settings, scope: 'host' })).toHaveLength(1);
    expect(poolsOf(rows, { ...settings, scope: 'address' })).toHaveLength(2);
  });

  it('do not depend on the order of the rows, and add up to the client sockets', () => {
    const socket = fc.record({
      state: fc.constantFrom('TIME_WAIT', 'ESTABLISHED', 'CLOSE_WAIT'),
      port: fc.integer({ min: 39990, max: 41010 }),
      host: fc.integer({ min: 1, max: 3 }),
      remotePort: fc.integer({ min: 80, max: 700 }),
    });
    fc.assert(
      fc.property(fc.array(socket, { maxLength: 400 }), (sockets) => {
        const rows = sockets.map(({ state, port, host, remotePort }): CompactRow => {
          return {
            state,
            local: `10.0.0.${host}:${port}`,
            remote: `10.0.1.${host}:${remotePort}`,
          } as CompactRow;
        });
        const forward = poolsOf(rows);
        expect(poolsOf([...rows].reverse())).toEqual(forward);
        const inRange = sockets.filter(({ port }) => port >= 40000 && port <= 40999).length;
        expect(forward.reduce((sum, pool) => sum + pool.sockets, 0)).toBe(inRange);
      }),
      { numRuns: 50 },
    );
  });

  it('never gain a port from another socket', () => {
    const row = fc.record({
      state: fc.constantFrom('LISTEN', 'BOUND', 'TIME_WAIT'),
      port: fc.integer({ min: 39990, max: 41010 }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), row, (before, extra) => {
        const rows = (list: typeof before) =>
          list.map(
            ({ state, port }) => ({ state, local: `10.0.0.1:${port}`, remote: '10.0.0.2:80' }) as CompactRow,
          );
        expect(capacityOf(rows([...before, extra]))).toBeLessThanOrEqual(capacityOf(rows(before)));
      }),
    );
  });
});

describe('TIME_WAIT reuse', () => {
  const works = (mode: 'off' | 'all' | 'loopback', remote: string, timestamps = true) => {
    const host = remote.startsWith('[') ? '[::1]' : remote.startsWith('127') ? '127.0.0.1' : '10.9.0.1';
    const table = tableOf([{ state: 'TIME_WAIT', local: `${host}:40001`, remote }]);
    return isReuseEffective(table, 0, linuxSettings({ reuse: { mode, delayMs: 1000, timestamps } }));
  };

  it('works on loopback by default and elsewhere only with mode 1', () => {
    expect(works('loopback', '127.0.0.1:80')).toBe(true);
    expect(works('loopback', '[::1]:80')).toBe(true);
    expect(works('all', '10.9.0.2:80')).toBe(true);
    expect(works('off', '127.0.0.1:80')).toBe(false);
  });

  it('#30 does not work towards an own address outside 127.0.0.0/8 with mode 2', () => {
    expect(works('loopback', '10.9.0.1:80')).toBe(false);
  });

  it('#29 does not work without TCP timestamps', () => {
    expect(works('all', '127.0.0.1:80', false)).toBe(false);
  });
});
