/** The lines of /proc/net/tcp and tcp6, understood byte by byte into the columns of a socket table. Pure. */
import { endianness } from 'node:os';
import { IPV4_MAPPED_WORD } from '../../core/address.ts';
import { TcpState } from '../../core/model.ts';
import type { SocketTable } from '../socket-table.ts';
import { setIpv4 } from './inet-diag.ts';

const LITTLE = endianness() === 'LE';
const NEWLINE = 0x0a;
const SPACE = 0x20;
const COLON = 0x3a;
/** Shown of a line that was not understood. */
const MAX_LINE_SHOWN = 200;

/** The first line that was not understood, and how many there were. */
export interface ProcTcpProblems {
  count: number;
  /** 1-based, the heading counted. */
  line: number;
  text: string;
}

export interface ParsedChunk {
  /** Bytes understood or given up on; the rest is the start of a line that goes on in the next chunk. */
  consumed: number;
  /** Lines seen, the heading included. */
  lines: number;
}

/**
 * Appends the sockets in `bytes[0, length)`, whole lines of /proc/net/tcp (family 4) or tcp6 (6), to `table`.
 * `firstLine` is the 1-based number of the first line; line 1 is the heading. With `isLast` a line without its end is
 * taken too. A line that is not understood is counted in `problems` and skipped. The kernel has no cookie in this
 * file: cookieLow and cookieHigh are two FNV-1a hashes over family and 4-tuple, the same in each dump while the 4-tuple
 * exists.
 */
export function parseProcNetTcp(
  bytes: Uint8Array,
  length: number,
  at: { family: 4 | 6; firstLine: number; isLast: boolean },
  table: SocketTable,
  problems: ProcTcpProblems,
): ParsedChunk {
  const cursor = new LineCursor(bytes);
  let start = 0;
  let line = at.firstLine;
  while (start < length) {
    let end = bytes.indexOf(NEWLINE, start);
    if (end < 0 || end >= length) {
      if (!at.isLast) break;
      end = length;
    }
    if (line > 1 && end > start) {
      const before = table.length;
      cursor.enter(start, end);
      if (!parseSocketLine(cursor, at.family, table)) {
        table.length = before;
        if (problems.count++ === 0) {
          problems.line = line;
          problems.text = new TextDecoder().decode(
            bytes.subarray(start, Math.min(end, start + MAX_LINE_SHOWN)),
          );
        }
      }
    }
    line++;
    start = end + 1;
  }
  return { consumed: Math.min(start, length), lines: line - at.firstLine };
}

/** Reads the fields of one line; every method answers -1 when the field is not there. */
class LineCursor {
  private readonly bytes: Uint8Array;
  private at = 0;
  private end = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  enter(start: number, end: number): void {
    this.at = start;
    this.end = end;
  }

  /** A hexadecimal number of exactly `digits` digits. */
  hex(digits: number): number {
    if (this.at + digits > this.end) return -1;
    let value = 0;
    for (let i = 0; i < digits; i++) {
      const digit = hexDigit(this.bytes[this.at + i] ?? 0);
      if (digit < 0) return -1;
      value = value * 16 + digit;
    }
    this.at += digits;
    return value;
  }

  /** A hexadecimal number up to the next byte that is no digit. */
  hexRun(): number {
    const start = this.at;
    let value = 0;
    while (this.at < this.end) {
      const digit = hexDigit(this.bytes[this.at] ?? 0);
      if (digit < 0) break;
      value = value * 16 + digit;
      this.at++;
    }
    return this.at > start && this.at - start <= 16 ? value : -1;
  }

