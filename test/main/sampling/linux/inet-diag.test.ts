import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRowAddress } from '../../../../main/core/address.ts';
import { TCP_STATE_NAMES, TcpState } from '../../../../main/core/model.ts';
import { decodeDatagram, dumpRequest } from '../../../../main/sampling/linux/inet-diag.ts';
import { SocketTable } from '../../../../main/sampling/socket-table.ts';
import { readFixture } from '../../../support/fixtures.ts';
import { datagram, doneMessage, errorMessage, message, socketMessage } from '../../../support/sock-diag.ts';

const EXPECTED = { sequence: 1, portId: 77 };
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

function decode(bytes: Uint8Array, table = new SocketTable(), expected = EXPECTED) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { result: decodeDatagram(view, bytes.length, expected, table), table };
}

function rows(table: SocketTable): string[] {
  return Array.from({ length: table.length }, (_, row) => {
    const state = TCP_STATE_NAMES[table.state[row] ?? 0] ?? '?';
    const end = (side: 'local' | 'remote') =>
      `${formatRowAddress(table, row, side)} ${(side === 'local' ? table.localPort : table.remotePort)[row] ?? -1}`;
    return `${state} ${end('local')} ${end('remote')}`;
  });
}

describe('dumpRequest', () => {
  it('asks for one family with inet_diag_req_v2', () => {
    const request = dumpRequest(10, 0x3ffe, 9);
    const view = new DataView(request.buffer);
    expect([request.length, view.getUint8(16), view.getUint8(17)]).toEqual([72, 10, 6]);
  });

  it('asks for both families at once with the older request', () => {
    expect(dumpRequest('both', 0x3ffe, 9).length).toBe(76);
  });
});

