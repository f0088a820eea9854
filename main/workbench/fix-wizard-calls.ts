/** Answers the calls about wizards: opened, led on, planned, and applied exactly as previewed. */
import type { Change } from '../core/fixes/change.ts';
import { poolFiguresOf } from '../core/fixes/outcome.ts';
import type { WizardSubject } from '../core/fixes/wizard.ts';
import type { Failure } from '../core/model.ts';
import type { BeforePictures } from './fix-before.ts';
import type { ChangeDesk } from './fix-desk.ts';
import { lookAgain } from './fix-late-look.ts';
import { findingOf, poolKeyOf } from './fix-look-calls.ts';
import { fixFor, planFor, type PlanCallParts } from './fix-plan-calls.ts';
import type { FixWizards } from './fix-wizards.ts';
import type { FixHandlers } from './fixes.ts';

type WizardCalls = Pick<
  FixHandlers,
  'wizard.open' | 'wizard.go' | 'wizard.choose' | 'wizard.plan' | 'wizard.apply'
>;

interface WizardCallParts extends PlanCallParts {
  pictures: BeforePictures;
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
    'wizard.plan': (args) => planFor(parts, args),
    'wizard.apply': (args) => apply(parts, args),
  };
}

async function open(
  { wizards, desk, summary }: PlanCallParts,
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

async function apply(
  { wizards, desk, subjects, summary, pictures }: WizardCallParts,
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
  // What stands in the way of any change is said by who carries them out.
  const isFree = desk.obstacle() === null;
  const [looked, map] = isFree
    ? await Promise.all([lookAgain(plan, wizard.value.parameters, subjects), pictures.take(poolKey)])
    : [null, null];
  if (looked?.ok === false) return looked;
  // It may have been led elsewhere meanwhile.
  const still = wizards.planWith(wizardId, planHash);
  if (!still.ok) return still;
  const before = newest === null || poolKey === null ? null : poolFiguresOf(newest, poolKey);
  const begun = desk.apply({ plan, planHash, undoAfterSeconds, before });
  if (!begun.ok) return begun;
  pictures.keep(begun.value.id, map);
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
