/** What the header of Fix says. Pure. */
import type { WizardInfo } from '../../../preload/contract-fixes.ts';
import { formatPoolTarget } from '../../format/pools.ts';
import type { WizardStep } from '../../stores/wizard.ts';
import type { Summary } from '../../stores/workbench.ts';

/** The question of the step, or the fix once one is chosen. */
export function wizardTitle(
  step: WizardStep | null,
  understood: string | null,
  fixTitle: string | null,
  hasPool = true,
): string {
  if (step === 'understand') return understood ?? 'What is the matter';
  if (step === 'choose') return hasPool ? 'Choose how to make room' : 'Choose what to do';
  return fixTitle ?? 'Fix';
}

/** What the wizard is about: its finding, its pool, or the machine. */
export function wizardCrumb(
  wizard: Pick<WizardInfo, 'findingId' | 'poolKey' | 'changeId'> | null,
  summary: Pick<Summary, 'findings' | 'pools'> | null,
): string {
  const finding = summary?.findings.find(({ id }) => id === wizard?.findingId);
  if (finding) return finding.title;
  const pool = summary?.pools.find(({ key }) => key === wizard?.poolKey);
  if (pool) return `Port pool to ${formatPoolTarget(pool)}`;
  if (wizard?.changeId != null) return `Change ${wizard.changeId}`;
  return 'This machine';
}
