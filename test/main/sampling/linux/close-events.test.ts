import fc from 'fast-check';
import { endianness } from 'node:os';
import { describe, expect, it } from 'vitest';
import { CloseBatch } from '../../../../main/sampling/close-batch.ts';
import { openCloseEvents } from '../../../../main/sampling/linux/close-events.ts';
import { decodeDestroyEvents } from '../../../../main/sampling/linux/destroy-event.ts';
import { datagram, fakeLibc, message, socketMessage, type Received } from '../../../support/sock-diag.ts';

const LITTLE = endianness() === 'LE';

/** An event as 6.18 sends it: a closed socket, an attribute of one byte (the protocol), and tcp_info. */
function eventOf(port: number, { infoBytes = 280, sent = 80, received = 20, out = 2, inwards = 3 } = {}) {
  const socket = socketMessage({ state: 7, localPort: port, remotePort: 443 }).subarray(16);
  const info = new DataView(new ArrayBuffer(infoBytes));
  const put32 = (at: number, value: number) => at + 4 <= infoBytes && info.setUint32(at, value, LITTLE);
  const put64 = (at: number, value: number) => put32(LITTLE ? at : at + 4, value);
  put32(44, 12); // tcpi_last_data_sent
  put64(120, sent + 1); // tcpi_bytes_acked, the SYN included
  put64(128, received);
  put32(152, inwards); // tcpi_data_segs_in
  put32(156, out);
  put64(200, sent); // tcpi_bytes_sent
  return message(
    datagram(socket, attribute(10, Uint8Array.of(6)), attribute(2, new Uint8Array(info.buffer))),
    { type: 20, sequence: 0, portId: 0 },
  );
}

function attribute(type: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((4 + body.length + 3) & ~3);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 4 + body.length, LITTLE);
  view.setUint16(2, type, LITTLE);
  bytes.set(body, 4);
  return bytes;
}

function decode(bytes: Uint8Array) {
  const batch = new CloseBatch();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const events = decodeDestroyEvents(view, bytes.length, batch);
  return { events, batch, ports: [...batch.ends.localPort.subarray(0, batch.ends.length)] };
}

describe('an event of a socket that ended', () => {
  it('tells the 4-tuple and what was exchanged', () => {
    const { events, batch, ports } = decode(eventOf(40001));
    expect([events, ports, batch.ends.remotePort[0]]).toEqual([1, [40001], 443]);
    expect(batch.exchanges).toEqual([
      { bytesSent: 80, bytesReceived: 20, dataSegmentsOut: 2, dataSegmentsIn: 3, sinceSentMs: 12 },
    ]);
  });

  it('tells less on an older kernel, and nothing of the exchange on a very old one', () => {
    expect(decode(eventOf(40001, { infoBytes: 168 })).batch.exchanges[0]).toMatchObject({ bytesSent: 81 });
    expect(decode(eventOf(40001, { infoBytes: 104 })).batch.exchanges).toEqual([null]);
  });

  it('S1: ends at a length that cannot be right, and skips what is no event', () => {
    const other = message(new Uint8Array(80), { type: 99 });
    expect(decode(datagram(eventOf(1), other, eventOf(2))).ports).toEqual([1, 2]);
    const lying = message(new Uint8Array(80), { type: 20, length: 4000 });
    expect(decode(datagram(eventOf(1), lying, eventOf(2))).ports).toEqual([1]);
    expect(decode(message(new Uint8Array(80), { length: 3 })).events).toBe(0);
  });

  it('S1: always ends, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(600), (noise, at) => {
        const bytes = datagram(eventOf(40001), eventOf(40002));
        bytes.set(noise.subarray(0, bytes.length - Math.min(at, bytes.length)), Math.min(at, bytes.length));
        const { events, batch } = decode(bytes);
        expect(batch.ends.length).toBe(events);
        expect(batch.exchanges.length).toBe(events);
      }),
    );
  });
});

describe('listening for sockets that end', () => {
  function open(received: Received[]) {
    const { libc, state } = fakeLibc(() => []);
    const queue = [...received];
    const answered = {
      ...libc,
      recvfrom: (fd: number, buffer: Uint8Array, length: number, _flags: number, from: Uint8Array) => {
        const next = queue.shift() ?? { errno: 11 };
        if ('errno' in next) {
          state.errno = next.errno;
          return -1;
        }
        new DataView(from.buffer).setUint32(4, next.sender ?? 0, LITTLE);
        buffer.set(next.bytes.subarray(0, length));
        return fd < 0 ? -1 : next.bytes.length;
      },
    };
    let ms = 0;
    const opened = openCloseEvents(answered, () => (ms += 0.5));
    if (!opened.ok) throw new Error('not opened');
    return { events: opened.value, state, queue };
  }

  it('reads what has come and does not wait for more', () => {
    const { events, state } = open([{ bytes: eventOf(1) }, { bytes: eventOf(2) }]);
    const batch = new CloseBatch();
    expect(events.drain(batch, 10)).toEqual({ events: 2, overruns: 0, isEmptied: true });
    expect(events.drain(batch, 10)).toEqual({ events: 0, overruns: 0, isEmptied: true });
    events.close();
    events.close();
    expect(state.open).toBe(0);
  });

  it('S2: counts what the kernel dropped and reads on', () => {
    const { events } = open([{ bytes: eventOf(1) }, { errno: 105 }, { errno: 4 }, { bytes: eventOf(2) }]);
    expect(events.drain(new CloseBatch(), 10)).toEqual({ events: 2, overruns: 1, isEmptied: true });
  });

  it('S1: believes nobody but the kernel', () => {
    const { events } = open([{ bytes: eventOf(1), sender: 4711 }, { bytes: eventOf(2) }]);
    const batch = new CloseBatch();
    events.drain(batch, 10);
    expect([...batch.ends.localPort.subarray(0, batch.ends.length)]).toEqual([2]);
  });

  it('stops at its budget and says so', () => {
    const { events, queue } = open(Array.from({ length: 1000 }, () => ({ bytes: eventOf(1) })));
    expect(events.drain(new CloseBatch(), 2)).toMatchObject({ isEmptied: false });
    expect(queue.length).toBeGreaterThan(500);
  });

  it('gives a failure and leaves nothing open when a call is refused', () => {
    for (const failCall of [1, 2, 3]) {
      const { libc, state } = fakeLibc(() => []);
      state.failCall = failCall;
      expect(openCloseEvents(libc).ok).toBe(false);
      expect(state.open).toBe(0);
    }
  });
});
