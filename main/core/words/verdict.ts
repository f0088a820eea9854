/** The one sentence about this machine's ports, from its pools. Grammar and words: the interface design, "Wording". */
import { worstPool, type Concern } from '../assess.ts';
import { formatEndpoint } from '../address.ts';
import { PROFILES } from '../profiles.ts';
import type { Level, Pool, PoolOwner, Span, StackSettings, Verdict } from '../model.ts';
import { sayCount, sayDuration, sayPercent, sayRate, saySustainable } from './figures.ts';

export interface Trust {
  confidence: Verdict['confidence'];
  reason: string;
  sources: string[];
}

export interface VerdictInput {
  pools: readonly Pool[];
  /** Ports that a new pool would have. */
  capacity: number;
  settings: StackSettings;
  trust: Trust;
}

/** The verdict over all pools. */
export function sayVerdict({ pools, capacity, settings, trust }: VerdictInput): Verdict {
  if (capacity === 0) return finish('critical', noPorts(settings), null, trust);
  const worst = worstPool(pools);
  const isIdle = worst === null || (worst.pool.used === 0 && worst.assessment.level === 'ok');
  if (isIdle) return finish('ok', nothingInUse(settings), null, trust);
  const { pool, assessment } = worst;
  return finish(assessment.level, SENTENCES[assessment.concern](pool, settings, pools), pool.key, trust);
}

/** What is said when nothing could be measured, and why. */
export function sayUnknown(why: string): Verdict {
  const spans = [text('Cannot say: '), text(why)];
  return finish('unknown', spans, null, { confidence: 'low', reason: 'nothing was measured', sources: [] });
}

type Sentence = (pool: Pool, settings: StackSettings, pools: readonly Pool[]) => Span[];

const SENTENCES: Record<Concern, Sentence> = {
  'no ports': (_pool, settings) => noPorts(settings),
  full: (pool, settings) => [
    ...poolTo(pool),
    text(' is '),
    strong('full'),
    text(
      `: all ${sayCount(pool.capacity)} ports are in use and connect() fails with ${errorName(settings)}.`,
    ),
    ...largestUser(pool),
  ],
  'runs out': (pool) => [
    ...poolTo(pool),
    text(' runs out in about '),
    strong(sayDuration(pool.exhaustion.inSeconds ?? 0)),
    text(' — '),
    strong(`${sayPercent(pool.usedRatio)} used`),
    text('; '),
    ...whoOpens(pool),
    text('.'),
  ],
  'nearly full': (pool) => [
    ...poolTo(pool),
    text(' is '),
    strong(`${sayPercent(pool.usedRatio)} used`),
    ...steadyClause(pool),
    text('; '),
    ...whoOpens(pool),
    text('.'),
  ],
  slow: (pool) => [
    ...poolTo(pool),
    text(' is '),
    strong(`${sayPercent(pool.usedRatio)} used`),
    text(', past half: '),
    strong('connect() is slow now'),
    text(' because the kernel searches for a free port'),
    ...limitClause(pool),
    text('.'),
  ],
  'high rate': (pool) => [
    ...poolTo(pool),
    text(' is '),
    strong(`${sayPercent(pool.usedRatio)} used`),
    text(' and opens '),
    strong(`${sayRate(pool.openRatePerSecond ?? 0)} connections/s`),
    text('; it would be full above '),
    strong(`${saySustainable(pool.sustainableRatePerSecond)}/s`),
    text('.'),
  ],
  'will be slow': (pool) => [
    text('Enough ports: '),
    ...lowerPoolTo(pool),
    text(' is '),
    strong(`${sayPercent(pool.usedRatio)} used`),
    ...steadyClause(pool),
    text('. Past half, connect() gets slow.'),
  ],
  'in use': (pool) => [
    text('Enough ports: '),
    ...lowerPoolTo(pool),
    text(' is '),
    strong(`${sayPercent(pool.usedRatio)} used`),
    ...steadyClause(pool),
    text('.'),
  ],
  none: (pool) => [
    text('Plenty of ports: the fullest pool, to '),
    mono(destination(pool)),
    text(', is '),
    strong(`${sayPercent(pool.usedRatio)} used`),
    ...quietClause(pool),
    text('.'),
  ],
};