describe('decodeDatagram', () => {
  it('reads a recorded kernel answer as ss showed it', () => {
    const bytes = readFixture('linux/sock-diag/6.18/datagram-1.bin');
    const view = new DataView(bytes.buffer);
    const expected = { sequence: view.getUint32(8, true), portId: view.getUint32(12, true) };
    const table = new SocketTable();
    expect(decode(bytes, table, expected).result).toEqual({
      end: 'more',
      errno: 0,
      interrupted: false,
      ignored: 0,
    });
    const done = decode(readFixture('linux/sock-diag/6.18/datagram-2.bin'), table, expected);
    expect(done.result.end).toBe('done');
    expect(rows(table).sort()).toEqual(
      [
        'LISTEN 127.0.0.1 8080 0.0.0.0 0',
        'LISTEN fe80::ff:fe00:1%3 9100 :: 0',
        'LISTEN :: 8443 :: 0',
        'BOUND 127.0.0.2 7000 0.0.0.0 0',
        'BOUND ::1 7001 :: 0',
        'ESTABLISHED 192.0.2.10 41022 192.0.2.10 8443',
        'ESTABLISHED 192.0.2.10 8443 192.0.2.10 41022',
        'ESTABLISHED 127.0.0.1 8080 127.0.0.1 57170',
        'ESTABLISHED 127.0.0.1 57170 127.0.0.1 8080',
        'FIN_WAIT_2 127.0.0.1 8080 127.0.0.1 57190',
        'SYN_SENT 192.0.2.10 45582 203.0.113.5 443',
        'TIME_WAIT 127.0.0.1 57176 127.0.0.1 8080',
        'CLOSE_WAIT 127.0.0.1 57190 127.0.0.1 8080',
        'ESTABLISHED fe80::ff:fe00:1%3 33712 fe80::ff:fe00:1%3 9100',
        'ESTABLISHED fe80::ff:fe00:1%3 9100 fe80::ff:fe00:1%3 33712',
        'ESTABLISHED 2001:db8::10 8443 2001:db8::10 49934',
        'ESTABLISHED 2001:db8::10 49934 2001:db8::10 8443',
      ].sort(),
    );
  });

  it('reads timers, queues, uid and inode of the recording', () => {
    const bytes = readFixture('linux/sock-diag/6.18/datagram-1.bin');
    const view = new DataView(bytes.buffer);
    const expected = { sequence: view.getUint32(8, true), portId: view.getUint32(12, true) };
    const { table } = decode(bytes, new SocketTable(), expected);
    const timeWait = table.state.indexOf(TcpState.TIME_WAIT);
    expect([table.timer[timeWait], table.inode[timeWait]]).toEqual([3, 0]);
    expect(table.expiresMs[timeWait]).toBeGreaterThan(59_000);
    expect(table.expiresMs[timeWait]).toBeLessThanOrEqual(60_000);
    const unread = table.localPort.indexOf(57170);
    expect([
      table.receiveQueue[unread],
      table.sendQueue[unread],
      table.uid[unread],
      table.inode[unread],
    ]).toEqual([5, 0, 0, 1738008]);
  });

  it('shows an IPv4-mapped socket as IPv4', () => {
    const mapped = socketMessage({
      family: 10,
      local: [...MAPPED, 10, 0, 0, 1],
      remote: [...MAPPED, 10, 0, 0, 2],
    });
    const { table } = decode(datagram(mapped));
    expect([table.family[0], ...rows(table)]).toEqual([4, 'ESTABLISHED 10.0.0.1 40000 10.0.0.2 443']);
    expect([...table.localAddress.subarray(0, 4)]).toEqual([0, 0, 0xffff, 0x0a000001]);
  });

  it('keeps the interface of a link-local address only', () => {
    const scoped = socketMessage({
      family: 10,
      scopeId: 3,
      local: [0xfe, 0x80],
      remote: [0xfe, 0x80],
      cookie: 1,
    });
    const bound = socketMessage({ family: 10, scopeId: 3, local: [0x20, 1], remote: [0x20, 1], cookie: 2 });
    const { table } = decode(datagram(scoped, bound));
    expect([table.scopeId[0], table.scopeId[1]]).toEqual([3, 0]);
  });

  it('calls a closed socket with a port BOUND and drops one without', () => {
    const { table } = decode(
      datagram(
        socketMessage({ state: 7, remotePort: 0 }),
        socketMessage({ state: 7, localPort: 0, cookie: 2 }),
      ),
    );
    expect(rows(table)).toEqual(['BOUND 192.0.2.1 40000 192.0.2.2 0']);
  });

  it('S1: tells the end, an error and the errno of either', () => {
    expect(decode(doneMessage()).result).toMatchObject({ end: 'done', errno: 0 });
    expect(decode(doneMessage(12)).result).toMatchObject({ end: 'done', errno: 12 });
    expect(decode(errorMessage(2)).result).toMatchObject({ end: 'refused', errno: 2 });
    expect(decode(datagram(errorMessage(0), doneMessage())).result).toMatchObject({
      end: 'done',
      ignored: 1,
    });
  });

  it('S1: ignores messages of another sequence or port id, their end included', () => {
    const { result, table } = decode(
      datagram(socketMessage({}, { sequence: 2 }), doneMessage(0, { portId: 1 }), socketMessage()),
    );
    expect([result.end, result.ignored, table.length]).toEqual(['more', 2, 1]);
  });

  it.each([
    ['zero', 0],
    ['shorter than a header', 15],
    ['shorter than a socket', 40],
    ['longer than the datagram', 4000],
  ])('S1: stops at a message length that is %s', (_what, length) => {
    const { result, table } = decode(datagram(socketMessage(), socketMessage({ cookie: 2 }, { length })));
    expect([result.end, table.length]).toEqual(['malformed', 1]);
  });

  it('S1: stops at a rest that is too short for a header', () => {
    expect(decode(datagram(socketMessage(), new Uint8Array(8))).result.end).toBe('malformed');
  });

  it('S2: notices that the kernel was interrupted', () => {
    expect(decode(datagram(socketMessage({}, { flags: 0x12 }), doneMessage())).result.interrupted).toBe(true);
  });

  it('S2: takes a socket once that is repeated where two datagrams meet', () => {
    const table = new SocketTable();
    decode(
      datagram(socketMessage({ cookie: 1, localPort: 1 }), socketMessage({ cookie: 2, localPort: 2 })),
      table,
    );
    const repeated = socketMessage({ cookie: 9, localPort: 2, state: 6 });
    decode(datagram(repeated, socketMessage({ cookie: 3, localPort: 3 })), table);
    expect([...table.localPort.subarray(0, table.length)]).toEqual([1, 2, 3]);
  });

  it('S2: keeps listeners apart that share a port', () => {
    const table = new SocketTable();
    decode(datagram(socketMessage({ state: 10, remotePort: 0, cookie: 1 })), table);
    decode(datagram(socketMessage({ state: 10, remotePort: 0, cookie: 2 })), table);
    expect(table.length).toBe(2);
  });

  it('S1: ends without throwing on any bytes, and its rows are within bounds', () => {
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .record({ state: fc.nat(255), family: fc.constantFrom(2, 10, 0, 77), cookie: fc.nat() })
        .map((s) => socketMessage(s)),
      fc
        .record({ type: fc.nat(30), length: fc.nat(300), flags: fc.nat(65535), sequence: fc.nat(2) })
        .map((head) => message(new Uint8Array(72), head)),
    );
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 8 }), fc.nat(50), (chunks, cut) => {
        const bytes = datagram(...chunks);
        const { result, table } = decode(bytes.slice(0, Math.max(0, bytes.length - cut)));
        expect(['more', 'done', 'refused', 'malformed']).toContain(result.end);
        expect(table.length).toBeLessThanOrEqual(bytes.length / 88);
        for (let row = 0; row < table.length; row++) {
          expect(table.state[row]).toBeLessThan(TCP_STATE_NAMES.length);
          expect([4, 6]).toContain(table.family[row]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('S1: does not read past the length it is given', () => {
    const bytes = datagram(socketMessage(), socketMessage({ cookie: 2 }));
    const table = new SocketTable();
    decodeDatagram(new DataView(bytes.buffer), 88, EXPECTED, table);
    expect(table.length).toBe(1);
    expect(decodeDatagram(new DataView(bytes.buffer), 1_000_000, EXPECTED, new SocketTable()).end).toBe(
      'more',
    );
  });
});
