/** The options of `fourtuple check`. */
import { parseArgs } from 'node:util';
import type { Outcome } from '../core/model.ts';

export interface CheckOptions {
  json: boolean;
  watch: boolean;
  help: boolean;
  poolLimit: number;
  forSeconds: number;
  everySeconds: number;
}

export const CHECK_HELP = `fourtuple check: will this machine run out of TCP ports, and because of whom?

Usage: fourtuple check [options]

Prints one line in the manner of a monitoring plugin and ends with
  0  ok, or a notice      1  warning      2  critical      3  unknown: could not measure, or wrong usage

Options
  --json            print one JSON object (schema fourtuple.check/1) and nothing else
  --pools N         pools to report with --json, fullest first (default 20, at most 1000)
  --for SECONDS     measure arriving connections for this long (default 1, at most 60);
                    0 answers from one dump of the sockets, timers of closed connections included
  --watch           repeat until Ctrl-C; with --json one object a line
  --every SECONDS   pause between repeats of --watch (default 5, 0.2 to 3600)
  --help            this text

Reads only; needs no privileges. As root, or for your own processes, it also names who uses the ports.
`;

/** Reads argv after the word "check"; a failure's message is one sentence. */
export function parseCheckOptions(argv: readonly string[]): Outcome<CheckOptions> {
  let values;
  try {
    ({ values } = parseArgs({
      args: joinDashedValues(argv),
      options: {
        json: { type: 'boolean', default: false },
        watch: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        pools: { type: 'string', default: '20' },
        for: { type: 'string', default: '1' },
        every: { type: 'string', default: '5' },
      },
      strict: true,
      allowPositionals: false,
    }));
  } catch (cause) {
    return usage('arguments', firstSentence(cause));
  }
  const poolLimit = readNumber('--pools', values.pools, 1, 1000);
  const forSeconds = readNumber('--for', values.for, 0, 60);
  const everySeconds = readNumber('--every', values.every, 0.2, 3600);
  for (const outcome of [poolLimit, forSeconds, everySeconds]) if (!outcome.ok) return outcome;
  if (!poolLimit.ok || !forSeconds.ok || !everySeconds.ok) return usage('arguments', 'arguments do not fit');
  const { json, watch, help } = values;
  return {
    ok: true,
    value: {
      json,
      watch,
      help,
      poolLimit: Math.floor(poolLimit.value),
      forSeconds: forSeconds.value,
      everySeconds: everySeconds.value,
    },
  };
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

function firstSentence(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (message.split(/\. |\n/)[0] ?? message).slice(0, 200);
}

function usage(
  field: string,
  message: string,
): { ok: false; failure: { code: 'invalid'; field: string; message: string } } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}
