/** A What-if load through the simulator. */
import type { Failure, Outcome } from '../model.ts';
import { deriveFigures } from '../what-if/figures.ts';
import type { WhatIfEffective } from '../what-if/model.ts';
import type { Arrivals } from './arrivals.ts';
import { createRandom } from './random.ts';
import { simulate, type Simulation } from './simulate.ts';

export interface SimulationPlan {
  arrivals: 'constant' | 'poisson' | 'bursts';
  /** Connections a burst, at the same mean rate. */
  burstSize: number;
  durationSeconds: number;
  seed: number;
}

/** A few seconds of work. */
const MOST_CONNECTIONS = 20_000_000;
const MOST_POOLS = 1_000_000;
const SAMPLE_COUNT = 60;

/** Runs the load as planned. 'invalid' where a value is out of bounds or the run would take too long. */
export function simulateLoad(load: WhatIfEffective, plan: SimulationPlan): Outcome<Simulation> {
  const fault = findFault(load, plan);
  if (fault) return { ok: false, failure: fault };
  const { poolCount } = deriveFigures(load);
  const { connectionsPerSecond: ratePerSecond } = load;
  const { burstSize: size } = plan;
  const arrivals: Arrivals =
    plan.arrivals === 'bursts'
      ? { kind: 'bursts', size, everySeconds: size / ratePerSecond }
      : { kind: plan.arrivals, ratePerSecond };
  return {
    ok: true,
    value: simulate({
      portCount: load.portCount,
      scope: load.scope,
      destinations: load.destinations,
      sourceAddresses: load.sourceAddresses,
      connectionSeconds: load.connectionSeconds,
      timeWaitSeconds: load.timeWaitSeconds,
      reuseDelaySeconds: load.isReuseEffective ? load.reuseDelayMs / 1000 : null,
      activeCloseShare: load.activeCloseShare,
      inUsePerPool: load.inUse / poolCount,
      arrivals,
      durationSeconds: plan.durationSeconds,
      sampleCount: SAMPLE_COUNT,
      random: createRandom(plan.seed),
    }),
  };
}

function findFault(
  load: WhatIfEffective,
  { burstSize, durationSeconds, seed }: SimulationPlan,
): Failure | null {
  if (!(durationSeconds >= 1 && durationSeconds <= 86_400)) {
    return invalid('duration', `duration must be from 1 to 86,400 s, not ${durationSeconds}`);
  }
  if (!Number.isInteger(burstSize) || burstSize < 1 || burstSize > 1_000_000) {
    return invalid('burst size', `burst size must be a whole number from 1 to 1,000,000, not ${burstSize}`);
  }
  if (!Number.isInteger(seed)) return invalid('seed', `seed must be a whole number, not ${seed}`);
  if (load.connectionsPerSecond * durationSeconds > MOST_CONNECTIONS) {
    return invalid('duration', 'duration times rate must be at most 20,000,000 connections');
  }
  if (deriveFigures(load).poolCount > MOST_POOLS) {
    return invalid('number of destinations', 'no more than 1,000,000 pools can be simulated');
  }
  return null;
}

function invalid(field: string, message: string): Failure {
  return { code: 'invalid', field, message };
}
