/** From the bytes of files to one table of sockets and the facts beside it. */
import type { LineProblem, OutputReading, SocketReading, SystemId } from '../../core/readings.ts';
import { MAX_PROBLEMS, type Fact } from '../../core/readings.ts';
import type { Outcome } from '../../core/model.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { splitOutputs, type OutputSection } from '../../probes/split-outputs.ts';
import { TableFiller } from '../readings/fill-table.ts';
import { ReadingOwners } from '../readings/owners.ts';
import { SocketTable } from '../socket-table.ts';
import { decodeText } from './decode-text.ts';
import { MAX_BYTES, MAX_FILES } from './limits.ts';
import { LISTINGS } from './listings.ts';
import { readOwnReport, type OwnReport } from './own-report.ts';
import { fromQuotedPrintable, tidyText } from './tidy-text.ts';
import { sayFile } from './words.ts';

export interface ImportFile {
  name: string;
  /** Epoch milliseconds of the last change; null for a paste or standard input. */
  modifiedAtMs: number | null;
  bytes: Uint8Array;
}

/** What was understood of one file. */
export interface FileReading {
  /** Sanitised. */
  name: string;
  modifiedAtMs: number | null;
  encoding: string;
  /** Formats recognised, in words; null when none was. */
  format: string | null;
  sockets: number;
  factCount: number;
  /** The first MAX_PROBLEMS lines that were not understood. */
  problems: LineProblem[];
  problemCount: number;
  /** True when the last line is cut off and was left out. */
  truncated: boolean;
  /** What was read, or why nothing was. */
  sentence: string;
}

export interface ImportReading {
  files: FileReading[];
  table: SocketTable;
  owners: ReadingOwners;
  facts: Fact[];
  /** What each output is, in the order of the files. */
  outputs: ReadOutput[];
  /** Rows of which an address or a port is not known. */
  incompleteCount: number;
  /** Sockets named by more than one line. */
  repeatedCount: number;
  /** user@host of a prompt, or null. */
  promptHost: string | null;
}

/** One output of a file. */
export interface ReadOutput {
  format: string;
  system: SystemId | null;
  isListing: boolean;
  rows: number;
  /** False for a table that begins with a row: what `grep` or `findstr` let through, or printed without heading. */
  hasHeading?: boolean;
}

/** How a long reading lets its process do other things. */
export interface Slices {
  /** Awaited between two pieces of work. */
  pause(): Promise<void>;
  /** Called every so often within a long one: the process is alive. */
  alive(): void;
}

