import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputBuffer, type Taken } from '../../../main/terminal/output-buffer.ts';

const LIMITS = { outputBytes: 1000, lineBytes: 100, lines: 50 };

/** What the limits keep, worked out byte by byte. */
function plainly(
  chunks: readonly Uint8Array[],
  limits: typeof LIMITS,
): { kept: number[]; over: Taken['over'] } {
  const kept: number[] = [];
  let lines = 0;
  let open = 0;
  for (const byte of chunks.flatMap((chunk) => [...chunk])) {
    const over =
      kept.length >= limits.outputBytes
        ? 'too-much-output'
        : lines >= limits.lines
          ? 'too-many-lines'
          : byte !== 10 && open >= limits.lineBytes
            ? 'line-too-long'
            : null;
    if (over !== null) return { kept, over };
    kept.push(byte);
    open = byte === 10 ? 0 : open + 1;
    if (byte === 10) lines++;
  }
  return { kept, over: null };
}

const chunk = fc.array(fc.constantFrom(10, 120), { maxLength: 30 }).map((bytes) => Uint8Array.from(bytes));
const limits = fc.record({
  outputBytes: fc.integer({ min: 1, max: 120 }),
  lineBytes: fc.integer({ min: 1, max: 12 }),
  lines: fc.integer({ min: 1, max: 30 }),
});

test('C6: keeps exactly what the limits allow, however it is cut into chunks', () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 12 }), limits, (chunks, some) => {
      const buffer = new OutputBuffer(some, true);
      const taken = chunks.map((piece) => buffer.take('out', piece));
      const expected = plainly(chunks, some);
      expect([...buffer.read('out')]).toEqual(expected.kept);
      expect(taken.flatMap(({ kept }) => [...kept])).toEqual(expected.kept);
      expect(taken.find(({ over }) => over !== null)?.over ?? null).toBe(expected.over);
      expect(buffer.isTruncated).toBe(expected.over !== null);
    }),
  );
});

test('both streams share the bytes and lines, and each has a line of its own', () => {
  const buffer = new OutputBuffer(LIMITS, true);
  const part = new Uint8Array(90).fill(120);
  expect(buffer.take('out', part).over).toBeNull();
  expect(buffer.take('err', part).over).toBeNull();
  expect(buffer.take('out', part).over).toBe('line-too-long');
  expect(buffer.take('err', part)).toEqual({ kept: new Uint8Array(0), over: null });
  expect([buffer.read('out').length, buffer.read('err').length]).toEqual([100, 90]);
});

test('what is not to be kept is still counted', () => {
  const buffer = new OutputBuffer({ ...LIMITS, lineBytes: 5000 }, false);
  expect(buffer.take('out', new Uint8Array(999)).kept.length).toBe(999);
  expect(buffer.take('out', new Uint8Array(2))).toMatchObject({ over: 'too-much-output' });
  expect(buffer.read('out').length).toBe(0);
});
