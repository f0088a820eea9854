import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../main/core/address.ts';
import {
  NOT_TOLD,
  OwnerConfidence,
  SocketTimer,
  TcpState,
  UnknownPart,
} from '../../../../main/core/model.ts';
import { indexPools } from '../../../../main/core/pools.ts';
import type { SocketReading } from '../../../../main/core/readings.ts';
import { TableFiller } from '../../../../main/sampling/readings/fill-table.ts';
import { ReadingOwners } from '../../../../main/sampling/readings/owners.ts';
import { contextOf, emptyTable, LINUX_SETTINGS } from '../../../support/tables.ts';
import { socketRow } from '../../../../main/sampling/query/row.ts';

/** "10.0.0.1:443"; "?" stands for what is not known. */
function endpoint(text: string): SocketReading['local'] {
  const at = text.lastIndexOf(':');
  const address = parseAddress(text.slice(0, at).replace(/^\[|\]$/g, ''));
  const port = /^\d+$/.test(text.slice(at + 1)) ? Number(text.slice(at + 1)) : null;
  return { address, port, text: address === null || port === null ? text : null };
}

function reading(local: string, remote: string, more: Partial<SocketReading> = {}): SocketReading {
  return {
    line: 1,
    family: 4,
    state: TcpState.ESTABLISHED,
    local: endpoint(local),
    remote: endpoint(remote),
    receiveQueue: null,
    sendQueue: null,
    timer: null,
    uid: null,
    inode: null,
    cookie: null,
    holders: [],
    details: null,
    ...more,
  };
}

function fill(...sockets: SocketReading[]) {
  const table = emptyTable();
  const filler = new TableFiller(table);
  for (const socket of sockets) filler.add(socket);
  return {
    table,
    filler,
    rows: () => [...Array(table.length).keys()].map((row) => socketRow(contextOf(table), row)),
  };
}

