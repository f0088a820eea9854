/** `ss` of iproute2, in every layout: wide, narrow, without header, with or without Netid and State, with details. */
import { SocketTimer, TcpState } from '../../core/model.ts';
import type { OutputParser, OutputReading, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { familyOfEndpoint, parseColonEndpoint } from '../endpoint.ts';
import { forEachLine } from '../lines.ts';
import type { OutputFormat } from '../probe.ts';
import { emptySocket, ReadingBuilder } from '../reading-builder.ts';
import { commandOnLine } from '../shell-lines.ts';
import { stateOfWord } from '../state-words.ts';
import { endsInsideName, readDetails } from './ss-details.ts';

const ROW =
  /^\s*(?:([a-z][a-z0-9_]{1,9})\s+)?(?:([A-Z][A-Z0-9-]{2,15})\s+)?(\d{1,10})\s+(\d{1,10})\s+(\S+)\s+(\S+)(.*)$/s;
const HEADER = /^\s*(?:(Netid)\s+)?(?:(State)\s+)?Recv-Q\s+Send-Q\s+Local Address:Port\s+Peer Address:Port/;
/** What the Netid column says of sockets that are not TCP (iproute2, misc/ss.c, netid_name()). */
const OTHER_NETID =
  /^\s*(udp|raw|sctp|mptcp|dccp|icmp6|nl|p_raw|p_dgr|u_str|u_seq|u_dgr|v_str|v_dgr|tipc|ti_\w{2,3}|xdp|unix)\s/;
/** The line is whole although its end is missing: padding follows the last column, or the last detail is closed. */
const SHOWS_ITS_END = /[\s)>]$/;
/**
 * A process name has at most 15 bytes (TASK_COMM_LEN), a few CRs of a terminal more: what closes its entry stands no
 * further into the lines that a line end in the name made. A row of its own is longer before its first name.
 */
const MAX_NAME_REST = 20;
const CLOSES_NAME = /^.{0,20}?",(?:pid=)?\d/s;

