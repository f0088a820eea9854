/** Look-alikes of a full port pool, each with the figure that speaks for or against it; what is not known is left out. */
import type { Summary } from '../model.ts';
import { sayCount } from '../words/figures.ts';

export interface LookAlike {
  title: string;
  evidence: string;
  /** True: it is not this. */
  passed: boolean;
}

/** Rules whose finding says that it is this after all. */
const RULES_OF = {
  leak: ['close-wait-leak'],
  descriptors: ['descriptors-process', 'descriptors-system'],
  refusing: ['listen-queue'],
  conntrack: ['conntrack-near-full'],
  unreachable: ['dead-peer-ports', 'syn-sent-pile'],
} as const;

export function whatItIsNot(summary: Summary): LookAlike[] {
  const { counters, totals, findings } = summary;
  const found = (rules: readonly string[]) => findings.find(({ rule }) => rules.includes(rule)) ?? null;
  const look = (title: string, rules: readonly string[], evidence: string | null): LookAlike[] => {
    const finding = found(rules);
    if (finding) return [{ title, evidence: finding.evidence || finding.title, passed: false }];
    return evidence === null ? [] : [{ title, evidence, passed: true }];
  };
  const closeWait = totals.byState.CLOSE_WAIT ?? 0;
  const synSent = totals.byState.SYN_SENT ?? 0;
  return [
    ...look('A leak', RULES_OF.leak, `CLOSE_WAIT is ${sayCount(closeWait)}, and does not pile up`),
    ...look(
      'File descriptors',
      RULES_OF.descriptors,
      sayOf(counters.fileHandlesUsed, counters.fileHandlesMax, 'open files of the system'),
    ),
    ...look(
      'Connections waiting for accept()',
      RULES_OF.refusing,
      counters.listenOverflows === null
        ? null
        : `${sayCount(counters.listenOverflows)} overflows of a listen queue since boot`,
    ),
    ...look(
      'Connection tracking',
      RULES_OF.conntrack,
      counters.conntrackCount === null && counters.conntrackMax === null
        ? null
        : sayOf(counters.conntrackCount, counters.conntrackMax, 'entries'),
    ),
    ...look('A peer that does not answer', RULES_OF.unreachable, `SYN_SENT is ${sayCount(synSent)}`),
  ];
}

/** "31,204 of 262,144 entries"; a limit beyond 2^53 is none. */
function sayOf(used: number | null, limit: number | null, what: string): string | null {
  if (used === null || limit === null) return null;
  if (!Number.isSafeInteger(limit)) return `${sayCount(used)} ${what}, no limit`;
  return `${sayCount(used)} of ${sayCount(limit)} ${what}`;
}
