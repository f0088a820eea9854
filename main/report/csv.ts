/** The list of sockets: read from the workbench's CSV export, hidden cell by cell, written again. RFC 4180. */
import type { ReportSockets } from './model.ts';

/** Reads an export: the first record names the columns. Null when a quote is not closed. */
export function parseCsv(text: string): ReportSockets | null {
  const records: string[][] = [];
  let record: string[] = [];
  for (let at = 0; at < text.length;) {
    let cell: string;
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end < 0) return null;
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const end = cellEnd(text, at);
      cell = text.slice(at, end);
      at = end;
    }
    record.push(cell);
    if (text[at] === ',') {
      at++;
      if (at < text.length) continue;
      record.push('');
    }
    records.push(record);
    record = [];
    at += text.startsWith('\r\n', at) ? 2 : 1;
  }
  const [heads = [], ...rows] = records;
  return { heads, rows: rows.map((row) => row.map(withoutGuard)) };
}

function closingQuote(text: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0 || text[at + 1] !== '"') return at;
  }
}

function cellEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === ',' || text[at] === '\n' || text.startsWith('\r\n', at)) return at;
  }
  return text.length;
}

/** Spreadsheets run a cell that starts with one of these as a formula (OWASP, CSV injection): a quote disarms it (T2). */
const FORMULA = /^[=+\-@\t\r]/;

/** Only spreadsheets need the quote. */
function withoutGuard(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** One record a line, CRLF line ends, no cell a formula. */
export function renderCsv({ heads, rows }: ReportSockets): string {
  return [heads, ...rows].map((record) => `${record.map(writeCell).join(',')}\r\n`).join('');
}

function writeCell(cell: string): string {
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
