/**
 * Sockets from the kernel's own answer to NETLINK_SOCK_DIAG: no text, no privilege. A dump runs to its end or says why
 * it did not: an interrupted, overrun, cut or garbled one is made anew (hardening S1, S2).
 */
import type { Degradation, Failure, Outcome } from '../../core/model.ts';
import type { SocketTable } from '../socket-table.ts';
import type { DumpFacts, SocketSource } from '../source.ts';
import { AF_INET, AF_INET6, ALL_STATES, decodeDatagram, dumpRequest, LIVE_STATES } from './inet-diag.ts';
import type { Libc } from './libc.ts';

const AF_NETLINK = 16;
const NETLINK_SOCK_DIAG = 4;
const SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
const SOCKADDR_NL_BYTES = 12;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
/** The one architecture of Node's that numbers it otherwise (arch/powerpc/include/uapi/asm/socket.h). */
const SO_RCVTIMEO = process.arch === 'ppc64' ? 18 : 20;
const MSG_TRUNC = 0x20;
const EINTR = 4;
const EAGAIN = 11;
const ENOBUFS = 105;
/** ENOENT, EINVAL, EPROTONOSUPPORT, EOPNOTSUPP, EAFNOSUPPORT: this kernel does not know the question. */
const NOT_KNOWN_HERE: readonly number[] = [2, 22, 93, 95, 97];

/** The kernel fills up to 32 KB a datagram (netlink_dump); larger ones are met by a larger buffer. */
const BUFFER_BYTES = 256 * 1024;
const MAX_BUFFER_BYTES = 4 * 1024 * 1024;
const SOCKET_BUFFER_BYTES = 1024 * 1024;
const RECEIVE_TIMEOUT_SECONDS = 2;
/** A dump takes about 0.5 µs a socket; one that takes this long is fed by something that is not a dump. */
const DUMP_DEADLINE_MS = 10_000;
/** Repeats after the first try, each for an interrupted dump and for a lost one. */
const MAX_RETRIES = 3;
/** Bit of LISTEN: the smallest question that shows whether the kernel answers at all. */
const LISTEN_STATES = 1 << 10;

type Family = typeof AF_INET | typeof AF_INET6 | 'both';
type Attempt =
  | { end: 'complete'; interrupted: boolean }
  | { end: 'lost'; failure: Failure }
  | { end: 'refused'; errno: number; family: Family };

/**
 * Opens the netlink socket and asks for the listening sockets once, so that a kernel without sock_diag is found out
 * here. `monotonicMs` is for measuring.
 */
export function openNetlink(
  libc: Libc,
  scratch: SocketTable,
  monotonicMs: () => number = () => performance.now(),
): Outcome<NetlinkSource> {
  const source = new NetlinkSource(libc, monotonicMs);
  const first = source.dumpStates(scratch, LISTEN_STATES);
  if (first.ok) return { ok: true, value: source };
  source.close();
  return first;
}

export class NetlinkSource implements SocketSource {
  readonly name = 'sock_diag';
  /** Dumps of which the kernel dropped a part because the socket's buffer was full. */
  overrunCount = 0;
  private readonly libc: Libc;
  private readonly monotonicMs: () => number;
  private fd: number | null = null;
  private portId = 0;
  private sequence = 0;
  private families: Family[] = ['both'];
  private hasIpv6 = true;
  private view = new DataView(new ArrayBuffer(BUFFER_BYTES));
  private bytes = new Uint8Array(this.view.buffer);
  private readonly sender = new DataView(new ArrayBuffer(SOCKADDR_NL_BYTES));
  private readonly senderBytes = new Uint8Array(this.sender.buffer);
  private readonly senderLength = new Uint32Array(1);
  private readonly senderLengthBytes = new Uint8Array(this.senderLength.buffer);

  constructor(libc: Libc, monotonicMs: () => number) {
    this.libc = libc;
    this.monotonicMs = monotonicMs;
  }

  dump(table: SocketTable): Outcome<DumpFacts> {
    return this.dumpStates(table, ALL_STATES);
  }

