/** `netstat` of Windows in every locale: rows are known by position and shape, never by a translated word. */
import { TcpState } from '../../core/model.ts';
import type { OutputReading, SocketHolder, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { familyOfEndpoint, isWildcard, parseColonEndpoint } from '../endpoint.ts';
import { forEachLine } from '../lines.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { emptySocket, ReadingBuilder } from '../reading-builder.ts';
import { stateOfWord } from '../state-words.ts';
import { recogniseWindowsError } from './errors.ts';
import { NetstatOwnerLines } from './netstat-owner.ts';
import { commandAfterPrompt, versionInBanner } from './prompt.ts';

const FORMAT = 'windows-netstat';
/** Two bracketed IPv6 addresses with scopes, or two host names, fit many times over. */
const MAX_LINE = 4096;
/** Values of the offload column (-t), which Windows does not translate. */
const OFFLOAD_WORDS: ReadonlySet<string> = new Set(['InHost', 'Offloading', 'Offloaded', 'Uploading']);
const MAX_STATE_WORDS = 50;
const ROW = /^[ \t]*(?:TCP|UDP)[ \t]+[^ \t\n]{1,320}:[^ \t\n]{1,40}[ \t]+[^ \t\n]{1,320}:/m;
const HEADER = /^[ \t]+Proto\.?[ \t]{2,}(?!.{0,200}(?:Recv|Send)-Q)[^\n]{1,200}$/m;

export function parseWindowsNetstat(text: string, take: (socket: SocketReading) => void): OutputReading {
  const builder = new ReadingBuilder(FORMAT, 'windows', take);
  const reader = new NetstatReader(builder);
  // One line behind, so that the last one can be told: without a line end it may be cut off.
  let previous: { text: string; number: number } | null = null;
  const { endsWithNewline } = forEachLine(text, (line, number) => {
    if (previous !== null) reader.read(previous.text, previous.number, false);
    previous = { text: line, number };
  });
  const last = previous as { text: string; number: number } | null;
  if (last !== null) reader.read(last.text, last.number, !endsWithNewline);
  reader.end();
  return builder.done();
}

class NetstatReader {
  private readonly builder: ReadingBuilder;
  private readonly owners: NetstatOwnerLines;
  /** A line of text that may be the title above a header. */
  private held: { text: string; number: number } | null = null;
  private afterBanner = false;
  private rowCount = 0;
  private headerCount = 0;
  private readonly inferredWords = new Set<string>();

  constructor(builder: ReadingBuilder) {
    this.builder = builder;
    this.owners = new NetstatOwnerLines(builder);
  }

  read(line: string, number: number, mayBeCut: boolean): void {
    const trimmed = line.length > MAX_LINE ? line.slice(0, MAX_LINE).trim() : line.trim();
    if (trimmed === '') this.owners.finish();
    else if (/^(?:TCP|UDP)(?:v?6)?[ \t]/.test(trimmed)) this.readRow(line, trimmed, number, mayBeCut);
    else if (this.owners.isOpen && commandAfterPrompt(line) === null) {
      this.owners.add(line, number, mayBeCut);
    } else this.readText(line, trimmed, number, mayBeCut);
  }

  end(): void {
    this.owners.finish();
    this.releaseHeld();
  }

  private readRow(line: string, trimmed: string, number: number, mayBeCut: boolean): void {
    this.owners.finish();
    this.releaseHeld();
    this.rowCount++;
    if (trimmed.startsWith('UDP')) {
      this.builder.skip('udp');
      this.owners.open(null);
      return;
    }
    const socket =
      line.length > MAX_LINE ? 'too long a line' : this.parseRow(trimmed, line, number, mayBeCut);
    if (socket === null) this.builder.cut();
    else if (typeof socket !== 'string') this.owners.open(socket);
    else {
      this.builder.problem(number, line, socket);
      this.owners.open(null);
    }
  }

  /** The socket; why it is none; or null when the row is cut off. */
  private parseRow(
    trimmed: string,
    line: string,
    number: number,
    mayBeCut: boolean,
  ): SocketReading | string | null {
    // Only these two: in a wrong code page a state word can hold a no-break space.
    const [, localText = '', remoteText = '', ...rest] = trimmed.split(/[ \t]+/);
    const nothingFollows = mayBeCut && !/[ \t]$/.test(line);
    if (nothingFollows && rest.length === 0) return null;
    const local = parseColonEndpoint(localText);
    if (local === null) return `"${localText}" is no address and port`;
    const localFamily = familyOfEndpoint(local);
    const remote = parseColonEndpoint(remoteText, localFamily ?? 4);
    if (remote === null) return `"${remoteText}" is no address and port`;
    const socket = emptySocket(number, localFamily ?? familyOfEndpoint(remote) ?? 4);
    const tail = splitTail(rest);
    if (tail === null) return 'the process id is out of range';
    const state = tail.word === null ? 0 : stateOfWord(tail.word);
    // "CLOSE" is no word of Windows but the start of CLOSE_WAIT.
    if (nothingFollows && rest.length === 1 && (state === 0 || tail.word === 'CLOSE')) return null;
    socket.local = local;
    socket.remote = remote;
    socket.state = state;
    const details = new Map<string, string>();
    if (state === 0) socket.state = this.inferState(tail, socket, line, details);
    const isLastCut = nothingFollows && rest.length === tail.beforePid + 1;
    // A process id of 0 is what Windows prints where there is no owner (TIME_WAIT).
    if (tail.pid !== null && tail.pid !== 0 && !isLastCut) socket.holders = [holder(tail.pid)];
    if (tail.trailing !== '')
      details.set(OFFLOAD_WORDS.has(tail.trailing) ? 'offload' : 'template', tail.trailing);
    if (details.size > 0) socket.details = details;
    return socket;
  }

  /** A state whose word is not known, as far as the rest of the row tells it. */
  private inferState(
    tail: RowTail,
    socket: SocketReading,
    line: string,
    details: Map<string, string>,
  ): number {
    if (tail.word === null) {
      this.builder.problem(socket.line, line, 'the row has no state');
      return 0;
    }
    details.set('state', sanitiseText(tail.word, 40));
    const isListening = socket.remote.port === 0 && isWildcard(socket.remote);
    const state = isListening ? TcpState.LISTEN : tail.pid === 0 ? TcpState.TIME_WAIT : 0;
    if (state === 0) this.builder.problem(socket.line, line, `"${tail.word}" is no state that is known`);
    else if (this.inferredWords.size < MAX_STATE_WORDS && !this.inferredWords.has(tail.word)) {
      this.inferredWords.add(tail.word);
      const name = isListening ? 'LISTEN, as nothing is on the other side' : 'TIME_WAIT, as it has no owner';
      this.builder.problem(socket.line, line, `"${tail.word}" is not known; taken for ${name}`);
    }
    return state;
  }

  private readText(line: string, trimmed: string, number: number, mayBeCut: boolean): void {
    const version = versionInBanner(trimmed);
    const isBelowBanner = this.afterBanner;
    this.afterBanner = version !== null;
    this.owners.finish();
    if (version !== null) {
      this.builder.fact({ line: number, kind: 'note', name: 'windows-version', value: version });
    } else if (isBelowBanner && /^(?:\(c\)|©|copyright)/i.test(trimmed)) return;
    else if (commandAfterPrompt(line) !== null) this.releaseHeld();
    else if (isHeader(trimmed)) this.readHeader(number);
    else if (mayBeCut && this.rowCount > 0) this.builder.cut();
    else {
      this.releaseHeld();
      this.held = { text: line, number };
    }
  }

  private readHeader(number: number): void {
    this.held = null;
    this.headerCount++;
    // `netstat 5` prints again and again; who reads the sockets must know that they repeat.
    if (this.headerCount > 1 && this.rowCount > 0) {
      const value = String(this.headerCount);
      this.builder.fact({ line: number, kind: 'note', name: 'netstat listing', value });
    }
  }

  /** A held line that no header followed was no title. */
  private releaseHeld(): void {
    if (this.held === null) return;
    const { text, number } = this.held;
    this.held = null;
    this.builder.problem(number, text, recogniseWindowsError(text)?.sentence ?? 'no row of netstat');
  }
}

interface RowTail {
  /** The state as printed, null when there is none. */
  word: string | null;
  pid: number | null;
  /** Words before the process id. */
  beforePid: number;
  /** What stands after both: the offload state or the name of a template. */
  trailing: string;
}

/** State, process id and the rest of a row; null when the process id is none. */
function splitTail(rest: readonly string[]): RowTail | null {
  const firstNumber = rest.findIndex((token) => /^\d+$/.test(token));
  const pidAt = firstNumber < 0 ? rest.length : firstNumber;
  const pid = firstNumber < 0 ? null : Number(rest[firstNumber]);
  if (pid !== null && pid > 0xffffffff) return null;
  const words = rest.slice(0, pidAt);
  const after = rest.slice(pidAt + 1);
  // A known word is a state by itself; words of an unknown one may be several, if a process id ends them.
  const stateWords = stateOfWord(words[0] ?? '') !== 0 || pid === null ? 1 : words.length;
  const trailing = sanitiseText([...words.slice(stateWords), ...after].join(' '), 80);
  const word = words.length === 0 ? null : words.slice(0, stateWords).join(' ');
  return { word, pid, beforePid: pidAt, trailing };
}

function holder(pid: number): SocketHolder {
  return { pid, process: null, fd: null };
}

/** Headings in any language: three or more, well apart, none with a digit or a colon; or any with the word PID. */
function isHeader(trimmed: string): boolean {
  const cells = trimmed.split(/ {2,}|\t+/);
  if (cells.length < 2 || /[\d:\\]/.test(trimmed)) return false;
  return cells.length >= 3 || cells.at(-1) === 'PID';
}

export const windowsNetstatFormat: OutputFormat = {
  id: FORMAT,
  title: 'netstat of Windows',
  system: 'windows',
  recognises: (head) => (ROW.test(head) ? 0.95 : HEADER.test(head) ? 0.7 : 0),
  parse: parseWindowsNetstat,
};

export const windowsNetstatProbe: Probe = {
  id: 'windows.netstat-ano',
  platform: 'windows',
  group: 'sockets',
  title: 'All sockets',
  tool: 'netstat',
  argv: ['-ano'],
  parameters: [],
  proves: 'Every TCP socket of both families with its state and process id, which are the ports in use.',
  needs: null,
  figures: ['verdict', 'pool-used', 'time-wait', 'port-map', 'sockets', 'listeners'],
  parse: parseWindowsNetstat,
  mayBeEmpty: false,
  encoding: 'oem',
};

export const windowsNetstatOwnersProbe: Probe = {
  id: 'windows.netstat-anob',
  platform: 'windows',
  group: 'owners',
  title: 'All sockets with their programs',
  tool: 'netstat',
  argv: ['-anob'],
  parameters: [],
  proves: 'Which program and which of its components holds each socket, except those in TIME_WAIT.',
  needs: 'an elevated console ("Run as administrator")',
  figures: ['consumers'],
  parse: parseWindowsNetstat,
  mayBeEmpty: false,
  encoding: 'oem',
};
