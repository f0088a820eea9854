/** Which fixes a page offers, best first, with what each would do here; and advice that does not help. Pure. */
import type { AdviceInfo, OfferedFix } from '../../preload/contract-fixes.ts';
import { ADVICE } from '../core/fixes/advice.ts';
import type { AdviceEntry, Effect, Fix, Plan, PlanInput } from '../core/fixes/model.ts';
import { rankFixes, type RankedFix } from '../core/fixes/rank.ts';
import type { WizardSubject } from '../core/fixes/wizard.ts';
import type { Finding, Summary } from '../core/model.ts';
import type { SystemId } from '../core/readings.ts';
import { takesOf } from './fix-plan-info.ts';

/** Every fix of the system, in the order of the subject's own remedies. `canApply`: not for files. */
export function offersFor(
  input: PlanInput & { summary: Summary },
  subject: WizardSubject,
  canApply: boolean,
): OfferedFix[] {
  const findings = findingsOf(input.summary, subject);
  const ranked = rankFixes({ ...input, summary: { ...input.summary, findings } });
  const badges = badgesOf(ranked);
  const offers = ranked.map((each) => offerOf(each, badges.get(each.fix.id) ?? null, canApply));
  // What is so already stands with what cannot be done.
  return [
    ...offers.filter(({ refused }) => refused === null),
    ...offers.filter(({ refused }) => refused !== null),
  ];
}

/** For a finding, its own remedies count; for a pool, those of its findings; else those of all. */
function findingsOf({ findings }: Summary, { findingId, poolKey }: WizardSubject): Finding[] {
  const finding = findings.find(({ id }) => id === findingId);
  if (finding) return [finding];
  const ofPool = poolKey === null ? [] : findings.filter((each) => each.poolKey === poolKey);
  return ofPool.length > 0 ? ofPool : findings;
}

const GRADES: readonly Fix['risk']['grade'][] = ['low', 'medium', 'high'];

/** The first change of the application that a finding names, and of the system's own the least risky of the quick ones. */
function badgesOf(ranked: readonly RankedFix[]): Map<string, string> {
  const named = ranked.filter(({ finding, plan }) => finding !== null && plan.refused === null);
  const cause = named.find(({ fix }) => fix.kind === 'application');
  const quick = named.filter(
    ({ fix, plan }) => fix.kind === 'system' && fix.takesEffect === 'at once' && plan.steps.length > 0,
  );
  const fastest = GRADES.flatMap((grade) => quick.filter(({ fix }) => fix.risk.grade === grade))[0];
  const badges = new Map<string, string>();
  if (cause) badges.set(cause.fix.id, 'Removes the cause');
  if (fastest) badges.set(fastest.fix.id, 'Fastest');
  return badges;
}

function offerOf(
  { fix, plan, finding, why }: RankedFix,
  badge: string | null,
  canApply: boolean,
): OfferedFix {
  const { id, title, kind, does, doesNotHelp, risk, effort, takesEffect, needsReboot, needsAdmin } = fix;
  return {
    fixId: id,
    title,
    kind,
    does,
    doesNotHelp,
    risk,
    effort,
    takesEffect,
    needsReboot,
    needsAdmin,
    scopes: [...fix.scopes],
    isAppliable: canApply && plan.refused === null && plan.steps.length > 0,
    takes: takesOf(fix),
    source: fix.source,
    finding: finding?.title ?? null,
    why,
    refused: plan.refused?.reason ?? (isDone(fix, plan) ? 'All of it is so already.' : null),
    undo: sayUndo(fix, plan),
    badge,
    effect: plan.effect,
    shareThen: shareThen(plan.effect),
  };
}

function isDone({ isAppliable }: Fix, { steps, advice, recipes }: Plan): boolean {
  return isAppliable && steps.length === 0 && advice.length === 0 && recipes.length === 0;
}

/** How it is taken back, in a few words. */
function sayUndo({ kind, isAppliable, needsReboot }: Fix, { steps }: Plan): string {
  if (kind === 'application') return 'revert the change';
  if (!isAppliable) return needsReboot ? 'nothing to take back' : 'by hand';
  if (steps.length > 0 && steps.every(({ undo }) => undo === null)) return 'cannot be taken back';
  const count = steps.filter(({ undo }) => undo !== null).length;
  return count > 1 ? `${count} commands` : 'one command';
}

/**
 * Share of the pool in use once opens and closes balance with the change; where that cannot be said, at once after it.
 * At most 1: a pool has no more ports than it has.
 */
export function shareThen(effect: Effect | null): number | null {
  const capacity = effect?.capacity.then ?? null;
  const used = effect?.steadyState.then ?? effect?.used.then ?? null;
  if (capacity === null || used === null) return null;
  return capacity === 0 ? 1 : Math.min(1, used / capacity);
}

export function adviceFor(system: SystemId): AdviceInfo[] {
  return ADVICE.filter(({ platforms }) => platforms.includes(system)).map(adviceInfo);
}

function adviceInfo({ platforms: _platforms, ...entry }: AdviceEntry): AdviceInfo {
  return entry;
}
