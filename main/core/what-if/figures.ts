/** The closed forms of a load: capacity, rates, steady state, exhaustion. Full precision; words round. */
import { scopeFactor, secondsWithoutDepartures } from '../budget.ts';
import { lifetimesOf, meanSeconds, secondsToFull, type FillInput } from './lifetimes.ts';
import type { WhatIfEffective } from './model.ts';

/** A load and its figures; what lever, limit and word functions work on. */
export interface Figures {
  poolCount: number;
  capacityPerPool: number;
  capacity: number;
  /** Seconds between close and the port's return, for a connection this side closes. */
  waitSeconds: number;
  lockSeconds: number;
  /** Requests per second for ever; Infinity where nothing keeps a port. */
  sustainableRate: number;
  slowFrom: number | null;
  slowAtRate: number | null;
  steadyInUse: number;
  steadyTimeWait: number;
  steadyShare: number;
  fill: FillInput;
  fromEmptySeconds: number | null;
  fromInUseSeconds: number | null;
  withoutDeparturesSeconds: number | null;
}

/** Every figure that follows from a load. */
export function deriveFigures(load: WhatIfEffective): Figures {
  const poolCount = scopeFactor(load.scope, load.destinations, load.sourceAddresses);
  const capacity = load.portCount * poolCount;
  const waitSeconds = waitOf(load);
  const { connectionSeconds, connectionsPerSecond, activeCloseShare, requestsPerConnection } = load;
  const lifetimes = lifetimesOf({ connectionSeconds, waitSeconds, activeCloseShare });
  const lockSeconds = meanSeconds(lifetimes);
  const steadyInUse = connectionsPerSecond * lockSeconds;
  const slowFrom = load.slowFromShare === null ? null : capacity * load.slowFromShare;
  const ratePerPort = lockSeconds > 0 ? requestsPerConnection / lockSeconds : Infinity;
  const sustainableRate = boundless(capacity * ratePerPort);
  const fill = { lifetimes, capacity, connectionsPerSecond, inUse: load.inUse };
  const withoutDepartures = secondsWithoutDepartures(capacity, load.inUse, connectionsPerSecond);
  return {
    poolCount,
    capacityPerPool: load.portCount,
    capacity,
    waitSeconds,
    lockSeconds,
    sustainableRate,
    slowFrom,
    slowAtRate: slowFrom === null || sustainableRate === Infinity ? null : slowFrom * ratePerPort,
    steadyInUse,
    steadyTimeWait: connectionsPerSecond * activeCloseShare * waitSeconds,
    steadyShare: steadyInUse / capacity,
    fill,
    fromEmptySeconds: secondsToFull({ ...fill, inUse: 0 }),
    fromInUseSeconds: secondsToFull(fill),
    withoutDeparturesSeconds: Number.isFinite(withoutDepartures) ? withoutDepartures : null,
  };
}

/** Above this a rate says that nothing keeps a port; it is also where whole numbers end to be exact. */
const MOST_RATE = 1e15;

/** Infinity for a rate beyond all bounds. */
export function boundless(rate: number): number {
  return rate < MOST_RATE ? rate : Infinity;
}

/** Null for a rate without bound, which JSON cannot carry. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** TIME_WAIT, or the reuse delay where reuse works and is shorter. */
function waitOf(load: WhatIfEffective): number {
  if (!load.isReuseEffective) return load.timeWaitSeconds;
  return Math.min(load.timeWaitSeconds, load.reuseDelayMs / 1000);
}
