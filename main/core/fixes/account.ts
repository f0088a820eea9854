/** What became of a change: what the journal says of it, held against what is so. Pure. */
import { sayAccount, type AccountFacts } from './account-words.ts';
import { OPEN_PHASES, type Change, type Place, type StepState } from './change.ts';
import { isInForce } from './in-force.ts';
import { isSame, normalised, valueOf } from './known.ts';
import { SYSCTL_FILE } from './linux/persist.ts';
import { stepAmongOthers } from './linux/shared-file.ts';
import type { Known, Plan, Step } from './model.ts';

/** A change with what was read from the system: what is so, beside what the journal says. */
export interface ChangeAccount {
  change: Change;
  /** For each step: what its target is now, and which side of the change that is. */
  present: readonly { known: Known; state: StepState }[];
  /** A process was at work on it and is gone: the person is asked to finish or undo. */
  isInterrupted: boolean;
  /** What is left to do of an interrupted change can be done from here. */
  canFinish: boolean;
  /** Something of it can be taken back from here; an interrupted one can be closed so, too. */
  canUndo: boolean;
  /** One sentence, or a few where steps differ. */
  sentence: string;
}

const NOT_READ: ChangeAccount['present'][number] = {
  known: { kind: 'unknown', why: 'it was not read' },
  state: 'unknown',
};

/** How a sentence says a moment (epoch milliseconds); null leaves it out. */
export type SayMoment = ((atMs: number) => string) | null;

/**
 * The account of `change`. `present` has what readPresent found for each step of its plan, in order; `place` is where
 * we are; `isOwnerAlive` says whether a process is at work on it now. Moments are left out of the sentence without
 * `sayMoment`, because the core knows no time zone.
 */
export function accountOf(
  change: Change,
  present: readonly Known[],
  place: Place,
  isOwnerAlive: boolean,
  sayMoment: SayMoment = null,
): ChangeAccount {
  const found = change.plan.steps.map((step, index) => {
    const known = present[index] ?? NOT_READ.known;
    return { known, state: stateOf(step, known, change, place) };
  });
  const states = found.map(({ state }) => state);
  const isElsewhere = isOutOfReach(change, states, place);
  const isOpen = OPEN_PHASES.includes(change.phase);
  const isInterrupted = isOpen && !isOwnerAlive && !isGone(change, place);
  const canFinish = isInterrupted && !isElsewhere && canBeFinished(change, found);
  const isReversible = change.steps.some(
    (step, index) => isInForce(step, states[index]) && hasUndo(change, index),
  );
  const canUndo =
    !isElsewhere && (isInterrupted || (isReversible && !(isOwnerAlive && change.phase === 'undoing')));
  const facts: AccountFacts = {
    change,
    present: found,
    situation: isElsewhere
      ? 'elsewhere'
      : isInterrupted
        ? 'interrupted'
        : isOpen && isOwnerAlive
          ? 'at work'
          : 'ended',
    canFinish,
    isRestarted: differs(change.place.bootId, place.bootId),
  };
  const sentence = sayAccount(facts, sayMoment);
  return { change, present: found, isInterrupted, canFinish, canUndo, sentence };
}

function stateOf(step: Step, known: Known, { plan, place }: Change, here: Place): StepState {
  if (step.target.kind === 'action') return 'no-value';
  const isElsewhere = isOfNamespace(step) && differs(place.networkNamespace, here.networkNamespace);
  if (!step.isLasting && differs(place.bootId, here.bootId)) {
    // A file that the same plan wrote has set it again.
    const isKept = !isElsewhere && isKeptForGood(step, plan) && sideOf(step, known) === 'after';
    return isKept ? 'after' : 'void';
  }
  return isElsewhere ? 'void' : sideOf(step, known);
}

/** Hardening F4: white space of a setting does not count, that of a file does. */
function sideOf(step: Step, known: Known): StepState {
  if (known.kind === 'unknown') return 'unknown';
  // No limit without a process: it has ended.
  if (step.target.kind === 'descriptor-limit' && known.kind === 'absent') return 'void';
  const isExact = step.target.kind === 'file';
  const { current, proposed } = stepAmongOthers(step, known);
  if (isSame(shaped(known, isExact), shaped(proposed, isExact))) return 'after';
  return isSame(shaped(known, isExact), shaped(current, isExact)) ? 'before' : 'other';
}

function shaped(known: Known, isExact: boolean): Known {
  return isExact || known.kind !== 'value' ? known : valueOf(normalised(known.text));
}

/** What is not known on either side may be the same. */
function differs(then: string | null, now: string | null): boolean {
  return then !== null && now !== null && then !== now;
}

/** Settings below net. are a network namespace's own (Linux); those below fs. are the machine's. */
function isOfNamespace({ target }: Step): boolean {
  return target.kind === 'sysctl' && target.key.startsWith('net.');
}

function isKeptForGood({ target, proposed }: Step, { steps }: Plan): boolean {
  if (target.kind !== 'sysctl' || proposed.kind !== 'value') return false;
  const line = `${target.key} = ${proposed.text}`;
  return steps.some(
    (other) =>
      other.target.kind === 'file' &&
      other.target.path === SYSCTL_FILE &&
      other.proposed.kind === 'value' &&
      other.proposed.text.split('\n').includes(line),
  );
}

/** Its settings are those of another network namespace, which may be there still. */
function isOutOfReach(
  change: Change,
  states: readonly StepState[],
  { bootId, networkNamespace }: Place,
): boolean {
  const { plan, steps, place } = change;
  if (differs(place.bootId, bootId) || !differs(place.networkNamespace, networkNamespace)) return false;
  const isOpen = OPEN_PHASES.includes(change.phase);
  return plan.steps.some((step, index) => {
    const status = steps[index]?.status ?? 'waiting';
    const isOurs = status !== 'undone' && (isOpen || status !== 'waiting');
    return isOurs && isOfNamespace(step) && states[index] === 'void';
  });
}

/** It ended with the system's run: nothing is left to finish or to take back. */
function isGone({ plan, place }: Change, { bootId }: Place): boolean {
  return differs(place.bootId, bootId) && plan.steps.every(({ isLasting }) => !isLasting);
}

/** The plan is carried out as it was seen: not where its file has other lines since, too. */
function canBeFinished({ phase, plan }: Change, present: ChangeAccount['present']): boolean {
  if (phase === 'undoing') return false;
  return plan.steps.every((step, index) => {
    const { known, state } = present[index] ?? NOT_READ;
    const isPlanned = state === 'before' || state === 'after' || state === 'no-value';
    return isPlanned && stepAmongOthers(step, known) === step;
  });
}

function hasUndo({ plan }: Change, index: number): boolean {
  return (plan.steps[index]?.undo ?? null) !== null;
}
