import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asOnePoint, packBlock, unpackBlock, type Block } from '../../../main/history/block.ts';
import { ByteReader, ByteWriter } from '../../../main/history/bytes.ts';
import { packColumn, unpackColumn } from '../../../main/history/column.ts';

const STEP_MS = 1000;
const START_MS = 1_700_000_000_000;

function throughColumn(values: number[]): number[] {
  const writer = new ByteWriter(4);
  packColumn(values, writer);
  return unpackColumn(new ByteReader(writer.written().slice()), values.length);
}

describe('a packed column', () => {
  it('unpacks to the same numbers, whatever they are', () => {
    const anything = fc.oneof(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: -70_000, max: 70_000 }),
      fc.integer({ min: 0, max: 2 ** 50 }),
    );
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1, maxLength: 80 }), (values) => {
        expect(throughColumn(values)).toEqual(values);
      }),
    );
  });

  it('takes three bytes when all its numbers are equal', () => {
    const writer = new ByteWriter();
    packColumn(new Array(600).fill(4000), writer);
    expect(writer.length).toBe(3);
  });

  it('takes about a byte a number for noise of some forty', () => {
    const writer = new ByteWriter();
    packColumn(
      Array.from({ length: 600 }, (_, index) => 10_000 + ((index * 7919) % 83)),
      writer,
    );
    expect(writer.length).toBeLessThan(600 * 1.2);
  });

  it('says where bytes end too early instead of inventing numbers', () => {
    const writer = new ByteWriter();
    packColumn([1, 500, 20, 90_000], writer);
    const cut = writer.written().slice(0, 4);
    expect(() => unpackColumn(new ByteReader(cut), 4)).toThrow(RangeError);
  });
});

/** Points of whole samples: n values each, told or not. */
const point = fc.array(fc.option(fc.integer({ min: 0, max: 60_000 })), { minLength: 1, maxLength: 6 });

function blockOf(points: (number | null)[][][], gaps: number[]): Block {
  let step = 0;
  const atMs = points[0]?.map((_, index) => START_MS + (step += 1 + (gaps[index] ?? 0)) * STEP_MS) ?? [];
  return {
    length: atMs.length,
    atMs,
    label: atMs.map((_, index) => index % 3),
    metrics: points.map((column) => {
      const told = column.map((samples) => samples.filter((value) => value !== null));
      return {
        n: told.map((values) => values.length),
        min: told.map((values) => (values.length ? Math.min(...values) : 0)),
        max: told.map((values) => (values.length ? Math.max(...values) : 0)),
        sum: told.map((values) => values.reduce((all, value) => all + value, 0)),
      };
    }),
  };
}

const blocks = fc
  .integer({ min: 1, max: 30 })
  .chain((length) =>
    fc
      .tuple(
        fc.array(fc.array(point, { minLength: length, maxLength: length }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(3), { minLength: length, maxLength: length }),
      )
      .map(([points, gaps]) => blockOf(points, gaps)),
  );

describe('a packed block', () => {
  it('keeps counts, smallest and largest exactly, and means within half of one', () => {
    fc.assert(
      fc.property(blocks, (block) => {
        const bytes = packBlock(block, START_MS, STEP_MS);
        const back = unpackBlock(bytes, START_MS, STEP_MS, block.metrics.length);
        expect(back.atMs).toEqual(block.atMs);
        expect(back.label).toEqual(block.label);
        block.metrics.forEach((metric, column) => {
          const found = back.metrics[column];
          expect(found?.n).toEqual(metric.n);
          metric.n.forEach((n, index) => {
            if (n === 0) return;
            expect([found?.min[index], found?.max[index]]).toEqual([metric.min[index], metric.max[index]]);
            const off = Math.abs(((found?.sum[index] ?? NaN) - (metric.sum[index] ?? NaN)) / n);
            expect(off).toBeLessThanOrEqual(0.5);
          });
        });
      }),
    );
  });

  it('unpacks the columns asked for and skips others', () => {
    const block = blockOf([[[1, 2]], [[3, 9]], [[5]]], [0]);
    const bytes = packBlock(block, START_MS, STEP_MS);
    const back = unpackBlock(bytes, START_MS, STEP_MS, 3, new Set([2]));
    expect(back.metrics.map(({ n }) => n.length)).toEqual([0, 0, 1]);
    expect(back.metrics[2]?.max).toEqual([5]);
  });

  it('never reads other bytes as figures without noticing the shape', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          const block = unpackBlock(bytes, START_MS, STEP_MS, 3);
          expect(block.metrics).toHaveLength(3);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it('is one point, at its peak, when put together', () => {
    const block = blockOf([[[4], [30, 10], [7, null]]], [0, 0, 0]);
    expect(asOnePoint(block)).toEqual({
      length: 1,
      atMs: [block.atMs[1]],
      label: [2],
      metrics: [{ n: [4], min: [4], max: [30], sum: [51] }],
    });
  });
});
