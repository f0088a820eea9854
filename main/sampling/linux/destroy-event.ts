/**
 * What the kernel broadcasts when a TCP socket is freed (net/core/sock_diag.c, sock_diag_broadcast_destroy): struct
 * inet_diag_msg with the 4-tuple, and tcp_info. An active closer's comes at its entry to TIME_WAIT. Pure.
 */
import { endianness } from 'node:os';
import type { CloseBatch } from '../close-batch.ts';
import type { Exchange } from '../close-likeness.ts';
import { decodeSocket, INET_DIAG_MSG_BYTES, NLMSG_HEADER_BYTES, SOCK_DIAG_BY_FAMILY } from './inet-diag.ts';

const LITTLE = endianness() === 'LE';
const ATTRIBUTE_HEADER_BYTES = 4;
/** INET_DIAG_INFO, include/uapi/linux/inet_diag.h. */
const INET_DIAG_INFO = 2;

/** Offsets in struct tcp_info, include/uapi/linux/tcp.h; newer kernels only append. */
const TCP_INFO = {
  lastDataSent: 44,
  bytesAcked: 120,
  bytesReceived: 128,
  dataSegmentsIn: 152,
  dataSegmentsOut: 156,
  /** Since 4.19. */
  bytesSent: 200,
} as const;
/** Up to tcpi_data_segs_out, since 4.6. */
const TCP_INFO_BYTES_NEEDED = 160;
const TCP_INFO_BYTES_WITH_SENT = 208;

/** Appends the events of one datagram to `batch`; gives how many. Ends at the first message that cannot be right. */
export function decodeDestroyEvents(view: DataView, length: number, batch: CloseBatch): number {
  const limit = Math.min(length, view.byteLength);
  let events = 0;
  for (let at = 0; at + NLMSG_HEADER_BYTES <= limit;) {
    const messageBytes = view.getUint32(at, LITTLE);
    if (messageBytes < NLMSG_HEADER_BYTES || messageBytes > limit - at) break;
    const isEvent = view.getUint16(at + 4, LITTLE) === SOCK_DIAG_BY_FAMILY;
    if (isEvent && messageBytes >= NLMSG_HEADER_BYTES + INET_DIAG_MSG_BYTES) {
      events += decodeEvent(view, at + NLMSG_HEADER_BYTES, at + messageBytes, batch);
    }
    at += (messageBytes + 3) & ~3;
  }
  return events;
}

/** 1 when the event was of a TCP socket with a port. */
function decodeEvent(view: DataView, at: number, end: number, batch: CloseBatch): number {
  const { ends, exchanges } = batch;
  const before = ends.length;
  decodeSocket(view, at, ends);
  if (ends.length === before) return 0;
  exchanges[before] = readExchange(view, at + INET_DIAG_MSG_BYTES, end);
  return 1;
}

function readExchange(view: DataView, from: number, end: number): Exchange | null {
  for (let at = from; at + ATTRIBUTE_HEADER_BYTES <= end;) {
    const bytes = view.getUint16(at, LITTLE);
    if (bytes < ATTRIBUTE_HEADER_BYTES || bytes > end - at) return null;
    if (view.getUint16(at + 2, LITTLE) === INET_DIAG_INFO) {
      return readTcpInfo(view, at + ATTRIBUTE_HEADER_BYTES, bytes - ATTRIBUTE_HEADER_BYTES);
    }
    at += (bytes + 3) & ~3;
  }
  return null;
}

function readTcpInfo(view: DataView, at: number, bytes: number): Exchange | null {
  if (bytes < TCP_INFO_BYTES_NEEDED) return null;
  const hasSent = bytes >= TCP_INFO_BYTES_WITH_SENT;
  return {
    bytesSent: readCount64(view, at + (hasSent ? TCP_INFO.bytesSent : TCP_INFO.bytesAcked)),
    bytesReceived: readCount64(view, at + TCP_INFO.bytesReceived),
    dataSegmentsOut: view.getUint32(at + TCP_INFO.dataSegmentsOut, LITTLE),
    dataSegmentsIn: view.getUint32(at + TCP_INFO.dataSegmentsIn, LITTLE),
    sinceSentMs: view.getUint32(at + TCP_INFO.lastDataSent, LITTLE),
  };
}

/** A 64-bit counter as a number: exact below 2⁵³, which no connection's bytes reach. */
function readCount64(view: DataView, at: number): number {
  const [low, high] = LITTLE ? [at, at + 4] : [at + 4, at];
  return view.getUint32(high, LITTLE) * 2 ** 32 + view.getUint32(low, LITTLE);
}
