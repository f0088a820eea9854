/** The lines that `netstat -b` prints below a row: components, then the program in brackets or why it is not told. */
import type { SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { ReadingBuilder } from '../reading-builder.ts';
import { recogniseWindowsError } from './errors.ts';

/** XP prints a chain of DLLs; longer ones than this are no chain. */
const MAX_LINES = 64;

interface OwnerLine {
  text: string;
  number: number;
}

/** Holds one row back until its owner lines are read, then hands it on. */
export class NetstatOwnerLines {
  private readonly builder: ReadingBuilder;
  private socket: SocketReading | null = null;
  /** Lines that are components if a program or a notice follows, and not understood if none does. */
  private lines: OwnerLine[] = [];
  private hasProgram = false;
  private isLastOpen = false;
  isOpen = false;

  constructor(builder: ReadingBuilder) {
    this.builder = builder;
  }

  /** Begins a row; null for one that is skipped (its owner lines are read all the same). */
  open(socket: SocketReading | null): void {
    this.socket = socket;
    this.lines = [];
    this.hasProgram = false;
    this.isLastOpen = false;
    this.isOpen = true;
  }

  /** A line below the row. */
  add(text: string, number: number, isOpen: boolean): void {
    const trimmed = text.trim();
    const isProgram = trimmed.length > 2 && trimmed.startsWith('[') && trimmed.endsWith(']');
    if (isProgram && !this.hasProgram) {
      this.hasProgram = true;
      this.nameProgram(trimmed.slice(1, -1));
      this.lines = [];
    } else if (this.lines.length < MAX_LINES) {
      this.lines.push({ text, number });
      this.isLastOpen = isOpen;
    } else this.builder.problem(number, text, 'too many lines below one row');
  }

  /** Ends the row: hands it on, and reports lines that turned out to be no owner. */
  finish(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const notice = this.hasProgram ? undefined : this.lines.at(-1);
    if (notice !== undefined && isNotice(notice.text)) {
      this.addDetail('ownership', 'not readable');
      this.nameComponents(this.lines.slice(0, -1));
    } else if (this.isLastOpen) {
      this.builder.cut();
      this.report(this.lines.slice(0, -1));
    } else this.report(this.lines);
    if (this.socket !== null) this.builder.socket(this.socket);
    this.socket = null;
    this.lines = [];
  }

  private nameProgram(name: string): void {
    if (this.socket === null) return;
    const pid = this.socket.holders[0]?.pid ?? null;
    this.socket.holders = [{ pid, process: sanitiseText(name), fd: null }];
    this.nameComponents(this.lines);
  }

  private nameComponents(lines: readonly OwnerLine[]): void {
    if (lines.length === 0) return;
    this.addDetail('component', sanitiseText(lines.map(({ text }) => text.trim().slice(0, 300)).join(', ')));
  }

  private addDetail(name: string, value: string): void {
    if (this.socket === null) return;
    this.socket.details = new Map([...(this.socket.details ?? []), [name, value]]);
  }

  private report(lines: readonly OwnerLine[]): void {
    for (const { text, number } of lines) {
      const why = recogniseWindowsError(text)?.sentence ?? 'neither a row of netstat nor the owner of one';
      this.builder.problem(number, text, why);
    }
  }
}

/** Programs are told with one space before the bracket, components with two; a notice stands where the program would. */
function isNotice(text: string): boolean {
  if (recogniseWindowsError(text)?.code === 'owner-not-told') return true;
  return /^ [\p{L}]/u.test(text) && text.length <= 200 && sanitiseText(text) === text;
}
