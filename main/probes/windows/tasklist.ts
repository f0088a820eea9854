/** Names of processes: `tasklist` as CSV or table, and Get-Process or Win32_Process as JSON. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { forEachWholeLine } from '../whole-lines.ts';
import { splitCsvRow } from './csv-row.ts';
import { recogniseWindowsError } from './errors.ts';
import { POWERSHELL_ARGUMENTS } from './powershell-command.ts';
import { forEachPowerShellRecord, wholeNumber } from './powershell-records.ts';
import { commandAfterPrompt, readBanner } from './prompt.ts';

const FORMAT = 'windows-tasklist';
const RECORDS_FORMAT = 'powershell-processes';
const MAX_LINE = 16_384;
const LAST_PID = 0xffffffff;
/** Groups of "=" below the headings of the table. */
const RULER = /^={5,200}(?: ={3,200}){1,20}\s*$/;
/** Name, process id, session, its number, memory; in every language. */
const CSV_ROW = /^"[^":\n]{1,100}","\d{1,10}","[^"\n]{0,100}","\d{1,5}","[^"\n]{0,30}\d[^"\n]{0,10}"/m;

export function parseTasklist(text: string, take: (socket: SocketReading) => void): OutputReading {
  const builder = new ReadingBuilder(FORMAT, 'windows', take);
  const reader = new TasklistReader(builder);
  forEachWholeLine(text, builder, (line, number) => reader.read(line, number));
  reader.end();
  return builder.done();
}

/** Get-Process (Id, ProcessName) and Get-CimInstance Win32_Process (ProcessId, Name, CommandLine). */
export function parseProcessRecords(text: string, take: (socket: SocketReading) => void): OutputReading {
  const builder = new ReadingBuilder(RECORDS_FORMAT, 'windows', take);
  forEachPowerShellRecord(text, 'processname', builder, (record) => {
    const { line, fields } = record;
    const pid = wholeNumber(record, 'id', LAST_PID) ?? wholeNumber(record, 'processid', LAST_PID);
    const name = fields.get('processname') ?? fields.get('name');
    if (pid === null || name === undefined) {
      builder.problem(line, record.text, 'no process id and name');
      return;
    }
    const commandLine = fields.get('commandline') ?? fields.get('path');
    builder.fact({
      line,
      kind: 'process',
      pid,
      name: sanitiseText(name),
      commandLine: commandLine === undefined ? null : sanitiseText(commandLine),
    });
  });
  return builder.done();
}

class TasklistReader {
  private readonly builder: ReadingBuilder;
  /** Where the columns of name and process id begin and end, once the ruler was read. */
  private table: { nameEnd: number; pidEnd: number } | null = null;
  /** Headings of the table until its ruler is read. */
  private held: { line: string; number: number } | null = null;
  private csvRowCount = 0;

  constructor(builder: ReadingBuilder) {
    this.builder = builder;
  }

  read(line: string, number: number): void {
    if (line.length > MAX_LINE) this.builder.problem(number, line, 'too long a line');
    else if (line.trim() === '' || commandAfterPrompt(line) !== null) return;
    else if (readBanner(line, number, this.builder)) return;
    else if (line.startsWith('"')) this.readCsv(line, number);
    else if (RULER.test(line)) this.beginTable(line);
    else if (this.table !== null && this.readTableRow(this.table, line, number)) return;
    else {
      this.end();
      this.held = { line, number };
    }
  }

  end(): void {
    if (this.held === null) return;
    const { line, number } = this.held;
    this.held = null;
    this.builder.problem(number, line, recogniseWindowsError(line)?.sentence ?? 'no row of tasklist');
  }

  private readCsv(line: string, number: number): void {
    const cells = splitCsvRow(line, ',');
    const [name = '', pid = ''] = cells ?? [];
    this.csvRowCount++;
    if (cells !== null && name !== '' && /^\d{1,10}$/.test(pid)) this.keep(name, Number(pid), number);
    // The first row may hold the headings, in any language.
    else if (this.csvRowCount > 1 || cells === null || cells.length < 2) {
      this.builder.problem(number, line, 'no name and process id');
    }
  }

  private beginTable(ruler: string): void {
    const nameEnd = ruler.indexOf(' ');
    const pidEnd = ruler.indexOf(' ', nameEnd + 1);
    this.held = null;
    this.table = { nameEnd, pidEnd: pidEnd < 0 ? ruler.length : pidEnd };
  }

  /** A name may hold spaces; wide letters move the columns, so the process id is also looked for a little further on. */
  private readTableRow(table: { nameEnd: number; pidEnd: number }, line: string, number: number): boolean {
    const inColumns = /^(\d{1,10})(?: |$)/.exec(line.slice(table.nameEnd, table.pidEnd + 1).trimStart());
    const name = line.slice(0, table.nameEnd).trim();
    if (inColumns !== null && name !== '') {
      this.keep(name, Number(inColumns[1]), number);
      return true;
    }
    const loose = /^(\S[^\n]{0,100}?) {1,80}(\d{1,10}) /.exec(line);
    if (loose === null) return false;
    this.keep(loose[1] ?? '', Number(loose[2]), number);
    return true;
  }

  private keep(name: string, pid: number, line: number): void {
    this.builder.fact({ line, kind: 'process', pid, name: sanitiseText(name), commandLine: null });
  }
}

export const tasklistFormat: OutputFormat = {
  id: FORMAT,
  title: 'tasklist of Windows',
  system: 'windows',
  recognises: (head) => {
    if (/^={5,200} ={3,200}(?: ={3,200}){0,20}\s{0,10}$/m.test(head)) return 0.9;
    return CSV_ROW.test(head) ? 0.9 : 0;
  },
  parse: parseTasklist,
};

export const processRecordsFormat: OutputFormat = {
  id: RECORDS_FORMAT,
  title: 'Get-Process of PowerShell as JSON',
  system: 'windows',
  recognises: (head) =>
    /"(?:Id|ProcessId)"\s{0,10}:/.test(head) && /"(?:ProcessName|CommandLine)"\s{0,10}:/.test(head) ? 0.9 : 0,
  parse: parseProcessRecords,
};

export const tasklistProbe: Probe = {
  id: 'windows.tasklist',
  platform: 'windows',
  group: 'owners',
  title: 'Names of processes',
  tool: 'tasklist',
  argv: ['/fo', 'csv', '/nh'],
  parameters: [],
  proves: 'Which program each process id of a socket listing is.',
  needs: null,
  figures: ['consumers'],
  parse: parseTasklist,
  mayBeEmpty: false,
  encoding: 'oem',
};

export const processRecordsProbe: Probe = {
  ...tasklistProbe,
  id: 'windows.get-process',
  title: 'Names and paths of processes',
  tool: 'powershell',
  argv: [
    ...POWERSHELL_ARGUMENTS,
    'Get-Process -ErrorAction Stop | ForEach-Object { $_ | Select-Object Id,ProcessName,Path | ConvertTo-Json -Compress }',
  ],
  proves: 'Which program, and which file of it, each process id of a socket listing is.',
  needs: 'an elevated console, to see the paths of processes of other users',
  parse: parseProcessRecords,
};
