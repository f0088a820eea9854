/** Findings as words, filters and text. Pure. */
import { FIGURES } from '../../preload/contract-evidence.ts';
import type { CallResult, EventPayload } from '../../preload/contract.ts';
import { formatLevel } from './levels.ts';
import { poolFilter, type Pool } from './pools.ts';

type Summary = EventPayload<'summary.updated'>;
export type Finding = Summary['findings'][number];
export type Remedy = Finding['remedies'][number];
export type Check = CallResult<'findings.checks'>['checks'][number];
export type FigureName = (typeof FIGURES)[number];

/** What a remedy of each kind is good for; the order is their worth. */
export const REMEDY_KINDS: Record<Remedy['kind'], { word: string; worth: string }> = {
  application: { word: 'Application:', worth: 'removes the cause' },
  system: { word: 'System:', worth: 'buys time' },
  relief: { word: 'Relief:', worth: 'helps now, not for long' },
};

/** What each figure is, for the link that opens its proof. */
const FIGURE_WORDS: Record<FigureName, string> = {
  verdict: 'the verdict',
  'pool-used': 'ports used',
  'time-wait': 'TIME_WAIT sockets',
  'new-connections': 'new connections',
  'time-to-exhaustion': 'time to exhaustion',
  range: 'the port range',
  hold: 'the hold time',
  reuse: 'TIME_WAIT reuse',
  'port-map': 'ports by number',
  sockets: 'the list of sockets',
  consumers: 'owners of sockets',
  listeners: 'listening sockets',
  counters: 'counters of the system',
  conntrack: 'connection tracking',
  descriptors: 'open descriptors',
};

/** The figures of a finding that have a proof to open, in its order. */
export function provenFigures(finding: Pick<Finding, 'figures'>): { figure: FigureName; words: string }[] {
  return finding.figures.flatMap((name) => {
    const figure = FIGURES.find((known) => known === name);
    return figure ? [{ figure, words: FIGURE_WORDS[figure] }] : [];
  });
}

/** A line of evidence in pieces: its numbers stand out, so that the eye finds what it rests on. */
export function evidencePieces(line: string): { text: string; isNumber: boolean }[] {
  // A number of its own, thousands grouped; not a digit within an address or a name.
  const parts = line.split(/((?<![\w.:[-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w.:]*[\w:]))/);
  return parts.map((text, index) => ({ text, isNumber: index % 2 === 1 })).filter(({ text }) => text !== '');
}

/** States that a rule speaks of, as filter terms; the rest look at sockets in any state. */
const RULE_STATES: Readonly<Record<string, string>> = {
  'close-wait-leak': 'state:close-wait',
  'syn-sent-pile': 'state:syn-sent',
  'dead-peer-ports': 'state:syn-sent',
  'fin-wait-2-pile': 'state:fin-wait-2',
  'orphans-near-limit': 'state:fin-wait-2',
  'time-wait-client': 'state:time-wait',
  'time-wait-server': 'state:time-wait side:server',
  'tw-buckets-overflow': 'state:time-wait',
  'windows-bound-leak': 'state:bound',
  'listen-queue': 'state:listen',
  'range-listener': 'state:listen',
};

/** Filter text for the sockets a finding speaks of; null when it speaks of a setting. */
export function findingFilter(finding: Finding, pools: readonly Pool[]): string | null {
  const pool = finding.poolKey === null ? undefined : pools.find(({ key }) => key === finding.poolKey);
  // A pool's finding names its main owner; the sockets of the others fill the pool as well.
  const isOfProcess = finding.pid !== null && (finding.poolKey === null || finding.rule === 'churn');
  const terms = [
    pool && poolFilter(pool),
    isOfProcess && `pid:${finding.pid}`,
    RULE_STATES[finding.rule],
  ].filter((term) => typeof term === 'string');
  return terms.length > 0 ? terms.join(' ') : null;
}

/** The findings that touch a socket: those of its pool, and those of its process. */
export function findingsOf(
  findings: readonly Finding[],
  { poolKey, pid }: { poolKey: string | null; pid: number | null },
): Finding[] {
  return findings.filter(
    (finding) =>
      (finding.poolKey !== null && finding.poolKey === poolKey) ||
      (finding.poolKey === null && finding.pid !== null && finding.pid === pid),
  );
}

/** Whether it is bad enough to be fixed, and something helps. */
export function needsFix({ level, remedies }: Pick<Finding, 'level' | 'remedies'>): boolean {
  return (level === 'critical' || level === 'warning') && remedies.length > 0;
}

/** The finding that the verdict speaks of; null when it speaks of none. */
export function verdictFinding({ verdict, findings }: Pick<Summary, 'verdict' | 'findings'>): Finding | null {
  const sameLevel = findings.filter(({ level }) => level === verdict.level);
  return sameLevel.find(({ poolKey }) => poolKey === verdict.poolKey) ?? sameLevel[0] ?? null;
}

export type CheckState = 'found' | 'passed' | 'elsewhere' | 'waiting';

/** Systems whose own checks start with their name, as process.platform calls them. */
const OWN_CHECKS: readonly { start: string; platform: string }[] = [
  { start: 'windows-', platform: 'win32' },
  { start: 'macos-', platform: 'darwin' },
];

/** Each check with what became of it: found something, passed, does not concern this system, or not looked yet. */
export function checkStates(
  checks: readonly Check[],
  summary: Pick<Summary, 'findings' | 'target'> | null,
): (Check & { state: CheckState; findings: Finding[] })[] {
  return checks.map((check) => {
    const findings = summary?.findings.filter(({ rule }) => rule === check.rule) ?? [];
    return { ...check, findings, state: stateOf(check, findings, summary?.target.platform ?? null) };
  });
}

function stateOf(check: Check, findings: readonly Finding[], platform: string | null): CheckState {
  if (platform === null) return 'waiting';
  if (findings.length > 0) return 'found';
  const own = OWN_CHECKS.find(({ start }) => check.rule.startsWith(start));
  return own && own.platform !== platform ? 'elsewhere' : 'passed';
}

/** A finding whole, as plain text for a ticket or a chat. */
export function printFinding(finding: Finding): string {
  const remedies = finding.remedies.map(
    ({ label, why, kind }, at) => `${at + 1}. ${label} (${kind}): ${why}`,
  );
  return [
    `${formatLevel(finding.level)}: ${finding.title}`,
    finding.sentence,
    '',
    `Evidence: ${finding.evidence}`,
    `It is not so if: ${finding.disproof}`,
    ...(remedies.length > 0 ? ['What helps, in order of worth:', ...remedies] : []),
    `Source: ${finding.source}`,
    '',
  ].join('\n');
}
