/** How long to wait between samples, so that sampling never costs more than its share of a core. Pure. */

export const MIN_INTERVAL_MS = 200;
export const MAX_INTERVAL_MS = 10_000;
export const DEFAULT_INTERVAL_MS = 1000;
/** Largest share of one core that sampling may take. */
export const COST_LIMIT = 0.1;

/** What one sample took: wall time, and processor time of this process. */
export interface SampleCost {
  wallMs: number;
  cpuMs: number;
  /** Wall time of the commands that were run for it, in processes of their own; absent where there are none. */
  commandsMs?: number;
}

/**
 * The asked interval, longer where sampling would exceed its share of a core (commands are taken to use a core while
 * they run), or where a machine under load makes a sample last so long that the sampler would do nothing else.
 */
export function effectiveInterval(askedMs: number, cost: SampleCost): number {
  return Math.max(
    askedMs,
    Math.ceil(cost.cpuMs / COST_LIMIT),
    Math.ceil(cost.wallMs * 2),
    Math.ceil((cost.commandsMs ?? 0) / COST_LIMIT),
  );
}

/** Milliseconds until the next sample when the last one began at `startedMs`. */
export function delayToNext(askedMs: number, startedMs: number, cost: SampleCost, nowMs: number): number {
  return Math.max(1, startedMs + effectiveInterval(askedMs, cost) - nowMs);
}

/**
 * Whether the time between two samples was not a normal pause: the machine slept, the process was stopped, or the
 * wall clock was set (hardening S6). Rates across it would be wrong.
 */
export function isGap(elapsedMonotonicMs: number, elapsedWallMs: number, intervalMs: number): boolean {
  const jumped = Math.abs(elapsedWallMs - elapsedMonotonicMs) > 2000;
  return elapsedMonotonicMs > Math.max(2.5 * intervalMs, 3000) || jumped;
}
