/** How bad a pool is: one level from its use, its rate and its forecast. Thresholds: interface design, severity table. */
import type { Level, Pool, Thresholds } from './model.ts';

/** Unless a person set others. */
export const THRESHOLDS: Thresholds = {
  criticalShare: 0.9,
  warningShare: 0.8,
  warningRateShare: 0.8,
  criticalSeconds: 600,
  warningSeconds: 3600,
};
/** Use from which a pool is worth a word. */
export const NOTICE_SHARE = 0.3;
/** Below this use a forecast is a burst that may be over the next second: a warning at most. */
export const FORECAST_FROM_SHARE = 0.05;

/** Whether both say the same. */
export function areSameThresholds(a: Thresholds, b: Thresholds): boolean {
  return THRESHOLD_NAMES.every((name) => a[name] === b[name]);
}

export const THRESHOLD_NAMES = [
  'criticalShare',
  'warningShare',
  'warningRateShare',
  'criticalSeconds',
  'warningSeconds',
] as const satisfies readonly (keyof Thresholds)[];

/** Why a pool has its level; the verdict's words depend on it. */
export type Concern =
  | 'no ports'
  | 'full'
  | 'runs out'
  | 'nearly full'
  | 'slow'
  | 'high rate'
  | 'will be slow'
  | 'in use'
  | 'none';

export interface Assessment {
  level: Level;
  concern: Concern;
}

/** The worst thing that is true of a pool. */
export function assessPool(pool: Pool, thresholds: Thresholds = THRESHOLDS): Assessment {
  const { exhaustion, usedRatio } = pool;
  if (pool.capacity === 0) return { level: 'critical', concern: 'no ports' };
  if (pool.used >= pool.capacity) return { level: 'critical', concern: 'full' };
  const isEarly = usedRatio < FORECAST_FROM_SHARE;
  const seconds = exhaustion.expected && !isEarly ? (exhaustion.inSeconds ?? Infinity) : Infinity;
  if (seconds < thresholds.criticalSeconds) return { level: 'critical', concern: 'runs out' };
  if (usedRatio >= thresholds.criticalShare) return { level: 'critical', concern: 'nearly full' };
  if (seconds < thresholds.warningSeconds) return { level: 'warning', concern: 'runs out' };
  if (usedRatio >= thresholds.warningShare) return { level: 'warning', concern: 'nearly full' };
  if (pool.slowFrom !== null && pool.used > pool.slowFrom) return { level: 'warning', concern: 'slow' };
  if (isRateHigh(pool, thresholds)) return { level: 'warning', concern: 'high rate' };
  return quietConcern(pool);
}

/** What there is to say of a pool that no warning speaks of. */
export function quietConcern(pool: Pool): Assessment {
  if (willBeSlow(pool)) return { level: 'notice', concern: 'will be slow' };
  if (pool.usedRatio >= NOTICE_SHARE) return { level: 'notice', concern: 'in use' };
  return { level: 'ok', concern: 'none' };
}

/** Where the other side closes first, or TIME_WAIT is cut short, a high rate fills nothing: the forecast shows it. */
function isRateHigh(
  { openRatePerSecond, sustainableRatePerSecond, exhaustion, capacity }: Pool,
  { warningRateShare }: Thresholds,
): boolean {
  if ((exhaustion.steadyState ?? Infinity) < capacity / 2) return false;
  return (openRatePerSecond ?? 0) >= warningRateShare * sustainableRatePerSecond;
}

function willBeSlow(pool: Pool): boolean {
  return pool.slowFrom !== null && (pool.exhaustion.steadyState ?? 0) > pool.slowFrom;
}

const LEVEL_ORDER: Record<Level, number> = { critical: 4, warning: 3, unknown: 2, notice: 1, ok: 0 };

/** Positive when `a` is worse than `b`. */
export function compareLevels(a: Level, b: Level): number {
  return LEVEL_ORDER[a] - LEVEL_ORDER[b];
}

/** The pool that matters most: worst level, then soonest exhaustion, then fullest; null without pools. */
export function worstPool(
  pools: readonly Pool[],
  thresholds: Thresholds = THRESHOLDS,
): { pool: Pool; assessment: Assessment } | null {
  let worst: { pool: Pool; assessment: Assessment } | null = null;
  for (const pool of pools) {
    const assessment = assessPool(pool, thresholds);
    if (worst === null || isWorse({ pool, assessment }, worst)) worst = { pool, assessment };
  }
  return worst;
}

function isWorse(
  a: { pool: Pool; assessment: Assessment },
  b: { pool: Pool; assessment: Assessment },
): boolean {
  const byLevel = compareLevels(a.assessment.level, b.assessment.level);
  if (byLevel !== 0) return byLevel > 0;
  const bySeconds = (a.pool.exhaustion.inSeconds ?? Infinity) - (b.pool.exhaustion.inSeconds ?? Infinity);
  if (!Number.isNaN(bySeconds) && bySeconds !== 0) return bySeconds < 0;
  return a.pool.usedRatio > b.pool.usedRatio;
}
