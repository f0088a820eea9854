/**
 * The messages of NETLINK_SOCK_DIAG: a dump request made, an answer decoded straight into the columns of a socket
 * table. Pure. Layouts: include/uapi/linux/{netlink,inet_diag}.h; numbers are in the machine's byte order, ports and
 * addresses in network order.
 */
import { endianness } from 'node:os';
import { IPV4_MAPPED_WORD, isLinkLocal } from '../../core/address.ts';
import { TcpState } from '../../core/model.ts';
import type { SocketTable } from '../socket-table.ts';

const LITTLE = endianness() === 'LE';

export const AF_INET = 2;
export const AF_INET6 = 10;
const IPPROTO_TCP = 6;

export const NLMSG_HEADER_BYTES = 16;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLMSG_OVERRUN = 4;
const NLM_F_REQUEST = 0x1;
const NLM_F_DUMP = 0x300;
const NLM_F_DUMP_INTR = 0x10;
const TCPDIAG_GETSOCK = 18;
export const SOCK_DIAG_BY_FAMILY = 20;

export const INET_DIAG_MSG_BYTES = 72;
const INET_DIAG_REQ_BYTES = 60;
const INET_DIAG_REQ_V2_BYTES = 56;

/** Every state by its bit, request sockets (12) and bound ones (13, since about 6.8) included. */
export const ALL_STATES = 0x3ffe;
/** Without TIME_WAIT, listening and bound sockets. */
export const LIVE_STATES =
  ALL_STATES & ~((1 << TcpState.TIME_WAIT) | (1 << TcpState.LISTEN) | (1 << TcpState.BOUND));

/** How many rows before a seam a repeated socket can stand: buckets are dumped 16 sockets at a time. */
const SEAM_ROWS = 32;

/**
 * A request for all TCP sockets in `states`. 'both' asks as TCPDIAG_GETSOCK, the form from before
 * SOCK_DIAG_BY_FAMILY, which the kernel serves for both families in one walk of its table (inet_diag_dump_compat sets
 * AF_UNSPEC): measured 18 ms instead of 28 ms at 30,000 sockets (2 cores, 6.18), and one moment instead of two.
 */
export function dumpRequest(
  family: typeof AF_INET | typeof AF_INET6 | 'both',
  states: number,
  sequence: number,
) {
  const bodyBytes = family === 'both' ? INET_DIAG_REQ_BYTES : INET_DIAG_REQ_V2_BYTES;
  const view = new DataView(new ArrayBuffer(NLMSG_HEADER_BYTES + bodyBytes));
  view.setUint32(0, view.byteLength, LITTLE);
  view.setUint16(4, family === 'both' ? TCPDIAG_GETSOCK : SOCK_DIAG_BY_FAMILY, LITTLE);
  view.setUint16(6, NLM_F_REQUEST | NLM_F_DUMP, LITTLE);
  view.setUint32(8, sequence, LITTLE);
  if (family === 'both') {
    view.setUint32(NLMSG_HEADER_BYTES + 52, states, LITTLE); // inet_diag_req.idiag_states
  } else {
    view.setUint8(NLMSG_HEADER_BYTES, family); // inet_diag_req_v2.sdiag_family
    view.setUint8(NLMSG_HEADER_BYTES + 1, IPPROTO_TCP); // sdiag_protocol
    view.setUint32(NLMSG_HEADER_BYTES + 4, states, LITTLE); // idiag_states
  }
  return new Uint8Array(view.buffer);
}

export interface DatagramResult {
  /**
   * more: the dump goes on. done: NLMSG_DONE was read. refused: the kernel answered an error. malformed: a length
   * cannot be right; what follows cannot be trusted.
   */
  end: 'more' | 'done' | 'refused' | 'malformed';
  /** The positive errno that DONE or an error message carried, 0 for none. */
  errno: number;
  /** The kernel said that the table changed under the dump (NLM_F_DUMP_INTR). */
  interrupted: boolean;
  /** Messages that are not of this dump, or of a kind that a dump does not have. */
  ignored: number;
}

