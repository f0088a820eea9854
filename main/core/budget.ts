/**
 * How many ports there are, how fast they may be used, and when they run out: closed forms. Ports, seconds,
 * connections per second. Full precision inside; rounding is for the words.
 */
import { countInside, countPorts } from './port-range.ts';
import type { PoolScope, PortRange } from './model.ts';

export interface CapacityInput {
  range: PortRange;
  /** Reserved (Linux) or excluded (Windows) ranges; may overlap each other and reach outside. */
  reserved?: readonly PortRange[];
  /** Further ports of the range, not reserved, that listening or bound sockets take. */
  blockedCount?: number;
}

/** Usable ports: the range less reserved less blocked, at least 0. */
export function capacityOf({ range, reserved = [], blockedCount = 0 }: CapacityInput): number {
  return Math.max(0, countPorts(range) - countInside(range, reserved) - blockedCount);
}

export interface LockInput {
  /** Seconds of TIME_WAIT. */
  timeWaitSeconds: number;
  /** Mean seconds from connect() to close(). Default 0. */
  holdSeconds?: number;
  /** Fraction of connections that this host closes first, 0–1: only those wait. Default 1. */
  activeCloseShare?: number;
  /** Seconds until a TIME_WAIT port may be reused, where reuse is in effect; else null. Default null. */
  reuseDelaySeconds?: number | null;
}

/** Mean seconds that one connection keeps its port: hold plus TIME_WAIT, or plus the reuse delay where reuse works. */
export function lockSeconds(input: LockInput): number {
  const { timeWaitSeconds, holdSeconds = 0, activeCloseShare = 1, reuseDelaySeconds = null } = input;
  const wait = reuseDelaySeconds === null ? timeWaitSeconds : Math.min(reuseDelaySeconds, timeWaitSeconds);
  return holdSeconds + activeCloseShare * wait;
}

/** Connections per second that `ports` can carry for ever when each keeps its port for `seconds`. */
export function sustainableRate(ports: number, seconds: number): number {
  return seconds > 0 ? ports / seconds : Infinity;
}

/** How many times over the ports count, when load is spread evenly over destinations and source addresses. */
export function scopeFactor(scope: PoolScope, destinations: number, sourceAddresses: number): number {
  if (scope === 'destination') return destinations * sourceAddresses;
  return scope === 'address' ? sourceAddresses : 1;
}

/** Little's law: ports in use once arrivals and departures balance. */
export function steadyOccupancy(ratePerSecond: number, seconds: number): number {
  return ratePerSecond * seconds;
}

export interface ExhaustionInput {
  ports: number;
  ratePerSecond: number;
  /** Seconds each connection keeps its port. */
  lockSeconds: number;
  /** Ports in use now, whose members expire evenly over lockSeconds. Default 0. */
  inUse?: number;
}

/** Seconds until no port is left at a constant rate, or Infinity when that never happens. */
export function secondsToExhaustion({
  ports,
  ratePerSecond,
  lockSeconds: seconds,
  inUse = 0,
}: ExhaustionInput): number {
  if (inUse >= ports) return 0;
  if (ratePerSecond * seconds <= ports) return Infinity;
  return (ports - inUse) / (ratePerSecond - inUse / seconds);
}

/** The pessimistic bound: seconds until exhaustion if nothing is ever given back. */
export function secondsWithoutDepartures(ports: number, inUse: number, ratePerSecond: number): number {
  return ratePerSecond > 0 ? Math.max(0, ports - inUse) / ratePerSecond : Infinity;
}

/** Growth in ports per second and seconds left, from two counts; Infinity when it does not grow. */
export function trendFromSamples(
  earlier: { atSeconds: number; inUse: number },
  later: { atSeconds: number; inUse: number },
  ports: number,
): { growthPerSecond: number; secondsLeft: number } {
  const growthPerSecond = (later.inUse - earlier.inUse) / (later.atSeconds - earlier.atSeconds);
  return {
    growthPerSecond,
    secondsLeft: growthPerSecond > 0 ? (ports - later.inUse) / growthPerSecond : Infinity,
  };
}

/** Ports needed to hold a rate; need rounds up. */
export function portsNeeded(ratePerSecond: number, seconds: number): number {
  return Math.ceil(ratePerSecond * seconds);
}

/** Destinations needed when each has `ports`; at least 1. */
export function destinationsNeeded(ratePerSecond: number, seconds: number, ports: number): number {
  return Math.max(1, Math.ceil((ratePerSecond * seconds) / ports));
}

/** Connections a client pool needs: requests per second × seconds each takes. */
export function connectionPoolSize(requestsPerSecond: number, latencySeconds: number): number {
  return Math.ceil(requestsPerSecond * latencySeconds);
}

/** New connections per second when each carries `requestsPerConnection` requests. */
export function connectionRate(requestsPerSecond: number, requestsPerConnection: number): number {
  return requestsPerSecond / requestsPerConnection;
}

/**
 * Closes per second above which a table of `entries` overflows when each entry stays `seconds`: tcp_max_tw_buckets
 * with 60 s, nf_conntrack_max with 120 s plus the hold.
 */
export function tableOverflowRate(entries: number, seconds: number): number {
  return entries / seconds;
}
