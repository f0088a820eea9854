/** Collects what a parser understood; the limits of an OutputReading are kept here, once. */
import {
  MAX_PROBLEMS,
  type Fact,
  type LineProblem,
  type OutputReading,
  type SocketReading,
  type SystemId,
} from '../core/readings.ts';
import { sanitiseText } from '../core/sanitise.ts';

/** Facts kept of one output: conntrack lists and process lists are long, settings are not. */
export const MAX_FACTS = 100_000;
/** Kinds of skipped rows told apart; the words may come from the output, so they are counted. */
const MAX_SKIPPED_KINDS = 50;
const OTHER = 'other';
const MAX_KIND_CHARACTERS = 40;

export class ReadingBuilder {
  private readonly format: string;
  private readonly system: SystemId | null;
  private readonly take: (socket: SocketReading) => void;
  private rows = 0;
  private readonly facts: Fact[] = [];
  private readonly skipped = new Map<string, number>();
  private readonly problems: LineProblem[] = [];
  private problemCount = 0;
  private truncated = false;

  constructor(format: string, system: SystemId | null, take: (socket: SocketReading) => void) {
    this.format = format;
    this.system = system;
    this.take = take;
  }

  /** Hands a TCP socket on. It must be complete: it is not kept here. */
  socket(reading: SocketReading): void {
    this.rows++;
    this.take(reading);
  }

  /** Keeps a fact; beyond MAX_FACTS it is counted as skipped. */
  fact(fact: Fact): void {
    if (this.facts.length < MAX_FACTS) this.facts.push(fact);
    else this.skip('facts');
  }

  /** Counts something left out on purpose: "udp", "unix". */
  skip(what: string): void {
    const kind = this.skipped.has(what) ? what : this.newKind(what);
    this.skipped.set(kind, (this.skipped.get(kind) ?? 0) + 1);
  }

  /** Reports a line (its number from 1, its raw text) that was not understood, and why in one short clause. */
  problem(line: number, text: string, why: string): void {
    this.problemCount++;
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push({ line, text: sanitiseText(text), why: sanitiseText(why) });
  }

  /** Says that the last row is cut off and was dropped. */
  cut(): void {
    this.truncated = true;
  }

  /** The reading; the builder is of no use after it. */
  done(): OutputReading {
    return {
      format: this.format,
      system: this.system,
      rows: this.rows,
      facts: this.facts,
      skipped: [...this.skipped].map(([what, count]) => ({ what, count })),
      problems: this.problems,
      problemCount: this.problemCount,
      truncated: this.truncated,
    };
  }

  private newKind(what: string): string {
    return this.skipped.size < MAX_SKIPPED_KINDS ? sanitiseText(what, MAX_KIND_CHARACTERS) : OTHER;
  }
}

/** A socket of which only its line and family are known. */
export function emptySocket(line: number, family: 4 | 6): SocketReading {
  return {
    line,
    family,
    state: 0,
    local: { address: null, port: null, text: null },
    remote: { address: null, port: null, text: null },
    receiveQueue: null,
    sendQueue: null,
    timer: null,
    uid: null,
    inode: null,
    cookie: null,
    holders: [],
    details: null,
  };
}