  decimal(): number {
    const start = this.at;
    let value = 0;
    while (this.at < this.end) {
      const digit = (this.bytes[this.at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      this.at++;
    }
    return this.at > start && this.at - start <= 20 ? value : -1;
  }

  /** Goes past one given byte; false when another stands there. */
  past(byte: number): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** Goes past spaces, at least one unless `optional`. */
  gap(optional = false): boolean {
    const start = this.at;
    while (this.at < this.end && this.bytes[this.at] === SPACE) this.at++;
    return optional || this.at > start;
  }
}

/**
 * get_tcp4_sock(), get_tcp6_sock() and get_timewait4_sock() of net/ipv4/tcp_ipv4.c and net/ipv6/tcp_ipv6.c:
 * sl: local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode …
 */
function parseSocketLine(cursor: LineCursor, family: 4 | 6, table: SocketTable): boolean {
  if (!cursor.gap(true) || cursor.decimal() < 0 || !cursor.past(COLON) || !cursor.gap()) return false;
  const row = table.append();
  const words = family === 4 ? 1 : 4;
  const localPort = readEndpoint(cursor, words, table.localAddress, row * 4);
  if (localPort < 0 || !cursor.gap()) return false;
  const remotePort = readEndpoint(cursor, words, table.remoteAddress, row * 4);
  if (remotePort < 0 || !cursor.gap()) return false;
  const state = cursor.hex(2);
  if (state < TcpState.ESTABLISHED || state > TcpState.NEW_SYN_RECV || !cursor.gap()) return false;
  table.state[row] = state;
  table.localPort[row] = localPort;
  table.remotePort[row] = remotePort;
  if (!readQueuesAndTimer(cursor, table, row)) return false;
  const uid = cursor.decimal();
  if (uid < 0 || !cursor.gap() || cursor.decimal() < 0 || !cursor.gap()) return false;
  const inode = cursor.decimal();
  if (inode < 0) return false;
  table.uid[row] = uid;
  table.inode[row] = inode;
  settleFamily(table, row, family);
  setTupleCookie(table, row);
  return true;
}

function readQueuesAndTimer(cursor: LineCursor, table: SocketTable, row: number): boolean {
  const sendQueue = cursor.hex(8);
  if (sendQueue < 0 || !cursor.past(COLON)) return false;
  const receiveQueue = cursor.hex(8);
  if (receiveQueue < 0 || !cursor.gap()) return false;
  const timer = cursor.hex(2);
  if (timer < 0 || !cursor.past(COLON)) return false;
  const expiresHundredths = cursor.hexRun();
  if (expiresHundredths < 0 || !cursor.gap()) return false;
  const retransmits = cursor.hexRun();
  if (retransmits < 0 || !cursor.gap()) return false;
  table.sendQueue[row] = sendQueue;
  table.receiveQueue[row] = receiveQueue;
  table.timer[row] = timer;
  // jiffies_delta_to_clock_t() counts in USER_HZ, 100 a second on every architecture that Node runs on.
  table.expiresMs[row] = Math.min(0xffffffff, expiresHundredths * 10);
  table.retransmits[row] = Math.min(255, retransmits);
  return true;
}

/** Address words (printed in the machine's byte order) into `column` and the port, or -1. */
function readEndpoint(cursor: LineCursor, words: number, column: Uint32Array, at: number): number {
  for (let word = 0; word < words; word++) {
    const value = cursor.hex(8);
    if (value < 0) return -1;
    column[at + word] = LITTLE ? swapBytes(value) : value;
  }
  return cursor.past(COLON) ? cursor.hex(4) : -1;
}

function settleFamily(table: SocketTable, row: number, family: 4 | 6): void {
  const at = row * 4;
  const { localAddress, remoteAddress } = table;
  if (family === 4) {
    setIpv4(table, row, localAddress[at] ?? 0, remoteAddress[at] ?? 0);
    return;
  }
  const isMapped =
    localAddress[at + 2] === IPV4_MAPPED_WORD && localAddress[at] === 0 && localAddress[at + 1] === 0;
  if (isMapped) setIpv4(table, row, localAddress[at + 3] ?? 0, remoteAddress[at + 3] ?? 0);
  else table.family[row] = 6;
}

function setTupleCookie(table: SocketTable, row: number): void {
  // FNV-1a with its 32-bit prime; the two halves start differently.
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  const mix = (word: number) => {
    low = Math.imul(low ^ word, 0x01000193);
    high = Math.imul(high ^ swapBytes(word), 0x01000193);
    high ^= high >>> 15;
  };
  for (let word = 0; word < 4; word++) {
    mix(table.localAddress[row * 4 + word] ?? 0);
    mix(table.remoteAddress[row * 4 + word] ?? 0);
  }
  mix(((table.localPort[row] ?? 0) << 16) | (table.remotePort[row] ?? 0));
  // Listeners that share a port (SO_REUSEPORT) have one 4-tuple and differ in their inode.
  if (table.remotePort[row] === 0) mix(table.inode[row] ?? 0);
  table.cookieLow[row] = low;
  table.cookieHigh[row] = high;
}

function swapBytes(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
