/**
 * /proc/net/tcp and tcp6 as text, one capture or several one after the other. The sampler reads the same file byte by
 * byte into its table (main/sampling/linux/proc-net-tcp.ts); this one is for transcripts and for files from elsewhere.
 */
import { IPV4_MAPPED_WORD, type ParsedAddress } from '../../core/address.ts';
import { SocketTimer } from '../../core/model.ts';
import type { OutputReading, SocketEndpoint, SocketReading } from '../../core/readings.ts';
import { forEachLine } from '../lines.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { emptySocket, ReadingBuilder } from '../reading-builder.ts';
import { commandOnLine } from '../shell-lines.ts';
import { stateOfProcHex } from '../state-words.ts';

/** get_tcp4_sock() of net/ipv4/tcp_ipv4.c: sl local rem st tx:rx tr:when retrnsmt uid timeout inode … */
const ROW =
  /^\s*(\d{1,10}): ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]{8}):([0-9A-F]{8}) ([0-9A-F]{2}):([0-9A-F]{1,16}) ([0-9A-F]{1,16})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,20})(\s.*)?$/is;
const HEADING = /^\s*sl\s+local_address\s+(?:rem|remote)_address\s+st\s/;
const TIMER_KINDS: readonly number[] = [
  SocketTimer.none,
  SocketTimer.retransmit,
  SocketTimer.keepalive,
  SocketTimer.timeWait,
  SocketTimer.probe,
];

/**
 * Sockets of all captures in the text, in order; when there are several, a note "captures" tells how many (a new one
 * begins where `sl` does not go on). Words of an address are in the byte order of the machine that wrote it: little-endian
 * is assumed, as every system that people run this on has it but s390x.
 */
export function parseProcNetTcp(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder('proc-net-tcp', 'linux', take);
  const captures = new Captures();
  forEachLine(text, (line, number, isOpen) => {
    const match = ROW.exec(line);
    const socket = match && readRow(match, number);
    if (match === null) otherLine(line, number, isOpen, reading);
    // Without more after it an inode may have lost digits.
    else if (isOpen && match[15] === undefined) reading.cut();
    else if (socket === null) reading.problem(number, line, `state ${match[6] ?? ''} is not known`);
    else {
      captures.see(match[2] ?? '', Number(match[1]), number);
      reading.socket(socket);
    }
  });
  const { count, line } = captures;
  if (count > 1) reading.fact({ kind: 'note', line, name: 'captures', value: String(count) });
  return reading.done();
}

/** Counts how often the numbering of rows starts again, tcp and tcp6 each for itself. */
class Captures {
  count = 0;
  /** Line on which the last one begins. */
  line = 1;
  private readonly lastSlots = new Map<number, number>();
  private readonly counts = new Map<number, number>();

  see(address: string, slot: number, line: number): void {
    const last = this.lastSlots.get(address.length);
    this.lastSlots.set(address.length, slot);
    if (last !== undefined && slot > last) return;
    const count = (this.counts.get(address.length) ?? 0) + 1;
    this.counts.set(address.length, count);
    if (count <= this.count) return;
    this.count = count;
    this.line = line;
  }
}

function otherLine(line: string, number: number, isOpen: boolean, reading: ReadingBuilder): void {
  if (line.trim() === '' || HEADING.test(line) || commandOnLine(line) !== null) return;
  if (isOpen) reading.cut();
  else reading.problem(number, line, 'not a row of /proc/net/tcp');
}

function readRow(match: RegExpExecArray, line: number): SocketReading | null {
  const hex = (index: number) => Number.parseInt(match[index] ?? '', 16);
  const state = stateOfProcHex(match[6] ?? '');
  if (state === 0) return null;
  const local = endpoint(match[2] ?? '', hex(3));
  const socket = emptySocket(line, local.address?.family ?? 4);
  socket.state = state;
  socket.local = local;
  socket.remote = endpoint(match[4] ?? '', hex(5));
  socket.sendQueue = hex(7);
  socket.receiveQueue = hex(8);
  const kind = TIMER_KINDS[hex(9)] ?? SocketTimer.unknown;
  // Hundredths of a second (USER_HZ) whatever the kernel's own clock is.
  socket.timer = { kind, expiresMs: kind === SocketTimer.none ? null : hex(10) * 10, retransmits: hex(11) };
  socket.inode = Number(match[14]);
  // A socket in TIME_WAIT has neither inode nor user: 0 is not root there.
  socket.uid = socket.inode === 0 ? null : Number(match[12]);
  return socket;
}

function endpoint(digits: string, port: number): SocketEndpoint {
  return { address: digits.length === 8 ? ipv4(digits) : ipv6(digits), port, text: null };
}

function ipv4(digits: string): ParsedAddress {
  return { family: 4, words: [0, 0, IPV4_MAPPED_WORD, wordAt(digits, 0)], scopeId: 0 };
}

function ipv6(digits: string): ParsedAddress {
  const words = [wordAt(digits, 0), wordAt(digits, 8), wordAt(digits, 16), wordAt(digits, 24)] as const;
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === IPV4_MAPPED_WORD;
  return { family: isMapped ? 4 : 6, words, scopeId: 0 };
}

function wordAt(digits: string, at: number): number {
  const word = Number.parseInt(digits.slice(at, at + 8), 16);
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

export const procNetTcpFormat: OutputFormat = {
  id: 'proc-net-tcp',
  title: '/proc/net/tcp',
  system: 'linux',
  recognises: (head) =>
    /^\s*\d+: (?:[0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4} (?:[0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4} [0-9A-F]{2} /im.test(
      head,
    )
      ? 1
      : 0,
  parse: parseProcNetTcp,
};

const PROC: Omit<Probe, 'id' | 'title' | 'argv' | 'proves'> = {
  platform: 'linux',
  group: 'sockets',
  tool: 'cat',
  parameters: [],
  needs: null,
  figures: ['sockets'],
  parse: parseProcNetTcp,
  mayBeEmpty: false,
};

export const procNetTcpProbe: Probe = {
  ...PROC,
  id: 'linux.cat-proc-net-tcp',
  title: 'The kernel’s table of IPv4 sockets',
  argv: ['/proc/net/tcp'],
  proves:
    'Every IPv4 TCP socket as the kernel prints it, with no tool in between: what can be read where ss may not ask.',
};

export const procNetTcp6Probe: Probe = {
  ...PROC,
  id: 'linux.cat-proc-net-tcp6',
  title: 'The kernel’s table of IPv6 sockets',
  argv: ['/proc/net/tcp6'],
  proves: 'Every IPv6 TCP socket, and IPv4 connections of dual-stack servers, as the kernel prints them.',
};
