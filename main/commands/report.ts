/** `fourtuple report`: everything that is known, as one document. */
import { hostname, userInfo } from 'node:os';
import { checksFor } from '../core/findings/rules.ts';
import { systemOfProfile } from '../core/profiles.ts';
import type { Failure, Outcome } from '../core/model.ts';
import { makeReport, type MadeReport } from '../report/make.ts';
import type { Output } from './check.ts';
import { thisMachine, type ProbeMachine } from './probe.ts';
import { checkPlace, writeWhole } from './report-file.ts';
import { lookAtFiles, lookAtMachine, type Looked } from './report-gather.ts';
import { parseReportOptions, REPORT_HELP, type ReportOptions } from './report-options.ts';
import { takeTranscripts, type Transcripts } from './report-transcripts.ts';
import { usageSentence } from './usage.ts';

/** Exit statuses, as the help has them. */
const WRITTEN = 0;
const NOT_WRITTEN = 3;

/** What the command needs of the machine; tests pass their own. */
export interface ReportMachine extends ProbeMachine {
  version: string;
  /** Epoch milliseconds. */
  now(): number;
  /** IANA zone for the times in the report. */
  timeZone: string;
  /** Names to hide when asked: of this machine, and of who looks. */
  hosts: readonly string[];
  users: readonly string[];
  stdin(): AsyncIterable<Uint8Array>;
}

/** This machine, by its own tools. */
export function reportMachine(platform: NodeJS.Platform, version: string): ReportMachine {
  return {
    ...thisMachine(platform),
    version,
    now: Date.now,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    hosts: [hostname()],
    users: ownNames(),
    stdin: () => process.stdin,
  };
}

/** Runs the command; gives its exit status. Writes nothing when `signal` aborts. */
export async function runReport(
  argv: readonly string[],
  output: Output,
  signal: AbortSignal,
  machine: ReportMachine,
): Promise<number> {
  const parsed = parseReportOptions(argv);
  if (!parsed.ok) return refuse(output, parsed.failure, '; see fourtuple report --help');
  const options = parsed.value;
  if (options.help) {
    output.out(REPORT_HELP);
    return WRITTEN;
  }
  if (options.out !== '-') {
    const place = await checkPlace(options.out, options.force);
    if (!place.ok) return refuse(output, place.failure);
  }
  const looked = await look(options, signal, machine);
  if (!looked.ok) return refuse(output, looked.failure);
  const transcripts = await transcriptsFor(options, signal, machine);
  if (signal.aborted) return NOT_WRITTEN;
  const made = make(options, looked.value, transcripts, machine);
  if (!made.ok) return refuse(output, made.failure);
  return write(options, made.value, looked.value, output);
}

function look(
  options: ReportOptions,
  signal: AbortSignal,
  { stdin }: ReportMachine,
): Promise<Outcome<Looked>> {
  return options.from.length > 0 ? lookAtFiles(options, stdin) : lookAtMachine(options, signal);
}

/** Commands of this machine say nothing about files of another. */
async function transcriptsFor(
  { from, withTranscripts, format }: ReportOptions,
  signal: AbortSignal,
  machine: ReportMachine,
): Promise<Transcripts> {
  const isWanted = withTranscripts && from.length === 0 && format !== 'csv';
  return isWanted ? takeTranscripts(machine, signal) : { runs: [], processes: [] };
}

function make(
  { format, redact }: ReportOptions,
  { summary, trends, sockets }: Looked,
  { runs, processes }: Transcripts,
  { version, now, timeZone, hosts, users }: ReportMachine,
): Outcome<MadeReport> {
  const input = {
    version,
    createdAtMs: now(),
    timeZone,
    summary,
    checks: checksFor(systemOfProfile(summary.settings.profileId) ?? 'linux'),
    trends,
    transcripts: runs,
    changes: [],
    sockets,
    redactions: [],
  };
  return makeReport(input, { format, redact, known: { hosts, files: [], processes, users } });
}

async function write(
  { out, force }: ReportOptions,
  { text }: MadeReport,
  { summary }: Looked,
  output: Output,
): Promise<number> {
  if (out === '-') {
    output.out(text);
    return WRITTEN;
  }
  const written = await writeWhole(out, text, force);
  if (!written.ok) return refuse(output, written.failure);
  output.out(`Wrote ${out}. ${summary.verdict.level.toUpperCase()}: ${summary.verdict.sentence}\n`);
  return WRITTEN;
}

/** Root is nobody in particular. */
function ownNames(): string[] {
  try {
    const { username } = userInfo();
    return username === 'root' ? [] : [username];
  } catch {
    // An id without an account (a container) has no name to hide.
    return [];
  }
}

function refuse(output: Output, failure: Failure, hint = ''): number {
  output.err(`fourtuple report: ${usageSentence(failure)}${hint || '.'}\n`);
  return NOT_WRITTEN;
}
