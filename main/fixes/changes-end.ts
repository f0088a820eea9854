/** How a change ended: from how its helper ended and from what is so now. Pure. */
import { isInForce } from '../core/fixes/in-force.ts';
import type { ChangePhase, ChangeStep, StepState } from '../core/fixes/change.ts';
import { sayKnown } from '../core/fixes/known.ts';
import type { Known } from '../core/fixes/model.ts';
import type { HelperEnd } from './helper.ts';

export interface Present {
  known: Known;
  state: StepState;
}

/**
 * What a helper's end means. before, after: all steps are to be so · refused: nothing was done this time · left:
 * something stays as it was found · none: it never had the rights · lost: it ended without having said what is so.
 */
export type Meaning = 'before' | 'after' | 'refused' | 'left' | 'none' | 'lost';

/** The exit statuses of helper.ts; of one that does not speak, those of the script alone. */
export function meaningOf(end: HelperEnd, hadRights: boolean, intent: 'hold' | 'take-back'): Meaning {
  if (end.kind === 'exited' && hadRights) {
    switch (end.exitCode) {
      case 0:
        return intent === 'hold' ? 'after' : 'before';
      case 1:
      case 4:
      case 10:
        return 'before';
      case 2:
        return 'refused';
      case 3:
        return 'left';
    }
  }
  return hadRights ? 'lost' : 'none';
}

export interface Ending {
  meaning: Meaning;
  /** The step that was stopped at, index from 0: a value of someone else there was never ours. */
  untouched: number | null;
  /** Epoch milliseconds. */
  atMs: number;
}

/** The steps as they are, whatever was heard of them; those that were not begun are nobody's. */
export function settledSteps(
  steps: readonly ChangeStep[],
  present: readonly Present[],
  { meaning, untouched, atMs }: Ending,
): ChangeStep[] {
  return steps.map((step, index) => {
    const now = present[index];
    if (now === undefined || step.status === 'waiting') return step;
    const settled =
      index === untouched && now.state === 'other' ? untouch(step, now) : settle(step, now, meaning);
    return settled.status === step.status && settled.note === step.note ? step : { ...settled, atMs };
  });
}

function untouch(step: ChangeStep, { known }: Present): ChangeStep {
  return { ...step, status: 'waiting', note: `is ${sayKnown(known)}` };
}

function settle(step: ChangeStep, { known, state }: Present, meaning: Meaning): ChangeStep {
  switch (state) {
    case 'before':
      return { ...step, status: 'undone' };
    case 'after':
      return { ...step, status: 'done' };
    case 'other':
      return { ...step, status: 'left', note: `is ${sayKnown(known)} now` };
    case 'void':
      return { ...step, status: 'undone', note: 'is gone with what it was set for' };
    case 'unknown':
      return { ...step, ...unread(step, meaning), note: `could not be read back: ${sayKnown(known)}` };
    case 'no-value':
      return step;
  }
}

/** What cannot be read is as the helper's end says. */
function unread({ status }: ChangeStep, meaning: Meaning): Pick<ChangeStep, 'status'> {
  if (meaning === 'after') return { status: 'done' };
  return { status: meaning === 'before' ? 'undone' : status };
}

/** Steps of the change that are in force: they can be taken back. */
export function inForce(steps: readonly ChangeStep[], present: readonly Present[]): number[] {
  return indexesOf(steps, (step, index) => isInForce(step, present[index]?.state));
}

export function leftAlone(steps: readonly ChangeStep[]): number[] {
  return indexesOf(steps, ({ status }) => status === 'left');
}

function indexesOf(
  steps: readonly ChangeStep[],
  matches: (step: ChangeStep, index: number) => boolean,
): number[] {
  return steps.flatMap((step, index) => (matches(step, index) ? [index] : []));
}

/** The phase that a change ends in; null: it stays in the one it was in, interrupted. */
export function endPhase(
  meaning: Meaning,
  steps: readonly ChangeStep[],
  present: readonly Present[],
  failedStep: boolean,
): ChangePhase | null {
  const staysInForce = inForce(steps, present).length > 0;
  const hasLeft = leftAlone(steps).length > 0;
  switch (meaning) {
    case 'after':
      return 'kept';
    case 'before':
      if (staysInForce || hasLeft) return 'left';
      return failedStep ? 'failed' : 'undone';
    case 'left':
      return 'left';
    case 'refused':
      return staysInForce ? null : 'refused';
    case 'none':
      return staysInForce ? null : 'failed';
    case 'lost':
      return staysInForce ? null : hasLeft ? 'left' : 'failed';
  }
}
