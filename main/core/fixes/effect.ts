/** What a change does to one pool, by the closed forms of core/budget.ts from this machine's own figures. Pure. */
import { worstPool } from '../assess.ts';
import { secondsToExhaustion, steadyOccupancy, sustainableRate } from '../budget.ts';
import type { Pool, Summary } from '../model.ts';
import { sayCount, sayDuration, sayPercent, sayRate, saySustainable } from '../words/figures.ts';
import { sayPoolTarget } from '../words/pool-target.ts';
import type { Change, Effect, PlanInput } from './model.ts';

/** What a change alters of a pool; what is absent stays. */
export interface PoolChange {
  capacity?: number;
  /** Seconds of TIME_WAIT or of the wait before reuse. */
  waitSeconds?: number;
  opensPerSecond?: number;
  /** Connections open at the same time. */
  openConnections?: number;
  /** Ports in use at once after the change; as now when absent. */
  used?: number;
}

/** The pool that the plan is for: the one that was asked for, else the fullest. Null when there is none. */
export function poolOf({ summary, parameters }: PlanInput): Pool | null {
  if (summary === null) return null;
  if (parameters.poolKey === null)
    return worstPool(summary.pools, summary.thresholds)?.pool ?? summary.pools[0] ?? null;
  return summary.pools.find(({ key }) => key === parameters.poolKey) ?? null;
}

/** Connections that are open at the same time: all that is in use but not waiting. */
export function openConnectionsOf(pool: Pool): number {
  return Math.max(0, pool.used - Math.max(0, (pool.byState.TIME_WAIT ?? 0) - pool.reusable));
}

/** Seconds that a closed connection of this pool locks its port now. */
export function waitSecondsOf(pool: Pool, { settings }: Summary): number {
  return pool.reuseEffective ? settings.reuse.delayMs / 1000 : settings.timeWaitSeconds;
}

/** The figures of a pool now and after the change. */
export function effectOn(pool: Pool, summary: Summary, change: PoolChange): Omit<Effect, 'sentence'> {
  const rate = pool.openRatePerSecond;
  const open = openConnectionsOf(pool);
  // Little's law: open at once = rate × life. A closed pool and one at rest have no life to speak of.
  const lifeSeconds = rate !== null && rate > 0 ? open / rate : 0;
  const wait = waitSecondsOf(pool, summary);
  const now: Side = { capacity: pool.capacity, rate, lock: lifeSeconds + wait, wait, used: pool.used };
  const rateThen = change.opensPerSecond ?? rate;
  const openThen = change.openConnections ?? open;
  const lifeThen = rateThen !== null && rateThen > 0 ? openThen / rateThen : 0;
  const waitThen = change.waitSeconds ?? wait;
  const then: Side = {
    capacity: change.capacity ?? pool.capacity,
    rate: rateThen,
    lock: lifeThen + waitThen,
    wait: waitThen,
    used: change.used ?? pool.used,
  };
  return {
    poolKey: pool.key,
    target: sayPoolTarget(pool),
    capacity: { now: now.capacity, then: then.capacity },
    sustainableRatePerSecond: changeOf(now, then, ({ capacity, wait: seconds }) =>
      seconds > 0 ? sustainableRate(capacity, seconds) : null,
    ),
    opensPerSecond: { now: rate, then: rateThen },
    lockSeconds: { now: now.lock, then: then.lock },
    steadyState: changeOf(now, then, steadyOf),
    used: { now: now.used, then: then.used },
    runsOutInSeconds: changeOf(now, then, runsOutOf),
  };
}

interface Side {
  capacity: number;
  rate: number | null;
  lock: number;
  wait: number;
  used: number;
}

function changeOf(now: Side, then: Side, of: (side: Side) => number | null): Change {
  return { now: of(now), then: of(then) };
}

function steadyOf({ rate, lock }: Side): number | null {
  return rate === null ? null : steadyOccupancy(rate, lock);
}

function runsOutOf({ rate, lock, capacity, used }: Side): number | null {
  if (rate === null || lock <= 0) return null;
  const seconds = secondsToExhaustion({
    ports: capacity,
    ratePerSecond: rate,
    lockSeconds: lock,
    inUse: used,
  });
  return Number.isFinite(seconds) ? seconds : null;
}

/** "28,232 ports become 55,296; 470/s to each destination become 921/s. At 412/s the pool is then 47% full." */
export function sayEffect(effect: Omit<Effect, 'sentence'>): string {
  const { capacity, sustainableRatePerSecond: rate } = effect;
  const parts: string[] = [];
  if (capacity.now !== null && capacity.then !== null && capacity.now !== capacity.then) {
    parts.push(`${sayCount(capacity.now)} ports become ${sayCount(capacity.then)}`);
  }
  if (rate.now !== null && rate.then !== null && rate.now !== rate.then) {
    parts.push(
      `the sustainable rate goes from ${saySustainable(rate.now)}/s to ${saySustainable(rate.then)}/s`,
    );
  }
  const changes =
    parts.length === 0 ? 'Ports and sustainable rate stay as they are' : capitalised(parts.join('; '));
  return `${changes}.${sayLoad(effect)}`;
}

/** " At 60/s it levels off at 7% of the pool.", with the space before it; '' where there is no rate to tell by. */
export function sayLoad(effect: Omit<Effect, 'sentence'>): string {
  const rate = effect.opensPerSecond.then;
  const steady = effect.steadyState.then;
  const capacity = effect.capacity.then;
  const runsOutIn = effect.runsOutInSeconds.then;
  if (rate === null || rate === 0 || steady === null || capacity === null || capacity === 0) return '';
  if (runsOutIn !== null) {
    return ` At ${sayRate(rate)}/s it is still full in about ${sayDuration(runsOutIn)}.`;
  }
  return ` At ${sayRate(rate)}/s it levels off at ${sayPercent(steady / capacity)} of the pool.`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The effect on the pool of the plan with its sentence, or null where there is no sample of it. */
export function predict(
  input: PlanInput,
  change: (pool: Pool, summary: Summary) => PoolChange,
): Effect | null {
  const pool = poolOf(input);
  if (pool === null || input.summary === null) return null;
  const effect = effectOn(pool, input.summary, change(pool, input.summary));
  return { ...effect, sentence: sayEffect(effect) };
}
