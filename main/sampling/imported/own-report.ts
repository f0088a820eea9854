/**
 * A report that Fourtuple saved as JSON (main/report/json.ts) read again: the outputs and the list of sockets it holds,
 * as the text they would be if the tools had printed them, which is then read like any other.
 */
import { detectFormat } from '../../probes/formats.ts';
import type { OutputFormat } from '../../probes/probe.ts';
import { LISTINGS } from './listings.ts';
import { settingsText, socketsText, type ReportTable } from './own-report-text.ts';

/** What a report holds that can be read. */
export interface OwnReport {
  /** Outputs one after the other, each below its command; empty where `why` says that there is nothing to read. */
  text: string;
  /** Epoch milliseconds: when its sockets were listed. */
  takenAtMs: number | null;
  /** The list of sockets was cut when the report was saved. */
  isCut: boolean;
  /** Why it cannot be shown, after the name of the file; null when it can. */
  why: string | null;
}

interface Transcript {
  command: string;
  startedAtMs: number | null;
  output: string;
  isCut: boolean;
  /** Null: none is recognised. */
  format: OutputFormat | null;
}

const SCHEMA = 'fourtuple.report/';
/** The first key of the file. */
const OURS = /^\s*\{\s*"schema"\s*:\s*"fourtuple\.report\/(\d{1,6})"/;
const VERSION = 1;
/** A report is some MiB; parsing more than this would hold up the sampler. */
const MAX_CHARACTERS = 64 * 1024 * 1024;
/** Enough of an output to tell what it is. */
const HEAD_CHARACTERS = 16_384;
const HIDDEN_ADDRESS = /\[address-\d+\]/;

/** Null when the text is no report of ours. Everything in it is checked as what it is: a file from anywhere. */
export function readOwnReport(text: string): OwnReport | null {
  const version = Number(OURS.exec(text.slice(0, 200))?.[1] ?? Number.NaN);
  if (Number.isNaN(version)) return null;
  if (version > VERSION) return nothing('is a report of a newer Fourtuple: open it with that one.');
  if (text.length > MAX_CHARACTERS) return nothing('is a report too large to be read as one.');
  const report = parseObject(text);
  if (report === null || !String(report['schema']).startsWith(SCHEMA)) {
    return nothing('is a report that did not arrive whole: save it again.');
  }
  return textOf(report);
}

function textOf(report: Record<string, unknown>): OwnReport {
  const settings = settingsText(objectOf(report['target']), objectOf(report['settings']));
  const transcripts = transcriptsOf(report['transcripts']);
  const table = tableOf(report['sockets']);
  // What no format recognises tells nothing by itself: its command knew what it was.
  const others = transcripts.filter(({ format }) => format !== null && !LISTINGS.has(format.id)).map(shown);
  const listed = table && socketsText(table, settings.system);
  if (listed !== null) {
    const takenAtMs = timeOf(report['takenAt']);
    return (
      hidden(listed) ?? {
        text: joined([settings.text, listed, ...others]),
        takenAtMs,
        isCut: false,
        why: null,
      }
    );
  }
  // Several were printed at several moments; the one that shows most of the machine is one moment.
  const [listing] = transcripts.map(rated).sort((one, other) => other.worth - one.worth);
  if (!listing || listing.worth === 0)
    return nothing('is a report without a list of sockets: save it with the sockets or the outputs in it.');
  const { startedAtMs: takenAtMs, isCut, output } = listing;
  return (
    hidden(output) ?? {
      text: joined([settings.text, shown(listing), ...others]),
      takenAtMs,
      isCut,
      why: null,
    }
  );
}

/** Pools are told apart by addresses. */
function hidden(listing: string): OwnReport | null {
  return HIDDEN_ADDRESS.test(listing)
    ? nothing('is a report whose addresses are hidden: without them its pools cannot be told apart.')
    : null;
}

function nothing(why: string): OwnReport {
  return { text: '', takenAtMs: null, isCut: false, why };
}

function joined(outputs: readonly string[]): string {
  return outputs
    .filter((output) => output !== '')
    .map((output) => (output.endsWith('\n') ? output : `${output}\n`))
    .join('\n');
}

/** As a terminal shows it. */
function shown({ command, output }: Transcript): string {
  return `$ ${command.replace(/[\r\n]/g, ' ')}\n${output}`;
}

/** States first: a list of one state, or of listening sockets, may well be the longest. */
const STATE_WORTH = 10_000_000;

function rated(transcript: Transcript): Transcript & { worth: number } {
  const { format, output } = transcript;
  if (format === null || !LISTINGS.has(format.id)) return { ...transcript, worth: 0 };
  const states = new Set<number>();
  let sockets = 0;
  format.parse(output, ({ state }) => {
    states.add(state);
    sockets++;
  });
  return { ...transcript, worth: states.size * STATE_WORTH + sockets };
}

function transcriptsOf(value: unknown): Transcript[] {
  return listOf(value).flatMap((item) => {
    const run = objectOf(item);
    const [command, output, at] = [run['command'], run['output'], run['startedAtMs']];
    if (typeof command !== 'string' || typeof output !== 'string') return [];
    const startedAtMs = typeof at === 'number' && Number.isFinite(at) ? at : null;
    const format = detectFormat(output.slice(0, HEAD_CHARACTERS));
    return [{ command, output, startedAtMs, isCut: run['isCut'] === true, format }];
  });
}

function tableOf(value: unknown): ReportTable | null {
  const { heads, rows } = objectOf(value);
  if (!Array.isArray(heads) || !Array.isArray(rows)) return null;
  const texts = (cells: unknown) => listOf(cells).map((cell) => (typeof cell === 'string' ? cell : ''));
  return { heads: texts(heads), rows: rows.map(texts) };
}

function timeOf(value: unknown): number | null {
  const atMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    // Cut off or damaged: the caller says so.
    return null;
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
