/** `netsh int ipv4|ipv6 show dynamicport tcp`: the numbers by their position, in any language. */
import type { OutputParser, SocketReading, OutputReading } from '../../core/readings.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { forEachWholeLine } from '../whole-lines.ts';
import { recogniseWindowsError } from './errors.ts';
import { commandAfterPrompt, familyOfNetshCommand, readBanner } from './prompt.ts';

const FORMAT = 'windows-dynamic-ports';
const MAX_LINE = 1000;
const RULER = /^-{8,200}$/;
/** A label in any language, a colon (full-width in some), a number. */
const VALUE = /^[^:：\d]{1,120}[:：]\s{0,20}(\d{1,10})\s*$/;

/** Reads the output where it is known which family was asked for; in a paste the prompt tells, or nothing does. */
function parserFor(family: 4 | 6 | null): OutputParser {
  return (text, take) => {
    const builder = new ReadingBuilder(FORMAT, 'windows', take);
    const reader = new DynamicPortsReader(builder, family);
    forEachWholeLine(text, builder, (line, number) => reader.read(line, number));
    reader.end();
    return builder.done();
  };
}

export function parseDynamicPorts(text: string, take: (socket: SocketReading) => void): OutputReading {
  return parserFor(null)(text, take);
}

interface Table {
  protocol: 'tcp' | 'udp' | null;
  family: 4 | 6 | null;
  first: { value: number; line: number } | null;
}

class DynamicPortsReader {
  private readonly builder: ReadingBuilder;
  private family: 4 | 6 | null;
  /** The line above a ruler: it names the protocol in every language. */
  private title: { text: string; number: number } | null = null;
  private table: Table | null = null;

  constructor(builder: ReadingBuilder, family: 4 | 6 | null) {
    this.builder = builder;
    this.family = family;
  }

  read(line: string, number: number): void {
    const trimmed = line.slice(0, MAX_LINE).trim();
    if (trimmed === '' || readBanner(line, number, this.builder)) return;
    const command = commandAfterPrompt(line);
    const value = VALUE.exec(trimmed);
    if (command !== null) {
      this.endTable();
      this.family = familyOfNetshCommand(command) ?? this.family;
    } else if (RULER.test(trimmed)) {
      this.endTable();
      this.table = { protocol: protocolIn(this.title?.text ?? ''), family: this.family, first: null };
      this.title = null;
    } else if (value !== null && this.table !== null) {
      this.readValue(this.table, Number(value[1]), number, line);
    } else if (/^ok\.?$/i.test(trimmed)) return;
    else {
      this.reportTitle();
      this.title = { text: line, number };
    }
  }

  end(): void {
    this.endTable();
    this.reportTitle();
  }

  private readValue(table: Table, value: number, line: number, text: string): void {
    if (table.first === null) {
      table.first = { value, line };
      return;
    }
    this.table = null;
    const first = table.first.value;
    if (first < 1 || value < 1 || first + value - 1 > 65535) {
      this.builder.problem(line, text, `${value} ports from ${first} on are no range of ports`);
      return;
    }
    const { protocol, family } = table;
    const fact = { kind: 'dynamic-ports', protocol, family, first, count: value } as const;
    this.builder.fact({ line: table.first.line, ...fact });
  }

  private endTable(): void {
    const first = this.table?.first ?? null;
    this.table = null;
    if (first !== null)
      this.builder.problem(first.line, String(first.value), 'the number of ports is missing');
  }

  private reportTitle(): void {
    if (this.title === null) return;
    const { text, number } = this.title;
    this.title = null;
    this.builder.problem(
      number,
      text,
      recogniseWindowsError(text)?.sentence ?? 'no line of a dynamic port range',
    );
  }
}

/** "tcp" and "udp" are not translated. */
export function protocolIn(title: string): 'tcp' | 'udp' | null {
  const found = /(?:^|[^a-z])(tcp|udp)(?![a-z])/i.exec(title.slice(0, MAX_LINE))?.[1]?.toLowerCase();
  return found === 'tcp' || found === 'udp' ? found : null;
}

/** A ruler, then two labels with a number each. */
const SHAPE =
  /^ *-{8,200} *\r?\n[^:：\d\n]{1,120}[:：] {0,20}\d{1,5} *\r?\n[^:：\d\n]{1,120}[:：] {0,20}\d{1,5} *\r?$/m;

export const dynamicPortsFormat: OutputFormat = {
  id: FORMAT,
  title: 'netsh … show dynamicport of Windows',
  system: 'windows',
  recognises: (head) => (SHAPE.test(head) ? 0.95 : 0),
  parse: parseDynamicPorts,
};

const PROBE: Omit<Probe, 'id' | 'title' | 'argv' | 'parse'> = {
  platform: 'windows',
  group: 'settings',
  tool: 'netsh',
  parameters: [],
  proves: 'Which ports Windows hands out to outgoing connections of this family, and how many.',
  needs: null,
  figures: ['range', 'pool-used'],
  mayBeEmpty: false,
  encoding: 'oem',
};

export const dynamicPorts4Probe: Probe = {
  ...PROBE,
  id: 'windows.netsh-dynamicport-ipv4',
  title: 'Dynamic ports, IPv4',
  argv: ['int', 'ipv4', 'show', 'dynamicport', 'tcp'],
  parse: parserFor(4),
};

export const dynamicPorts6Probe: Probe = {
  ...PROBE,
  id: 'windows.netsh-dynamicport-ipv6',
  title: 'Dynamic ports, IPv6',
  argv: ['int', 'ipv6', 'show', 'dynamicport', 'tcp'],
  parse: parserFor(6),
};
