/**
 * Ports in use over time at a constant rate, exactly. A connection keeps its port for one of a few lifetimes Lᵢ with
 * share sᵢ (this side closes first: hold + wait; the other side: hold). With m(t) = Σ sᵢ·min(t, Lᵢ), ports in use now
 * N₀ and the rate λ₀ = N₀ / m(∞) that explains them,
 *
 *   inUse(t) = N₀ + (λ − λ₀)·m(t)
 *
 * since what is in use decays to N₀ − λ₀·m(t) while λ·m(t) come in. With one lifetime W it is the form of
 * `secondsToExhaustion` in budget.ts; with several it is exact where a mean W is not.
 */

export interface Lifetime {
  share: number;
  seconds: number;
}

/** One connection in a billion, or a billionth of a second: below it divisions lose all meaning. */
const NEGLIGIBLE = 1e-9;

/** The lifetimes of a load, shortest first; shares add up to 1. */
export function lifetimesOf(input: {
  connectionSeconds: number;
  waitSeconds: number;
  activeCloseShare: number;
}): Lifetime[] {
  const { connectionSeconds, waitSeconds, activeCloseShare } = input;
  return [
    { share: 1 - activeCloseShare, seconds: connectionSeconds },
    { share: activeCloseShare, seconds: connectionSeconds + waitSeconds },
  ]
    .filter((lifetime) => lifetime.share > NEGLIGIBLE)
    .map((lifetime) => (lifetime.seconds > NEGLIGIBLE ? lifetime : { ...lifetime, seconds: 0 }));
}

/** Mean seconds that a port is kept: m(∞). */
export function meanSeconds(lifetimes: readonly Lifetime[]): number {
  return sum(lifetimes, (lifetime) => lifetime.share * lifetime.seconds);
}

/** Seconds after which nothing of now is left. */
export function longestSeconds(lifetimes: readonly Lifetime[]): number {
  return Math.max(0, ...lifetimes.map((lifetime) => lifetime.seconds));
}

export interface FillInput {
  lifetimes: readonly Lifetime[];
  capacity: number;
  connectionsPerSecond: number;
  inUse: number;
}

/** Ports in use `seconds` from now if there were enough of them. */
export function portsInUseAfter(input: FillInput, seconds: number): number {
  return input.inUse + growthOf(input) * keptAfter(input.lifetimes, seconds);
}

/** Seconds until the last port is taken, or null: never. 0 when none is left now. */
export function secondsToFull(input: FillInput): number | null {
  if (input.inUse >= input.capacity) return 0;
  const growth = growthOf(input);
  const target = growth > 0 ? (input.capacity - input.inUse) / growth : Infinity;
  // Only beyond the steady state: a load that needs exactly all ports holds.
  if (target >= meanSeconds(input.lifetimes) * (1 - 1e-12)) return null;
  return secondsUntilKept(input.lifetimes, target);
}

function growthOf({ lifetimes, connectionsPerSecond, inUse }: FillInput): number {
  const mean = meanSeconds(lifetimes);
  return connectionsPerSecond - (mean > 0 ? inUse / mean : 0);
}

/** m(t). */
function keptAfter(lifetimes: readonly Lifetime[], seconds: number): number {
  return sum(lifetimes, (lifetime) => lifetime.share * Math.min(seconds, lifetime.seconds));
}

/** The t with m(t) = target, for a target below m(∞): m is a chain of straight pieces that get flatter. */
function secondsUntilKept(lifetimes: readonly Lifetime[], target: number): number {
  let at = 0;
  let kept = 0;
  let slope = sum(lifetimes, (lifetime) => lifetime.share);
  for (const { share, seconds } of lifetimes) {
    const keptThere = kept + slope * (seconds - at);
    if (keptThere >= target) break;
    at = seconds;
    kept = keptThere;
    slope -= share;
  }
  return slope > 0 ? at + (target - kept) / slope : at;
}

function sum(lifetimes: readonly Lifetime[], part: (lifetime: Lifetime) => number): number {
  return lifetimes.reduce((total, lifetime) => total + part(lifetime), 0);
}
