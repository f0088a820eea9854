/**
 * A preview may stand for long. Before a range is widened, services are looked for once more (hardening F7): values that
 * changed since are the helper's to refuse, but no value tells of a service that has begun.
 */
import { findFix } from '../core/fixes/catalogue.ts';
import { isEqual } from '../core/fixes/is-equal.ts';
import type { FixParameters, Plan } from '../core/fixes/model.ts';
import type { Outcome } from '../core/model.ts';
import { planInputOf, type FixSubjects } from './fix-subject.ts';

/** Failures: it cannot be read now, or it would be planned otherwise. */
export async function lookAgain(
  plan: Plan,
  parameters: FixParameters,
  subjects: Pick<FixSubjects, 'read'>,
): Promise<Outcome<Plan>> {
  const fix = findFix(plan.fixId);
  if (fix?.takes.range === undefined) return { ok: true, value: plan };
  const subject = await subjects.read(null);
  if (!subject.ok) return subject;
  const again = fix.plan(planInputOf(subject.value, parameters));
  if (again.refused !== null) return invalid(`this is not possible any more: ${again.refused.reason}`);
  return hasOthers(plan, again)
    ? invalid(
        'services in the new part of the range are others than when it was previewed: look at it once more',
      )
    : { ok: true, value: plan };
}

/** What is so by now is missing from the new plan, and is no reason. */
function hasOthers({ steps }: Plan, again: Plan): boolean {
  return again.steps.some(({ target, proposed }) => {
    const previewed = steps.find((step) => isEqual(step.target, target));
    return previewed === undefined || !isEqual(previewed.proposed, proposed);
  });
}

function invalid(message: string): Outcome<never> {
  return { ok: false, failure: { code: 'invalid', field: 'plan', message: message.replace(/\.$/, '') } };
}
