/** The options of `fourtuple fix`. */
import { parseArgs } from 'node:util';
import { NO_PARAMETERS } from '../core/fixes/plan.ts';
import type { FixParameters } from '../core/fixes/model.ts';
import type { ScriptLanguage } from '../core/fixes/script.ts';
import type { Outcome, PortRange } from '../core/model.ts';
import { checkPortRange, parsePortList } from '../core/port-range.ts';
import { PROFILES } from '../core/profiles.ts';
import { parseFailure, readSeconds, usage } from './usage.ts';

export interface FixOptions {
  help: boolean;
  json: boolean;
  all: boolean;
  /** Null lists. */
  fixId: string | null;
  script: ScriptLanguage | null;
  parameters: FixParameters;
  forSeconds: number;
  /** Files to read instead of this machine, "-" for standard input; empty: this machine. */
  from: string[];
  profileId: string | null;
}

export const FIX_HELP = `fourtuple fix: what can be done about it, and exactly how

Usage: fourtuple fix [--all]                       what helps here, best first
       fourtuple fix ID [--plan] [parameters]      one of them: what would change, commands, files, undo, prediction
       fourtuple fix ID --script sh|powershell     the same as a script to read and run: check, apply, undo
       … --from FILE… [--profile ID]               for another machine, from files as fourtuple check --from reads

Changes nothing, and ends with
  0  the list, plan or script is printed
  1  the fix is refused here; the reason is printed, with what can be planned instead
  3  wrong usage, or could not measure

Parameters; what is not given is proposed
  --range A-B       the port range, such as 10240-65535
  --reserve LIST    ports to keep for services, such as 8080,9100; the word found stands for those found
  --pool KEY        the pool that it is for, by its key or its destination, such as 10.0.3.12:443
  --value N         what the fix sets where that is a number; fourtuple fix ID says which
  --pid PID         the process whose limit is raised
  --persist         keep it after a restart of the machine

Options
  --all             also fixes of other systems, and advice in circulation that does not help or harms
  --json            one JSON object (schema fourtuple.fixes/1, or fourtuple.fix/1 with an ID) and nothing else
  --for SECONDS     watch this machine for this long before predicting (default 2, 0 to 60)
  --apply           not there yet in this version: use the script
  --help            this text

Reads only. A script needs administrator rights where the plan says so.
`;

const MAX_SECONDS = 60;

/** Reads argv after the word "fix"; a failure's message is one sentence. */
export function parseFixOptions(argv: readonly string[]): Outcome<FixOptions> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: {
        plan: { type: 'boolean', default: false },
        apply: { type: 'boolean', default: false },
        script: { type: 'string' },
        range: { type: 'string' },
        reserve: { type: 'string' },
        pool: { type: 'string' },
        value: { type: 'string' },
        pid: { type: 'string' },
        persist: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        for: { type: 'string' },
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
  if (values.apply) {
    return usage(
      '--apply',
      'applying from here is not there yet in this version: take the script (--script sh)',
    );
  }
  const [fixId, files] = splitWords(argv, positionals);
  if (values.from.length === 0 && files.length > 0) {
    return usage(
      'arguments',
      `"${(files[0] ?? '').slice(0, 40)}" is one word too many; files are read with --from`,
    );
  }
  const misplaced = fixId === null ? needsFix(values) : null;
  if (misplaced !== null)
    return usage(misplaced, `${misplaced} is for one fix: name it, as in fourtuple fix ID`);
  const script = readScript(values.script);
  const parameters = readParameters(values);
  const forSeconds = readFor(values.for, values.from.length > 0);
  const profileId = readProfile(values.profile, values.from.length > 0);
  if (!script.ok) return script;
  if (!parameters.ok) return parameters;
  if (!forSeconds.ok) return forSeconds;
  if (!profileId.ok) return profileId;
  const from = [...values.from, ...files];
  if (from.filter((path) => path === '-').length > 1) {
    return usage('--from', '--from takes standard input ("-") once');
  }
  return {
    ok: true,
    value: {
      help: values.help,
      json: values.json,
      all: values.all,
      fixId,
      script: script.value,
      parameters: parameters.value,
      forSeconds: forSeconds.value,
      from,
      profileId: profileId.value,
    },
  };
}