/**
 * Decodes one datagram of an answer and appends its sockets to `table`.
 * Never throws and always ends, whatever the bytes are; a socket that the kernel repeats where two datagrams meet is
 * taken once.
 */
export function decodeDatagram(
  view: DataView,
  length: number,
  expected: { sequence: number; portId: number },
  table: SocketTable,
): DatagramResult {
  const result: DatagramResult = { end: 'more', errno: 0, interrupted: false, ignored: 0 };
  const limit = Math.min(length, view.byteLength);
  const seamRow = table.length;
  let isAtSeam = seamRow > 0;
  makeRoom(table, Math.floor(limit / (NLMSG_HEADER_BYTES + INET_DIAG_MSG_BYTES)));
  let at = 0;
  while (at < limit) {
    if (limit - at < NLMSG_HEADER_BYTES) return { ...result, end: 'malformed' };
    const messageBytes = view.getUint32(at, LITTLE);
    if (messageBytes < NLMSG_HEADER_BYTES || messageBytes > limit - at)
      return { ...result, end: 'malformed' };
    const type = view.getUint16(at + 4, LITTLE);
    const isOurs =
      view.getUint32(at + 8, LITTLE) === expected.sequence &&
      view.getUint32(at + 12, LITTLE) === expected.portId;
    if (isOurs && (view.getUint16(at + 6, LITTLE) & NLM_F_DUMP_INTR) !== 0) result.interrupted = true;
    if (!isOurs) {
      result.ignored++;
    } else if (type === SOCK_DIAG_BY_FAMILY || type === TCPDIAG_GETSOCK) {
      if (messageBytes < NLMSG_HEADER_BYTES + INET_DIAG_MSG_BYTES) return { ...result, end: 'malformed' };
      const before = table.length;
      decodeSocket(view, at + NLMSG_HEADER_BYTES, table);
      if (isAtSeam && table.length > before) {
        if (repeatsRecentRow(table, before, seamRow)) table.length = before;
        else isAtSeam = false;
      }
    } else if (type === NLMSG_DONE || type === NLMSG_ERROR) {
      const errno =
        messageBytes >= NLMSG_HEADER_BYTES + 4 ? -view.getInt32(at + NLMSG_HEADER_BYTES, LITTLE) : 0;
      // An error message of 0 is an acknowledgement, which nobody asked for.
      if (type === NLMSG_DONE || errno !== 0) {
        return { ...result, end: type === NLMSG_DONE ? 'done' : 'refused', errno: Math.max(0, errno) };
      }
      result.ignored++;
    } else if (type === NLMSG_OVERRUN) {
      return { ...result, end: 'malformed' };
    } else {
      result.ignored++;
    }
    at += (messageBytes + 3) & ~3;
  }
  return result;
}

/** struct inet_diag_msg at `at` into a new row; nothing for another family or a socket without a port. */
export function decodeSocket(view: DataView, at: number, table: SocketTable): void {
  const family = view.getUint8(at); // idiag_family
  if (family !== AF_INET && family !== AF_INET6) return;
  const localPort = view.getUint16(at + 4); // idiag_sport
  let state = view.getUint8(at + 1); // idiag_state
  if (state === TcpState.CLOSE) {
    // TCP_BOUND_INACTIVE comes back as CLOSE; a closed socket without a port holds nothing.
    if (localPort === 0) return;
    state = TcpState.BOUND;
  }
  const row = table.append();
  table.state[row] = state > TcpState.BOUND ? 0 : state;
  table.timer[row] = view.getUint8(at + 2); // idiag_timer
  table.retransmits[row] = view.getUint8(at + 3); // idiag_retrans
  table.localPort[row] = localPort;
  table.remotePort[row] = view.getUint16(at + 6); // idiag_dport
  table.cookieLow[row] = view.getUint32(at + 44, LITTLE); // idiag_cookie[0]
  table.cookieHigh[row] = view.getUint32(at + 48, LITTLE); // idiag_cookie[1]
  table.expiresMs[row] = view.getUint32(at + 52, LITTLE); // idiag_expires
  table.receiveQueue[row] = view.getUint32(at + 56, LITTLE); // idiag_rqueue
  table.sendQueue[row] = view.getUint32(at + 60, LITTLE); // idiag_wqueue
  table.uid[row] = view.getUint32(at + 64, LITTLE); // idiag_uid
  table.inode[row] = view.getUint32(at + 68, LITTLE); // idiag_inode
  if (family === AF_INET) setIpv4(table, row, view.getUint32(at + 8), view.getUint32(at + 24));
  else decodeIpv6(view, at, table, row);
}

