/** The options of `fourtuple check`. */
import { parseArgs } from 'node:util';
import type { Outcome } from '../core/model.ts';
import { PROFILES } from '../core/profiles.ts';
import { parseFailure, usage } from './usage.ts';

export interface CheckOptions {
  json: boolean;
  watch: boolean;
  /** Below the line for people and monitoring: each finding with its evidence. */
  verbose: boolean;
  help: boolean;
  poolLimit: number;
  forSeconds: number;
  everySeconds: number;
  /** Files to read instead of this machine, "-" for standard input; empty: this machine. */
  from: string[];
  /** A profile that the files are read with, or null: they tell. */
  profileId: string | null;
}

export const CHECK_HELP = `fourtuple check: will this machine run out of TCP ports, and because of whom?

Usage: fourtuple check [options]
       fourtuple check --from FILE… [--profile ID] [--json] [--pools N]

Prints one line in the manner of a monitoring plugin and ends with
  0  ok, or a notice      1  warning      2  critical      3  unknown: could not measure, or wrong usage

Options
  --json            print one JSON object (schema fourtuple.check/1) and nothing else
  --verbose, -v     below the line each finding: what it is, on what it rests, what to do first;
                    nothing more with --json, which has them whole
  --pools N         pools to report with --json, fullest first (default 20, at most 1000)
  --for SECONDS     measure arriving connections for this long (default 1, at most 60);
                    0 answers from one dump of the sockets, timers of closed connections included;
                    Windows, macOS and the BSDs tell no such timers: a forecast there needs 60
  --watch           repeat until Ctrl-C; with --json one object a line
  --every SECONDS   pause between repeats of --watch (default 5, 0.2 to 3600)
  --from FILE…      read files from any machine instead of this one: what ss, netstat, lsof,
                    Get-NetTCPConnection, sockstat or /proc/net/tcp printed there, alone or with sysctl,
                    netsh and reg query output; "-" is standard input
  --profile ID      with --from: the system the files are from, where they do not tell
                    (linux, windows, windows-legacy, macos, freebsd …)
  --help            this text

Reads only; needs no privileges. As root, or for your own processes, it also names who uses the ports.
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
        watch: { type: 'boolean', default: false },
        verbose: { type: 'boolean', short: 'v', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        pools: { type: 'string', default: '20' },
        for: { type: 'string', default: '1' },
        every: { type: 'string', default: '5' },
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
  const forSeconds = readNumber('--for', values.for, 0, 60);
  const everySeconds = readNumber('--every', values.every, 0.2, 3600);
  for (const outcome of [poolLimit, forSeconds, everySeconds]) if (!outcome.ok) return outcome;
  if (!poolLimit.ok || !forSeconds.ok || !everySeconds.ok) return usage('arguments', 'arguments do not fit');
  const files = readFrom(argv, { ...values, positionals });
  if (!files.ok) return files;
  const { json, watch, verbose, help } = values;
  return {
    ok: true,
    value: {
      json,
      watch,
      verbose,
      help,
      poolLimit: Math.floor(poolLimit.value),
      forSeconds: forSeconds.value,
      everySeconds: everySeconds.value,
      ...files.value,
    },
  };
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
