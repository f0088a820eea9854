/** `fourtuple fix ID --apply`: shows the plan, asks, carries it out, measures, and keeps it or takes it back. */
import type { Fix, Plan } from '../core/fixes/model.ts';
import { poolFiguresOf } from '../core/fixes/outcome.ts';
import { shownCommand } from '../core/fixes/shown-command.ts';
import type { Failure, Summary } from '../core/model.ts';
import { BUSY, JOURNAL } from '../fixes/journal-words.ts';
import { hashPlan } from '../fixes/plan-hash.ts';
import { changeObject } from './change-object.ts';
import { CHANGE_STATUS, statusAfterApply } from './change-status.ts';
import { sayChanges } from './change-text.ts';
import type { ChangeMachine } from './changes-here.ts';
import type { Output } from './check.ts';
import { fixObject } from './fix-object.ts';
import type { ApplyOptions, FixOptions } from './fix-options.ts';
import { planText } from './fix-text.ts';
import { followChange, type Followed } from './follow-change.ts';
import { usage, usageSentence } from './usage.ts';

/** Seconds that what is kept at once is measured; less says nothing yet. */
const LEAST_MEASURED_SECONDS = 3;

export interface ApplySubject {
  fix: Fix;
  plan: Plan;
  /** The sample that the plan was predicted from. */
  summary: Summary | null;
}

/** Gives the exit status. */
export async function applyFix(
  { fix, plan, summary }: ApplySubject,
  options: FixOptions & { apply: ApplyOptions },
  { machine, output, signal }: { machine: ChangeMachine; output: Output; signal: AbortSignal },
): Promise<number> {
  const { json, apply, forSeconds } = options;
  const isPossible = plan.refused === null && plan.steps.length > 0;
  const silence = isPossible ? whyNotAsked(options, machine) : null;
  if (silence !== null) return complain(output, silence);
  if (json && (plan.refused !== null || plan.steps.length === 0)) {
    output.out(`${JSON.stringify(fixObject(fix, plan))}\n`);
  } else if (!json) {
    output.out(planText(fix, plan, isPossible));
  }
  if (plan.refused !== null) return CHANGE_STATUS.refused;
  if (plan.steps.length === 0) return fix.isAppliable ? CHANGE_STATUS.done : CHANGE_STATUS.refused;
  if (!apply.yes && !(await agrees(plan, machine, output, signal))) {
    output.out('Nothing was changed.\n');
    return CHANGE_STATUS.refused;
  }
  const poolKey = plan.effect?.poolKey ?? null;
  const before = summary === null || poolKey === null ? null : poolFiguresOf(summary, poolKey, forSeconds);
  const { undoAfterSeconds } = apply;
  if (!json) output.out('\n');
  const measureSeconds = forSeconds === 0 ? 0 : Math.max(LEAST_MEASURED_SECONDS, forSeconds);
  const followed = await followChange(
    async ({ changes }) => {
      for (const { id, sentence } of await changes.settle()) output.err(`Change ${id}: ${sentence}\n`);
      return changes.apply({ plan, planHash: hashPlan(plan), undoAfterSeconds, before });
    },
    { machine, output, signal, json, measureSeconds },
  );
  if (!followed.ok) {
    const status = complain(output, followed.failure);
    if (isOfRights(followed.failure)) output.err(byHand(plan));
    return status;
  }
  return report(followed.value, json, output, signal);
}

/** Why nobody can be asked who has to be; null when somebody can, or need not. */
function whyNotAsked(
  { apply, json }: FixOptions & { apply: ApplyOptions },
  { person }: ChangeMachine,
): Failure | null {
  if (apply.yes || (person.isThere && !json)) return null;
  const why = json ? '--json asks nothing' : 'there is no terminal to ask in';
  return usage('--yes', `${why}: say --yes to apply it, having looked at the plan`).failure;
}

async function agrees(
  { steps }: Plan,
  { person }: ChangeMachine,
  output: Output,
  signal: AbortSignal,
): Promise<boolean> {
  output.err(`\nApply ${sayChanges(steps.length)}? [y/N] `);
  const answer = await person.readLine(signal);
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}

/** What another change or the journal stands in the way of is not to be done past it by hand. */
function isOfRights(failure: Failure): boolean {
  return failure.code !== 'unavailable' || (failure.what !== BUSY && failure.what !== JOURNAL);
}

/** Without rights, exactly what somebody who has them would do (hardening F10). */
function byHand({ steps, system, fixId }: Plan): string {
  const language = system === 'windows' ? 'powershell' : 'sh';
  const lines = steps.map(({ apply }) => `  ${shownCommand(apply, system)}\n`);
  return `By hand, as an administrator:\n${lines.join('')}or the script, which checks each value first: fourtuple fix ${fixId} --script ${language}\n`;
}

function report(followed: Followed, json: boolean, output: Output, signal: AbortSignal): number {
  const { change } = followed;
  const status = statusAfterApply(change);
  if (json) output.out(`${JSON.stringify(changeObject(followed))}\n`);
  else output.out(`\n${sayEnd(followed, status)}\n`);
  if (status === CHANGE_STATUS.notBegun && !signal.aborted) output.err(byHand(change.plan));
  return status;
}

function sayEnd({ change: { id, phase, sentence } }: Followed, status: number): string {
  if (phase === 'kept') {
    return ['Kept.', sentence, `fourtuple undo ${id} takes it back.`]
      .filter((text) => text !== null)
      .join(' ');
  }
  return `${sentence ?? ''}${status === CHANGE_STATUS.open ? ' See fourtuple journal.' : ''}`;
}

function complain(output: Output, failure: Failure): number {
  output.err(`fourtuple fix: ${usageSentence(failure)}.\n`);
  return CHANGE_STATUS.notBegun;
}
