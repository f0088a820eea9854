import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortMilliseconds } from '../../../main/sampling/sort-milliseconds.ts';

it('sorts timers as a plain sort does, many or few, small or large', () => {
  const timers = fc.array(fc.integer({ min: 0, max: 75_000 }), { maxLength: 50 });
  fc.assert(
    fc.property(timers, fc.constantFrom(1, 300), fc.constantFrom(1, 2), (values, times, divisor) => {
      const many = Array.from({ length: times }, () =>
        values.map((value) => Math.floor(value / divisor)),
      ).flat();
      expect([...sortMilliseconds(Uint32Array.from(many))]).toEqual([...many].sort((a, b) => a - b));
    }),
    { numRuns: 60 },
  );
});
