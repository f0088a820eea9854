import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findShapeFault } from '../../../main/hosts/json-shape.ts';

const LIMIT = 1000;

test('W12: finds nothing wrong with ordinary JSON', () => {
  const value = { filter: 'state:tw', collapsed: ['a'], offset: 0, snapshotId: null, isOn: true };
  expect(findShapeFault(value, LIMIT)).toBeNull();
  expect(findShapeFault(undefined, LIMIT)).toBeNull();
});

test.each([
  ['a number that is not finite', { n: Infinity }],
  ['a number that is not finite', [NaN]],
  ['the key __proto__', JSON.parse('{"a":{"__proto__":1}}')],
  ['the key constructor', { constructor: 1 }],
  ['an object that JSON does not know', { map: new Map() }],
  ['an object that JSON does not know', new Date(0)],
  ['a bigint', { big: 1n }],
  ['a function', { call: () => 1 }],
  ['a hole in a list', [1, undefined]],
  ['too-large', 'x'.repeat(LIMIT)],
  ['too-large', { text: 'é'.repeat(LIMIT / 2) }],
])('W12: finds %s', (fault, value) => {
  expect(findShapeFault(value, LIMIT)).toBe(fault);
});

test('W12: ends on a value that contains itself', () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  expect(findShapeFault(loop, LIMIT)).toMatch(/deeper than 16/);
});

test('W12: never throws on any JSON, and passes what is small', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      expect(() => findShapeFault(value, LIMIT)).not.toThrow();
      if (
        JSON.stringify(value).length < 20 &&
        !/__proto__|constructor|prototype/.test(JSON.stringify(value))
      ) {
        expect(findShapeFault(value, LIMIT)).toBeNull();
      }
    }),
  );
});
