/** Netlink answers made by hand (little- or big-endian as this machine), and a C library that plays them. */
import { endianness } from 'node:os';
import type { Libc } from '../../main/sampling/linux/libc.ts';

const LITTLE = endianness() === 'LE';

export interface FakeSocket {
  family?: number;
  state?: number;
  localPort?: number;
  remotePort?: number;
  local?: number[];
  remote?: number[];
  cookie?: number;
  inode?: number;
  scopeId?: number;
  timer?: number;
  expiresMs?: number;
}

export interface MessageHead {
  type?: number;
  flags?: number;
  sequence?: number;
  portId?: number;
  /** What the header claims, when not the truth. */
  length?: number;
}

/** One nlmsg with `body`, padded to four bytes. */
export function message(body: Uint8Array, head: MessageHead = {}): Uint8Array {
  const bytes = new Uint8Array((16 + body.length + 3) & ~3);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, head.length ?? 16 + body.length, LITTLE);
  view.setUint16(4, head.type ?? 20, LITTLE);
  view.setUint16(6, head.flags ?? 2, LITTLE);
  view.setUint32(8, head.sequence ?? 1, LITTLE);
  view.setUint32(12, head.portId ?? 77, LITTLE);
  bytes.set(body, 16);
  return bytes;
}

export function socketMessage(socket: FakeSocket = {}, head: MessageHead = {}): Uint8Array {
  const view = new DataView(new ArrayBuffer(72));
  view.setUint8(0, socket.family ?? 2);
  view.setUint8(1, socket.state ?? 1);
  view.setUint8(2, socket.timer ?? 0);
  view.setUint16(4, socket.localPort ?? 40000);
  view.setUint16(6, socket.remotePort ?? 443);
  (socket.local ?? [192, 0, 2, 1]).forEach((byte, i) => view.setUint8(8 + i, byte));
  (socket.remote ?? [192, 0, 2, 2]).forEach((byte, i) => view.setUint8(24 + i, byte));
  view.setUint32(40, socket.scopeId ?? 0, LITTLE);
  view.setUint32(44, socket.cookie ?? 1, LITTLE);
  view.setUint32(52, socket.expiresMs ?? 0, LITTLE);
  view.setUint32(68, socket.inode ?? 0, LITTLE);
  return message(new Uint8Array(view.buffer), head);
}

export function doneMessage(errno = 0, head: MessageHead = {}): Uint8Array {
  return message(new Uint8Array(new Int32Array([-errno]).buffer), { type: 3, ...head });
}

export function errorMessage(errno: number, head: MessageHead = {}): Uint8Array {
  const body = new Uint8Array(20);
  new DataView(body.buffer).setInt32(0, -errno, LITTLE);
  return message(body, { type: 2, ...head });
}

export function datagram(...messages: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(messages.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of messages) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What one recvfrom() gives. `sender` is the nl_pid it says it comes from; 0 is the kernel. */
export type Received = { bytes: Uint8Array; sender?: number } | { errno: number };

export interface Question {
  sequence: number;
  type: number;
  family: number;
}

/** A C library whose netlink socket answers each request with what `answer` gives; it counts open descriptors. */
export function fakeLibc(answer: (question: Question, requestIndex: number) => Received[]) {
  const state = { open: 0, requests: 0, failCall: 0, calls: 0, errno: 0 };
  let queue: Received[] = [];
  const call = <T extends number>(succeed: () => T): number => {
    state.calls++;
    if (state.calls !== state.failCall) return succeed();
    state.errno = 12;
    return -1;
  };
  const libc: Libc = {
    socket: () => call(() => (state.open++, 5)),
    bind: () => call(() => 0),
    getsockname: (_fd, address) => call(() => (new DataView(address.buffer).setUint32(4, 77, LITTLE), 0)),
    setsockopt: () => call(() => 0),
    sendto: (_fd, request) =>
      call(() => {
        const view = new DataView(request.buffer);
        const question = {
          sequence: view.getUint32(8, LITTLE),
          type: view.getUint16(4, LITTLE),
          family: view.getUint8(16),
        };
        queue = answer(question, state.requests++);
        return request.length;
      }),
    recvfrom: (_fd, buffer, length, _flags, from) =>
      call(() => {
        const next = queue.shift() ?? { errno: 11 };
        if ('errno' in next) {
          state.errno = next.errno;
          return -1;
        }
        new DataView(from.buffer).setUint32(4, next.sender ?? 0, LITTLE);
        buffer.set(next.bytes.subarray(0, length));
        return next.bytes.length;
      }),
    close: () => {
      state.open--;
      queue = [];
      return 0;
    },
    errno: () => state.errno,
    longBytes: 8,
  };
  return { libc, state };
}
