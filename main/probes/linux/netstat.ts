/** `netstat` of net-tools in any locale, and of busybox, whose rows have the same shape. */
import type { OutputParser, OutputReading, SocketEndpoint, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { parseColonEndpoint, unreadEndpoint } from '../endpoint.ts';
import { forEachLine } from '../lines.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { emptySocket, ReadingBuilder } from '../reading-builder.ts';
import { commandOnLine } from '../shell-lines.ts';
import { stateOfWord } from '../state-words.ts';
import { readTail, timerColumnOf, type TimerColumn } from './netstat-tail.ts';

const ROW = /^\s*(tcp6?)\s+(\d{1,10})\s+(\d{1,10})\s+(\S+)\s+(\S+)(.*)$/s;
const BEGINS_AS_TCP = /^\s*tcp/i;
/** Rows of other protocols and sections, by their first word (net-tools, netstat.c). */
const OTHER_PROTOCOL =
  /^\s*(udp|udp6|udpl|udpl6|udplite|udplite6|raw|raw6|sctp|sctp6|dccp|dccp6|unix|ax25|ipx|netrom|rose|x25|igmp|l2cap|rfcomm|l2ca)\s+\S/;
/** The columns of the heading are translated, their count and the first word are not. */
const HEADING = /^\s*Proto\.?\s+\S+\s+\S+\s+\S/;
/** Endpoints of this length filled their column; net-tools cuts the address then, busybox the end. */
const COLUMN_CHARACTERS = 23;
const IPV6_PIECE = /^[^:]*:[^:]*:/;
const WIDE_ROW = /^[ \t]*tcp6?[ \t]+\d+[ \t]+\d+[ \t]+(?:\S{24,}|\S+[ \t]+\S{24,})/m;
/** Lines of a notice in brackets ("(No info could be read for …"), at most as many as the longest translation has. */
const MAX_NOTICE_LINES = 4;

export const parseNetstat: OutputParser = (text, take) => new NetstatReader(text, take).read();

interface Line {
  line: string;
  number: number;
}

class NetstatReader {
  private readonly text: string;
  private readonly builder: ReadingBuilder;
  /** With -W nothing is cut. */
  private readonly isWide: boolean;
  private timerColumn: TimerColumn = null;
  /** A line that is the title of a section when a heading follows, and not understood otherwise. */
  private title: Line | null = null;
  private notice: Line | null = null;
  private noticeLines = 0;

  constructor(text: string, take: (socket: SocketReading) => void) {
    this.text = text;
    this.builder = new ReadingBuilder('netstat', 'linux', take);
    this.isWide = WIDE_ROW.test(text);
  }

  read(): OutputReading {
    forEachLine(this.text, (line, number, isOpen) => this.line(line, number, isOpen));
    this.endNotice(null);
    this.dropTitle();
    return this.builder.done();
  }

  private line(line: string, number: number, isOpen: boolean): void {
    const match = ROW.exec(line);
    const other = match === null ? OTHER_PROTOCOL.exec(line)?.[1] : undefined;
    if (match !== null || other !== undefined || HEADING.test(line)) this.endNotice(null);
    else if (this.notice !== null) {
      this.endNotice(line);
      return;
    }
    if (HEADING.test(line)) {
      this.title = null;
      this.timerColumn = timerColumnOf(line);
      return;
    }
    this.dropTitle();
    if (match !== null) this.row(match, line, number, isOpen);
    else if (other !== undefined) this.builder.skip(other);
    else if (line.trim() !== '') this.textLine(line, number, isOpen);
  }

  private row(match: RegExpExecArray, line: string, number: number, isOpen: boolean): void {
    const [, protocol = '', receiveQueue, sendQueue, localText = '', remoteText = '', rest = ''] = match;
    const family = protocol === 'tcp6' ? 6 : 4;
    const local = this.endpoint(localText, family);
    const remote = this.endpoint(remoteText, family);
    const { state, word, tail } = splitState(rest);
    // "CLOSE" may be the start of a longer word, and a missing state is one that was cut off.
    if (isOpen && (state === 0 || (word === 'CLOSE' && rest.endsWith(word)))) this.builder.cut();
    else if (local === null || remote === null) {
      this.builder.problem(number, line, `no address and port: ${local === null ? localText : remoteText}`);
    } else if (word === '') this.builder.problem(number, line, 'no state');
    else {
      const printed = local.address ?? remote.address;
      const socket = emptySocket(number, printed === null ? family : printed.family);
      socket.local = local;
      socket.remote = remote;
      socket.receiveQueue = Number(receiveQueue);
      socket.sendQueue = Number(sendQueue);
      socket.state = state;
      const isRead = readTail(socket, tail, this.timerColumn);
      if (state === 0) this.unknownState(socket, word, line);
      else if (!isRead && !isOpen)
        this.builder.problem(number, line, 'what follows the state was not understood');
      this.builder.socket(socket);
    }
  }

  /** IPv4 always fits its column. An IPv6 address that fills it may be cut: then only the port is known, if that. */
  private endpoint(text: string, family: 4 | 6): SocketEndpoint | null {
    const endpoint = parseColonEndpoint(text, family);
    const isIpv6 = !endpoint?.address ? IPV6_PIECE.test(text) : endpoint.address.family === 6;
    const mayBeCut = !this.isWide && text.length === COLUMN_CHARACTERS && isIpv6;
    if (endpoint === null || !mayBeCut) return endpoint;
    // busybox writes "tcp" for IPv6 too and cuts at the end, where the port stands.
    return unreadEndpoint(text, family === 6 ? endpoint.port : null);
  }

  private unknownState(socket: SocketReading, word: string, line: string): void {
    socket.details = new Map([...(socket.details ?? []), ['state', sanitiseText(word)]]);
    this.builder.problem(socket.line, line, `state ${word} is not known`);
  }

  private textLine(line: string, number: number, isOpen: boolean): void {
    if (/^(?:\(|netstat: )/.test(line)) {
      this.notice = { line: '', number };
      this.noticeLines = 0;
      this.endNotice(line);
    } else if (BEGINS_AS_TCP.test(line) || /\d/.test(line)) {
      if (commandOnLine(line) !== null) return;
      if (isOpen) this.builder.cut();
      else this.builder.problem(number, line, 'not a row of netstat');
    } else this.title = { line, number };
  }

  /** Adds `line` to the notice that is being read, or with null ends it. It becomes a note. */
  private endNotice(line: string | null): void {
    if (this.notice === null) return;
    if (line !== null) {
      this.notice.line += `${this.notice.line === '' ? '' : ' '}${line.trim().slice(0, 300)}`;
      this.noticeLines++;
      const goesOn = this.notice.line.startsWith('(') && !line.trimEnd().endsWith(')');
      if (goesOn && this.noticeLines < MAX_NOTICE_LINES) return;
    }
    const { line: value, number } = this.notice;
    this.notice = null;
    this.builder.fact({ kind: 'note', line: number, name: 'notice', value: sanitiseText(value) });
  }

  private dropTitle(): void {
    const title = this.title;
    this.title = null;
    if (title === null || commandOnLine(title.line) !== null) return;
    this.builder.problem(title.number, title.line, 'neither a row of netstat nor a heading');
  }
}

/** The state is one word, or two ("POSLEDNÍ ACK" in Czech); a word that is not known is still the state. */
function splitState(rest: string): { state: number; word: string; tail: string } {
  const [, word = '', tail = ''] = /^\s*(\S*)(.*)$/s.exec(rest) ?? [];
  const state = stateOfWord(word);
  if (state !== 0 || word === '') return { state, word, tail };
  const [, second = '', after = ''] = /^ (\S+)(.*)$/s.exec(tail) ?? [];
  const both = second === '' ? 0 : stateOfWord(`${word}_${second}`);
  return both === 0 ? { state, word, tail } : { state: both, word: `${word} ${second}`, tail: after };
}

export const netstatFormat: OutputFormat = {
  id: 'netstat',
  title: 'netstat of Linux',
  system: 'linux',
  recognises: recogniseNetstat,
  parse: parseNetstat,
};

/** Rows: two queues, then endpoints with colons; BSD has dots there, Windows no queues. */
function recogniseNetstat(head: string): number {
  let rows = 0;
  let heading = false;
  forEachLine(head, (line) => {
    const match = ROW.exec(line);
    if (match !== null && parseColonEndpoint(match[4] ?? '') && parseColonEndpoint(match[5] ?? '')) rows++;
    else if (HEADING.test(line)) heading = true;
  });
  if (rows > 0) return heading ? 1 : 0.9;
  return /^Proto Recv-Q Send-Q Local Address {2,40}Foreign Address/m.test(head) ? 0.6 : 0;
}

const NETSTAT: Omit<Probe, 'id' | 'title' | 'argv' | 'proves' | 'needs' | 'figures'> = {
  platform: 'linux',
  group: 'sockets',
  tool: 'netstat',
  parameters: [],
  parse: parseNetstat,
  mayBeEmpty: false,
};

export const netstatProbe: Probe = {
  ...NETSTAT,
  id: 'linux.netstat-tanp',
  title: 'Sockets and processes, by net-tools',
  argv: ['-tanp'],
  proves:
    'Every TCP socket with its state and one process that holds it, read from /proc/net/tcp: a second witness to ss.',
  needs: 'root, to name processes of other users',
  figures: ['sockets', 'consumers'],
};

export const netstatTimersProbe: Probe = {
  ...NETSTAT,
  id: 'linux.netstat-tanoe',
  title: 'Sockets and timers, by net-tools',
  argv: ['-tanoe'],
  proves:
    'When the timer of each socket fires (for TIME_WAIT: when its port is free again), its user and its inode.',
  needs: null,
  figures: ['time-wait'],
};
