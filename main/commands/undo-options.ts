/** The options of `fourtuple undo` and `fourtuple journal`. */
import { parseArgs } from 'node:util';
import type { Outcome } from '../core/model.ts';
import { parseFailure, usage } from './usage.ts';

export interface UndoOptions {
  help: boolean;
  json: boolean;
  yes: boolean;
  /** Null: the newest that is in force. */
  changeId: number | null;
  /** Indexes from 0; null: all of it. */
  steps: number[] | null;
}

export interface JournalOptions {
  help: boolean;
  json: boolean;
  /** The change to carry out what is left of; null lists. */
  finish: number | null;
  keep: boolean;
}

export const UNDO_HELP = `fourtuple undo: take back what fourtuple fix --apply or the window has changed

Usage: fourtuple undo [ID] [--step N…] [--yes] [--json]

Without an ID it lists what is in force and takes back the newest, after asking. What somebody else has changed since
is left alone, and said. It ends with
  0  taken back, or nothing was in force
  1  not agreed to, or it cannot be taken back from here
  3  wrong usage, no rights, or the journal cannot be used
  4  something could not be put back; fourtuple journal says what

Options
  --step N          only this step, as fourtuple journal counts them; may be given several times
  --yes             do not ask; needed where there is no terminal, and with --json
  --json            print one JSON object (schema fourtuple.change/1, fourtuple.journal/1 when nothing was in force)
                    and nothing else
  --help            this text
`;

export const JOURNAL_HELP = `fourtuple journal: what was changed, what is in force and what somebody else has changed since

Usage: fourtuple journal [--json]
       fourtuple journal --finish ID [--keep]   carry out what an interrupted change has left to do

Ends with
  0  it is printed, or finished and kept
  2  finished and taken back
  3  wrong usage, no rights, or the journal cannot be used
  4  it could not be finished

Options
  --json            print one JSON object (schema fourtuple.journal/1, fourtuple.change/1 with --finish) and nothing else
  --keep            with --finish: keep it when all is done
  --help            this text

Reads only, but for --finish. The values of now are those of this network namespace.
`;

/** Reads argv after the word "undo"; a failure's message is one sentence. */
export function parseUndoOptions(argv: readonly string[]): Outcome<UndoOptions> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: {
        step: { type: 'string', multiple: true, default: [] },
        yes: { type: 'boolean', short: 'y', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      strict: true,
      allowPositionals: true,
    });
  } catch (cause) {
    return parseFailure(cause);
  }
  const { values, positionals } = parsed;
  const [word, more] = positionals;
  if (more !== undefined) return usage('arguments', 'one change at a time');
  const changeId = word === undefined ? null : numberOf(word);
  if (changeId !== null && Number.isNaN(changeId)) {
    return usage(
      'change',
      `"${(word ?? '').slice(0, 40)}" is no number of a change; fourtuple journal has them`,
    );
  }
  const numbers = values.step.flatMap((text) => text.split(',')).map(numberOf);
  if (numbers.some(Number.isNaN)) return usage('--step', '--step takes the number of a step, such as 1');
  if (numbers.length > 0 && changeId === null) return usage('--step', '--step is of one change: name it');
  const { help, json, yes } = values;
  const steps = numbers.length === 0 ? null : [...new Set(numbers.map((number) => number - 1))];
  return { ok: true, value: { help, json, yes, changeId, steps } };
}

/** Reads argv after the word "journal". */
export function parseJournalOptions(argv: readonly string[]): Outcome<JournalOptions> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        finish: { type: 'string' },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      strict: true,
      allowPositionals: false,
    });
    const finish = values.finish === undefined ? null : numberOf(values.finish);
    if (finish !== null && Number.isNaN(finish))
      return usage('--finish', '--finish takes the number of a change');
    if (values.keep && finish === null) return usage('--keep', '--keep goes with --finish');
    return { ok: true, value: { help: values.help, json: values.json, finish, keep: values.keep } };
  } catch (cause) {
    return parseFailure(cause);
  }
}

/** From 1; NaN for anything else. */
function numberOf(text: string): number {
  return /^[1-9]\d{0,8}$/.test(text.trim()) ? Number(text) : Number.NaN;
}
