/**
 * The multicast groups in which the kernel tells of each TCP socket that is freed. Any user may join (seen as uid 65534
 * on 6.18); the socket is read without waiting, at each look at the machine.
 */
import type { Outcome } from '../../core/model.ts';
import type { CloseBatch } from '../close-batch.ts';
import type { CloseEvents, DrainFacts } from '../source.ts';
import { decodeDestroyEvents } from './destroy-event.ts';
import type { Libc } from './libc.ts';

const AF_NETLINK = 16;
const NETLINK_SOCK_DIAG = 4;
/** SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK. */
const SOCKET_TYPE = 2 | 0x80000 | 0x800;
const SOCKADDR_NL_BYTES = 12;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
/** SKNLGRP_INET_TCP_DESTROY and SKNLGRP_INET6_TCP_DESTROY, include/uapi/linux/sock_diag.h. */
const GROUPS = { tcp: 1, tcp6: 3 } as const;
const EINTR = 4;
const ENOBUFS = 105;

/** An event is 380 bytes on 6.18. */
const BUFFER_BYTES = 8192;
/**
 * Each waiting event takes about 1.3 KB of this. Root may exceed net.core.rmem_max; others get at most that, by default
 * room for some 300 events.
 */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
/** Events read between two looks at the clock: about 0.1 ms. */
const EVENTS_PER_LOOK = 32;

/** Joins the groups; fails where the kernel has none or refuses. */
export function openCloseEvents(
  libc: Libc,
  monotonicMs: () => number = () => performance.now(),
): Outcome<CloseEvents> {
  const fd = libc.socket(AF_NETLINK, SOCKET_TYPE, NETLINK_SOCK_DIAG);
  if (fd < 0) return refused(libc, 'socket');
  const address = new Uint8Array(SOCKADDR_NL_BYTES);
  new Uint16Array(address.buffer)[0] = AF_NETLINK;
  const isOpen =
    libc.bind(fd, address, SOCKADDR_NL_BYTES) === 0 &&
    setNumber(libc, fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, GROUPS.tcp);
  if (!isOpen) {
    const failure = refused(libc, 'setsockopt');
    libc.close(fd);
    return failure;
  }
  // Refused where there is no IPv6: then no such socket ends either.
  setNumber(libc, fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, GROUPS.tcp6);
  if (!setNumber(libc, fd, SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BUFFER_BYTES)) {
    setNumber(libc, fd, SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER_BYTES);
  }
  return { ok: true, value: new JoinedGroups(libc, fd, monotonicMs) };
}

class JoinedGroups implements CloseEvents {
  private readonly libc: Libc;
  private readonly monotonicMs: () => number;
  private fd: number | null;
  private readonly view = new DataView(new ArrayBuffer(BUFFER_BYTES));
  private readonly bytes = new Uint8Array(this.view.buffer);
  private readonly sender = new DataView(new ArrayBuffer(SOCKADDR_NL_BYTES));
  private readonly senderBytes = new Uint8Array(this.sender.buffer);
  private readonly senderLength = new Uint32Array(1);
  private readonly senderLengthBytes = new Uint8Array(this.senderLength.buffer);

  constructor(libc: Libc, fd: number, monotonicMs: () => number) {
    this.libc = libc;
    this.fd = fd;
    this.monotonicMs = monotonicMs;
  }

  drain(batch: CloseBatch, budgetMs: number): DrainFacts {
    const { fd, libc, bytes } = this;
    const facts: DrainFacts = { events: 0, overruns: 0, isEmptied: true };
    if (fd === null) return facts;
    const untilMs = this.monotonicMs() + budgetMs;
    for (let read = 1; ; read++) {
      if (read % EVENTS_PER_LOOK === 0 && this.monotonicMs() >= untilMs)
        return { ...facts, isEmptied: false };
      this.senderLength[0] = SOCKADDR_NL_BYTES;
      const length = libc.recvfrom(fd, bytes, bytes.length, 0, this.senderBytes, this.senderLengthBytes);
      if (length >= 0) {
        // sockaddr_nl.nl_pid: 0 is the kernel.
        if (this.sender.getUint32(4, true) !== 0) continue;
        facts.events += decodeDestroyEvents(this.view, length, batch);
        continue;
      }
      const errno = libc.errno();
      if (errno === ENOBUFS) facts.overruns++;
      else if (errno !== EINTR) return facts;
    }
  }

  close(): void {
    if (this.fd !== null) this.libc.close(this.fd);
    this.fd = null;
  }
}

function setNumber(libc: Libc, fd: number, level: number, option: number, value: number): boolean {
  const bytes = new Uint8Array(new Int32Array([value]).buffer);
  return libc.setsockopt(fd, level, option, bytes, bytes.length) === 0;
}

function refused(libc: Libc, call: string): Outcome<never> {
  const message = 'NETLINK_SOCK_DIAG, events of sockets that end';
  return { ok: false, failure: { code: 'system', call, errno: libc.errno(), message } };
}
