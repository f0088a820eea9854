/** A change as a page shows it: what the journal says, what is so, and what was measured. Pure. */
import type { ChangeInfo } from '../../preload/contract-fixes.ts';
import type { ChangeAccount } from '../core/fixes/account.ts';
import { OPEN_PHASES, type Change, type ChangePhase, type ChangeStep } from '../core/fixes/change.ts';
import { sayKnown } from '../core/fixes/known.ts';
import type { Known, Step } from '../core/fixes/model.ts';
import { measureOutcome } from '../core/fixes/outcome.ts';
import type { RightsWay } from '../fixes/helper.ts';

export interface ChangeView {
  account: ChangeAccount;
  /** Whether this process is at work on it. */
  isAtWork: boolean;
  /** Whether it was interrupted and this process has found it to be over by itself. */
  wasSettled: boolean;
  /** Whether its helper asks for a password now. */
  wantsTyping: boolean;
  rightsWay: RightsWay;
  printedCharacters: number;
}

export function changeInfo({
  account,
  isAtWork,
  wasSettled,
  wantsTyping,
  rightsWay,
  printedCharacters,
}: ChangeView): ChangeInfo {
  const { change, isInterrupted, canFinish, canUndo, sentence } = account;
  const { plan, phase, before } = change;
  const isHolding = isAtWork && phase === 'holding';
  return {
    changeId: change.id,
    fixId: plan.fixId,
    title: plan.title,
    phase,
    phaseAtMs: change.phaseAtMs,
    preparedAtMs: change.preparedAtMs,
    asUser: change.asUser,
    sentence,
    level: levelOf(account),
    isInterrupted,
    isUndoneByItself: wasSettled && phase === 'undone',
    canFinish: canFinish && !isAtWork,
    canUndo: isAtWork ? isHolding : canUndo,
    canKeep: isHolding,
    canStop: isAtWork && (phase === 'prepared' || phase === 'applying'),
    undoAfterSeconds: change.undoAfterSeconds,
    undoesAtMs: change.undoesAtMs,
    rightsWay,
    wantsTyping,
    steps: plan.steps.map((step, index) => stepInfo(step, index, account, isAtWork)),
    outcome: outcomeOf(change),
    poolKey: plan.effect?.poolKey ?? before?.poolKey ?? null,
    target: plan.effect?.target ?? before?.target ?? null,
    printedCharacters,
  };
}

const WAITING: ChangeStep = { status: 'waiting', atMs: null, note: null };

function stepInfo(
  step: Step,
  index: number,
  { change, present, canUndo }: ChangeAccount,
  isAtWork: boolean,
): ChangeInfo['steps'][number] {
  const { status, atMs, note } = change.steps[index] ?? WAITING;
  const found = present[index];
  return {
    title: step.title,
    before: sayKnown(step.current),
    after: sayKnown(step.proposed),
    present: found === undefined || !hasValue(found) ? null : sayKnown(found.known),
    status,
    state: found?.state ?? 'unknown',
    note,
    atMs,
    canUndo: !isAtWork && canUndo && step.undo !== null && found?.state === 'after' && isOurs(status),
  };
}

/** A command has none: that it is absent says nothing. */
function hasValue({ known, state }: ChangeAccount['present'][number]): boolean {
  return known.kind !== 'unknown' && state !== 'no-value';
}

/** What was taken back, or never begun, is this change's no more: whatever the value has become since. */
function isOurs(status: ChangeStep['status']): boolean {
  return status !== 'undone' && status !== 'waiting';
}

const LEVELS: Record<ChangePhase, ChangeInfo['level']> = {
  prepared: 'notice',
  applying: 'notice',
  holding: 'notice',
  undoing: 'notice',
  kept: 'ok',
  undone: 'ok',
  failed: 'warning',
  refused: 'warning',
  left: 'warning',
};

/** An interrupted change, and one that somebody else's hand is in, want to be looked at. */
function levelOf({ change, present, isInterrupted }: ChangeAccount): ChangeInfo['level'] {
  if (isInterrupted) return 'warning';
  const isDisturbed =
    change.phase === 'kept' &&
    present.some(({ state }, index) => state === 'other' && isOurs((change.steps[index] ?? WAITING).status));
  return isDisturbed ? 'notice' : LEVELS[change.phase];
}

function outcomeOf({ plan, before, after }: Change): ChangeInfo['outcome'] {
  const measured = after && measureOutcome(plan, before, after);
  if (!measured || !after) return null;
  const { level, sentence, rows } = measured;
  return {
    level,
    sentence,
    measuredSeconds: after.overSeconds,
    fromMs: after.atMs - after.overSeconds * 1000,
    untilMs: after.atMs,
    rows,
  };
}

/**
 * What each target is by what the helper has read back, while it is at work: nobody reads the system beside it. The step
 * under way is unknown.
 */
export function presentByJournal({ plan, steps, phase }: Change): Known[] {
  return plan.steps.map(({ current, proposed }, index) => {
    const status = steps[index]?.status ?? 'waiting';
    if (status === 'done') return proposed;
    if (status === 'waiting' || status === 'undone') return current;
    const why = OPEN_PHASES.includes(phase) ? 'it is being changed' : 'it was not read';
    return { kind: 'unknown', why };
  });
}
