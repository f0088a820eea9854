/** From what was gathered to the text of a report. Pure: what it hides, how it looks, what the file is called. */
import type { Outcome } from '../core/model.ts';
import { renderCsv } from './csv.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import type { KnownNames, Redaction, ReportInput } from './model.ts';
import { redactReport } from './redact.ts';

export const REPORT_FORMATS = ['html', 'md', 'json', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportRequest {
  format: ReportFormat;
  redact: readonly Redaction[];
  /** Names that the report's texts may hold though its values do not. */
  known: KnownNames;
}

export interface MadeReport {
  /** "fourtuple-ci-runner-07-2026-11-22-1432.html" */
  name: string;
  text: string;
}

/** Fails only for CSV without a list of sockets. */
export function makeReport(
  gathered: ReportInput,
  { format, redact, known }: ReportRequest,
): Outcome<MadeReport> {
  const input = redactReport(gathered, new Set(redact), known);
  const text = render(input, format);
  if (text === null) {
    return { ok: false, failure: { code: 'unavailable', what: 'the list of sockets', why: 'there is none' } };
  }
  return { ok: true, value: { name: reportName(input, format), text } };
}

function render(input: ReportInput, format: ReportFormat): string | null {
  if (format === 'html') return renderHtml(input);
  if (format === 'md') return renderMarkdown(input);
  if (format === 'json') return renderJson(input);
  return input.sockets === null ? null : renderCsv(input.sockets);
}

/** The association of files with the desktop app goes by the last two parts; other JSON is not ours. */
const EXTENSIONS: Readonly<Record<ReportFormat, string>> = {
  html: 'html',
  md: 'md',
  json: 'fourtuple.json',
  csv: 'csv',
};

/** A name that every file system takes, of the report as it is shown: hidden names do not stand in it. */
function reportName({ summary }: ReportInput, format: ReportFormat): string {
  const host = summary.target.hostname
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 64);
  const [date = '', time = ''] = new Date(summary.takenAtMs).toISOString().split('T');
  const parts = ['fourtuple', host, date, time.slice(0, 5).replace(':', '')].filter((part) => part !== '');
  return `${parts.join('-')}.${EXTENSIONS[format]}`;
}