function noPorts(settings: StackSettings): Span[] {
  return [
    text('No port is left to hand out: every port of '),
    mono(`${settings.range.first}–${settings.range.last}`),
    text(' is '),
    strong('reserved or taken by a listening socket'),
    text(`, and connect() fails with ${errorName(settings)}.`),
  ];
}

function nothingInUse(settings: StackSettings): Span[] {
  return [
    text('Plenty of ports: no outgoing connection locks a port of '),
    mono(`${settings.range.first}–${settings.range.last}`),
    text('.'),
  ];
}

function poolTo(pool: Pool): Span[] {
  return [text('Port pool to '), mono(destination(pool))];
}

function lowerPoolTo(pool: Pool): Span[] {
  return [text('the fullest pool, to '), mono(destination(pool)), text(',')];
}

function destination(pool: Pool): string {
  return formatEndpoint(pool.remoteAddress, pool.remotePort);
}

/** "python3 (pid 4312) opens 412 connections/s and closes them itself". */
function whoOpens(pool: Pool): Span[] {
  const rate = strong(`${sayRate(pool.openRatePerSecond ?? 0)} connections/s`);
  const closes = closesItself(pool) ? [text(' and closes them itself')] : [];
  const owner = mainOwner(pool);
  if (owner) return [...ownerSpans(owner), text(' opens '), rate, ...closes];
  return [rate, text(' are opened'), ...(closes.length > 0 ? [text(' and closed by this side')] : [])];
}

function largestUser(pool: Pool): Span[] {
  const owner = mainOwner(pool);
  if (!owner) return [];
  return [text(' Largest user: '), ...ownerSpans(owner), text('.')];
}

function ownerSpans(owner: PoolOwner): Span[] {
  return [text(owner.process ?? 'an unknown process'), soft(` (pid ${owner.pid})`)];
}

/** The process to name: the largest known one with at least half of the pool. */
function mainOwner(pool: Pool): PoolOwner | null {
  return pool.owners.find((owner) => owner.pid !== null && owner.share >= 0.5) ?? null;
}

/** Most of what the pool holds has been closed by this side: that is what TIME_WAIT means. */
function closesItself(pool: Pool): boolean {
  return (pool.byState.TIME_WAIT ?? 0) >= pool.used / 2;
}

function steadyClause(pool: Pool): Span[] {
  const { steadyState } = pool.exhaustion;
  const rate = pool.openRatePerSecond ?? 0;
  if (steadyState === null || rate < 0.01) return [];
  const level = sayPercent(pool.capacity === 0 ? 1 : steadyState / pool.capacity);
  return [text(` and levels off at ${level} with ${sayRate(rate)}/s`)];
}

function limitClause(pool: Pool): Span[] {
  if ((pool.openRatePerSecond ?? 0) < 0.01) return [];
  return [
    text(`; ${sayRate(pool.openRatePerSecond ?? 0)}/s are opened, it would be full above `),
    strong(`${saySustainable(pool.sustainableRatePerSecond)}/s`),
  ];
}

function quietClause(pool: Pool): Span[] {
  const rate = pool.openRatePerSecond ?? 0;
  if (rate < 0.01) return [text(' and nothing is growing')];
  return steadyClause(pool);
}

function errorName(settings: StackSettings): string {
  const profile = PROFILES.find((candidate) => candidate.id === settings.profileId);
  return profile?.errorOnExhaustion ?? 'an error';
}

function finish(level: Level, spans: Span[], poolKey: string | null, trust: Trust): Verdict {
  return {
    level,
    sentence: spans.map((span) => span.text).join(''),
    spans,
    poolKey,
    confidence: trust.confidence,
    confidenceReason: trust.reason,
    sources: trust.sources,
  };
}

const text = (value: string): Span => ({ text: value, kind: 'text' });
const strong = (value: string): Span => ({ text: value, kind: 'strong' });
const mono = (value: string): Span => ({ text: value, kind: 'mono' });
const soft = (value: string): Span => ({ text: value, kind: 'soft' });
