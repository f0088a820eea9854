/** What a wizard is about when nothing was asked for. Pure. */
import type { WizardInfo } from '../../../preload/contract-fixes.ts';
import { verdictFinding } from '../../format/findings.ts';
import type { WizardSubject } from '../../stores/wizard.ts';
import type { Summary } from '../../stores/workbench.ts';

/** The finding and the pool that the verdict speaks of. */
export function verdictSubject(summary: Summary | null): WizardSubject {
  if (!summary) return {};
  const finding = verdictFinding(summary);
  const poolKey = finding?.poolKey ?? summary.verdict.poolKey;
  // A finding outlives its pool for a while.
  const isThere = summary.pools.some(({ key }) => key === poolKey);
  return { findingId: finding?.id ?? null, poolKey: isThere ? poolKey : null };
}

/** Opened on nothing in particular and not led on: the next one is about what is the matter by then. */
export function isIdle({ step, findingId }: WizardInfo): boolean {
  return step === 'understand' && findingId === null;
}