/** The id is the first word of all; words after --from are files, too. */
function splitWords(argv: readonly string[], positionals: readonly string[]): [string | null, string[]] {
  const [first] = argv;
  const hasId = first !== undefined && !first.startsWith('-');
  return hasId ? [first, positionals.slice(1)] : [null, [...positionals]];
}

interface Values {
  plan: boolean;
  script?: string;
  range?: string;
  reserve?: string;
  pool?: string;
  value?: string;
  pid?: string;
  persist: boolean;
}

function needsFix({ plan, script, range, reserve, value, pid, persist }: Values): string | null {
  if (plan) return '--plan';
  if (script !== undefined) return '--script';
  if (range !== undefined) return '--range';
  if (reserve !== undefined) return '--reserve';
  if (value !== undefined) return '--value';
  if (pid !== undefined) return '--pid';
  return persist ? '--persist' : null;
}

function readScript(text: string | undefined): Outcome<ScriptLanguage | null> {
  if (text === undefined) return { ok: true, value: null };
  if (text === 'sh' || text === 'powershell') return { ok: true, value: text };
  return usage('--script', `--script is sh or powershell, not "${text.slice(0, 40)}"`);
}

function readParameters(values: Values): Outcome<FixParameters> {
  const range = readRange(values.range);
  const reserve = readReserve(values.reserve);
  const value = readWhole('--value', values.value);
  const pid = readWhole('--pid', values.pid);
  if (!range.ok) return range;
  if (!reserve.ok) return reserve;
  if (!value.ok) return value;
  if (!pid.ok) return pid;
  return {
    ok: true,
    value: {
      ...NO_PARAMETERS,
      range: range.value,
      reserve: reserve.value,
      poolKey: values.pool ?? null,
      value: value.value,
      pid: pid.value,
      persist: values.persist,
    },
  };
}

function readRange(text: string | undefined): Outcome<PortRange | null> {
  if (text === undefined) return { ok: true, value: null };
  const parts = /^\s*(\d{1,5})\s*[-–]\s*(\d{1,5})\s*$/.exec(text);
  if (!parts)
    return usage('--range', `--range takes two ports such as 10240-65535, not "${text.slice(0, 40)}"`);
  const range = checkPortRange(Number(parts[1]), Number(parts[2]));
  return range.ok ? range : usage('--range', `--range: ${messageOf(range.failure)}`);
}

function readReserve(text: string | undefined): Outcome<FixParameters['reserve']> {
  if (text === undefined) return { ok: true, value: null };
  if (text.trim() === 'found') return { ok: true, value: 'found' };
  const list = parsePortList(text);
  if (!list.ok) return usage('--reserve', `--reserve: ${messageOf(list.failure)}`);
  if (list.value.length === 0) return usage('--reserve', '--reserve takes ports such as 8080,9100');
  return list;
}

function messageOf(failure: { code: string; message?: string }): string {
  return failure.message ?? failure.code;
}

function readWhole(name: string, text: string | undefined): Outcome<number | null> {
  if (text === undefined) return { ok: true, value: null };
  if (/^\d{1,10}$/.test(text)) return { ok: true, value: Number(text) };
  return usage(name, `${name} takes a whole number, not "${text.slice(0, 40)}"`);
}

function readFor(text: string | undefined, isImport: boolean): Outcome<number> {
  if (text === undefined) return { ok: true, value: 2 };
  if (isImport) return usage('--for', '--for is for this machine, not for files');
  return readSeconds('--for', text, 0, MAX_SECONDS);
}

function readProfile(profile: string | undefined, isImport: boolean): Outcome<string | null> {
  if (profile === undefined) return { ok: true, value: null };
  if (!isImport) return usage('--profile', '--profile is for files: it needs --from');
  const systems = PROFILES.filter(({ kind }) => kind === 'system').map(({ id }) => id);
  if (systems.includes(profile)) return { ok: true, value: profile };
  return usage('--profile', `--profile is one of ${systems.join(', ')}, not "${profile.slice(0, 40)}"`);
}
