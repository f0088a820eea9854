/** The options of `fourtuple report`. */
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import type { Outcome } from '../core/model.ts';
import { PROFILES } from '../core/profiles.ts';
import { REPORT_FORMATS, type ReportFormat } from '../report/make.ts';
import { REDACTIONS, type Redaction } from '../report/model.ts';
import { parseFailure, readSeconds, usage } from './usage.ts';

export interface ReportOptions {
  help: boolean;
  /** A path, or "-" for standard output. */
  out: string;
  format: ReportFormat;
  redact: Redaction[];
  forSeconds: number;
  withSockets: boolean;
  withTranscripts: boolean;
  force: boolean;
  /** Files to read instead of this machine, "-" for standard input; empty: this machine. */
  from: string[];
  profileId: string | null;
}

export const REPORT_HELP = `fourtuple report: what is wrong, who does it and how that is known, as a document to hand on

Usage: fourtuple report --out FILE [options]
       fourtuple report --out FILE --from FILE… [--profile ID] [options]

Looks at this machine for some seconds, asks its own tools for transcripts, writes one file that needs nothing else,
and ends with
  0  the report is written, whatever it says (fourtuple check ends with its level)
  3  it is not: wrong usage, could not measure, or could not write

Options
  --out FILE        where to write; "-" is standard output
  --format FORMAT   html, md, json (schema fourtuple.report/1) or csv (the list of sockets);
                    default: as the name of FILE ends, else html
  --redact WHAT     hide, each thing under one name of its own: addresses, hosts, processes (with their
                    users, units, containers and command lines), several with commas, or all
  --for SECONDS     look for this long before writing (default 5, 0 to 600)
  --with-sockets    add the list of sockets
  --no-transcripts  run no commands
  --force           replace FILE if it exists
  --from FILE…      report on files from any machine instead of this one, as fourtuple check --from does
  --profile ID      with --from: the system the files are from, where they do not tell
  --help            this text

Reads only; needs no privileges. As root, or for your own processes, it also names who uses the ports.
`;

const BY_EXTENSION: ReadonlyMap<string, ReportFormat> = new Map<string, ReportFormat>([
  ['.html', 'html'],
  ['.htm', 'html'],
  ['.md', 'md'],
  ['.markdown', 'md'],
  ['.json', 'json'],
  ['.csv', 'csv'],
]);
const MAX_SECONDS = 600;

/** Reads argv after the word "report"; a failure's message is one sentence. */
export function parseReportOptions(argv: readonly string[]): Outcome<ReportOptions> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: {
        out: { type: 'string' },
        format: { type: 'string' },
        redact: { type: 'string', multiple: true, default: [] },
        for: { type: 'string' },
        'with-sockets': { type: 'boolean', default: false },
        'no-transcripts': { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        from: { type: 'string', multiple: true, default: [] },
        profile: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      strict: true,
      allowPositionals: true,
    });
  } catch (cause) {
    return parseFailure(cause);
  }
  const { values, positionals } = parsed;
  const out = values.out ?? '';
  if (out === '' && !values.help)
    return usage('--out', 'where to write it? Say --out FILE, or --out - for standard output');
  const format = chooseFormat(values.format, out);
  const redact = readRedactions(values.redact);
  const forSeconds = readSeconds('--for', values.for ?? '5', 0, MAX_SECONDS);
  const files = readFrom(values.from, positionals, values.profile, values.for);
  if (!format.ok) return format;
  if (!redact.ok) return redact;
  if (!forSeconds.ok) return forSeconds;
  if (!files.ok) return files;
  return {
    ok: true,
    value: {
      help: values.help,
      out,
      format: format.value,
      redact: redact.value,
      forSeconds: forSeconds.value,
      withSockets: values['with-sockets'],
      withTranscripts: !values['no-transcripts'],
      force: values.force,
      from: files.value,
      profileId: values.profile ?? null,
    },
  };
}

function chooseFormat(asked: string | undefined, out: string): Outcome<ReportFormat> {
  if (asked === undefined) return { ok: true, value: BY_EXTENSION.get(extname(out).toLowerCase()) ?? 'html' };
  const format = REPORT_FORMATS.find((candidate) => candidate === asked);
  if (format) return { ok: true, value: format };
  return usage('--format', `--format is one of ${REPORT_FORMATS.join(', ')}, not "${asked.slice(0, 40)}"`);
}

function readRedactions(asked: readonly string[]): Outcome<Redaction[]> {
  const words = asked.flatMap((text) => text.split(',')).map((word) => word.trim());
  const unknown = words.find((word) => word !== 'all' && !REDACTIONS.some((candidate) => candidate === word));
  if (unknown !== undefined) {
    const message = `--redact takes ${REDACTIONS.join(', ')} or all, not "${unknown.slice(0, 40)}"`;
    return usage('--redact', message);
  }
  const value = REDACTIONS.filter((candidate) => words.includes(candidate) || words.includes('all'));
  return { ok: true, value };
}

/** Words after `--from FILE` are files too; without it there is no place for one. */
function readFrom(
  from: readonly string[],
  positionals: readonly string[],
  profile: string | undefined,
  seconds: string | undefined,
): Outcome<string[]> {
  const [stray] = positionals;
  if (from.length === 0 && stray !== undefined) {
    return usage('arguments', `"${stray.slice(0, 40)}" is no option; files are read with --from`);
  }
  if (from.length === 0 && profile !== undefined)
    return usage('--profile', '--profile is for files: it needs --from');
  const systems = PROFILES.filter(({ kind }) => kind === 'system').map(({ id }) => id);
  if (profile !== undefined && !systems.includes(profile)) {
    return usage('--profile', `--profile is one of ${systems.join(', ')}, not "${profile.slice(0, 40)}"`);
  }
  if (from.length > 0 && seconds !== undefined)
    return usage('--for', '--for is for this machine, not for files');
  const all = [...from, ...positionals];
  if (all.filter((path) => path === '-').length > 1)
    return usage('--from', '--from takes standard input ("-") once');
  return { ok: true, value: all };
}
