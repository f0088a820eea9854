/** `fourtuple journal`: what was changed and what is so now; finishes what was interrupted. */
import type { Failure } from '../core/model.ts';
import { changeObject, journalObject } from './change-object.ts';
import { CHANGE_STATUS, statusAfterApply } from './change-status.ts';
import { accountText } from './change-text.ts';
import { changesHere, type ChangeMachine } from './changes-here.ts';
import type { Output } from './check.ts';
import { followChange } from './follow-change.ts';
import { readAccounts } from './undo.ts';
import { JOURNAL_HELP, parseJournalOptions } from './undo-options.ts';
import { usageSentence } from './usage.ts';

/** Runs the command; gives its exit status. */
export async function runJournal(
  argv: readonly string[],
  output: Output,
  signal: AbortSignal,
  machine: ChangeMachine = changesHere(process.platform),
): Promise<number> {
  const parsed = parseJournalOptions(argv);
  if (!parsed.ok) return complain(output, parsed.failure, '; see fourtuple journal --help');
  const { help, json, finish: changeId, keep } = parsed.value;
  if (help) {
    output.out(JOURNAL_HELP);
    return CHANGE_STATUS.done;
  }
  if (changeId !== null) return finish(changeId, { json, keep }, { machine, output, signal });
  const read = await readAccounts(machine);
  if (!read.ok) return complain(output, read.failure);
  const { folder, accounts } = read.value;
  if (json) output.out(`${JSON.stringify(journalObject(folder, accounts))}\n`);
  else if (accounts.length === 0)
    output.out(`Nothing stands in the journal in ${folder}. Another user has another one.\n`);
  else output.out(`${[...accounts].reverse().map(accountText).join('\n')}\nThe journal is in ${folder}.\n`);
  return CHANGE_STATUS.done;
}

async function finish(
  changeId: number,
  { json, keep }: { json: boolean; keep: boolean },
  { machine, output, signal }: { machine: ChangeMachine; output: Output; signal: AbortSignal },
): Promise<number> {
  const followed = await followChange(({ changes }) => changes.finish(changeId), {
    machine,
    output,
    signal,
    json,
    measureSeconds: 0,
    keepAtOnce: keep,
  });
  if (!followed.ok) {
    output.err(`fourtuple journal: ${usageSentence(followed.failure)}.\n`);
    return CHANGE_STATUS.open;
  }
  const { change, account } = followed.value;
  if (json) output.out(`${JSON.stringify(changeObject(followed.value))}\n`);
  else output.out(`\n${change.sentence ?? account?.sentence ?? ''}\n`);
  const status = statusAfterApply(change);
  return status === CHANGE_STATUS.refused ? CHANGE_STATUS.open : status;
}

function complain(output: Output, failure: Failure, hint = ''): number {
  output.err(`fourtuple journal: ${usageSentence(failure)}${hint || '.'}\n`);
  return CHANGE_STATUS.notBegun;
}
