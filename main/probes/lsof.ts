/** `lsof -nP -iTCP` of Linux, macOS and FreeBSD: a row for each descriptor, so one socket may stand in many rows. */
import type {
  OutputParser,
  OutputReading,
  SocketEndpoint,
  SocketHolder,
  SocketReading,
} from '../core/readings.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { familyOfEndpoint, parseColonEndpoint, wildcardAddress } from './endpoint.ts';
import { forEachLine } from './lines.ts';
import type { OutputFormat } from './probe.ts';
import { emptySocket, ReadingBuilder } from './reading-builder.ts';
import { commandOnLine } from './shell-lines.ts';
import { stateOfWord } from './state-words.ts';

const MAX_HEADER_CHARACTERS = 400;
const HEADER = /^\s*COMMAND\s+(?<numbers>PID\b.*?)\s+USER\s+FD\s+TYPE\s/;
/** From TYPE on: type, device, size or offset, protocol, name, and what -T adds in brackets. */
const SOCKET =
  /^(.*?)\s(IPv[46])\s+(\S+)\s+(?:(\S+)\s+)?(TCP|UDP|UDPLITE|ICMP|ICMPV6|RAW)\s+(\S+)(?:\s+\(([^()]*)\))?\s*$/s;
const MENTIONS_SOCKET = /\sIPv[46]\s/;
/** A file, pipe or device of `lsof` without -i: command, pid, user, descriptor. */
const OTHER_FILE =
  /^\s*\S+\s+\d{1,10}\s+(?:\S+\s+){1,5}(?:cwd|rtd|txt|mem|err|NOFD|DEL|ltx|mmap|twd|jld|\d{1,10}[-rwuNR]?)/;
const NOTICE = /^lsof: |^\s+Output information may be incomplete\.$/;
/** COMMAND, PID and USER, FD stand in every layout; -K adds TID and TASKCMD, -R PPID, -g PGID. */
const COLUMNS_BESIDE_PID = 3;

export const parseLsof: OutputParser = (text, take) => new LsofReader(text, take).read();

class LsofReader {
  private readonly text: string;
  private readonly builder: ReadingBuilder;
  /** Columns between PID and USER: those of -R and -g hold numbers in every row. */
  private columnsAfterPid = 0;
  private hasThreads = false;

  constructor(text: string, take: (socket: SocketReading) => void) {
    this.text = text;
    this.builder = new ReadingBuilder('lsof', null, take);
  }

  read(): OutputReading {
    forEachLine(this.text, (line, number, isOpen) => this.line(line, number, isOpen));
    return this.builder.done();
  }

  private line(line: string, number: number, isOpen: boolean): void {
    const header = line.length < MAX_HEADER_CHARACTERS ? HEADER.exec(line) : null;
    const match = header === null ? SOCKET.exec(line) : null;
    if (header !== null) this.readHeader(header.groups?.['numbers'] ?? '');
    else if (match !== null) this.row(match, line, number, isOpen);
    else if (line.trim() === '' || commandOnLine(line) !== null) return;
    else if (NOTICE.test(line)) this.notice(line, number);
    else if (isOpen) this.builder.cut();
    else if (!MENTIONS_SOCKET.test(line) && OTHER_FILE.test(line)) this.builder.skip('other files');
    else this.builder.problem(number, line, 'not a row of lsof');
  }

  private readHeader(numbers: string): void {
    const words = numbers.trim().split(/\s+/);
    this.hasThreads = words.includes('TID') || words.includes('TASKCMD');
    this.columnsAfterPid = words.length - 1;
  }

  private row(match: RegExpExecArray, line: string, number: number, isOpen: boolean): void {
    const [, left = '', type = '', device = '', , protocol = '', name = '', state] = match;
    if (protocol !== 'TCP') {
      this.builder.skip(protocol.toLowerCase());
      return;
    }
    if (isOpen && state === undefined) {
      this.builder.cut();
      return;
    }
    const socket = readLsofName(name, type === 'IPv6' ? 6 : 4, number);
    if (socket === null) {
      this.builder.problem(number, line, `no address and port: ${name}`);
      return;
    }
    const holder = this.holderOf(left);
    if (holder !== null) socket.holders = [holder];
    readDevice(socket, device);
    readState(socket, state ?? '');
    if (socket.details?.has('state') === true) this.builder.problem(number, line, 'its state is not known');
    this.builder.socket(socket);
  }

