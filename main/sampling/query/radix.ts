/** Sorting rows by a number each, in linear time: a comparison sort of a million rows takes seconds, this a tenth. */

const MISSING = 0xffffffff;
/** Below this many keys, clearing 65,536 counters for each digit costs more than twice as many passes. */
const WIDE_DIGITS_FROM = 8192;

/**
 * The order of `keys`, as positions: stable, missing keys (NaN) last in either direction. Keys must not be negative:
 * the bits of non-negative doubles, read as an integer, sort like the numbers (IEEE 754). Every platform that Node runs
 * on is little-endian, so the high word of a double is the second.
 */
export function orderByKeys(keys: Float64Array, descending: boolean): Uint32Array {
  const length = keys.length;
  const digitBits = length < WIDE_DIGITS_FROM ? 8 : 16;
  const words = sortableWords(keys, descending);
  const counts = new Uint32Array(2 ** digitBits);
  let from: Uint32Array = new Uint32Array(length);
  for (let position = 0; position < length; position++) from[position] = position;
  let to: Uint32Array = new Uint32Array(length);
  for (let bit = 0; bit < 64; bit += digitBits) {
    const digit = { word: bit >> 5, shift: bit & 31, mask: counts.length - 1 };
    countDigit(words, digit, counts);
    if (!turnIntoStarts(counts, length)) continue;
    moveByDigit(words, digit, counts, from, to);
    [from, to] = [to, from];
  }
  return from;
}

/** Some neighbouring bits of one of the two words of a key. */
interface Digit {
  word: number;
  shift: number;
  mask: number;
}

/** Two words a key, low first, that sort as unsigned integers. */
function sortableWords(keys: Float64Array, descending: boolean): Uint32Array {
  const words = new Uint32Array(keys.slice().buffer);
  for (let position = 0; position < keys.length; position++) {
    const key = keys[position] ?? Number.NaN;
    const low = position * 2;
    if (Number.isNaN(key)) {
      words[low] = MISSING;
      words[low + 1] = MISSING;
    } else if (descending) {
      words[low] = ~(words[low] ?? 0);
      // The sign bit stays clear: inverted as well, 0 would look like a missing key.
      words[low + 1] = 0x7fffffff - (words[low + 1] ?? 0);
    }
  }
  return words;
}

function countDigit(words: Uint32Array, { word, shift, mask }: Digit, counts: Uint32Array): void {
  counts.fill(0);
  for (let at = word; at < words.length; at += 2) {
    const bucket = ((words[at] ?? 0) >>> shift) & mask;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
}

/** Counts become the first slot of each bucket; false when all keys share one bucket and the pass can be skipped. */
function turnIntoStarts(counts: Uint32Array, length: number): boolean {
  let start = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket] ?? 0;
    if (count === length) return false;
    counts[bucket] = start;
    start += count;
  }
  return true;
}

function moveByDigit(
  words: Uint32Array,
  digit: Digit,
  starts: Uint32Array,
  from: Uint32Array,
  to: Uint32Array,
): void {
  const { word, shift, mask } = digit;
  for (let index = 0; index < from.length; index++) {
    const position = from[index] ?? 0;
    const bucket = ((words[position * 2 + word] ?? 0) >>> shift) & mask;
    const slot = starts[bucket] ?? 0;
    starts[bucket] = slot + 1;
    to[slot] = position;
  }
}
