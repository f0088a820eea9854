/** Ports in use over time: agrees with the form of one lifetime, and with a sum over single connections. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { secondsToExhaustion } from '../../../../main/core/budget.ts';
import {
  lifetimesOf,
  meanSeconds,
  portsInUseAfter,
  secondsToFull,
} from '../../../../main/core/what-if/lifetimes.ts';

const seconds = (max: number) => fc.double({ min: 0.01, max, noNaN: true });

it('is the closed form of budget.ts where every connection keeps its port equally long', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 65_535 }),
      seconds(300),
      seconds(5000),
      fc.nat(70_000),
      (ports, lock, rate, inUse) => {
        const lifetimes = lifetimesOf({ connectionSeconds: 0, waitSeconds: lock, activeCloseShare: 1 });
        const actual = secondsToFull({ lifetimes, capacity: ports, connectionsPerSecond: rate, inUse });
        const expected = secondsToExhaustion({ ports, ratePerSecond: rate, lockSeconds: lock, inUse });
        if (Number.isFinite(expected) && actual !== null) expect(actual).toBeCloseTo(expected, 6);
        else if (Math.abs(rate * lock - ports) > 1e-6 * ports) expect(actual).toBe(null);
      },
    ),
  );
});

it('with two lifetimes fills up to the capacity at the moment it says, and not before', () => {
  fc.assert(
    fc.property(
      seconds(20),
      seconds(240),
      fc.double({ min: 0, max: 1, noNaN: true }),
      seconds(5),
      (hold, wait, share, load) => {
        const lifetimes = lifetimesOf({
          connectionSeconds: hold,
          waitSeconds: wait,
          activeCloseShare: share,
        });
        const capacity = 1000;
        const connectionsPerSecond = (load * capacity) / meanSeconds(lifetimes);
        const fill = { lifetimes, capacity, connectionsPerSecond, inUse: 0 };
        const at = secondsToFull(fill);
        if (at === null) {
          expect(portsInUseAfter(fill, 1e9)).toBeLessThanOrEqual(capacity * (1 + 1e-9));
        } else {
          expect(portsInUseAfter(fill, at)).toBeCloseTo(capacity, 6);
          expect(portsInUseAfter(fill, at * 0.99)).toBeLessThan(capacity);
        }
      },
    ),
  );
});

it('a mean lock would say too early where some connections come back soon', () => {
  const lifetimes = lifetimesOf({ connectionSeconds: 0.2, waitSeconds: 60, activeCloseShare: 0.5 });
  const fill = { lifetimes, capacity: 28_232, connectionsPerSecond: 1000, inUse: 0 };
  // 100 of the short-lived at any time, then 500/s of the others: (28,232 − 100 − 100) / 500 + 0.2.
  expect(secondsToFull(fill)).toBeCloseTo((28_232 - 200) / 500 + 0.2, 6);
  expect(28_232 / 1000).toBeLessThan(30);
});

it('is full at once when as many are in use as there are', () => {
  const lifetimes = lifetimesOf({ connectionSeconds: 1, waitSeconds: 60, activeCloseShare: 1 });
  expect(secondsToFull({ lifetimes, capacity: 10, connectionsPerSecond: 0.001, inUse: 10 })).toBe(0);
});