/** Listings that begin with a heading. */
const HEADED: ReadonlySet<string> = new Set([
  'ss',
  'netstat',
  'proc-net-tcp',
  'lsof',
  'windows-netstat',
  'bsd-netstat',
  'sockstat',
]);
const SOCKETS_BETWEEN_SIGNS = 16_384;
const PROMPT_HOST = /^\[?[\w.-]{1,64}@([\w.-]{1,64})/;

/** Reads files in order; fails only when they are too many or too large. What cannot be read says so by itself. */
export async function readFiles(
  files: readonly ImportFile[],
  slices: Slices,
): Promise<Outcome<ImportReading>> {
  const bytes = files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
  if (files.length > MAX_FILES) return tooMuch(`${files.length} files are more than ${MAX_FILES} at a time`);
  if (bytes > MAX_BYTES) return tooMuch(`the files hold more than ${MAX_BYTES / 1024 ** 2} MiB in all`);
  const reader = new FilesReader(slices);
  for (const file of files) {
    await slices.pause();
    await reader.read(file);
  }
  return { ok: true, value: reader.done() };
}

class FilesReader {
  private readonly slices: Slices;
  private readonly table = new SocketTable();
  private readonly owners = new ReadingOwners();
  private readonly filler = new TableFiller(this.table, this.owners);
  private readonly facts: Fact[] = [];
  private readonly files: FileReading[] = [];
  private readonly outputs: ImportReading['outputs'] = [];
  private promptHost: string | null = null;

  constructor(slices: Slices) {
    this.slices = slices;
  }

  async read(file: ImportFile): Promise<void> {
    const unquoted = fromQuotedPrintable(file.bytes);
    const decoded = decodeText(unquoted ?? file.bytes);
    await this.slices.pause();
    const { isText } = decoded;
    const ownReport = isText ? readOwnReport(decoded.text) : null;
    const text = isText ? (ownReport?.text ?? tidyText(decoded.text)) : decoded.text;
    const encoding = unquoted === null ? decoded.encoding : `${decoded.encoding}, quoted-printable`;
    await this.slices.pause();
    const state: FileState = {
      // A report says when its sockets were listed; the file's own time is that of its last copy.
      file: { ...file, modifiedAtMs: ownReport?.takenAtMs ?? file.modifiedAtMs },
      ownReport,
      encoding,
      isText,
      formats: ownReport?.why === null ? ['report of Fourtuple'] : [],
      sockets: 0,
      factCount: 0,
      problems: [],
      problemCount: 0,
      truncated: ownReport?.isCut ?? false,
    };
    // Nobody cuts a paste in the middle of a line.
    const whole = file.modifiedAtMs === null && !text.endsWith('\n') ? `${text}\n` : text;
    const sections = isText && text.trim() !== '' ? splitOutputs(whole) : [];
    for (const section of sections) {
      await this.slices.pause();
      this.readSection(section, state);
    }
    this.files.push(finishFile(state, text));
  }

  done(): ImportReading {
    for (const fact of this.facts) {
      if (fact.kind === 'process') this.owners.noteProcess(fact.pid, fact.name, fact.commandLine);
    }
    const { files, table, owners, facts, outputs, promptHost } = this;
    const { incompleteCount, repeatedCount } = this.filler;
    return { files, table, owners, facts, outputs, incompleteCount, repeatedCount, promptHost };
  }

  private readSection(section: OutputSection, state: FileState): void {
    const { format, text, firstLine, promptLine } = section;
    if (promptLine !== null) this.promptHost ??= hostOfPrompt(text, promptLine - firstLine);
    if (format === null) return noteUnread(section, state);
    this.filler.nextListing();
    let taken = 0;
    let firstRow = 0;
    const reading = format.parse(text, (socket: SocketReading) => {
      this.filler.add(socket);
      if (taken === 0) firstRow = socket.line;
      if (++taken % SOCKETS_BETWEEN_SIGNS === 0) this.slices.alive();
    });
    for (const fact of reading.facts) this.facts.push(fact);
    if (!state.formats.includes(format.title)) state.formats.push(format.title);
    state.sockets += reading.rows;
    state.factCount += reading.facts.length;
    state.truncated ||= reading.truncated;
    noteProblems(reading, section, state);
    const isListing = LISTINGS.has(reading.format);
    this.outputs.push({
      format: reading.format,
      system: reading.system ?? format.system,
      isListing,
      rows: reading.rows,
      hasHeading: !HEADED.has(reading.format) || firstRow !== firstContentLine(section),
    });
  }
}

/** Line of the section, from 1, that is the first with something on it but a prompt. */
function firstContentLine({ text, firstLine, promptLine }: OutputSection): number {
  let line = 1;
  for (let at = 0; at < text.length; line++) {
    const end = text.indexOf('\n', at) + 1 || text.length;
    if (line + firstLine - 1 !== promptLine && text.slice(at, Math.min(end, at + 1000)).trim() !== '')
      return line;
    at = end;
  }
  return line;
}

interface FileState {
  file: ImportFile;
  /** What it holds as a report of ours; null when it is none. */
  ownReport: OwnReport | null;
  encoding: string;
  isText: boolean;
  formats: string[];
  sockets: number;
  factCount: number;
  problems: LineProblem[];
  problemCount: number;
  truncated: boolean;
}

/** Lines of the section become lines of the file; a prompt is no problem. */
function noteProblems(
  reading: OutputReading,
  { firstLine, promptLine }: OutputSection,
  state: FileState,
): void {
  state.problemCount += reading.problemCount;
  for (const problem of reading.problems) {
    const line = problem.line + firstLine - 1;
    if (line === promptLine) state.problemCount--;
    else if (state.problems.length < MAX_PROBLEMS) state.problems.push({ ...problem, line });
  }
}

/** Lines that belong to no output known here: reported like any other that was not understood. */
function noteUnread({ text, firstLine, promptLine }: OutputSection, state: FileState): void {
  let line = firstLine;
  for (let at = 0; at < text.length; line++) {
    const end = text.indexOf('\n', at) + 1 || text.length;
    const content = text.slice(at, Math.min(end, at + 1000)).trim();
    at = end;
    if (content === '' || line === promptLine) continue;
    state.problemCount++;
    if (state.problems.length >= MAX_PROBLEMS) continue;
    state.problems.push({ line, text: sanitiseText(content), why: 'part of no output that can be read' });
  }
}

function finishFile(state: FileState, text: string): FileReading {
  const { file, ownReport, formats, isText, ...counts } = state;
  const name = sanitiseText(file.name);
  const format = formats.length === 0 ? null : formats.join(', ');
  const why = ownReport?.why ?? null;
  const sentence = why === null ? sayFile({ ...counts, name, format, isText, text }) : `${name} ${why}`;
  return { ...counts, name, modifiedAtMs: file.modifiedAtMs, format, sentence };
}

function hostOfPrompt(text: string, lineIndex: number): string | null {
  const line = text.split('\n', lineIndex + 1)[lineIndex] ?? '';
  const host = PROMPT_HOST.exec(line)?.[1];
  return host === undefined ? null : sanitiseText(host);
}

function tooMuch(message: string): Outcome<never> {
  return { ok: false, failure: { code: 'invalid', field: 'files', message } };
}
