/**
 * An event simulation of the port allocator: each connection takes a port of its pool when it opens, keeps it while it
 * is open, and after the close for TIME_WAIT (or the reuse delay) where this side closes first. A connect() that finds
 * its pool full fails and is not tried again. Ports of a pool are alike: what counts is how many are locked, until when.
 */
import { scopeFactor } from '../budget.ts';
import type { PoolScope } from '../model.ts';
import { arrivalTimes, type Arrivals } from './arrivals.ts';
import { DepartureQueue } from './departures.ts';
import type { Random } from './random.ts';

export interface SimulationInput {
  /** Usable ports of one pool, as capacityOf gives them: range less reserved less blocked. */
  portCount: number;
  scope: PoolScope;
  destinations: number;
  sourceAddresses: number;
  /** Seconds from connect() to close(). */
  connectionSeconds: number;
  timeWaitSeconds: number;
  /** Seconds in TIME_WAIT before a port is handed out again, where reuse works; else null. */
  reuseDelaySeconds: number | null;
  /** Share of connections that this host closes first, 0–1. */
  activeCloseShare: number;
  /** Ports in use at the start in each pool; they come back evenly over the longest lock. */
  inUsePerPool: number;
  arrivals: Arrivals;
  durationSeconds: number;
  /** Samples over the duration, the first after one step. */
  sampleCount: number;
  random: Random;
}

/** Columns of equal length; counts are over all pools, just before the moment. */
export interface SimulationSamples {
  atSeconds: number[];
  inUse: number[];
  /** Connections opened, and refused, since the start. */
  opened: number[];
  failed: number[];
}

export interface Simulation {
  /** When connect() first found no port; null: never. */
  firstFailureSeconds: number | null;
  opened: number;
  failed: number;
  peakInUse: number;
  samples: SimulationSamples;
}

/** A port that comes back at this very moment is free: floating-point sums of equal times differ by less than this. */
const SAME_MOMENT_SECONDS = 1e-7;

/** Runs the load. The same input with a `random` of the same seed gives the same result. */
export function simulate(input: SimulationInput): Simulation {
  return new Run(input).toEnd();
}

class Run {
  readonly #input: SimulationInput;
  readonly #poolCount: number;
  readonly #inUseOf: Int32Array;
  /** Towards the next connection of each pool that this side closes first; 1 makes one. */
  readonly #activeCredit: Float64Array;
  readonly #waitSeconds: number;
  /** One queue a lifetime: within each, what opens first comes back first. */
  readonly #initial = new DepartureQueue();
  readonly #closedByPeer = new DepartureQueue();
  readonly #closedHere = new DepartureQueue();
  readonly #result: Simulation = {
    firstFailureSeconds: null,
    opened: 0,
    failed: 0,
    peakInUse: 0,
    samples: { atSeconds: [], inUse: [], opened: [], failed: [] },
  };
  #inUse = 0;
  #arrivalIndex = 0;

  constructor(input: SimulationInput) {
    this.#input = input;
    this.#poolCount = scopeFactor(input.scope, input.destinations, input.sourceAddresses);
    this.#inUseOf = new Int32Array(this.#poolCount);
    this.#activeCredit = new Float64Array(this.#poolCount);
    const { reuseDelaySeconds, timeWaitSeconds } = input;
    this.#waitSeconds =
      reuseDelaySeconds === null ? timeWaitSeconds : Math.min(reuseDelaySeconds, timeWaitSeconds);
    this.#fillInitially();
  }

  toEnd(): Simulation {
    const { arrivals, random, durationSeconds, sampleCount } = this.#input;
    const nextArrival = arrivalTimes(arrivals, random);
    const step = durationSeconds / sampleCount;
    let arrivesAt = nextArrival();
    for (let sample = 1; sample <= sampleCount; sample++) {
      const until = sample * step;
      while (arrivesAt < until) {
        this.#releaseUntil(arrivesAt);
        this.#open(arrivesAt);
        arrivesAt = nextArrival();
      }
      this.#releaseUntil(until - 2 * SAME_MOMENT_SECONDS);
      this.#takeSample(until);
    }
    return this.#result;
  }

  #fillInitially(): void {
    const { inUsePerPool, connectionSeconds, portCount } = this.#input;
    const longest = connectionSeconds + this.#waitSeconds;
    const count = Math.min(portCount, Math.floor(inUsePerPool));
    for (let index = 1; index <= count; index++) {
      for (let pool = 0; pool < this.#poolCount; pool++) {
        this.#initial.push((longest * index) / count, pool);
      }
    }
    this.#inUseOf.fill(count);
    this.#inUse = this.#result.peakInUse = count * this.#poolCount;
  }

  #open(atSeconds: number): void {
    const pool = this.#choosePool();
    const used = this.#inUseOf[pool] ?? 0;
    if (used >= this.#input.portCount) {
      this.#result.failed++;
      this.#result.firstFailureSeconds ??= atSeconds;
      return;
    }
    this.#inUseOf[pool] = used + 1;
    this.#result.opened++;
    this.#result.peakInUse = Math.max(this.#result.peakInUse, ++this.#inUse);
    const closesAt = atSeconds + this.#input.connectionSeconds;
    if (this.#closesHere(pool)) this.#closedHere.push(closesAt + this.#waitSeconds, pool);
    else this.#closedByPeer.push(closesAt, pool);
  }

  /** In turn; arrivals that are independent of each other also choose independently. */
  #choosePool(): number {
    const { arrivals, random } = this.#input;
    if (this.#poolCount === 1) return 0;
    if (arrivals.kind === 'poisson') return Math.floor(random() * this.#poolCount);
    return this.#arrivalIndex++ % this.#poolCount;
  }

  #closesHere(pool: number): boolean {
    const { activeCloseShare, arrivals, random } = this.#input;
    if (arrivals.kind === 'poisson') return random() < activeCloseShare;
    const credit = (this.#activeCredit[pool] ?? 0) + activeCloseShare;
    const isOne = credit >= 1 - 1e-9;
    this.#activeCredit[pool] = isOne ? credit - 1 : credit;
    return isOne;
  }

  #releaseUntil(atSeconds: number): void {
    const limit = atSeconds + SAME_MOMENT_SECONDS;
    for (const queue of [this.#initial, this.#closedByPeer, this.#closedHere]) {
      while (queue.first <= limit) {
        const pool = queue.shift();
        this.#inUseOf[pool] = (this.#inUseOf[pool] ?? 0) - 1;
        this.#inUse--;
      }
    }
  }

  #takeSample(atSeconds: number): void {
    const { samples, opened, failed } = this.#result;
    samples.atSeconds.push(atSeconds);
    samples.inUse.push(this.#inUse);
    samples.opened.push(opened);
    samples.failed.push(failed);
  }
}
