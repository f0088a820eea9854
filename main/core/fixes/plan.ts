/** Putting plans together. */
import { formatPortList } from './ranges.ts';
import { isSame } from './known.ts';
import type { Failure } from '../model.ts';
import { failureSentence } from '../words/failure.ts';
import type { Fix, FixParameters, Plan, PlanInput, Step } from './model.ts';

type Identity = Pick<Fix, 'id' | 'title'>;
type Parts = Partial<Omit<Plan, 'fixId' | 'title' | 'system' | 'refused'>>;

const EMPTY = { steps: [], advice: [], recipes: [], effect: null, warnings: [], checked: [] };

export const NO_PARAMETERS: FixParameters = {
  range: null,
  reserve: null,
  poolKey: null,
  value: null,
  pid: null,
  persist: false,
};

/**
 * A plan. Steps that would change nothing are left out: planning again after applying gives no steps. One whose present
 * value is not known cannot be undone exactly, so the plan is refused.
 */
export function planOf({ id, title }: Identity, { state }: PlanInput, parts: Parts): Plan {
  const steps = (parts.steps ?? []).filter(({ current, proposed }) => !isSame(current, proposed));
  const blind = steps.find(({ current, target }) => current.kind === 'unknown' && target.kind !== 'action');
  const plan: Plan = {
    fixId: id,
    title,
    system: state.system,
    ...EMPTY,
    ...parts,
    steps: blind ? [] : steps,
    refused: null,
  };
  if (!blind) return plan;
  return { ...plan, effect: null, refused: { reason: sayBlind(blind), offer: null, offerOptions: null } };
}

function sayBlind({ title, current }: Step): string {
  const why = current.kind === 'unknown' ? current.why : 'it was not read';
  return `The present value of ${title} is not known (${why}), so the change could not be taken back.`;
}

/** A plan that is refused, with what could be planned instead. */
export function refuse(
  { id, title }: Identity,
  { state }: PlanInput,
  reason: string,
  offer: FixParameters | null = null,
  parts: Parts = {},
): Plan {
  return {
    fixId: id,
    title,
    system: state.system,
    ...EMPTY,
    ...parts,
    refused: { reason, offer, offerOptions: offer && sayOptions(offer) },
  };
}

/** Parameters as options of the command line. */
export function sayOptions({ range, reserve, poolKey, value, pid, persist }: FixParameters): string {
  return [
    ...(range === null ? [] : [`--range ${range.first}-${range.last}`]),
    ...(reserve === null ? [] : [`--reserve ${reserve === 'found' ? 'found' : formatPortList(reserve)}`]),
    ...(poolKey === null ? [] : [`--pool '${poolKey}'`]),
    ...(value === null ? [] : [`--value ${value}`]),
    ...(pid === null ? [] : [`--pid ${pid}`]),
    ...(persist ? ['--persist'] : []),
  ].join(' ');
}

/** "The range is not possible: first port 1023 is below …." */
export function sayInvalid(what: string, failure: Failure): string {
  return failure.code === 'invalid'
    ? `${what} is not possible: ${failure.message}.`
    : `${what} is not possible. ${failureSentence(failure)}`;
}
