/** `netstat` of Windows in every locale: rows are known by position and shape, never by a translated word. */
import { TCP_STATE_NAMES, TcpState } from '../../core/model.ts';
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { forEachLine } from '../lines.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { recogniseWindowsError } from './errors.ts';
import { NetstatOwnerLines } from './netstat-owner.ts';
import { parseNetstatRow } from './netstat-row.ts';
import { commandAfterPrompt, readBanner } from './prompt.ts';

const FORMAT = 'windows-netstat';
const MAX_LOOK = 4096;
const MAX_STATE_WORDS = 50;
const ROW = /^[ \t]*(?:TCP|UDP)[ \t]+[^ \t\n]{1,320}:[^ \t\n]{1,40}[ \t]+[^ \t\n]{1,320}:/m;
const HEADER = /^[ \t]+Proto\.?[ \t]{2,}(?!.{0,200}(?:Recv|Send)-Q)[^\n]{1,200}$/m;

export function parseWindowsNetstat(text: string, take: (socket: SocketReading) => void): OutputReading {
  const builder = new ReadingBuilder(FORMAT, 'windows', take);
  const reader = new NetstatReader(builder);
  forEachLine(text, (line, number, isOpen) => reader.read(line, number, isOpen));
  reader.end();
  return builder.done();
}

class NetstatReader {
  private readonly builder: ReadingBuilder;
  private readonly owners: NetstatOwnerLines;
  /** A line of text that may be the title above a header. */
  private held: { text: string; number: number } | null = null;
  private rowCount = 0;
  private headerCount = 0;
  /** State words that are not known but that the shape of their rows explains. */
  private readonly explainedWords = new Set<string>();

  constructor(builder: ReadingBuilder) {
    this.builder = builder;
    this.owners = new NetstatOwnerLines(builder);
  }

  read(line: string, number: number, isOpen: boolean): void {
    // Rows and headings are short: of a longer line the start is enough to see that it is neither.
    const trimmed = line.slice(0, MAX_LOOK).trim();
    if (trimmed === '') this.owners.finish();
    else if (/^TCP(?:v?6)?[ \t]/.test(trimmed)) this.readRow(line, number, isOpen);
    else if (/^UDP(?:v?6)?[ \t]/.test(trimmed)) this.readUdpRow();
    else if (this.owners.isOpen && commandAfterPrompt(line) === null) this.owners.add(line, number, isOpen);
    else this.readText(line, trimmed, number, isOpen);
  }

  end(): void {
    this.owners.finish();
    this.releaseHeld();
  }

  private readRow(line: string, number: number, isOpen: boolean): void {
    this.owners.finish();
    this.releaseHeld();
    this.rowCount++;
    const row = parseNetstatRow(line, number, isOpen);
    if (row.kind === 'cut') this.builder.cut();
    else if (row.kind === 'unreadable') {
      this.builder.problem(number, line, row.why);
      this.owners.open(null);
    } else {
      if (row.unknownState !== null) this.reportState(row.unknownState, row.socket, line);
      this.owners.open(row.socket);
    }
  }

  private readUdpRow(): void {
    this.owners.finish();
    this.releaseHeld();
    this.rowCount++;
    this.builder.skip('udp');
    this.owners.open(null);
  }

  /** A word that the shape of the row explains is reported once; one that nothing explains, at each row. */
  private reportState(word: string, socket: SocketReading, line: string): void {
    const name = TCP_STATE_NAMES[socket.state] ?? '';
    if (word === '') this.builder.problem(socket.line, line, 'the row has no state');
    else if (socket.state === 0)
      this.builder.problem(socket.line, line, `"${word}" is no state that is known`);
    else if (this.explainedWords.size < MAX_STATE_WORDS && !this.explainedWords.has(word)) {
      this.explainedWords.add(word);
      const why = socket.state === TcpState.LISTEN ? 'nothing is on the other side' : 'it has no owner';
      this.builder.problem(socket.line, line, `"${word}" is not known; taken for ${name}, as ${why}`);
    }
  }

  private readText(line: string, trimmed: string, number: number, isOpen: boolean): void {
    this.owners.finish();
    if (readBanner(line, number, this.builder)) return;
    if (commandAfterPrompt(line) !== null) this.releaseHeld();
    else if (isHeader(trimmed)) this.readHeader(number);
    else if (isOpen && this.rowCount > 0) this.builder.cut();
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
