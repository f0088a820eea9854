/** Departures of closed connections whose timers nobody tells. Pure. */

export interface ClosedWithoutTimers {
  /** Monotonic milliseconds when each was first seen closed, in any order. */
  sinceMs: readonly number[];
  /** How many were closed already when watching began. */
  closedBefore: number;
  /** Monotonic milliseconds. */
  watchedSinceMs: number;
  nowMs: number;
  /** How long a closed connection holds its port. */
  holdMs: number;
}

/**
 * Milliseconds from now until each port comes back, ascending. One first seen closed at t has it back at t + hold at the
 * latest, and that is used. Those closed before watching began had any age with equal right: what is left of them after
 * `nowMs − watchedSinceMs` has at most that much less than a hold to go, and is spread evenly over it.
 */
export function estimateDepartures(closed: ClosedWithoutTimers): Uint32Array {
  const { sinceMs, closedBefore, watchedSinceMs, nowMs, holdMs } = closed;
  const left = new Uint32Array(sinceMs.length + closedBefore);
  const mostLeftMs = Math.max(0, holdMs - (nowMs - watchedSinceMs));
  for (let at = 0; at < closedBefore; at++) left[at] = ((at + 0.5) / closedBefore) * mostLeftMs;
  for (const [at, since] of sinceMs.entries()) left[closedBefore + at] = Math.max(0, since + holdMs - nowMs);
  return left.sort();
}
