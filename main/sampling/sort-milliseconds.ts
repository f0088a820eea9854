/** Sorting of timer values: many, small and whole, so counting beats comparing. */

/** Timers of up to this many milliseconds are counted; TIME_WAIT timers are at most 60,000 on Linux. */
const COUNTED_LIMIT_MS = 70_000;
const COUNT_FROM_LENGTH = 4096;

const counts = new Uint32Array(COUNTED_LIMIT_MS);

/** Sorts ascending, in place. */
export function sortMilliseconds(values: Uint32Array): Uint32Array {
  if (values.length < COUNT_FROM_LENGTH) return values.sort();
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  if (largest >= COUNTED_LIMIT_MS) return values.sort();
  counts.fill(0, 0, largest + 1);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  let at = 0;
  for (let value = 0; value <= largest; value++) {
    for (let left = counts[value] ?? 0; left > 0; left--) values[at++] = value;
  }
  return values;
}
