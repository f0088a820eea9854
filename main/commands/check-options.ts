/** The options of `fourtuple check`. */
import { parseArgs } from 'node:util';
import type { Outcome } from '../core/model.ts';
import { PROFILES } from '../core/profiles.ts';
import { parseFailure, usage } from './usage.ts';

export interface CheckOptions {
  json: boolean;
  /** OpenMetrics text instead of a verdict. */
  prometheus: boolean;
  watch: boolean;
  /** How long to watch; null: until somebody ends it. */
  watchSeconds: number | null;
  /** Below the line for people and monitoring: each finding with its evidence. */
  verbose: boolean;
  help: boolean;
  poolLimit: number;
  /** How long a single look measures. */
  forSeconds: number;
  /** Pace of samples while watching. */
  everySeconds: number;
  /** Files to read instead of this machine, "-" for standard input; empty: this machine. */
  from: string[];
  /** A profile that the files are read with, or null: they tell. */
  profileId: string | null;
}

export const CHECK_HELP = `fourtuple check: will this machine run out of TCP ports, and because of whom?

Usage: fourtuple check [options]
       fourtuple check --watch [--for SECONDS] [--every SECONDS] [--json]
       fourtuple check --prometheus [--for SECONDS] [--pools N]
       fourtuple check --from FILE… [--profile ID] [--json] [--pools N]

Prints one line in the manner of a monitoring plugin and ends with
  0  ok, or a notice      1  warning      2  critical      3  unknown: could not measure, or wrong usage

Options
  --json            print one JSON object (schema fourtuple.check/1) and nothing else
  --verbose, -v     below the line each finding: what it is, on what it rests, what to do first;
                    nothing more with --json, which has them whole
  --pools N         pools to report with --json or --prometheus, fullest first (default 20, at most 1000)
  --for SECONDS     measure arriving connections for this long (default 1, at most 60);
                    0 answers from one dump of the sockets, timers of closed connections included;
                    Windows, macOS and the BSDs tell no such timers: a forecast there needs 60
  --watch           go on, and print a line with the local time at once and whenever the verdict changes,
                    as steadily as the window does; with --json one object a line. Goes on until Ctrl-C
                    (130), until nobody reads it, or --for SECONDS (1 to 604800), and then ends with the
                    worst that it saw
  --every SECONDS   with --watch: time between two looks (default 1, 0.2 to 10)
  --prometheus      print the figures once as OpenMetrics text, for a textfile collector, and end with 0;
                    with 3 and nothing printed when nothing could be measured. To be scraped instead:
                    fourtuple serve --metrics-token-file
  --from FILE…      read files from any machine instead of this one: what ss, netstat, lsof,
                    Get-NetTCPConnection, sockstat or /proc/net/tcp printed there, alone or with sysctl,
                    netsh and reg query output; "-" is standard input
  --profile ID      with --from: the system the files are from, where they do not tell
                    (linux, windows, windows-legacy, macos, freebsd …)
  --help            this text

Reads only; needs no privileges. As root, or for your own processes, it also names who uses the ports.
What counts as a warning or as critical is fixed here: scripts do not change with the window's settings.
`;

/** Reads argv after the word "check"; a failure's message is one sentence. */
export function parseCheckOptions(argv: readonly string[]): Outcome<CheckOptions> {
  let values;
  let positionals;
  try {
    const parsed = parseArgs({
      args: joinDashedValues(argv),
      options: {
        json: { type: 'boolean', default: false },
        prometheus: { type: 'boolean', default: false },
        watch: { type: 'boolean', default: false },
        verbose: { type: 'boolean', short: 'v', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        pools: { type: 'string', default: '20' },
        for: { type: 'string' },
        every: { type: 'string' },
        from: { type: 'string', multiple: true, default: [] },
        profile: { type: 'string' },
      },
      strict: true,
      allowPositionals: true,
    });
    ({ values, positionals } = parsed);
  } catch (cause) {
    return parseFailure(cause);
  }
  const poolLimit = readNumber('--pools', values.pools, 1, 1000);
  const { json, prometheus, watch, verbose, help } = values;
  const [least, most] = watch ? [1, MAX_WATCH_SECONDS] : [0, 60];
  const length = readNumber('--for', values.for ?? '1', least, most);
  const everySeconds = readNumber('--every', values.every ?? '1', 0.2, 10);
  if (!poolLimit.ok) return poolLimit;
  if (!length.ok) return length;
  if (!everySeconds.ok) return everySeconds;
  const files = readFrom(argv, { ...values, positionals });
  if (!files.ok) return files;
  const misfit = misfitOf({ ...values, from: files.value.from });
  if (misfit !== null) return usage(...misfit);
  return {
    ok: true,
    value: {
      json,
      prometheus,
      watch,
      watchSeconds: watch && values.for !== undefined ? length.value : null,
      verbose,
      help,
      poolLimit: Math.floor(poolLimit.value),
      forSeconds: watch ? 0 : length.value,
      everySeconds: everySeconds.value,
      ...files.value,
    },
  };
}

/** A week. */
const MAX_WATCH_SECONDS = 604_800;

/** The option that does not go with another, and why; null when all go together. */
function misfitOf({
  json,
  verbose,
  watch,
  prometheus,
  every,
  from,
}: Pick<CheckOptions, 'json' | 'verbose' | 'watch' | 'prometheus' | 'from'> & { every?: string }):
  [string, string] | null {
  if (every !== undefined && !watch) return ['--every', '--every is the pace of --watch'];
  if (!prometheus) return null;
  if (watch) {
    return [
      '--prometheus',
      '--prometheus prints once; to be scraped use fourtuple serve --metrics-token-file',
    ];
  }
  if (json) return ['--prometheus', '--prometheus and --json are two formats: choose one'];
  if (verbose) return ['--prometheus', '--prometheus has figures alone: --verbose adds nothing'];
  return from.length > 0 ? ['--prometheus', '--prometheus is for this machine, not for files'] : null;
}

/** Words after `--from FILE` are files too; without it there is no place for one. */
function readFrom(
  argv: readonly string[],
  { from, profile, positionals }: { from: string[]; profile?: string; positionals: string[] },
): Outcome<Pick<CheckOptions, 'from' | 'profileId'>> {
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
  const live = ['--watch', '--for', '--every'].find((option) =>
    argv.some((word) => word === option || word.startsWith(`${option}=`)),
  );
  if (from.length > 0 && live !== undefined) return usage(live, `${live} is for this machine, not for files`);
  const all = [...from, ...positionals];
  if (all.filter((path) => path === '-').length > 1)
    return usage('--from', '--from takes standard input ("-") once');
  return { ok: true, value: { from: all, profileId: profile ?? null } };
}

const NUMBER_OPTIONS: ReadonlySet<string> = new Set(['--pools', '--for', '--every']);

/** `--for -1` as `--for=-1`: parseArgs calls the former ambiguous instead of handing over the value. */
function joinDashedValues(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const option = joined.at(-1);
    if (option !== undefined && NUMBER_OPTIONS.has(option) && word.startsWith('-')) {
      joined.splice(-1, 1, `${option}=${word}`);
    } else {
      joined.push(word);
    }
  }
  return joined;
}

function readNumber(option: string, text: string, minimum: number, maximum: number): Outcome<number> {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value) && value >= minimum && value <= maximum) return { ok: true, value };
  return usage(option, `${option} takes a number from ${minimum} to ${maximum}, not "${text.slice(0, 40)}"`);
}
