/** Answers the calls about wizards: opened, led on, planned, and applied exactly as previewed. */
import { findFix } from '../core/fixes/catalogue.ts';
import type { Change } from '../core/fixes/change.ts';
import type { Fix, FixParameters } from '../core/fixes/model.ts';
import { poolFiguresOf } from '../core/fixes/outcome.ts';
import type { Wizard, WizardSubject } from '../core/fixes/wizard.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { systemOfProfile } from '../core/profiles.ts';
import { hashPlan } from '../fixes/plan-hash.ts';
import type { ChangeDesk } from './fix-desk.ts';
import { findingOf, pidOf, poolKeyOf } from './fix-look-calls.ts';
import { planInfo } from './fix-plan-info.ts';
import { rightsInfo, type RightsView } from './fix-rights.ts';
import { planInputOf, type FixSubject, type FixSubjects } from './fix-subject.ts';
import type { FixWizards, PreviewedPlan } from './fix-wizards.ts';
import type { FixHandlers } from './fixes.ts';

type WizardCalls = Pick<
  FixHandlers,
  'wizard.open' | 'wizard.go' | 'wizard.choose' | 'wizard.plan' | 'wizard.apply'
>;

export interface WizardCallParts {
  wizards: FixWizards;
  desk: ChangeDesk;
  subjects: Pick<FixSubjects, 'read'>;
  /** The newest summary; null before the first. */
  summary(): Summary | null;
  /** How rights are had here. */
  rights(): RightsView['rights'];
}

export function wizardHandlers(parts: WizardCallParts): WizardCalls {
  const { wizards } = parts;
  return {
    'wizard.open': ({ fixId, changeId, ...subject }) => open(parts, subject, fixId, changeId),
    'wizard.go': async ({ wizardId, to }) => wizards.advance(wizardId, { type: 'go', to }),
    'wizard.choose': async ({ wizardId, fixId }) => {
      const fix = fixFor(fixId, parts.summary());
      return fix.ok ? wizards.advance(wizardId, { type: 'choose', fixId }) : fix;
    },
    'wizard.plan': async ({ wizardId, parameters }) => {
      if (parameters !== null) {
        const set = wizards.advance(wizardId, { type: 'set', parameters });
        if (!set.ok) return set;
      }
      const wizard = wizards.get(wizardId);
      if (!wizard.ok) return wizard;
      const { step, changeId } = wizard.value;
      const isOfChange = changeId !== null && (step === 'apply' || step === 'verify');
      return isOfChange ? planOfChange(parts, wizardId, changeId) : planNow(parts, wizardId, wizard.value);
    },
    'wizard.apply': (args) => apply(parts, args),
  };
}

async function open(
  { wizards, desk, summary }: WizardCallParts,
  subject: WizardSubject,
  fixId: string | null,
  changeId: number | null,
): ReturnType<WizardCalls['wizard.open']> {
  if (changeId !== null) {
    const change = await desk.find(changeId);
    return change.ok ? { ok: true, value: wizards.resume(change.value) } : change;
  }
  const newest = summary();
  const { findingId, poolKey } = subject;
  const isPoolKnown = newest?.pools.some(({ key }) => key === poolKey) ?? false;
  if (poolKey !== null && !isPoolKnown) return gone('that port pool');
  if (findingId !== null && poolKey === null && findingOf(newest, subject) === null)
    return gone('that finding');
  const fix = fixId === null ? null : fixFor(fixId, newest);
  if (fix && !fix.ok) return fix;
  return { ok: true, value: wizards.open({ findingId, poolKey: poolKeyOf(newest, subject) }, fixId) };
}

/** A fix of the catalogue that is one of the system that is shown. */
function fixFor(fixId: string, summary: Summary | null): Outcome<Fix> {
  const fix = findFix(fixId);
  if (!fix) return refused('fix', 'there is no such fix in the catalogue');
  const system = summary && systemOfProfile(summary.settings.profileId);
  if (system === null || fix.platforms.includes(system)) return { ok: true, value: fix };
  return refused('fix', `“${fix.title}” is for ${fix.platforms.join(', ')}, and this is ${system}`);
}

type Planned = ReturnType<WizardCalls['wizard.plan']>;

