/**
 * Keeps findings from flapping. Stated hysteresis: a critical finding shows at once; any other must be found in two
 * samples in a row (at the first sample, and for a single look, at once). A level rises at once. What is drawn from a
 * rate, a forecast above all, shows and rises only when it has stood for SUSTAIN_MS: a burst is no flow. A finding falls
 * or goes only after it has been lower, or not found, for HOLD_MS without a break; until then it stands with its last
 * words.
 */
import { compareLevels } from '../assess.ts';
import type { Finding } from '../model.ts';

/** Milliseconds a finding stands after it was last found at its level. */
export const HOLD_MS = 10_000;
/**
 * Milliseconds that a rate must last. Arrivals are averaged over two to three seconds at least (sampling/arrivals.ts), so
 * connections that were all opened at one moment look like a flow for so long. Before so much was watched, as in a check
 * of two seconds, there is nothing to tell them apart by, and all shows as without this.
 */
export const SUSTAIN_MS = 4000;
/** Rules whose findings say what becomes of a pool if its rate stays. What is the case already is others' to tell. */
const FROM_RATES: ReadonlySet<string> = new Set(['pool-runs-out', 'pool-high-rate']);

export interface SettledFinding {
  finding: Finding;
  /** True when this sample did not find it at this level: it is on its way out. */
  isHeld: boolean;
}

interface Kept {
  finding: Finding;
  isShown: boolean;
  /** When it was last found at the shown level or above. */
  lastFoundMs: number;
  /** The sample before the one since which it has been found without a break: it cannot have begun earlier. */
  beganMs: number;
  /** The same for a level above the shown one; null while there is none. */
  risingMs: number | null;
}

/** What is remembered between samples; start with `newMemory()`. */
export interface FindingMemory {
  readonly kept: ReadonlyMap<string, Kept>;
  /** The first and the latest sample; null before there is one. */
  readonly firstMs: number | null;
  readonly latestMs: number | null;
}

export function newMemory(): FindingMemory {
  return { kept: new Map(), firstMs: null, latestMs: null };
}

/** The findings to show after a sample at `nowMs` (a clock that only goes forward), worst first, and the new memory. */
export function settle(
  memory: FindingMemory,
  found: readonly Finding[],
  nowMs: number,
): { settled: SettledFinding[]; memory: FindingMemory } {
  const kept = new Map<string, Kept>();
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

function follow(earlier: Kept | undefined, finding: Finding, moment: Moment): Kept {
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

function isSustained(finding: Finding, beganMs: number, { nowMs, watchedMs }: Moment): boolean {
  if (!FROM_RATES.has(finding.rule) || watchedMs < SUSTAIN_MS) return true;
  return nowMs - beganMs >= SUSTAIN_MS;
}
