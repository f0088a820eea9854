/**
 * A plan is looked at again before anything runs (hardening F2), whether it was made a moment ago or read from a file:
 * each step changes only what fixes change, within the bounds they keep, and does exactly what it says. Pure.
 */
import type { Failure, Outcome } from '../model.ts';
import { checkFileStep } from './check-file.ts';
import { checkSettingStep } from './check-setting.ts';
import { checkWindowsStep } from './check-windows.ts';
import { checkActionStep, checkLimitStep } from './check-others.ts';
import { findFix } from './catalogue.ts';
import type { Plan, Step } from './model.ts';
import { isEqual } from './is-equal.ts';

/** As many as the door lets through. */
const MOST_STEPS = 50;

/** The plan as it is, or failure 'invalid': which step is not right, and why. */
export function checkSteps(plan: Plan): Outcome<Plan> {
  const problem = problemOfPlan(plan) ?? firstProblem(plan);
  return problem === null ? { ok: true, value: plan } : { ok: false, failure: invalid(problem) };
}

function problemOfPlan({ fixId, system, refused, steps }: Plan): string | null {
  if (refused !== null) return `it is refused: ${refused.reason.replace(/\.$/, '')}`;
  const fix = findFix(fixId);
  if (fix === null || !fix.isAppliable) return 'it is of no fix that is carried out here';
  if (!fix.platforms.includes(system)) return `its fix is not for ${system}`;
  if (steps.length === 0) return 'it has nothing to carry out';
  return steps.length > MOST_STEPS ? `it has more than ${MOST_STEPS} steps` : null;
}

function firstProblem(plan: Plan): string | null {
  for (const [index, step] of plan.steps.entries()) {
    const problem = isRepeated(step, plan.steps.slice(0, index))
      ? 'it changes again what a step before it changes'
      : problemOfStep(step, plan);
    if (problem !== null) return `step ${index + 1}: ${problem}`;
  }
  return null;
}

/** A service is stopped and started; everything else is changed once. */
function isRepeated({ target }: Step, before: readonly Step[]): boolean {
  return target.kind !== 'service' && before.some((other) => isEqual(other.target, target));
}

function problemOfStep(step: Step, plan: Plan): string | null {
  if (step.current.kind === 'unknown') return 'what was there before is not known';
  switch (step.target.kind) {
    case 'sysctl':
      return checkSettingStep(step, step.target.key, plan.system);
    case 'file':
      return checkFileStep(step, step.target.path, plan);
    case 'descriptor-limit':
      return checkLimitStep(step, step.target, plan.system);
    case 'action':
      return checkActionStep(step, plan);
    default:
      return checkWindowsStep(step, step.target, plan.system);
  }
}

function invalid(problem: string): Failure {
  return { code: 'invalid', field: 'plan', message: `the plan cannot be carried out; ${problem}` };
}
