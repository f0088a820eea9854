/**
 * Keeps findings from flapping. Stated hysteresis: a critical finding shows at once; any other must be found in two
 * samples in a row (at the first sample, and for a single look, at once). A level rises at once. A finding falls or goes
 * only after it has been lower, or not found, for HOLD_MS without a break; until then it stands with its last words.
 */
import { compareLevels } from '../assess.ts';
import type { Finding } from '../model.ts';

/** Milliseconds a finding stands after it was last found at its level. */
export const HOLD_MS = 10_000;

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
}

/** What is remembered between samples; start with `newMemory()`. */
export interface FindingMemory {
  readonly kept: ReadonlyMap<string, Kept>;
  readonly isFirst: boolean;
}

export function newMemory(): FindingMemory {
  return { kept: new Map(), isFirst: true };
}

/** The findings to show after a sample at `nowMs` (a clock that only goes forward), worst first, and the new memory. */
export function settle(
  memory: FindingMemory,
  found: readonly Finding[],
  nowMs: number,
): { settled: SettledFinding[]; memory: FindingMemory } {
  const kept = new Map<string, Kept>();
  for (const finding of found) {
    kept.set(finding.id, follow(memory.kept.get(finding.id), finding, nowMs, memory.isFirst));
  }
  for (const [id, earlier] of memory.kept) {
    if (kept.has(id) || !earlier.isShown || nowMs - earlier.lastFoundMs >= HOLD_MS) continue;
    kept.set(id, earlier);
  }
  const settled = [...kept.values()]
    .filter((entry) => entry.isShown)
    .map((entry) => ({ finding: entry.finding, isHeld: entry.lastFoundMs !== nowMs }))
    .sort((a, b) => compareLevels(b.finding.level, a.finding.level));
  return { settled, memory: { kept, isFirst: false } };
}

function follow(earlier: Kept | undefined, finding: Finding, nowMs: number, isFirst: boolean): Kept {
  if (!earlier) {
    return { finding, isShown: isFirst || finding.level === 'critical', lastFoundMs: nowMs };
  }
  const isLower = compareLevels(finding.level, earlier.finding.level) < 0;
  const isOnItsWayDown = isLower && earlier.isShown && nowMs - earlier.lastFoundMs < HOLD_MS;
  if (isOnItsWayDown) return earlier;
  return { finding, isShown: true, lastFoundMs: nowMs };
}
