/** When connections are opened. */
import type { Random } from './random.ts';

export type Arrivals =
  /** Evenly spaced, the first at 0. */
  | { kind: 'constant'; ratePerSecond: number }
  /** Independent of each other: exponential gaps. */
  | { kind: 'poisson'; ratePerSecond: number }
  /** `size` at once every `everySeconds`, the first at 0. */
  | { kind: 'bursts'; size: number; everySeconds: number };

/** The moments in seconds, ascending, one a call, without end. */
export function arrivalTimes(arrivals: Arrivals, random: Random): () => number {
  let index = -1;
  let atSeconds = 0;
  switch (arrivals.kind) {
    case 'constant':
      return () => ++index / arrivals.ratePerSecond;
    case 'bursts':
      return () => Math.floor(++index / arrivals.size) * arrivals.everySeconds;
    case 'poisson':
      return () => (atSeconds -= Math.log(1 - random()) / arrivals.ratePerSecond);
  }
}
