/** What `--apply`, `undo` and `journal` print with --json: objects of stable shapes. Pure. */
import type { ChangeAccount } from '../core/fixes/account.ts';
import type { Change } from '../core/fixes/change.ts';
import type { MeasuredOutcome } from '../core/fixes/outcome.ts';
import type { Followed } from './follow-change.ts';

/** The object of schema "fourtuple.journal/1". */
export function journalObject(folder: string, accounts: readonly ChangeAccount[]): object {
  return { schema: 'fourtuple.journal/1', folder, changes: accounts.map(describeAccount) };
}

/** The object of schema "fourtuple.change/1"; what is null does not apply. */
export function changeObject({ change, account, outcome, printed }: Followed): object {
  return {
    schema: 'fourtuple.change/1',
    change: account === null ? describe(change) : describeAccount(account),
    outcome: outcome === null ? null : describeOutcome(change, outcome),
    printed,
  };
}

function describeAccount({ change, present, ...account }: ChangeAccount): object {
  const { isInterrupted, canFinish, canUndo, sentence } = account;
  const described = describe(change);
  return {
    ...described,
    steps: described.steps.map((step, index) => ({
      ...step,
      present: present[index]?.known ?? null,
      state: present[index]?.state ?? 'unknown',
    })),
    isInterrupted,
    canFinish,
    canUndo,
    sentence,
  };
}

function describe({ plan, steps, sentence, ...change }: Change) {
  return {
    ...change,
    fixId: plan.fixId,
    title: plan.title,
    ended: sentence,
    steps: plan.steps.map(({ title, target, current, proposed }, index) => ({
      ...steps[index],
      title,
      target,
      before: current,
      intended: proposed,
    })),
  };
}

function describeOutcome(
  { before, after, plan }: Change,
  { level, sentence, rows }: MeasuredOutcome,
): object {
  return { level, sentence, rows, before, after, predicted: plan.effect };
}
