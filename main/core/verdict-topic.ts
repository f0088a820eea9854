/** What a verdict is about, to tell another verdict from one whose numbers moved. Pure. */
import type { Finding, Summary } from './model.ts';

/**
 * Equal as long as the verdict stays the same: its level, and where something is wrong the finding that it speaks of.
 * Which of many quiet pools is the fullest makes no other verdict.
 */
export function verdictTopic({ verdict, findings }: Pick<Summary, 'verdict' | 'findings'>): string {
  const { level, poolKey } = verdict;
  if (level !== 'warning' && level !== 'critical') return level;
  const said = spokenOf(findings, verdict);
  return `${level} ${said?.id ?? ''} ${poolKey ?? ''}`;
}

function spokenOf(findings: readonly Finding[], { level, poolKey }: Summary['verdict']): Finding | null {
  const sameLevel = findings.filter((finding) => finding.level === level);
  return sameLevel.find((finding) => finding.poolKey === poolKey) ?? sameLevel[0] ?? null;
}