/** idiag_src, idiag_dst and idiag_if of an AF_INET6 socket; one that speaks IPv4 becomes an IPv4 row. */
function decodeIpv6(view: DataView, at: number, table: SocketTable, row: number): void {
  const source = at + 8;
  const destination = at + 24;
  const isMapped =
    view.getUint32(source + 8) === IPV4_MAPPED_WORD &&
    view.getUint32(source) === 0 &&
    view.getUint32(source + 4) === 0;
  if (isMapped) {
    setIpv4(table, row, view.getUint32(source + 12), view.getUint32(destination + 12));
    return;
  }
  table.family[row] = 6;
  for (let word = 0; word < 4; word++) {
    table.localAddress[row * 4 + word] = view.getUint32(source + word * 4);
    table.remoteAddress[row * 4 + word] = view.getUint32(destination + word * 4);
  }
  if (isLinkLocal(view.getUint32(source)) || isLinkLocal(view.getUint32(destination))) {
    table.scopeId[row] = view.getUint32(at + 40, LITTLE); // idiag_if
  }
}

/** Writes both addresses of an IPv4 row as the columns hold them. */
export function setIpv4(table: SocketTable, row: number, local: number, remote: number): void {
  table.family[row] = 4;
  const { localAddress, remoteAddress } = table;
  const at = row * 4;
  localAddress[at] = 0;
  localAddress[at + 1] = 0;
  localAddress[at + 2] = IPV4_MAPPED_WORD;
  localAddress[at + 3] = local;
  remoteAddress[at] = 0;
  remoteAddress[at + 1] = 0;
  remoteAddress[at + 2] = IPV4_MAPPED_WORD;
  remoteAddress[at + 3] = remote;
}

/** Room for the rows of one datagram, growing by half so that a large dump does not copy its columns each time. */
function makeRoom(table: SocketTable, rows: number): void {
  const needed = table.length + rows;
  if (needed > table.state.length) table.reserve(Math.max(needed, Math.ceil(table.state.length * 1.5)));
}

/** Whether `row` is a socket that stands in the last rows before `seamRow`: same cookie, or same connected 4-tuple. */
function repeatsRecentRow(table: SocketTable, row: number, seamRow: number): boolean {
  for (let other = Math.max(0, seamRow - SEAM_ROWS); other < seamRow; other++) {
    const isSameCookie =
      table.cookieLow[other] === table.cookieLow[row] && table.cookieHigh[other] === table.cookieHigh[row];
    if ((isSameCookie || table.remotePort[row] !== 0) && isSameTuple(table, row, other)) return true;
  }
  return false;
}

function isSameTuple(table: SocketTable, a: number, b: number): boolean {
  if (table.localPort[a] !== table.localPort[b] || table.remotePort[a] !== table.remotePort[b]) return false;
  if (table.scopeId[a] !== table.scopeId[b]) return false;
  for (let word = 0; word < 4; word++) {
    if (table.localAddress[a * 4 + word] !== table.localAddress[b * 4 + word]) return false;
    if (table.remoteAddress[a * 4 + word] !== table.remoteAddress[b * 4 + word]) return false;
  }
  return true;
}
