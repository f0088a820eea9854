/** Refuses values that no call needs and some code trips over (hardening W12), whichever host they came through. */

const MAX_DEPTH = 16;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** What is wrong with a value's shape: 'too-large' when it cannot fit into `maxBytes` of JSON, else a few words; null: nothing. */
export function findShapeFault(value: unknown, maxBytes: number): 'too-large' | string | null {
  const budget = { bytes: maxBytes };
  const fault = walk(value, 1, budget);
  if (fault !== null || value === undefined) return fault;
  return Buffer.byteLength(JSON.stringify(value)) > maxBytes ? 'too-large' : null;
}

function walk(value: unknown, depth: number, budget: { bytes: number }): string | null {
  // A lower bound of the JSON length: ends the walk of anything huge or cyclic early.
  budget.bytes -= typeof value === 'string' ? value.length : 1;
  if (budget.bytes < 0) return 'too-large';
  if (depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels`;
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : 'a number that is not finite';
    case 'object':
      return value === null ? null : walkInside(value, depth, budget);
    default:
      return `a ${typeof value}`;
  }
}

function walkInside(value: object, depth: number, budget: { bytes: number }): string | null {
  if (Array.isArray(value)) {
    for (const item of value) {
      const fault = item === undefined ? 'a hole in a list' : walk(item, depth + 1, budget);
      if (fault !== null) return fault;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return 'an object that JSON does not know';
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) return `the key ${key}`;
    budget.bytes -= key.length;
    const fault = walk(item, depth + 1, budget);
    if (fault !== null) return fault;
  }
  return null;
}
