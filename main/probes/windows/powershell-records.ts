/** Objects as PowerShell prints them: a table, a list, CSV or JSON. Names of properties are never translated. */
import { forEachLine } from '../lines.ts';
import type { ReadingBuilder } from '../reading-builder.ts';
import { splitCsvRow } from './csv-row.ts';
import { recogniseWindowsError } from './errors.ts';
import { forEachJsonRecord } from './json-records.ts';
import { isDashLine, PowerShellTable } from './powershell-table.ts';
import { commandAfterPrompt, versionInBanner } from './prompt.ts';

/** One object. Names are in lower case; a property without a value is absent. */
export interface PowerShellRecord {
  /** Line on which it begins. */
  line: number;
  /** What it was read from, cut; for a problem. */
  text: string;
  fields: ReadonlyMap<string, string>;
}

/** Longer lines hold no record of a table, list or CSV. */
const MAX_LINE = 16_384;
/** Lines of a heading that was broken because the window was narrow. */
const MAX_HEADING_LINES = 16;
/** A space stands before the colon, or an IPv6 address would be a field. */
const LIST_FIELD = /^([A-Za-z_][\w()]{0,60})[ \t]{1,80}:(?: (.*))?$/;
const COLOUR = /\u001b\[[0-9;]{0,20}m/g;

/**
 * Calls `visit` with each object of the output in order. `marker` is a property (lower case) that every such output has,
 * by which the CSV header and the heading of a table are known. What is not understood goes to the builder.
 */
export function forEachPowerShellRecord(
  text: string,
  marker: string,
  builder: ReadingBuilder,
  visit: (record: PowerShellRecord) => void,
): void {
  if (looksLikeJson(text)) readJson(text, builder, visit);
  else readLines(text, marker, builder, visit);
}

/** The property as a whole number from 0 to `last`; null when it is absent or something else. */
export function wholeNumber(record: PowerShellRecord, name: string, last: number): number | null {
  const value = record.fields.get(name);
  if (value === undefined || !/^\d{1,10}$/.test(value)) return null;
  return Number(value) <= last ? Number(value) : null;
}

/** Whether the first line that is no prompt begins an array or an object. */
export function looksLikeJson(text: string): boolean {
  let answer = false;
  let isDecided = false;
  // Only prompts and empty lines may stand before it.
  forEachLine(text.slice(0, MAX_LINE), (line) => {
    if (isDecided || line.trim() === '' || commandAfterPrompt(line) !== null) return;
    isDecided = true;
    answer = /^\s*(?:\[\s*(?:\{|\]|$)|\{)/.test(line);
  });
  return answer;
}

function readJson(text: string, builder: ReadingBuilder, visit: (record: PowerShellRecord) => void): void {
  const { isCut } = forEachJsonRecord(text, {
    record: (values, line) => {
      const fields = new Map<string, string>();
      for (const [name, value] of values) {
        const printed = printedValue(value);
        if (printed !== null) fields.set(name.toLowerCase(), printed);
      }
      visit({ line, text: JSON.stringify(Object.fromEntries(fields)).slice(0, 1000), fields });
    },
    broken: (line, piece, why) => builder.problem(line, piece, why),
    stray: (line, piece) => {
      if (commandAfterPrompt(piece) === null) builder.problem(line, piece, whyNot(piece));
    },
  });
  if (isCut) builder.cut();
}

/** A value as the other forms print it. Windows PowerShell 5.1 wraps some in an object with `value`. */
function printedValue(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'value')) return null;
  const inner = (value as { value: unknown }).value;
  return typeof inner === 'object' ? null : printedValue(inner);
}

function readLines(
  text: string,
  marker: string,
  builder: ReadingBuilder,
  visit: (record: PowerShellRecord) => void,
): void {
  const reader = new LineReader(marker, builder, visit);
  let previous: { line: string; number: number } | null = null;
  const { endsWithNewline } = forEachLine(text, (line, number) => {
    if (previous !== null) reader.read(previous.line, previous.number, false);
    previous = { line, number };
  });
  const last = previous as { line: string; number: number } | null;
  if (last !== null) reader.read(last.line, last.number, !endsWithNewline);
  reader.end();
}

class LineReader {
  private readonly marker: string;
  private readonly builder: ReadingBuilder;
  private readonly visit: (record: PowerShellRecord) => void;
  private table: PowerShellTable | null = null;
  private csv: { delimiter: string; names: readonly string[] } | null = null;
  /** Lines above a line of dashes, which may be a heading. */
  private heading: { line: string; number: number }[] = [];
  private list: { line: number; text: string; fields: Map<string, string> } | null = null;
  private lastListName: string | null = null;
  private lastMayBeCut = false;

  constructor(marker: string, builder: ReadingBuilder, visit: (record: PowerShellRecord) => void) {
    this.marker = marker;
    this.builder = builder;
    this.visit = visit;
  }

  read(raw: string, number: number, mayBeCut: boolean): void {
    const line = raw.length <= MAX_LINE && raw.includes('\u001b') ? raw.replace(COLOUR, '') : raw;
    this.lastMayBeCut = mayBeCut;
    if (line.length > MAX_LINE) this.builder.problem(number, line, 'too long a line');
    else if (line.trim() === '') this.endBlock();
    else if (commandAfterPrompt(line) !== null || versionInBanner(line) !== null) this.endAll();
    else if (isDashLine(line)) this.beginTable(line);
    else if (/^#TYPE\b/i.test(line)) this.endAll();
    else if (this.csv !== null) this.readCsvRow(line, number, mayBeCut);
    else if (this.table === null && this.beginsCsv(line)) this.endHeading();
    else if (this.readListField(line, number)) this.table = null;
    else if (this.table !== null) this.readTableRow(this.table, line, number, mayBeCut);
    else {
      if (this.heading.length === MAX_HEADING_LINES) this.reportFirstOfHeading();
      this.heading.push({ line, number });
    }
  }

  end(): void {
    if (this.lastMayBeCut && this.list !== null) {
      const { list } = this;
      this.list = null;
      if (this.lastListName !== null) list.fields.delete(this.lastListName);
      this.visitIfKnown(list);
    }
    this.endAll();
  }

  private endAll(): void {
    this.endBlock();
    this.table = null;
    this.csv = null;
  }

  private endBlock(): void {
    this.endList();
    this.endHeading();
  }

  /** Of a last line without a line end the last value may be cut, so it is left out; without its marker, all of it. */
  private visitIfKnown(record: PowerShellRecord): void {
    if (record.fields.has(this.marker)) this.visit(record);
    else this.builder.cut();
  }

  private endList(): void {
    const { list } = this;
    this.list = null;
    this.lastListName = null;
    if (list !== null) this.visit(list);
  }

  private endHeading(): void {
    while (this.heading.length > 0) this.reportFirstOfHeading();
  }

  private reportFirstOfHeading(): void {
    const first = this.heading.shift();
    if (first) this.builder.problem(first.number, first.line, whyNot(first.line));
  }

  private beginTable(dashes: string): void {
    const top = this.heading.findIndex(({ line }) => line.toLowerCase().includes(this.marker));
    // In a narrow window the name of the marker itself is broken over two lines.
    const lines = this.heading.slice(Math.max(0, top)).map(({ line }) => line);
    const table = new PowerShellTable(dashes, lines);
    if (!table.has(this.marker)) return;
    this.heading = this.heading.slice(0, Math.max(0, top));
    this.endHeading();
    this.csv = null;
    this.table = table;
  }

  private readTableRow(table: PowerShellTable, line: string, number: number, mayBeCut: boolean): void {
    const fields = table.read(line);
    const record = { line: number, text: line, fields };
    if (mayBeCut && !line.endsWith(' ')) {
      const lastName = [...fields.keys()].at(-1);
      if (lastName !== undefined) fields.delete(lastName);
      this.visitIfKnown(record);
    } else this.visit(record);
  }

  private beginsCsv(line: string): boolean {
    if (!line.toLowerCase().includes(this.marker)) return false;
    for (const delimiter of [',', ';', '\t']) {
      const names = splitCsvRow(line, delimiter)?.map((name) => name.trim().toLowerCase());
      if (names === undefined || names.length < 2 || !names.includes(this.marker)) continue;
      this.endList();
      this.csv = { delimiter, names };
      return true;
    }
    return false;
  }

  private readCsvRow(line: string, number: number, mayBeCut: boolean): void {
    const { csv } = this;
    if (csv === null) return;
    const cells = splitCsvRow(line, csv.delimiter);
    const isWhole = cells?.length === csv.names.length;
    if (mayBeCut && !isWhole) this.builder.cut();
    else if (cells === null || !isWhole) {
      const found =
        cells === null ? 'a quote is not closed' : `${cells.length} values for ${csv.names.length} names`;
      this.builder.problem(number, line, found);
    } else {
      const fields = new Map<string, string>();
      for (const [index, name] of csv.names.entries()) {
        const value = cells[index] ?? '';
        if (value !== '') fields.set(name, value);
      }
      if (mayBeCut && !line.endsWith('"')) fields.delete(csv.names.at(-1) ?? '');
      const record = { line: number, text: line, fields };
      if (mayBeCut) this.visitIfKnown(record);
      else this.visit(record);
    }
  }

  private readListField(line: string, number: number): boolean {
    const match = LIST_FIELD.exec(line);
    if (match === null) return this.continueList(line);
    const name = (match[1] ?? '').toLowerCase();
    if (this.list?.fields.has(name)) this.endList();
    this.list ??= { line: number, text: line, fields: new Map() };
    const value = (match[2] ?? '').trim();
    if (value !== '') this.list.fields.set(name, value);
    this.lastListName = name;
    return true;
  }

  /** A long value goes on below, further in than any name. */
  private continueList(line: string): boolean {
    if (this.list === null || this.lastListName === null || !line.startsWith('    ')) return false;
    const before = this.list.fields.get(this.lastListName);
    this.list.fields.set(this.lastListName, before === undefined ? line.trim() : `${before} ${line.trim()}`);
    return true;
  }
}

function whyNot(line: string): string {
  return recogniseWindowsError(line)?.sentence ?? 'no object of PowerShell';
}
