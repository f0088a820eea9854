/** Answers wizard.plan: what the chosen fix would do here, exactly; or what a change of the journal does. */
import { MAX_STEPS } from '../../preload/contract-fixes.ts';
import { findFix } from '../core/fixes/catalogue.ts';
import type { Fix, Plan } from '../core/fixes/model.ts';
import type { Wizard } from '../core/fixes/wizard.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { systemOfProfile } from '../core/profiles.ts';
import { hashPlan } from '../fixes/plan-hash.ts';
import type { ChangeDesk } from './fix-desk.ts';
import { pidOf } from './fix-look-calls.ts';
import { planInfo } from './fix-plan-info.ts';
import { rightsInfo, type RightsView } from './fix-rights.ts';
import { planInputOf, type FixSubjects } from './fix-subject.ts';
import type { FixWizards } from './fix-wizards.ts';
import type { FixHandlers } from './fixes.ts';

export interface PlanCallParts {
  wizards: FixWizards;
  desk: ChangeDesk;
  subjects: Pick<FixSubjects, 'read' | 'untilFresh'>;
  /** The newest summary; null before the first. */
  summary(): Summary | null;
  /** How rights are had here. */
  rights(): RightsView['rights'];
}

type Planned = ReturnType<FixHandlers['wizard.plan']>;

export async function planFor(
  parts: PlanCallParts,
  { wizardId, parameters }: Parameters<FixHandlers['wizard.plan']>[0],
): Planned {
  const { wizards } = parts;
  if (parameters !== null) {
    const set = wizards.advance(wizardId, { type: 'set', parameters });
    if (!set.ok) return set;
  }
  const wizard = wizards.get(wizardId);
  if (!wizard.ok) return wizard;
  const { step, changeId } = wizard.value;
  const isOfChange = changeId !== null && (step === 'apply' || step === 'verify');
  return isOfChange ? planOfChange(parts, wizardId, changeId) : planNow(parts, wizardId, wizard.value);
}

async function planNow(parts: PlanCallParts, wizardId: string, wizard: Wizard): Planned {
  const { wizards, desk, subjects, summary } = parts;
  if (wizard.fixId === null) return refused('wizard', 'no fix is chosen yet');
  const fix = fixFor(wizard.fixId, summary());
  if (!fix.ok) return fix;
  const { takes } = fix.value;
  const pid = takes.pid === undefined ? null : (wizard.parameters.pid ?? pidOf(summary(), wizard.subject));
  await subjects.untilFresh();
  const subject = await subjects.read(pid);
  if (!subject.ok) return subject;
  const newest = wizards.get(wizardId);
  if (!newest.ok) return newest;
  // Something else was chosen while the machine was read: that is what is shown.
  if (newest.value !== wizard) return planNow(parts, wizardId, newest.value);
  const parameters = { ...wizard.parameters, pid };
  const plan = bounded(fix.value.plan(planInputOf(subject.value, parameters)));
  const canRun = plan.refused === null && plan.steps.length > 0;
  const { isImported, state } = subject.value;
  const previewed = canRun ? { plan, hash: hashPlan(plan), isImported } : null;
  const moved = wizards.previewed(wizardId, previewed);
  if (!moved.ok) return moved;
  const rights = rightsInfo({ plan, rights: parts.rights(), isImported, obstacle: desk.obstacle() });
  const planHash = previewed?.hash ?? null;
  const shown = planInfo({ fix: fix.value, plan, parameters, planHash, state, rights });
  return { ok: true, value: { wizard: moved.value, plan: shown } };
}

/** A plan that nobody could look through is none. */
function bounded(plan: Plan): Plan {
  if (plan.steps.length <= MAX_STEPS) return plan;
  const reason = `It would take ${plan.steps.length} steps, more than the ${MAX_STEPS} that can be looked through: reserve fewer ranges at a time.`;
  return { ...plan, steps: [], effect: null, refused: { reason, offer: null, offerOptions: null } };
}

/** The plan that is being carried out, or was, as it was previewed. */
async function planOfChange(parts: PlanCallParts, wizardId: string, changeId: number): Planned {
  const { wizards, desk, subjects } = parts;
  const change = await desk.find(changeId);
  if (!change.ok) return change;
  const subject = await subjects.read(null);
  const wizard = wizards.info(wizardId);
  if (!wizard.ok) return wizard;
  const { plan, planHash } = change.value;
  const fix = findFix(plan.fixId);
  if (!fix) return refused('fix', 'the catalogue no longer has the fix of this change');
  const rights = rightsInfo({ plan, rights: parts.rights(), isImported: false, obstacle: desk.obstacle() });
  const state = subject.ok && !subject.value.isImported ? subject.value.state : null;
  const { parameters } = wizard.value;
  const shown = planInfo({ fix, plan, parameters, planHash, state, rights });
  return { ok: true, value: { wizard: wizard.value, plan: shown } };
}

/** A fix of the catalogue that is one of the system that is shown. */
export function fixFor(fixId: string, summary: Summary | null): Outcome<Fix> {
  const fix = findFix(fixId);
  if (!fix) return refused('fix', 'there is no such fix in the catalogue');
  const system = summary && systemOfProfile(summary.settings.profileId);
  if (system === null || fix.platforms.includes(system)) return { ok: true, value: fix };
  return refused('fix', `“${fix.title}” is for ${fix.platforms.join(', ')}, and this is ${system}`);
}

function refused(field: string, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}
