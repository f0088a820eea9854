/**
 * Keeps findings from flapping. Stated hysteresis: a critical finding shows at once; any other must be found in two
 * samples in a row (at the first sample, and for a single look, at once). A level rises at once. What is drawn from a
 * rate, a forecast above all, shows and rises only when it has stood for SUSTAIN_MS: a burst is no flow. A finding falls
 * or goes only after it has been lower, or not found, for HOLD_MS without a break; until then it stands with its last
 * words.
 */
import { compareLevels, NOTICE_SHARE, quietConcern, worstPool, type Concern } from '../assess.ts';
import type { Finding, Pool, Thresholds } from '../model.ts';

/** Milliseconds a finding stands after it was last found at its level. */
export const HOLD_MS = 10_000;
/**
 * Milliseconds that a rate must last. Arrivals are averaged over two to three seconds at least (sampling/arrivals.ts), so
 * connections that were all opened at one moment look like a flow for so long. Before so much was watched, as in a check
 * of two seconds, there is nothing to tell them apart by, and all shows as without this.
 */
export const SUSTAIN_MS = 4000;
/** Rules whose findings say what becomes of a pool if its rate stays. What is the case already is others' to tell. */
const FROM_RATES: ReadonlySet<string> = new Set(['pool-runs-out', 'pool-high-rate', 'will be slow']);

/** What can be settled: a finding, or less of one. */
export type Settleable = Pick<Finding, 'id' | 'rule' | 'level'>;

export interface SettledFinding<F extends Settleable = Finding> {
  finding: F;
  /** True when this sample did not find it at this level: it is on its way out. */
  isHeld: boolean;
}

interface Kept<F extends Settleable> {
  finding: F;
  isShown: boolean;
  /** When it was last found at the shown level or above. */
  lastFoundMs: number;
  /** The sample before the one since which it has been found without a break: it cannot have begun earlier. */
  beganMs: number;
  /** The same for a level above the shown one; null while there is none. */
  risingMs: number | null;
}

/** What there is to say of the fullest pool where no finding speaks, kept steady in the same way. */
export interface QuietFinding extends Settleable {
  rule: Extract<Concern, 'will be slow' | 'in use'>;
}

/** What is to be settled of a sample; the concern to speak of is the first that is settled. */
export function quietFindings(pools: readonly Pool[], thresholds?: Thresholds): QuietFinding[] {
  const pool = worstPool(pools, thresholds)?.pool;
  if (!pool) return [];
  const found: QuietFinding['rule'][] = [];
  if (quietConcern(pool).concern === 'will be slow') found.push('will be slow');
  if (pool.usedRatio >= NOTICE_SHARE) found.push('in use');
  return found.map((rule) => ({ id: rule, rule, level: 'notice' }));
}

/** The concern that settled ones leave, as `quietConcern` would give it. */
export function settledConcern(settled: readonly SettledFinding<QuietFinding>[]): Concern {
  const concerns = settled.map(({ finding }) => finding.rule);
  return concerns.includes('will be slow') ? 'will be slow' : (concerns[0] ?? 'none');
}

/** What is remembered between samples; start with `newMemory()`. */
export interface FindingMemory<F extends Settleable = Finding> {
  readonly kept: ReadonlyMap<string, Kept<F>>;
  /** The first and the latest sample; null before there is one. */
  readonly firstMs: number | null;
  readonly latestMs: number | null;
}

export function newMemory<F extends Settleable = Finding>(): FindingMemory<F> {
  return { kept: new Map(), firstMs: null, latestMs: null };
}

/** The findings to show after a sample at `nowMs` (a clock that only goes forward), worst first, and the new memory. */
export function settle<F extends Settleable>(
  memory: FindingMemory<F>,
  found: readonly F[],
  nowMs: number,
): { settled: SettledFinding<F>[]; memory: FindingMemory<F> } {
  const kept = new Map<string, Kept<F>>();
  const { firstMs, latestMs } = memory;
  const isFirst = firstMs === null;
  const moment = { nowMs, beforeMs: latestMs ?? nowMs, isFirst, watchedMs: nowMs - (firstMs ?? nowMs) };
  for (const finding of found) {
    kept.set(finding.id, follow(memory.kept.get(finding.id), finding, moment));
  }
  for (const [id, earlier] of memory.kept) {
    if (kept.has(id) || !earlier.isShown || nowMs - earlier.lastFoundMs >= HOLD_MS) continue;
    kept.set(id, earlier);
  }
  const settled = [...kept.values()]
    .filter((entry) => entry.isShown)
    .map((entry) => ({ finding: entry.finding, isHeld: entry.lastFoundMs !== nowMs }))
    .sort((a, b) => compareLevels(b.finding.level, a.finding.level));
  return { settled, memory: { kept, firstMs: firstMs ?? nowMs, latestMs: nowMs } };
}

interface Moment {
  nowMs: number;
  /** The sample before. */
  beforeMs: number;
  isFirst: boolean;
  watchedMs: number;
}

function follow<F extends Settleable>(earlier: Kept<F> | undefined, finding: F, moment: Moment): Kept<F> {
  const { nowMs, beforeMs, isFirst } = moment;
  const found = { finding, lastFoundMs: nowMs, risingMs: null };
  if (!earlier) {
    const isUrgent = finding.level === 'critical' && isSustained(finding, beforeMs, moment);
    return { ...found, isShown: isFirst || isUrgent, beganMs: beforeMs };
  }
  const { beganMs } = earlier;
  if (!earlier.isShown) return { ...found, isShown: isSustained(finding, beganMs, moment), beganMs };
  const change = compareLevels(finding.level, earlier.finding.level);
  if (change < 0 && nowMs - earlier.lastFoundMs < HOLD_MS) return { ...earlier, risingMs: null };
  const risingMs = earlier.risingMs ?? beforeMs;
  if (change > 0 && !isSustained(finding, risingMs, moment)) {
    return { ...earlier, lastFoundMs: nowMs, risingMs };
  }
  return { ...found, isShown: true, beganMs };
}

function isSustained(finding: Settleable, beganMs: number, { nowMs, watchedMs }: Moment): boolean {
  if (!FROM_RATES.has(finding.rule) || watchedMs < SUSTAIN_MS) return true;
  return nowMs - beganMs >= SUSTAIN_MS;
}
