/** What is said of one pool, by what is wrong with it. Grammar and words: the interface design, "Wording". */
import type { Concern } from '../assess.ts';
import { PROFILES } from '../profiles.ts';
import type { Pool, PoolOwner, Span, StackSettings } from '../model.ts';
import { sayCount, sayDuration, sayPercent, sayRate, saySustainable } from './figures.ts';
import { sayProcess } from './process.ts';
import { sayPoolTarget } from './pool-target.ts';
import { mono, strong, text } from './spans.ts';

/** The sentence about a pool with this concern. */
export function sayPool(concern: Concern, pool: Pool, settings: StackSettings): Span[] {
  return SENTENCES[concern](pool, settings);
}

type Sentence = (pool: Pool, settings: StackSettings) => Span[];

const SENTENCES: Record<Concern, Sentence> = {
  'no ports': (_pool, settings) => sayNoPorts(settings),
  full: (pool, settings) => [
    ...poolTo(pool),
    text(' is '),
    strong('full'),
    text(
      `: ${pool.capacity === 1 ? 'its only port is' : `all ${sayCount(pool.capacity)} ports are`} in use and connect() fails with ${errorName(settings)}.`,
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
    mono(destinationOf(pool)),
    text(', is '),
    strong(`${sayPercent(pool.usedRatio)} used`),
    ...quietClause(pool),
    text('.'),
  ],
};

/** What is said when the range has no port to hand out. */
export function sayNoPorts(settings: StackSettings): Span[] {
  return [
    text('No port is left to hand out: every port of '),
    mono(`${settings.range.first}–${settings.range.last}`),
    text(' is '),
    strong('reserved or taken by a listening socket'),
    text(`, and connect() fails with ${errorName(settings)}.`),
  ];
}

/** What is said when no client uses a port. */
export function sayNothingInUse(settings: StackSettings): Span[] {
  return [
    text('Plenty of ports: no outgoing connection locks a port of '),
    mono(`${settings.range.first}–${settings.range.last}`),
    text('.'),
  ];
}

function poolTo(pool: Pool): Span[] {
  return [text('Port pool to '), mono(destinationOf(pool))];
}

function lowerPoolTo(pool: Pool): Span[] {
  return [text('the fullest pool, to '), mono(destinationOf(pool)), text(',')];
}

/** "10.0.3.12:443", or what a pool without a destination is called. */
export function destinationOf(pool: Pool): string {
  return sayPoolTarget(pool);
}

/** Below this a rate is what is left of an average. */
const NOTHING_PER_SECOND = 0.01;

/** "nothing is opened now; python3 (pid 4312) used most of it". */
function nobodyOpens(pool: Pool): Span[] {
  const owner = mainOwner(pool);
  return [
    text('nothing is opened now'),
    ...(owner ? [text('; '), ...ownerSpans(owner), text(' used most of it')] : []),
  ];
}

/** "python3 (pid 4312) opens 412 connections/s and closes them itself". */
function whoOpens(pool: Pool): Span[] {
  if (pool.openRatePerSecond === null) return [text('how fast connections are opened is not known')];
  if (pool.openRatePerSecond < NOTHING_PER_SECOND) return nobodyOpens(pool);
  const rate = strong(`${sayRate(pool.openRatePerSecond)} connections/s`);
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
  if (owner.process === null || owner.pid === null) return [text(sayProcess(owner))];
  return [text(owner.process), asideSpan(` (pid ${owner.pid})`)];
}

/** The process to name: the largest known one with at least half of the pool; null when there is none. */
export function mainOwner(pool: Pool): PoolOwner | null {
  return pool.owners.find((owner) => isKnown(owner) && owner.share >= 0.5) ?? null;
}

function isKnown(owner: PoolOwner): boolean {
  return owner.pid !== null || owner.process !== null;
}

/** Most of what the pool holds has been closed by this side: that is what TIME_WAIT means. */
function closesItself(pool: Pool): boolean {
  return (pool.byState.TIME_WAIT ?? 0) >= pool.used / 2;
}

function steadyClause(pool: Pool): Span[] {
  const { steadyState } = pool.exhaustion;
  const rate = pool.openRatePerSecond ?? 0;
  if (steadyState === null || rate < NOTHING_PER_SECOND) return [];
  const level = sayPercent(pool.capacity === 0 ? 1 : steadyState / pool.capacity);
  return [text(` and levels off at ${level} with ${sayRate(rate)}/s`)];
}

function limitClause(pool: Pool): Span[] {
  if ((pool.openRatePerSecond ?? 0) < NOTHING_PER_SECOND) return [];
  return [
    text(`; ${sayRate(pool.openRatePerSecond ?? 0)}/s are opened, it would be full above `),
    strong(`${saySustainable(pool.sustainableRatePerSecond)}/s`),
  ];
}

function quietClause(pool: Pool): Span[] {
  const rate = pool.openRatePerSecond;
  if (rate === null) return [];
  if (rate < NOTHING_PER_SECOND) return [text(' and nothing is growing')];
  return steadyClause(pool);
}

function errorName(settings: StackSettings): string {
  const profile = PROFILES.find((candidate) => candidate.id === settings.profileId);
  return profile?.errorOnExhaustion ?? 'an error';
}

const asideSpan = (value: string): Span => ({ text: value, kind: 'soft' });