describe('filling a table from readings', () => {
  it('writes what a tool tells and leaves the rest unknown', () => {
    const { table, filler, rows } = fill(
      reading('192.0.2.10:40000', '198.51.100.7:443', {
        state: TcpState.TIME_WAIT,
        timer: { kind: SocketTimer.timeWait, expiresMs: 12_500, retransmits: 0 },
      }),
      reading('[2001:db8::10]:8443', '[2001:db8::20]:41358', {
        family: 6,
        receiveQueue: 3,
        sendQueue: 0,
        uid: 105,
        inode: 4711,
        cookie: '1000087ba1',
      }),
    );
    expect(rows()[0]).toMatchObject({
      state: 'TIME_WAIT',
      family: 4,
      localAddress: '192.0.2.10',
      localPort: 40000,
      remoteAddress: '198.51.100.7',
      remotePort: 443,
      timer: 'timewait',
      timerSeconds: 12.5,
      uid: null,
      inode: null,
      process: null,
      confidence: 'unknown',
    });
    expect(rows()[1]).toMatchObject({
      family: 6,
      localAddress: '2001:db8::10',
      timer: 'unknown',
      timerSeconds: null,
      uid: 105,
      inode: 4711,
      receiveQueue: 3,
      sendQueue: 0,
    });
    expect([table.cookieHigh[1], table.cookieLow[1]]).toEqual([0x10, 0x87ba1]);
    expect([table.receiveQueue[0], table.sendQueue[0]]).toEqual([NOT_TOLD, NOT_TOLD]);
    expect(filler.incompleteCount).toBe(0);
  });

  it('shows an IPv4-mapped address of an IPv6 socket as IPv4', () => {
    const { rows } = fill(reading('[::ffff:192.0.2.10]:8443', '[::ffff:192.0.2.20]:57670', { family: 6 }));
    expect(rows()[0]).toMatchObject({ family: 4, localAddress: '192.0.2.10', remoteAddress: '192.0.2.20' });
  });

  it('keeps a cut port unknown, counts the row, and puts it in no pool', () => {
    const { table, filler } = fill(
      reading('192.168.1.221:?', '203.0.113.93:8081'),
      reading('192.168.1.221:50000', 'host.example:443'),
      reading('192.168.1.221:50001', '203.0.113.93:8081'),
    );
    expect(filler.incompleteCount).toBe(2);
    expect(table.unknownParts?.[0]).toBe(UnknownPart.localPort);
    expect(table.unknownParts?.[1]).toBe(UnknownPart.remoteAddress);
    expect([...indexPools(table, LINUX_SETTINGS).poolOfRow]).toEqual([-1, -1, 0]);
    // For a pool of the whole host a known local port is enough.
    expect([...indexPools(table, { ...LINUX_SETTINGS, scope: 'host' }).poolOfRow]).toEqual([-1, 0, 0]);
  });

  it('knows no owner from pid 0 or from no holder, and observes one that the tool names', () => {
    const { table, filler } = fill(
      reading('10.0.0.1:40000', '10.0.0.2:80', { holders: [{ pid: 0, process: null, fd: null }] }),
      reading('10.0.0.1:40001', '10.0.0.2:80'),
      reading('10.0.0.1:40002', '10.0.0.2:80', { holders: [{ pid: 4312, process: 'python3', fd: 5 }] }),
      reading('10.0.0.1:40003', '10.0.0.2:80', { holders: [{ pid: 4312, process: null, fd: null }] }),
      reading('10.0.0.1:40004', '10.0.0.2:80', {
        holders: [{ pid: null, process: 'svchost.exe', fd: null }],
      }),
    );
    expect([...table.owner.subarray(0, 5)]).toEqual([-1, -1, 0, 0, 1]);
    expect([...table.ownerConfidence.subarray(1, 3)]).toEqual([
      OwnerConfidence.unknown,
      OwnerConfidence.observed,
    ]);
    expect(filler.owners.owner(0)).toMatchObject({ pid: 4312, process: 'python3', startTicks: null });
    expect(filler.owners.owner(1)).toMatchObject({ pid: null, process: 'svchost.exe' });
  });

  it('takes one connection that two tools list as one, with what each of them tells', () => {
    const table = emptyTable();
    const filler = new TableFiller(table);
    filler.add(reading('10.0.0.1:40000', '10.0.0.2:80', { holders: [{ pid: 7, process: 'a', fd: null }] }));
    filler.add(reading('0.0.0.0:80', '0.0.0.0:0', { state: TcpState.LISTEN }));
    filler.add(reading('0.0.0.0:80', '0.0.0.0:0', { state: TcpState.LISTEN }));
    filler.nextListing();
    filler.add(reading('10.0.0.1:40000', '10.0.0.2:80', { uid: 1000, inode: 9 }));
    filler.add(reading('0.0.0.0:80', '0.0.0.0:0', { state: TcpState.LISTEN }));
    expect(table.length).toBe(3);
    expect(filler.repeatedCount).toBe(2);
    expect([table.owner[0], table.uid[0], table.inode[0]]).toEqual([0, 1000, 9]);
  });

  it('names a process by a list of processes, whichever came first', () => {
    const owners = new ReadingOwners();
    const index = owners.indexOf([{ pid: 1712, process: null, fd: null }]);
    expect(owners.owner(index)).toMatchObject({ pid: 1712, process: null, commandLine: null });
    owners.noteProcess(1712, 'svchost.exe', 'svchost.exe -k RPCSS');
    expect(owners.owner(index)).toMatchObject({
      process: 'svchost.exe',
      commandLine: 'svchost.exe -k RPCSS',
    });
  });

  it('takes a reused pid with another name for another process, a shorter name for the same', () => {
    const owners = new ReadingOwners();
    const of = (process: string) => owners.indexOf([{ pid: 5, process, fd: null }]);
    expect([of('web worker'), of('web wo'), of('nginx'), of('nginx')]).toEqual([0, 0, 1, 1]);
  });

  it('stays quick where a million sockets listen on one endpoint', () => {
    const table = emptyTable();
    const filler = new TableFiller(table);
    const listening = reading('0.0.0.0:80', '0.0.0.0:0', { state: TcpState.LISTEN });
    for (let count = 0; count < 200_000; count++) filler.add(listening);
    expect(table.length).toBe(200_000);
  });

  it('has a row for each 4-tuple, whatever their order', () => {
    const tuples = fc.array(
      fc.record({ local: fc.integer({ min: 1, max: 9 }), remote: fc.integer({ min: 1, max: 9 }) }),
    );
    fc.assert(
      fc.property(tuples, (list) => {
        const { table } = fill(
          ...list.map(({ local, remote }) => reading(`10.0.0.1:${local}`, `10.0.0.2:${remote}`)),
        );
        expect(table.length).toBe(new Set(list.map(({ local, remote }) => `${local}-${remote}`)).size);
      }),
    );
  });
});