/** Before iproute2 4.16 a star is the IPv4 wildcard; after it the wildcard of a dual-stack IPv6 socket. */
const OLD_STAR = /\s:::(?:\d|\*)|\d\.\d{1,3}:\d{1,5}\s+\*:\*/;
const NEW_STAR = /\s0\.0\.0\.0:|\s\[[0-9a-f:]/;

/** Reads `ss` of TCP; other Netids are skipped and counted. */
export const parseSs: OutputParser = (text, take) => new SsReader(text, take, null).read();

/** The same for a listing of one state (`ss … state time-wait`), which has no State column: every row is in `state`. */
export function parserForSsState(state: number): OutputParser {
  return (text, take) => new SsReader(text, take, state).read();
}

interface Line {
  line: string;
  number: number;
  isOpen: boolean;
}

interface OpenRow {
  /** Null for a row that is skipped or was not understood: what follows still belongs to it. */
  socket: SocketReading | null;
  details: string;
  /** Whether `details` ends inside a process name. */
  insideName: boolean;
  /** Lines that may be the rest of that name. */
  nameRest: Line[];
}

class SsReader {
  private readonly text: string;
  private readonly builder: ReadingBuilder;
  private readonly starFamily: 4 | 6;
  private filterState: number | null;
  private hasStateColumn: boolean | null = null;
  private isUdpOnly = false;
  /** The row that later lines may still tell more of. */
  private row: OpenRow | null = null;

  constructor(text: string, take: (socket: SocketReading) => void, filterState: number | null) {
    this.text = text;
    this.builder = new ReadingBuilder('ss', 'linux', take);
    this.starFamily = OLD_STAR.test(text) && !NEW_STAR.test(text) ? 4 : 6;
    this.filterState = filterState;
  }

  read(): OutputReading {
    forEachLine(this.text, (line, number, isOpen) => this.line({ line, number, isOpen }));
    while (this.row?.insideName === true) this.giveUpName();
    this.finishRow();
    return this.builder.done();
  }

  private line(at: Line): void {
    if (this.row?.insideName === true) this.continueName(this.row, at);
    else this.plainLine(at);
  }

  private plainLine(at: Line): void {
    const { line } = at;
    const match = ROW.exec(line);
    if (match !== null && !OTHER_NETID.test(line)) {
      this.finishRow();
      this.startRow(match, at);
    } else if (line.trim() === '') return;
    else if (this.row !== null && /^\s/.test(line) && !HEADER.test(line))
      this.row.details += `\n ${line.trim()}`;
    else {
      this.finishRow();
      this.otherLine(at);
    }
  }

  private startRow(match: RegExpExecArray, { line, number, isOpen }: Line): void {
    const [, netid, word, receiveQueue, sendQueue, localText = '', remoteText = '', details = ''] = match;
    const why = this.refusal(netid, word);
    const local = parseColonEndpoint(localText, this.starFamily);
    const localFamily = local && familyOfEndpoint(local);
    const remote = parseColonEndpoint(remoteText, localFamily ?? this.starFamily);
    let socket: SocketReading | null = null;
    if (isOpen && !SHOWS_ITS_END.test(line)) this.builder.cut();
    else if (why !== null) this.builder.problem(number, line, why);
    else if (local === null || remote === null) {
      this.builder.problem(number, line, `no address and port: ${local === null ? localText : remoteText}`);
    } else if (this.isUdpOnly) this.builder.skip('udp');
    else {
      socket = emptySocket(number, localFamily ?? familyOfEndpoint(remote) ?? 4);
      socket.local = local;
      socket.remote = remote;
      socket.receiveQueue = Number(receiveQueue);
      socket.sendQueue = Number(sendQueue);
      this.readState(socket, word, line);
    }
    this.openRow(socket, details);
  }

  private openRow(socket: SocketReading | null, details: string): void {
    this.row = { socket, details, insideName: endsInsideName(details), nameRest: [] };
  }

  private refusal(netid: string | undefined, word: string | undefined): string | null {
    if (netid !== undefined && netid !== 'tcp') return `Netid ${netid} is not known`;
    if (word === undefined && this.hasStateColumn === true) return 'no state where the header has one';
    return null;
  }

  /** A word that is not known does not cost the row: the socket is there, in a state that has no name here. */
  private readState(socket: SocketReading, word: string | undefined, line: string): void {
    if (word === undefined) {
      socket.state = this.filterState ?? 0;
      return;
    }
    socket.state = stateOfWord(word);
    if (socket.state !== 0 || word === 'UNKNOWN') return;
    socket.details = new Map([['state', sanitiseText(word)]]);
    this.builder.problem(socket.line, line, `state ${word} is not known`);
  }

  /** A line end inside a process name splits a row; the name goes on until its entry is closed, or it was cut off. */
  private continueName(row: OpenRow, at: Line): void {
    row.nameRest.push(at);
    const rest = row.nameRest.map(({ line }) => `\n${line}`).join('');
    if (CLOSES_NAME.test(rest)) {
      row.details += rest;
      row.nameRest = [];
      row.insideName = endsInsideName(row.details);
    } else if (rest.length > MAX_NAME_REST) this.giveUpName();
  }

  /** The name was cut off: its row ends there, and the lines after it are lines of their own. */
  private giveUpName(): void {
    const row = this.row;
    if (row === null || !row.insideName) return;
    const lines = row.nameRest;
    row.insideName = false;
    row.nameRest = [];
    for (const at of lines) this.line(at);
  }

  private otherLine({ line, number, isOpen }: Line): void {
    const header = HEADER.exec(line);
    const command = header === null ? commandOnLine(line) : null;
    const other = OTHER_NETID.exec(line)?.[1];
    if (header !== null) this.hasStateColumn = header[2] !== undefined;
    else if (other !== undefined) {
      this.builder.skip(other);
      this.openRow(null, line);
    } else if (command !== null) this.readCommand(command);
    else if (isOpen) this.builder.cut();
    else this.builder.problem(number, line, 'not a row of ss');
  }

  /** A copied screen shows the command: it names the state of rows that have no State column. */
  private readCommand(words: readonly string[]): void {
    const at = words.indexOf('state');
    this.filterState = at < 0 ? null : stateOfWord(words[at + 1] ?? '') || null;
    this.hasStateColumn = null;
    const flags = words.filter((word) => /^-[a-zA-Z]+$/.test(word)).join('');
    this.isUdpOnly = words[0] === 'ss' && flags.includes('u') && !flags.includes('t');
  }

  private finishRow(): void {
    const row = this.row;
    this.row = null;
    if (row === null || row.socket === null) return;
    if (row.details !== '') readDetails(row.socket, row.details);
    if (row.socket.state === 0) inferState(row.socket);
    this.builder.socket(row.socket);
  }
}

/**
 * Without a State column the timer tells: timewait runs in TIME_WAIT. (It runs in FIN_WAIT_2 too, once no process holds
 * the socket, but only `ss state fin-wait-2` would list those without saying so.)
 */
function inferState(socket: SocketReading): void {
  if (socket.timer?.kind !== SocketTimer.timeWait || socket.details?.has('state') === true) return;
  socket.state = TcpState.TIME_WAIT;
  socket.details = new Map([...(socket.details ?? []), ['state', 'not printed']]);
}

export const ssFormat: OutputFormat = {
  id: 'ss',
  title: 'ss of Linux',
  system: 'linux',
  recognises: recogniseSs,
  parse: parseSs,
};

/** The header is never translated. Without it (-H) most lines must be rows of known states. */
function recogniseSs(head: string): number {
  let rows = 0;
  let others = 0;
  let hasHeader = false;
  forEachLine(head, (line) => {
    if (HEADER.test(line)) hasHeader = true;
    const match = ROW.exec(line);
    const local = match && parseColonEndpoint(match[5] ?? '');
    const hasOwnDetails = /^\s*(?:$|[a-z_]+:|<|-)/.test(match?.[7] ?? '');
    if (local && hasOwnDetails && (match?.[2] === undefined || stateOfWord(match[2]) !== 0)) rows++;
    else if (/^\S/.test(line) && !OTHER_NETID.test(line)) others++;
  });
  if (hasHeader) return 1;
  return rows > others ? 0.8 : 0;
}
