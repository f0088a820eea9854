/** The first step of the wizard: what a connection's life does to a port pool, added up, and what it is not. Pure. */
import { worstPool } from '../assess.ts';
import type { Consumer, Finding, Level, Pool, Summary } from '../model.ts';
import { sayCount, sayPercent, sayRate } from '../words/figures.ts';
import { sayPoolTarget } from '../words/pool-target.ts';
import { openConnectionsOf, waitSecondsOf } from './effect.ts';
import { whatItIsNot } from './what-it-is-not.ts';
import type { WizardSubject } from './wizard.ts';

export interface SumRow {
  title: string;
  state: 'time-wait' | 'established' | 'other' | 'total';
  /** How it comes about: "402.8/s × 60 s", "of 28,232, so 91%". */
  basis: string;
  ports: number;
}

export interface UnderstandingValue {
  title: string;
  /** The pool that it is about; null where the finding is not about one, or there is none. */
  poolKey: string | null;
  target: string | null;
  /** "python3 4312"; null when not known. */
  client: string | null;
  localAddress: string | null;
  closesFirst: 'this side' | 'the other side' | 'both' | 'unknown';
  /** Mean seconds of one connection (Little's law); null when not known. */
  openSeconds: number | null;
  waitSeconds: number | null;
  /** Where the wait comes from: "kernel constant". */
  waitSource: string;
  opensPerSecond: number | null;
  sum: SumRow[];
  capacity: number | null;
  isNot: { title: string; evidence: string; passed: boolean }[];
  findings: { id: string; level: Level; title: string; sentence: string; evidence: string }[];
  moral: string;
}

/** For a finding, a pool, or (both null) the pool that is worst off. */
export function understandProblem(summary: Summary, subject: WizardSubject): UnderstandingValue {
  const finding = summary.findings.find(({ id }) => id === subject.findingId) ?? null;
  const pool = poolOf(summary, subject, finding);
  const findings = findingsAbout(summary, finding, pool);
  return {
    title: titleOf(finding, pool),
    poolKey: pool?.key ?? null,
    target: pool && sayPoolTarget(pool),
    client: pool && clientOf(summary, pool),
    localAddress: pool && pool.localAddress !== '' ? pool.localAddress : null,
    closesFirst: pool === null ? 'unknown' : closesFirst(pool),
    openSeconds: pool && openSecondsOf(pool),
    waitSeconds: pool && waitSecondsOf(pool, summary),
    waitSource: pool?.reuseEffective ? 'setting: reuse of TIME_WAIT' : summary.settings.timeWaitBasis,
    opensPerSecond: pool?.openRatePerSecond ?? null,
    sum: pool === null ? [] : sumOf(pool, summary),
    capacity: pool?.capacity ?? null,
    isNot: whatItIsNot(summary),
    findings: findings.map(({ id, level, title, sentence, evidence }) => ({
      id,
      level,
      title,
      sentence,
      evidence,
    })),
    moral: moralOf(finding, pool),
  };
}

/** A finding about something else than a pool (descriptors, conntrack) has none, even where pools exist. */
function poolOf(summary: Summary, { poolKey }: WizardSubject, finding: Finding | null): Pool | null {
  const wanted = poolKey ?? finding?.poolKey ?? null;
  if (wanted !== null) return summary.pools.find(({ key }) => key === wanted) ?? null;
  if (finding !== null) return null;
  return worstPool(summary.pools, summary.thresholds)?.pool ?? null;
}

function findingsAbout({ findings }: Summary, finding: Finding | null, pool: Pool | null): Finding[] {
  const others = findings.filter(
    (each) => each !== finding && pool !== null && each.poolKey === pool.key && each.level !== 'ok',
  );
  return [...(finding ? [finding] : []), ...others];
}

function titleOf(finding: Finding | null, pool: Pool | null): string {
  if (finding !== null && pool === null) return finding.title;
  if (pool === null) return 'No port pool is in use';
  if (pool.used >= pool.capacity) return 'Why the ports have run out';
  return pool.exhaustion.expected ? 'Why the ports run out' : 'Where the ports go';
}