  /** Read from the right, where no stranger chose the words: FD, USER, the numbers, and the rest is the command. */
  private holderOf(left: string): SocketHolder | null {
    const words = left.trim().split(/\s+/);
    const pidIndex = this.hasThreads
      ? words.findIndex((word, index) => index > 0 && /^\d{1,10}$/.test(word))
      : words.length - COLUMNS_BESIDE_PID - this.columnsAfterPid;
    const pid = words[pidIndex] ?? '';
    if (pidIndex < 1 || !/^\d{1,10}$/.test(pid)) return null;
    const fd = /^(\d{1,10})/.exec(words.at(-1) ?? '')?.[1];
    const process = sanitiseText(unescapeLsof(words.slice(0, pidIndex).join(' ')));
    return { pid: Number(pid), process, fd: fd === undefined ? null : Number(fd) };
  }

  private notice(line: string, number: number): void {
    this.builder.fact({ kind: 'note', line: number, name: 'notice', value: sanitiseText(line.trim()) });
  }
}

/** "192.0.2.10:8080->192.0.2.20:41206", "*:8080", "[::1]:9000", "*:*"; null when it is none. */
export function readLsofName(name: string, family: 4 | 6, line: number): SocketReading | null {
  const arrow = name.indexOf('->');
  const local = parseColonEndpoint(arrow < 0 ? name : name.slice(0, arrow), family);
  const remote = arrow < 0 ? nobody(local) : parseColonEndpoint(name.slice(arrow + 2), family);
  if (local === null || remote === null) return null;
  const socket = emptySocket(line, familyOfEndpoint(local) ?? familyOfEndpoint(remote) ?? family);
  socket.local = local;
  socket.remote = remote;
  return socket;
}

/** On Linux the device of a socket is its inode; elsewhere the kernel's address of it. */
export function readDevice(socket: SocketReading, device: string): void {
  if (/^\d{1,20}$/.test(device)) socket.inode = Number(device);
  else if (/^0x[0-9a-f]{1,16}$/i.test(device)) socket.details = new Map([['device', device]]);
}

/** "\x20" and "\n" as lsof writes what is no printable character; "\\" is not written so, so this is for the eye only. */
export function unescapeLsof(text: string): string {
  return text.replaceAll('\\x20', ' ');
}

/** "LISTEN", or with -Tqs "ESTABLISHED QR=0 QS=33624". */
function readState(socket: SocketReading, text: string): void {
  for (const word of text.split(' ')) {
    const queue = /^Q([RS])=(\d{1,10})$/.exec(word);
    if (queue?.[1] === 'R') socket.receiveQueue = Number(queue[2]);
    else if (queue?.[1] === 'S') socket.sendQueue = Number(queue[2]);
    else if (/^\p{Lu}[\p{Lu}\d_-]+$/u.test(word)) putState(socket, word);
  }
}

/** A state that has no name here is kept as the detail "state". */
export function putState(socket: SocketReading, word: string): void {
  socket.state = stateOfWord(word);
  if (socket.state === 0)
    socket.details = new Map([...(socket.details ?? []), ['state', sanitiseText(word)]]);
}

/** A socket that is not connected has no other end: the wildcard of its family. */
function nobody(local: SocketEndpoint | null): SocketEndpoint | null {
  return local && { address: wildcardAddress(familyOfEndpoint(local) ?? 4), port: 0, text: null };
}

export const lsofFormat: OutputFormat = {
  id: 'lsof',
  title: 'lsof',
  system: null,
  recognises: (head) => {
    if (/^[ \t]*COMMAND +PID\b[^\n]{0,200} USER +FD +TYPE /m.test(head)) return 1;
    return /^\S+ +\d+ [^\n]{0,200} IPv[46] +\S+ +\S+ +(?:TCP|UDP) +\S+:\S+/m.test(head) ? 0.8 : 0;
  },
  parse: parseLsof,
};
