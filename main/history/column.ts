/**
 * A column of whole numbers, |value| < 2^51, packed as the difference of each to the one before it, in Rice codes: noise
 * of any size takes little more than its entropy. A column of equal numbers takes a byte or two.
 */
import type { ByteReader, ByteWriter } from './bytes.ts';

/** More ones than this stand for a number written in full. */
const ESCAPE_ONES = 20;
const MAX_SHIFT = 24;
const FULL_BITS = 53;

/** The first number, then how the differences are coded (0: there are none), then they. */
export function packColumn(values: ArrayLike<number>, writer: ByteWriter): void {
  writer.unsigned(folded(values[0] ?? 0));
  const changes = zeros(Math.max(0, values.length - 1));
  let sum = 0;
  for (let index = 0; index < changes.length; index++) {
    const change = folded((values[index + 1] ?? 0) - (values[index] ?? 0));
    changes[index] = change;
    sum += change;
  }
  if (sum === 0) return writer.byte(0);
  // The shift near the mean wastes least.
  const shift = Math.min(MAX_SHIFT, Math.max(0, Math.floor(Math.log2(sum / changes.length))));
  writer.byte(shift + 1);
  const bits = new BitWriter(writer);
  for (const change of changes) putRice(change, shift, bits);
  bits.end();
}

function putRice(value: number, shift: number, bits: BitWriter): void {
  const ones = Math.floor(value / 2 ** shift);
  if (ones >= ESCAPE_ONES) {
    bits.ones(ESCAPE_ONES);
    return bits.put(value, FULL_BITS);
  }
  bits.ones(ones);
  bits.put(0, 1);
  bits.put(value % 2 ** shift, shift);
}

/** `length` numbers; throws a RangeError where the bytes end too early or hold none of ours. */
export function unpackColumn(reader: ByteReader, length: number): number[] {
  const values = zeros(length);
  let value = unfolded(reader.unsigned());
  const shift = reader.byte() - 1;
  if (shift < 0) return values.fill(value);
  if (shift > MAX_SHIFT) throw new RangeError('a packed column has another shape');
  values[0] = value;
  const bits = new BitReader(reader);
  const scale = 2 ** shift;
  for (let index = 1; index < length; index++) {
    const ones = bits.ones(ESCAPE_ONES);
    const change = ones === ESCAPE_ONES ? bits.take(FULL_BITS) : ones * scale + bits.take(shift);
    value += unfolded(change);
    values[index] = value;
  }
  return values;
}

/** Small numbers of either sign become small numbers: 0, −1, 1, −2 … as 0, 1, 2, 3 … */
function folded(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function unfolded(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** A plain array: typed ones of a chunk's size cost far more to make. */
export function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

/** Highest bit first. */
class BitWriter {
  readonly #writer: ByteWriter;
  #held = 0;
  #count = 0;

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  /** That many ones; the zero that ends them is put by the caller, where there is one. */
  ones(count: number): void {
    if (count > 0) this.put(2 ** count - 1, count);
  }

  put(value: number, count: number): void {
    let left = count;
    let rest = value;
    while (left > 0) {
      const taken = Math.min(left, 8 - this.#count);
      left -= taken;
      const part = Math.floor(rest / 2 ** left);
      rest -= part * 2 ** left;
      this.#held = (this.#held << taken) | part;
      this.#count += taken;
      if (this.#count === 8) this.#flush();
    }
  }

  end(): void {
    if (this.#count > 0) this.put(0, 8 - this.#count);
  }

  #flush(): void {
    this.#writer.byte(this.#held);
    this.#held = 0;
    this.#count = 0;
  }
}

class BitReader {
  readonly #reader: ByteReader;
  #held = 0;
  #count = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** Ones up to the zero that ends them, which is taken too; after `most` of them there is none. */
  ones(most: number): number {
    for (let count = 0; count < most; count++) if (this.#bit() === 0) return count;
    return most;
  }

  take(count: number): number {
    let value = 0;
    for (let left = count; left > 0;) {
      if (this.#count === 0) this.#next();
      const taken = Math.min(left, this.#count);
      this.#count -= taken;
      left -= taken;
      value = value * 2 ** taken + ((this.#held >> this.#count) & (2 ** taken - 1));
    }
    return value;
  }

  #bit(): number {
    if (this.#count === 0) this.#next();
    this.#count--;
    return (this.#held >> this.#count) & 1;
  }

  #next(): void {
    this.#held = this.#reader.byte();
    this.#count = 8;
  }
}
