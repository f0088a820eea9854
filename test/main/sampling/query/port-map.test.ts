import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StackSettings } from '../../../../main/core/model.ts';
import { PortCode, portMap } from '../../../../main/sampling/query/port-map.ts';
import { CALLS, PORT_MAP_CODES, type CallResult } from '../../../../preload/contract.ts';
import {
  compactRowArbitrary,
  contextOf,
  LINUX_SETTINGS,
  tableOf,
  TAKEN_MONOTONIC_MS,
  type CompactRow,
} from '../../../support/tables.ts';

function mapOf(rows: CompactRow[], settings: Partial<StackSettings> = {}) {
  const context = contextOf(tableOf(rows), [], { settings: { ...LINUX_SETTINGS, ...settings } });
  const map: CallResult<'ports.map'> = portMap(context, null);
  return { map: CALLS['ports.map'].result.parse(map), codes: Buffer.from(map.ports, 'base64') };
}

/** A connection from a local port. */
const at = (port: number, row: Partial<CompactRow> = {}): CompactRow => ({
  state: 'ESTABLISHED',
  local: `10.0.2.7:${port}`,
  remote: '10.0.3.12:443',
  ...row,
});

describe('portMap', () => {
  test('uses the codes of the contract', () => {
    expect(PortCode).toEqual(PORT_MAP_CODES);
  });

  test('gives each state its code and counts them', () => {
    const { map, codes } = mapOf(
      [
        at(40000),
        at(40001, { state: 'CLOSE_WAIT' }),
        at(40002, { state: 'SYN_SENT' }),
        at(40003, { state: 'FIN_WAIT_2' }),
        at(40004, { state: 'TIME_WAIT', expiresMs: 60_000 }),
        at(40005, { state: 'TIME_WAIT', expiresMs: 0 }),
        at(40006, { state: 'TIME_WAIT', expiresMs: 30_000 }),
        at(40007, { state: 'TIME_WAIT', timer: 'none' }),
        { state: 'LISTEN', local: '0.0.0.0:443' },
        { state: 'BOUND', local: '0.0.0.0:40008' },
      ],
      {
        reserved: [
          { first: 40009, last: 40010 },
          { first: 40000, last: 40000 },
        ],
      },
    );
    expect(codes).toHaveLength(65536);
    expect([...codes.subarray(40000, 40012)]).toEqual([1, 3, 4, 5, 76, 16, 46, 8, 7, 6, 6, 0]);
    expect(codes[443]).toBe(2);
    expect(map.counts).toEqual({
      free: 28232 - 11,
      established: 1,
      listen: 1,
      closeWait: 1,
      synSent: 1,
      other: 1,
      reserved: 2,
      bound: 1,
      timeWait: 4,
    });
    expect(map).toMatchObject({ range: LINUX_SETTINGS.range, timeWaitSeconds: 60, nextPort: null });
  });

  test('shows the most telling of several sockets on one port, in any order', () => {
    const ranked: CompactRow[] = [
      { state: 'LISTEN', local: '0.0.0.0:40000' },
      at(40000),
      at(40000, { state: 'CLOSE_WAIT' }),
      at(40000, { state: 'SYN_SENT' }),
      at(40000, { state: 'LAST_ACK' }),
      at(40000, { state: 'TIME_WAIT', expiresMs: 59_000 }),
      at(40000, { state: 'TIME_WAIT', expiresMs: 1000 }),
      at(40000, { state: 'BOUND', remote: '0.0.0.0:0' }),
    ];
    for (const [index, row] of ranked.entries()) {
      const rest = ranked.slice(index);
      const alone = mapOf([row]).codes[40000];
      expect(mapOf(rest).codes[40000]).toBe(alone);
      expect(mapOf(rest.reverse()).codes[40000]).toBe(alone);
    }
  });

  test('shows one pool, and what takes ports from every pool', () => {
    const table = tableOf([
      at(40000),
      at(40001, { remote: '192.0.2.1:80' }),
      { state: 'LISTEN', local: '127.0.0.1:40002' },
      at(40003, { state: 'TIME_WAIT', expiresMs: 55_000 }),
    ]);
    const map = portMap(contextOf(table), (row) => row === 0 || row === 3);
    expect([...Buffer.from(map.ports, 'base64').subarray(40000, 40004)]).toEqual([1, 0, 2, 71]);
  });

  test('points at the port of the newest socket of the pool', () => {
    const rows = [
      at(40000, { firstSeenMs: TAKEN_MONOTONIC_MS - 9000 }),
      at(40010, { state: 'TIME_WAIT', expiresMs: 58_000 }),
      at(40020, { state: 'TIME_WAIT', expiresMs: 51_000 }),
      at(40030, { remote: '192.0.2.1:80', firstSeenMs: TAKEN_MONOTONIC_MS }),
      at(443, { firstSeenMs: TAKEN_MONOTONIC_MS }),
    ];
    const context = contextOf(tableOf(rows));
    expect(portMap(context, (row) => row !== 3).nextPort).toBe(40010);
    expect(portMap(context, (row) => row === 0).nextPort).toBe(40000);
    expect(portMap(context, () => false).nextPort).toBeNull();
  });

  test('says that the system gives no timers when no TIME_WAIT socket has one', () => {
    expect(mapOf([at(40000, { state: 'TIME_WAIT', timer: 'unknown' })]).map.timeWaitSeconds).toBeNull();
    expect(mapOf([at(40000)]).map.timeWaitSeconds).toBe(60);
  });

  test('does not depend on the order of rows, and counts every port of the range once', () => {
    fc.assert(
      fc.property(fc.array(compactRowArbitrary, { maxLength: 30 }), (rows) => {
        const { map, codes } = mapOf(rows);
        expect(mapOf([...rows].reverse()).map.ports).toBe(map.ports);
        const { first, last } = LINUX_SETTINGS.range;
        const usedInside = codes.subarray(first, last + 1).filter((code) => code !== PortCode.free).length;
        expect(map.counts.free).toBe(last - first + 1 - usedInside);
      }),
    );
  });
});
