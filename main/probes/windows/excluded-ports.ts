/** `netsh int ipv4|ipv6 show excludedportrange protocol=tcp`, also several of them in one paste, in any language. */
import type { OutputParser, OutputReading, SocketReading } from '../../core/readings.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { forEachWholeLine } from '../whole-lines.ts';
import { protocolIn } from './dynamic-ports.ts';
import { recogniseWindowsError } from './errors.ts';
import { commandAfterPrompt, familyOfNetshCommand, readBanner } from './prompt.ts';

const FORMAT = 'windows-excluded-ports';
const MAX_LINE = 1000;
/** Two groups of dashes. */
const RULER = /^-{4,40}\s{1,40}-{4,40}$/;
const ROW = /^(\d{1,10})\s{1,80}(\d{1,10})(?:\s{0,80}(\*))?$/;
/** Title and headings stand between the end of the run before and the ruler. */
const MAX_HEADING_LINES = 2;

function parserFor(family: 4 | 6 | null): OutputParser {
  return (text, take) => {
    const builder = new ReadingBuilder(FORMAT, 'windows', take);
    const reader = new ExcludedPortsReader(builder, family);
    forEachWholeLine(text, builder, (line, number) => reader.read(line, number));
    reader.end();
    return builder.done();
  };
}

export function parseExcludedPorts(text: string, take: (socket: SocketReading) => void): OutputReading {
  return parserFor(null)(text, take);
}

class ExcludedPortsReader {
  private readonly builder: ReadingBuilder;
  private family: 4 | 6 | null;
  private runCount = 0;
  private isInRun = false;
  private rowCount = 0;
  private rulerLine = 0;
  private isUdp = false;
  /** Lines that may be a title and headings. */
  private heading: { line: string; number: number }[] = [];

  constructor(builder: ReadingBuilder, family: 4 | 6 | null) {
    this.builder = builder;
    this.family = family;
  }

  read(line: string, number: number): void {
    const trimmed = line.slice(0, MAX_LINE).trim();
    if (trimmed === '' || /^ok\.?$/i.test(trimmed)) return;
    const command = commandAfterPrompt(line);
    const row = ROW.exec(trimmed);
    if (trimmed.startsWith('*')) this.readLegend();
    else if (command !== null) {
      this.isInRun = false;
      this.family = familyOfNetshCommand(command) ?? this.family;
    } else if (RULER.test(trimmed)) this.beginRun(number);
    else if (row !== null && this.isInRun) {
      this.readRow(Number(row[1]), Number(row[2]), row[3] !== undefined, line, number);
    } else if (!readBanner(line, number, this.builder)) {
      if (this.heading.length === MAX_HEADING_LINES) this.reportFirstOfHeading();
      this.heading.push({ line, number });
    }
  }

  end(): void {
    while (this.heading.length > 0) this.reportFirstOfHeading();
  }

  private beginRun(line: number): void {
    this.isInRun = true;
    this.runCount++;
    this.rowCount = 0;
    this.rulerLine = line;
    this.isUdp = this.heading.some((above) => protocolIn(above.line) === 'udp');
    this.heading = [];
  }

  private readRow(first: number, last: number, administered: boolean, text: string, line: number): void {
    this.rowCount++;
    if (this.isUdp) this.builder.skip('udp');
    else if (first > last || last > 65535) {
      this.builder.problem(line, text, `${first} to ${last} is no range of ports`);
    } else {
      const { family, runCount: run } = this;
      this.builder.fact({ line, kind: 'excluded-ports', family, range: { first, last }, administered, run });
    }
  }

  /**
   * The legend of the stars ends a run, so one without a row says that nothing is excluded, which is something else than
   * not having asked or a run that was cut off.
   */
  private readLegend(): void {
    if (this.isInRun && this.rowCount === 0 && !this.isUdp) {
      const value = this.family === null ? 'none' : `none, IPv${this.family}`;
      this.builder.fact({ line: this.rulerLine, kind: 'note', name: 'excluded-ports', value });
    }
    this.isInRun = false;
  }

  private reportFirstOfHeading(): void {
    const first = this.heading.shift();
    if (!first) return;
    const why = recogniseWindowsError(first.line)?.sentence ?? 'no range of excluded ports';
    this.builder.problem(first.number, first.line, why);
  }
}

export const excludedPortsFormat: OutputFormat = {
  id: FORMAT,
  title: 'netsh … show excludedportrange of Windows',
  system: 'windows',
  recognises: (head) => {
    if (/^ *-{4,40} {1,40}-{4,40} *\r?\n(?: *\d{1,5} {1,40}\d{1,5} {0,40}\*? *\r?\n)/m.test(head))
      return 0.95;
    return /\btcp\b[^\n]{0,200}\n\s{0,20}\n?[^\n]{1,200}\n *-{6,40} {2,40}-{4,40} *\r?\n/i.test(head)
      ? 0.7
      : 0;
  },
  parse: parseExcludedPorts,
};

const PROBE: Omit<Probe, 'id' | 'title' | 'argv' | 'parse'> = {
  platform: 'windows',
  group: 'settings',
  tool: 'netsh',
  parameters: [],
  proves: 'Which ports Windows will not hand out: Hyper-V, WinNAT or an administrator reserved them.',
  needs: null,
  figures: ['range', 'port-map'],
  encoding: 'oem',
};

export const excludedPorts4Probe: Probe = {
  ...PROBE,
  id: 'windows.netsh-excludedportrange-ipv4',
  title: 'Excluded ports, IPv4',
  argv: ['int', 'ipv4', 'show', 'excludedportrange', 'protocol=tcp'],
  parse: parserFor(4),
};

export const excludedPorts6Probe: Probe = {
  ...PROBE,
  id: 'windows.netsh-excludedportrange-ipv6',
  title: 'Excluded ports, IPv6',
  argv: ['int', 'ipv6', 'show', 'excludedportrange', 'protocol=tcp'],
  parse: parserFor(6),
};
