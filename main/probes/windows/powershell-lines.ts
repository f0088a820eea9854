/** Objects as PowerShell prints them in lines: a table, a list or CSV. */
import type { ReadingBuilder } from '../reading-builder.ts';
import { splitCsvRow } from './csv-row.ts';
import { recogniseWindowsError } from './errors.ts';
import { isDashLine, PowerShellTable } from './powershell-table.ts';
import { commandAfterPrompt, readBanner } from './prompt.ts';

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

/** Reads tables, lists and CSV line by line; `marker` is a property (lower case) that every record has. */
export class PowerShellLines {
  private readonly marker: string;
  private readonly builder: ReadingBuilder;
  private readonly visit: (record: PowerShellRecord) => void;
  private table: PowerShellTable | null = null;
  private csv: { delimiter: string; names: readonly string[] } | null = null;
  /** Lines above a line of dashes, which may be a heading. */
  private heading: { line: string; number: number }[] = [];
  private list: { line: number; text: string; fields: Map<string, string> } | null = null;
  private lastListName: string | null = null;
  private isLastOpen = false;

  constructor(marker: string, builder: ReadingBuilder, visit: (record: PowerShellRecord) => void) {
    this.marker = marker;
    this.builder = builder;
    this.visit = visit;
  }

  read(raw: string, number: number, isOpen: boolean): void {
    const line = raw.length <= MAX_LINE && raw.includes('\u001b') ? raw.replace(COLOUR, '') : raw;
    this.isLastOpen = isOpen;
    if (line.length > MAX_LINE) this.builder.problem(number, line, 'too long a line');
    else if (line.trim() === '') this.endBlock();
    else if (commandAfterPrompt(line) !== null || readBanner(line, number, this.builder)) this.endAll();
    else if (isDashLine(line)) this.beginTable(line);
    else if (/^#TYPE\b/i.test(line)) this.endAll();
    else if (this.csv !== null) this.readCsvRow(line, number, isOpen);
    else if (this.table === null && this.beginsCsv(line)) this.endHeading();
    else if (this.readListField(line, number)) this.table = null;
    else if (this.table !== null) this.readTableRow(this.table, line, number, isOpen);
    else {
      if (this.heading.length === MAX_HEADING_LINES) this.reportFirstOfHeading();
      this.heading.push({ line, number });
    }
  }

  end(): void {
    if (this.isLastOpen && this.list !== null) {
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
    if (first) this.builder.problem(first.number, first.line, whyNoRecord(first.line));
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

  private readTableRow(table: PowerShellTable, line: string, number: number, isOpen: boolean): void {
    const fields = table.read(line);
    const record = { line: number, text: line, fields };
    if (isOpen && !line.endsWith(' ')) {
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

  private readCsvRow(line: string, number: number, isOpen: boolean): void {
    const { csv } = this;
    if (csv === null) return;
    const cells = splitCsvRow(line, csv.delimiter);
    const isWhole = cells?.length === csv.names.length;
    if (isOpen && !isWhole) this.builder.cut();
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
      if (isOpen && !line.endsWith('"')) fields.delete(csv.names.at(-1) ?? '');
      const record = { line: number, text: line, fields };
      if (isOpen) this.visitIfKnown(record);
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

/** Why a line is no record: what the message on it means, where it is a known one. */
export function whyNoRecord(line: string): string {
  return recogniseWindowsError(line)?.sentence ?? 'no object of PowerShell';
}
