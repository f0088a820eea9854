import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkPortRange,
  countInside,
  countPorts,
  mergeRanges,
  parsePortList,
} from '../../../main/core/port-range.ts';

const range = fc
  .tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 0, max: 65535 }))
  .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));

describe('ranges of ports', () => {
  it('count each port once, however they overlap', () => {
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 8 }), (outer, others) => {
        let plain = 0;
        for (let port = outer.first; port <= outer.last; port++) {
          if (others.some(({ first, last }) => port >= first && port <= last)) plain++;
        }
        expect(countInside(outer, others)).toBe(plain);
      }),
      { numRuns: 40 },
    );
  });

  it('merge to sorted ranges that do not touch', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
        const merged = mergeRanges(ranges);
        for (let i = 1; i < merged.length; i++) {
          expect(merged[i]?.first ?? 0).toBeGreaterThan((merged[i - 1]?.last ?? 0) + 1);
        }
        expect(mergeRanges(merged)).toEqual(merged);
      }),
    );
  });

  it('are refused with the field that is wrong', () => {
    const fieldOf = (first: number, last: number) => {
      const checked = checkPortRange(first, last);
      return checked.ok ? 'ok' : checked.failure.code === 'invalid' && checked.failure.field;
    };
    expect([
      fieldOf(1, 65535),
      fieldOf(-1, 5),
      fieldOf(5, 70000),
      fieldOf(NaN, 5),
      fieldOf(6, 5),
      fieldOf(1.5, 5),
    ]).toEqual(['ok', 'first', 'last', 'first', 'first', 'first']);
  });
});

describe('a list of ports as the kernel prints it', () => {
  it('reads single ports and ranges, and an empty list', () => {
    expect(parsePortList('8080,9148,40000-40002\n')).toEqual({
      ok: true,
      value: [
        { first: 8080, last: 8080 },
        { first: 9148, last: 9148 },
        { first: 40000, last: 40002 },
      ],
    });
    expect(parsePortList('\n')).toEqual({ ok: true, value: [] });
  });

  it('prints back to what was read', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 6 }), (ranges) => {
        const text = ranges
          .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
          .join(',');
        expect(parsePortList(text)).toEqual({ ok: true, value: ranges });
      }),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parsePortList(text)));
    expect(countPorts({ first: 7, last: 7 })).toBe(1);
  });
});
