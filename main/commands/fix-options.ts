/** The options of `fourtuple fix`. */
import { parseArgs } from 'node:util';
import type { FixParameters } from '../core/fixes/model.ts';
import type { ScriptLanguage } from '../core/fixes/script.ts';
import type { Outcome } from '../core/model.ts';
import { PROFILES } from '../core/profiles.ts';
import { readParameters, type ParameterWords } from './fix-parameters.ts';
import { parseFailure, readSeconds, usage } from './usage.ts';

export interface ApplyOptions {
  /** Seconds after which it is taken back unless it is kept; null: it is kept at once. */
  undoAfterSeconds: number | null;
  /** Not asked about. */
  yes: boolean;
}

export interface FixOptions {
  help: boolean;
  json: boolean;
  all: boolean;
  /** Null lists. */
  fixId: string | null;
  script: ScriptLanguage | null;
  /** Null: nothing is changed. */
  apply: ApplyOptions | null;
  parameters: FixParameters;
  forSeconds: number;
  /** Files to read instead of this machine, "-" for standard input; empty: this machine. */
  from: string[];
  profileId: string | null;
}

export const FIX_HELP = `fourtuple fix: what can be done about it, exactly how, and doing it

Usage: fourtuple fix [--all]                       what helps here, best first
       fourtuple fix ID [--plan] [parameters]      one of them: what would change, commands, files, undo, prediction
       fourtuple fix ID --script sh|powershell     the same as a script to read and run: check, apply, undo
       fourtuple fix ID --apply [parameters]       carry it out, measure what it does, and keep it or take it back
       … --from FILE… [--profile ID]               for another machine, from files as fourtuple check --from reads

Without --apply nothing is changed, and it ends with
  0  the list, plan or script is printed
  1  the fix is refused here; the reason is printed, with what can be planned instead
  3  wrong usage, or could not measure

With --apply it shows the plan, asks, runs each command in this terminal (sudo, doas or pkexec ask for the password
themselves), reads each value back, measures the pool beside the prediction, and takes everything back after
5 minutes unless you keep it: k and Enter keeps, u and Enter or Ctrl-C takes back. It ends with
  0  it is kept, or was so already
  1  refused, and nothing was changed
  2  taken back, or failed and taken back: everything is as before
  3  wrong usage, no rights, or could not measure; nothing was changed
  4  something could not be put back or was interrupted; fourtuple journal says what

Parameters; what is not given is proposed
  --range A-B       the port range, such as 10240-65535
  --reserve LIST    ports to keep for services, such as 8080,9100; the word found stands for those found
  --pool KEY        the pool that it is for, by its key or its destination, such as 10.0.3.12:443
  --value N         what the fix sets where that is a number; fourtuple fix ID says which
  --pid PID         the process whose limit is raised
  --persist         keep it after a restart of the machine

With --apply
  --undo-after SECONDS  take back after this long unless it is kept (default 300, 1 to 3600)
  --keep            keep it at once; without it and without a terminal it is always taken back
  --yes             do not ask; needed where there is no terminal, and with --json

Options
  --all             also fixes of other systems, and advice in circulation that does not help or harms
  --json            one JSON object (schema fourtuple.fixes/1, fourtuple.fix/1 with an ID, fourtuple.change/1 with
                    --apply) and nothing else
  --for SECONDS     watch this machine for this long before predicting (default 2, 0 to 60)
  --help            this text

What was changed stands in the journal: fourtuple journal, fourtuple undo.
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
        keep: { type: 'boolean', default: false },
        yes: { type: 'boolean', short: 'y', default: false },
        'undo-after': { type: 'string' },
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
  const applying = readApplying(values);
  const script = readScript(values.script);
  const parameters = readParameters(values);
  const forSeconds = readFor(values.for, values.from.length > 0);
  const profileId = readProfile(values.profile, values.from.length > 0);
  if (!applying.ok) return applying;
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
      apply: applying.value,
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

interface Values extends ParameterWords {
  plan: boolean;
  script?: string;
  apply: boolean;
  keep: boolean;
  yes: boolean;
  'undo-after'?: string;
  from: string[];
}

function needsFix({ plan, apply, script, range, reserve, value, pid, persist }: Values): string | null {
  if (plan) return '--plan';
  if (apply) return '--apply';
  if (script !== undefined) return '--script';
  if (range !== undefined) return '--range';
  if (reserve !== undefined) return '--reserve';
  if (value !== undefined) return '--value';
  if (pid !== undefined) return '--pid';
  return persist ? '--persist' : null;
}

/** Seconds: as in the window. */
const UNDO_AFTER_SECONDS = 300;
const LONGEST_SECONDS = 3600;

function readApplying({ apply, keep, yes, ...values }: Values): Outcome<ApplyOptions | null> {
  const after = values['undo-after'];
  if (!apply) {
    const stray = keep ? '--keep' : yes ? '--yes' : after === undefined ? null : '--undo-after';
    return stray === null ? { ok: true, value: null } : usage(stray, `${stray} goes with --apply`);
  }
  if (values.plan || values.script !== undefined) {
    const other = values.plan ? '--plan' : '--script';
    return usage('--apply', `${other} changes nothing and --apply does: one of them`);
  }
  if (values.from.length > 0) return usage('--apply', '--apply is for this machine, not for files');
  if (!keep) {
    const seconds = readSeconds('--undo-after', after ?? String(UNDO_AFTER_SECONDS), 1, LONGEST_SECONDS);
    return seconds.ok ? { ok: true, value: { undoAfterSeconds: Math.ceil(seconds.value), yes } } : seconds;
  }
  if (after !== undefined) return usage('--keep', '--keep and --undo-after exclude each other');
  return { ok: true, value: { undoAfterSeconds: null, yes } };
}

function readScript(text: string | undefined): Outcome<ScriptLanguage | null> {
  if (text === undefined) return { ok: true, value: null };
  if (text === 'sh' || text === 'powershell') return { ok: true, value: text };
  return usage('--script', `--script is sh or powershell, not "${text.slice(0, 40)}"`);
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