/** The process with the largest share that is known, as the picture names it: name and pid. */
function clientOf({ consumers }: Summary, pool: Pool): string | null {
  const largest = pool.owners.find(({ process }) => process !== null);
  if (largest) return largest.pid === null ? largest.process : `${largest.process} ${largest.pid}`;
  const consumer: Consumer | undefined = consumers.find(
    ({ poolKey, process }) => poolKey === pool.key && process !== null,
  );
  if (!consumer) return null;
  return consumer.pid === null ? consumer.process : `${consumer.process} ${consumer.pid}`;
}

/** Who closes first keeps TIME_WAIT (RFC 9293, 3.6). Ends that leave none here were closed by the other side, or reset. */
function closesFirst(pool: Pool): UnderstandingValue['closesFirst'] {
  const here = pool.closeRatePerSecond;
  const unseen = pool.closesUnseenPerSecond ?? null;
  const waiting = pool.byState.TIME_WAIT ?? 0;
  if (unseen === null || here === null) return waiting > 0 ? 'this side' : 'unknown';
  const all = here + unseen;
  if (all < 0.05) return waiting > 0 ? 'this side' : 'unknown';
  if (here / all > 0.9) return 'this side';
  return here / all < 0.1 ? 'the other side' : 'both';
}

/** Little's law: open at once = opens a second × life. Without opens there is no life to speak of. */
function openSecondsOf(pool: Pool): number | null {
  const rate = pool.openRatePerSecond;
  const open = openConnectionsOf(pool);
  // With none open at this moment (a full pool) there is nothing to tell its length by.
  return rate === null || rate < 0.05 || open === 0 ? null : open / rate;
}

const OPEN_STATES = ['ESTABLISHED', 'CLOSE_WAIT'] as const;

function sumOf(pool: Pool, summary: Summary): SumRow[] {
  const waiting = Math.max(0, (pool.byState.TIME_WAIT ?? 0) - pool.reusable);
  const open = OPEN_STATES.reduce((sum, state) => sum + (pool.byState[state] ?? 0), 0);
  const rest = Math.max(0, pool.used - waiting - open);
  const wait = waitSecondsOf(pool, summary);
  const life = openSecondsOf(pool);
  const perSecond = pool.openRatePerSecond;
  return [
    {
      title: 'Waiting after close',
      state: 'time-wait',
      // As many as were closed within the last hold, at whatever pace: a product that always adds up.
      basis: wait > 0 ? `${sayRate(waiting / wait)}/s, last ${sayLife(wait)} × ${sayLife(wait)}` : '',
      ports: waiting,
    },
    {
      title: 'Open',
      state: 'established',
      basis: perSecond === null || life === null ? '' : `${sayRate(perSecond)}/s × ${sayLife(life)}`,
      ports: Math.min(open, pool.used - waiting),
    },
    { title: 'Opening or closing', state: 'other', basis: '', ports: rest },
    {
      title: 'Ports in use',
      state: 'total',
      basis:
        pool.capacity === 0
          ? 'the pool has no ports at all'
          : `of ${sayCount(pool.capacity)}, so ${sayPercent(pool.used / pool.capacity)}`,
      ports: pool.used,
    },
  ];
}

/** "3.6 s", "60 s", "8 ms": with the digits that a sum by eye needs. */
function sayLife(seconds: number): string {
  if (seconds < 0.1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

function moralOf(finding: Finding | null, pool: Pool | null): string {
  if (pool === null) {
    return finding === null
      ? 'No connection goes out, so no port is in use: there is nothing to fix.'
      : `${finding.sentence} ${finding.disproof === '' ? '' : `It is not so if: ${finding.disproof}`}`.trim();
  }
  const side = closesFirst(pool);
  if ((pool.byState.TIME_WAIT ?? 0) === 0 || side === 'the other side') {
    return 'The ports are held by connections that are open, not by TIME_WAIT. Fewer connections at a time, or more ports, make room.';
  }
  const waiting = (pool.byState.TIME_WAIT ?? 0) - pool.reusable;
  // Little's law: at one rate, what is shorter has fewer ports at a time.
  const isShort = openConnectionsOf(pool) < waiting;
  return isShort
    ? 'TIME_WAIT is not a fault: it keeps late packets of an old connection out of a new one. The cause is opening a new connection for each piece of work. Fix that first if you can; more ports buy time.'
    : 'TIME_WAIT is not a fault: it keeps late packets of an old connection out of a new one. Connections here live longer than the wait; keeping them open longer still costs the fewest ports.';
}
