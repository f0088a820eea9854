/** A plan as a page shows it before anything is done. Pure. */
import { MAX_LONG_TEXT, type PlanInfo } from '../../preload/contract-fixes.ts';
import { curveOf } from '../core/fixes/curve.ts';
import type { Fix, FixParameters, Plan, Recipe, SystemState } from '../core/fixes/model.ts';
import { valueOfPlan } from '../core/fixes/plan-value.ts';
import { languageOf, scriptOf } from '../core/fixes/script.ts';
import { rangesOfPlan } from './fix-ranges.ts';
import { stepInfo } from './fix-step-info.ts';
import { parametersInfo } from './fix-wizards.ts';

export interface PlanView {
  fix: Fix;
  plan: Plan;
  parameters: FixParameters;
  /** Null where there is nothing to carry out. */
  planHash: string | null;
  /** Of the machine it was made for; null when it is not known any more (a change of the past). */
  state: SystemState | null;
  rights: PlanInfo['rights'];
}

export function planInfo({ fix, plan, parameters, planHash, state, rights }: PlanView): PlanInfo {
  const { refused, effect } = plan;
  return {
    fixId: fix.id,
    title: plan.title,
    kind: fix.kind,
    takesEffect: fix.takesEffect,
    needsReboot: fix.needsReboot,
    scopes: [...fix.scopes],
    parameters: parametersInfo(parameters),
    takes: takesOf(fix),
    value: valueOfPlan(fix, plan),
    refused: refused && { reason: refused.reason, offer: refused.offer && parametersInfo(refused.offer) },
    steps: plan.steps.map((step) => stepInfo(step, plan.system)),
    advice: plan.advice.map(({ sentence, commands }) => ({ sentence, commands: [...commands] })),
    recipes: plan.recipes.map(recipeInfo),
    effect,
    warnings: [...plan.warnings],
    checked: [...plan.checked],
    planHash,
    script: scriptInfo(plan),
    ranges: rangesOfPlan(plan, state),
    curve: effect && curveOf(effect),
    rights,
  };
}

/** Parameters that a fix reads, and what they mean there. */
export function takesOf({ takes }: Fix): PlanInfo['takes'] {
  return Object.entries(takes).map(([name, meaning]) => ({ name, meaning }));
}

function recipeInfo({ pitfalls, ...recipe }: Recipe): PlanInfo['recipes'][number] {
  return { ...recipe, pitfalls: [...pitfalls] };
}

/** The text that is carried out, word for word; null where there is nothing to run. */
function scriptInfo(plan: Plan): PlanInfo['script'] {
  const language = languageOf(plan.system);
  const made = scriptOf(plan, language);
  if (!made.ok) return null;
  const ending = language === 'sh' ? 'sh' : 'ps1';
  // Thousands of reservations: too long to be carried out as well (main/fixes/rights.ts).
  if (made.value.length > MAX_LONG_TEXT) return null;
  return { language, name: `fourtuple-${plan.fixId}.${ending}`, text: made.value };
}