  dumpLive(table: SocketTable): Outcome<DumpFacts> {
    return this.dumpStates(table, LIVE_STATES);
  }

  close(): void {
    if (this.fd !== null) this.libc.close(this.fd);
    this.fd = null;
  }

  /** Empties `table` and fills it with the sockets whose state's bit is set in `states`. */
  dumpStates(table: SocketTable, states: number): Outcome<DumpFacts> {
    const startedMs = this.monotonicMs();
    let interruptions = 0;
    let losses = 0;
    for (;;) {
      const attempt = this.attempt(table, states);
      if (attempt.end === 'complete') {
        if (attempt.interrupted && interruptions++ < MAX_RETRIES) continue;
        return { ok: true, value: this.facts(startedMs, attempt.interrupted) };
      }
      if (attempt.end === 'refused') {
        if (this.changePlan(attempt)) continue;
        table.clear();
        return { ok: false, failure: systemFailure('sock_diag dump', attempt.errno) };
      }
      // What is still on its way must not be taken for the answer to the next question.
      this.close();
      if (losses++ < MAX_RETRIES) continue;
      table.clear();
      return { ok: false, failure: attempt.failure };
    }
  }

  /** One dump of all families, from an empty table. */
  private attempt(table: SocketTable, states: number): Attempt {
    table.clear();
    const opened = this.open();
    if (!opened.ok) return { end: 'lost', failure: opened.failure };
    let interrupted = false;
    for (const family of this.families) {
      const part = this.dumpFamily(opened.value, family, states, table);
      if (part.end !== 'complete') return part;
      interrupted ||= part.interrupted;
    }
    return { end: 'complete', interrupted };
  }

  private dumpFamily(fd: number, family: Family, states: number, table: SocketTable): Attempt {
    this.sequence = (this.sequence + 1) >>> 0;
    const request = dumpRequest(family, states, this.sequence);
    if (this.libc.sendto(fd, request, request.length, 0, kernelAddress(), SOCKADDR_NL_BYTES) < 0) {
      return { end: 'lost', failure: systemFailure('sendto', this.libc.errno()) };
    }
    const expected = { sequence: this.sequence, portId: this.portId };
    const deadlineMs = this.monotonicMs() + DUMP_DEADLINE_MS;
    let interrupted = false;
    while (this.monotonicMs() < deadlineMs) {
      const length = this.receive(fd);
      if (typeof length !== 'number') return { end: 'lost', failure: length };
      if (length === 0 || this.sender.getUint32(4, true) !== 0) continue; // sockaddr_nl.nl_pid: 0 is the kernel
      const datagram = decodeDatagram(this.view, length, expected, table);
      interrupted ||= datagram.interrupted;
      if (datagram.end === 'more') continue;
      if (datagram.end === 'malformed') return { end: 'lost', failure: garbled('a message length is wrong') };
      if (datagram.end === 'refused') return { end: 'refused', errno: datagram.errno, family };
      if (datagram.errno === 0) return { end: 'complete', interrupted };
      // DONE carries an errno when the dump broke off on the way, or was never begun.
      if (NOT_KNOWN_HERE.includes(datagram.errno)) return { end: 'refused', errno: datagram.errno, family };
      return { end: 'lost', failure: systemFailure('sock_diag dump', datagram.errno) };
    }
    return { end: 'lost', failure: garbled('the dump did not end') };
  }

  /** Bytes of the next datagram (0 to be asked again), or why there is none. */
  private receive(fd: number): number | Failure {
    this.senderLength[0] = SOCKADDR_NL_BYTES;
    const { libc, bytes, senderBytes, senderLengthBytes } = this;
    const length = libc.recvfrom(fd, bytes, bytes.length, MSG_TRUNC, senderBytes, senderLengthBytes);
    if (length > bytes.length) {
      // MSG_TRUNC gives the whole length: the rest is lost, the next try has room for it.
      this.grow(length);
      return garbled('a datagram was longer than the buffer');
    }
    if (length >= 0) return length;
    const errno = libc.errno();
    if (errno === EINTR) return 0;
    if (errno === ENOBUFS) this.overrunCount++;
    if (errno === EAGAIN) return garbled(`no answer within ${RECEIVE_TIMEOUT_SECONDS} s`);
    return systemFailure('recvfrom', errno);
  }

