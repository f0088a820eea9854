import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderByKeys } from '../../../../main/sampling/query/radix.ts';

const key = fc.oneof(
  fc.constantFrom(0, 1, 65535, 65536, 2 ** 32, Number.NaN, Number.MIN_VALUE, Number.MAX_VALUE, Infinity),
  fc.nat(20),
  fc.double({ min: 0, noNaN: true }).map(Math.abs),
);

test('orders like a stable comparison sort, missing keys last in both directions', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60 }), fc.boolean(), (keys, descending) => {
      const expected = keys
        .map((_, position) => position)
        .sort((a, b) => {
          const [x = 0, y = 0] = [keys[a], keys[b]];
          if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
          return x === y ? 0 : x < y === descending ? 1 : -1;
        });
      expect([...orderByKeys(Float64Array.from(keys), descending)]).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('orders many keys like few', () => {
  const keys = Float64Array.from({ length: 20_000 }, (_, position) => (position * 7919) % 6007);
  for (const descending of [false, true]) {
    const order = orderByKeys(keys, descending);
    expect(new Set(order).size).toBe(keys.length);
    for (let at = 1; at < order.length; at++) {
      const [before = 0, after = 0] = [order[at - 1], order[at]];
      const step = ((keys[after] ?? 0) - (keys[before] ?? 0)) * (descending ? -1 : 1);
      if (step < 0 || (step === 0 && before > after)) throw new Error(`out of order at ${at}`);
    }
  }
});

test('leaves its input unchanged', () => {
  const keys = Float64Array.of(3, 1, 2);
  expect([...orderByKeys(keys, false)]).toEqual([1, 2, 0]);
  expect([...keys]).toEqual([3, 1, 2]);
});