async function planNow(parts: WizardCallParts, wizardId: string, wizard: Wizard): Planned {
  const { wizards, desk, subjects, summary } = parts;
  if (wizard.fixId === null) return refused('wizard', 'no fix is chosen yet');
  const fix = fixFor(wizard.fixId, summary());
  if (!fix.ok) return fix;
  const { takes } = fix.value;
  const pid = takes.pid === undefined ? null : (wizard.parameters.pid ?? pidOf(summary(), wizard.subject));
  const subject = await subjects.read(pid);
  if (!subject.ok) return subject;
  const newest = wizards.get(wizardId);
  if (!newest.ok) return newest;
  // Something else was chosen while the machine was read: that is what is shown.
  if (newest.value !== wizard) return planNow(parts, wizardId, newest.value);
  const parameters = { ...wizard.parameters, pid };
  const previewed = preview(fix.value, subject.value, parameters);
  const moved = wizards.previewed(wizardId, previewed.planHash === null ? null : previewed.kept);
  if (!moved.ok) return moved;
  const rights = rightsInfo({
    plan: previewed.kept.plan,
    rights: parts.rights(),
    isImported: subject.value.isImported,
    obstacle: desk.obstacle(),
  });
  const { plan } = previewed.kept;
  const view = {
    fix: fix.value,
    plan,
    parameters,
    planHash: previewed.planHash,
    state: subject.value.state,
    rights,
  };
  return { ok: true, value: { wizard: moved.value, plan: planInfo(view) } };
}

function preview(
  fix: Fix,
  subject: FixSubject,
  parameters: FixParameters,
): { kept: PreviewedPlan; planHash: string | null } {
  const plan = fix.plan(planInputOf(subject, parameters));
  const hash = hashPlan(plan);
  const isSomething = plan.refused === null && plan.steps.length > 0;
  return { kept: { plan, hash, isImported: subject.isImported }, planHash: isSomething ? hash : null };
}

/** The plan that is being carried out, or was, as it was previewed. */
async function planOfChange(parts: WizardCallParts, wizardId: string, changeId: number): Planned {
  const change = await parts.desk.find(changeId);
  if (!change.ok) return change;
  const { plan, planHash } = change.value;
  const wizard = parts.wizards.get(wizardId);
  if (!wizard.ok) return wizard;
  const fix = findFix(plan.fixId);
  const stayed = parts.wizards.advance(wizardId, { type: 'go', to: wizard.value.step });
  if (!fix || !stayed.ok) return fix ? (stayed as Extract<typeof stayed, { ok: false }>) : gone('that fix');
  const subject = await parts.subjects.read(null);
  const rights = rightsInfo({
    plan,
    rights: parts.rights(),
    isImported: false,
    obstacle: parts.desk.obstacle(),
  });
  const state = subject.ok && !subject.value.isImported ? subject.value.state : null;
  const view = { fix, plan, parameters: wizard.value.parameters, planHash, state, rights };
  return { ok: true, value: { wizard: stayed.value, plan: planInfo(view) } };
}

async function apply(
  { wizards, desk, summary }: WizardCallParts,
  { wizardId, planHash, undoAfterSeconds }: Parameters<WizardCalls['wizard.apply']>[0],
): ReturnType<WizardCalls['wizard.apply']> {
  const wizard = wizards.get(wizardId);
  if (!wizard.ok) return wizard;
  if (wizard.value.step !== 'preview') return refused('wizard', 'nothing is previewed: go to Preview first');
  const previewed = wizards.planWith(wizardId, planHash);
  if (!previewed.ok) return previewed;
  const newest = summary();
  if (previewed.value.isImported || newest?.origin.kind === 'imported') return refused('plan', IMPORTED);
  const { plan } = previewed.value;
  const poolKey = plan.effect?.poolKey ?? null;
  const before = newest === null || poolKey === null ? null : poolFiguresOf(newest, poolKey);
  const begun = desk.apply({ plan, planHash, undoAfterSeconds, before });
  if (!begun.ok) return begun;
  return follow(wizards, wizardId, begun.value, desk);
}

function follow(
  wizards: FixWizards,
  wizardId: string,
  change: Change,
  desk: ChangeDesk,
): Awaited<ReturnType<WizardCalls['wizard.apply']>> {
  const applied = wizards.advance(wizardId, { type: 'applied', changeId: change.id });
  if (!applied.ok) return applied;
  const info = desk.info(change);
  // It may have gone on while it was begun.
  const moved = wizards.advance(wizardId, { type: 'changed', phase: info.phase });
  return { ok: true, value: { wizard: moved.ok ? moved.value : applied.value, change: info } };
}

const IMPORTED = 'it is of files, not of this machine as it is now, and cannot be carried out from here';

function refused(field: string, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}

function gone(what: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'gone', what } };
}