  private grow(neededBytes: number): void {
    const size = Math.min(MAX_BUFFER_BYTES, Math.max(neededBytes, this.bytes.length * 2));
    this.view = new DataView(new ArrayBuffer(size));
    this.bytes = new Uint8Array(this.view.buffer);
  }

  private open(): Outcome<number> {
    if (this.fd !== null) return { ok: true, value: this.fd };
    const { libc } = this;
    const fd = libc.socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0) return { ok: false, failure: systemFailure('socket', libc.errno()) };
    const address = kernelAddress();
    const length = new Uint8Array(new Uint32Array([SOCKADDR_NL_BYTES]).buffer);
    const isBound =
      setOption(libc, fd, SO_RCVTIMEO, timeval(libc.longBytes, RECEIVE_TIMEOUT_SECONDS)) &&
      libc.bind(fd, address, SOCKADDR_NL_BYTES) === 0 &&
      libc.getsockname(fd, address, length) === 0;
    if (!isBound) {
      const failure = systemFailure('bind', libc.errno());
      libc.close(fd);
      return { ok: false, failure };
    }
    // The kernel caps it at net.core.rmem_max; the default is enough for a dump, so a refusal does not matter.
    setOption(libc, fd, SO_RCVBUF, new Uint8Array(new Int32Array([SOCKET_BUFFER_BYTES]).buffer));
    this.portId = new Uint32Array(address.buffer)[1] ?? 0;
    this.fd = fd;
    return { ok: true, value: fd };
  }

  /** After a refusal: true when there is another way to ask. */
  private changePlan({ family, errno }: { family: Family; errno: number }): boolean {
    if (!NOT_KNOWN_HERE.includes(errno)) return false;
    if (family === 'both') {
      this.families = [AF_INET, AF_INET6];
      return true;
    }
    if (family !== AF_INET6) return false;
    this.families = [AF_INET];
    this.hasIpv6 = false;
    return true;
  }

  private facts(startedMs: number, approximate: boolean): DumpFacts {
    const degradations: Degradation[] = [];
    if (approximate) {
      degradations.push({
        code: 'dump-interrupted',
        sentence:
          'The socket table changed during each of four dumps, so single sockets may be missing or counted twice.',
      });
    }
    if (!this.hasIpv6) {
      degradations.push({
        code: 'ipv6-unavailable',
        sentence: 'The kernel does not list IPv6 sockets here; IPv4 is complete.',
      });
    }
    return { source: 'sock_diag', dumpMs: this.monotonicMs() - startedMs, approximate, degradations };
  }
}

/** struct sockaddr_nl of the kernel, or for bind "choose a port id for me": all but the family is 0. */
function kernelAddress(): Uint8Array {
  const address = new Uint8Array(SOCKADDR_NL_BYTES);
  new Uint16Array(address.buffer)[0] = AF_NETLINK;
  return address;
}

function timeval(longBytes: number, seconds: number): Uint8Array {
  const words = longBytes === 8 ? new BigInt64Array([BigInt(seconds), 0n]) : new Int32Array([seconds, 0]);
  return new Uint8Array(words.buffer);
}

function setOption(libc: Libc, fd: number, option: number, value: Uint8Array): boolean {
  return libc.setsockopt(fd, SOL_SOCKET, option, value, value.length) === 0;
}

function systemFailure(call: string, errno: number): Failure {
  return { code: 'system', call, errno, message: 'NETLINK_SOCK_DIAG' };
}

function garbled(message: string): Failure {
  return { code: 'system', call: 'recvfrom', errno: null, message: `NETLINK_SOCK_DIAG: ${message}` };
}
