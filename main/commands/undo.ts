/** `fourtuple undo`: takes changes of the journal back. */
import type { ChangeAccount } from '../core/fixes/account.ts';
import type { Change } from '../core/fixes/change.ts';
import type { Failure, Outcome } from '../core/model.ts';
import { changeObject, journalObject } from './change-object.ts';
import { CHANGE_STATUS } from './change-status.ts';
import { accountText } from './change-text.ts';
import { changesHere, type ChangeMachine } from './changes-here.ts';
import type { Output } from './check.ts';
import { followChange, type Followed } from './follow-change.ts';
import { parseUndoOptions, UNDO_HELP, type UndoOptions } from './undo-options.ts';
import { usage, usageSentence } from './usage.ts';

/** Runs the command; gives its exit status. */
export async function runUndo(
  argv: readonly string[],
  output: Output,
  signal: AbortSignal,
  machine: ChangeMachine = changesHere(process.platform),
): Promise<number> {
  const parsed = parseUndoOptions(argv);
  if (!parsed.ok) return complain(output, parsed.failure, '; see fourtuple undo --help');
  const options = parsed.value;
  if (options.help) {
    output.out(UNDO_HELP);
    return CHANGE_STATUS.done;
  }
  const read = await readAccounts(machine);
  if (!read.ok) return complain(output, read.failure);
  const { folder, accounts } = read.value;
  const chosen = choose(accounts, options, output);
  if (!chosen.ok) return complain(output, chosen.failure);
  if (chosen.value === null) {
    output.out(
      options.json
        ? `${JSON.stringify(journalObject(folder, accounts))}\n`
        : `Nothing is in force, says the journal in ${folder}. Another user has another one.\n`,
    );
    return CHANGE_STATUS.done;
  }
  const agreed = await agree(chosen.value, options, machine, output, signal);
  if (!agreed.ok) return complain(output, agreed.failure);
  if (!agreed.value) {
    output.out('Nothing was taken back.\n');
    return CHANGE_STATUS.refused;
  }
  return takeBack(chosen.value.change, options, { machine, output, signal });
}

/** The journal with what is so. Failure: it cannot be used. */
export async function readAccounts(
  machine: ChangeMachine,
): Promise<Outcome<{ folder: string; accounts: ChangeAccount[] }>> {
  const opened = machine.open(() => undefined);
  if (!opened.ok) return opened;
  const { changes, folder } = opened.value;
  const accounts = await changes.accounts();
  return accounts.ok ? { ok: true, value: { folder, accounts: accounts.value } } : accounts;
}

/** The one that is named, or the newest that is in force; null when there is none. */
function choose(
  accounts: readonly ChangeAccount[],
  { changeId, json }: UndoOptions,
  output: Output,
): Outcome<ChangeAccount | null> {
  if (changeId !== null) {
    const named = accounts.find(({ change }) => change.id === changeId);
    return named
      ? { ok: true, value: named }
      : usage('change', `there is no change ${changeId}; fourtuple journal has them`);
  }
  const inForce = accounts.filter(({ canUndo, isInterrupted }) => canUndo || isInterrupted).reverse();
  if (!json && inForce.length > 0) output.out(`${inForce.map(accountText).join('\n')}\n`);
  return { ok: true, value: inForce[0] ?? null };
}

async function agree(
  { change }: ChangeAccount,
  { yes, json, changeId }: UndoOptions,
  { person }: ChangeMachine,
  output: Output,
  signal: AbortSignal,
): Promise<Outcome<boolean>> {
  if (yes || changeId !== null) return { ok: true, value: true };
  if (json || !person.isThere) {
    const why = json ? '--json asks nothing' : 'there is no terminal to ask in';
    return usage('--yes', `${why}: name the change, as in fourtuple undo ${change.id}, or say --yes`);
  }
  output.err(`Take back change ${change.id} (${change.plan.title})? [y/N] `);
  const answer = await person.readLine(signal);
  return { ok: true, value: /^y(es)?$/i.test(answer?.trim() ?? '') };
}

async function takeBack(
  { id }: Change,
  { steps, json }: UndoOptions,
  { machine, output, signal }: { machine: ChangeMachine; output: Output; signal: AbortSignal },
): Promise<number> {
  const followed = await followChange(({ changes }) => changes.undo(id, steps), {
    machine,
    output,
    signal,
    json,
    measureSeconds: 0,
  });
  if (!followed.ok) {
    output.err(`fourtuple undo: ${usageSentence(followed.failure)}.\n`);
    return CHANGE_STATUS.refused;
  }
  const { account, change } = followed.value;
  if (json) output.out(`${JSON.stringify(changeObject(followed.value))}\n`);
  else output.out(`${change.sentence ?? account?.sentence ?? ''}\n`);
  return statusOf(followed.value, steps);
}

/** Of those steps that were to be taken back. */
function statusOf({ change, account }: Followed, steps: readonly number[] | null): number {
  const chosen = change.steps.filter((_, index) => steps === null || steps.includes(index));
  if (chosen.some(({ status }) => status === 'left')) return CHANGE_STATUS.open;
  const isInForce = account?.present.some(
    ({ state }, index) =>
      state === 'after' && (steps === null || steps.includes(index)) && isOurs(change, index),
  );
  return isInForce ? CHANGE_STATUS.refused : CHANGE_STATUS.done;
}

function isOurs({ steps }: Change, index: number): boolean {
  const status = steps[index]?.status;
  return status === 'done' || status === 'started';
}

function complain(output: Output, failure: Failure, hint = ''): number {
  output.err(`fourtuple undo: ${usageSentence(failure)}${hint || '.'}\n`);
  return CHANGE_STATUS.notBegun;
}
