import { describe, expect, it } from 'vitest';
import { Arrivals } from '../../../main/sampling/arrivals.ts';

function fed(...counts: number[]): Arrivals {
  const arrivals = new Arrivals();
  counts.forEach((count, second) =>
    arrivals.add({
      atMs: second * 1000,
      seconds: 1,
      counts: new Map([['pool', count]]),
      liveBefore: new Map([['pool', second]]),
    }),
  );
  return arrivals;
}

describe('arrivals counted between dumps', () => {
  it('are unknown before the second dump, and nothing for a pool that got none', () => {
    expect(new Arrivals().of('pool')).toBeNull();
    expect(fed(5).of('other')).toMatchObject({ count: 0, seconds: 1 });
  });

  it('average over ten seconds of a steady stream', () => {
    expect(fed(...Array.from({ length: 30 }, () => 20)).of('pool')).toEqual({
      count: 200,
      seconds: 10,
      liveBefore: 20,
    });
  });

  it('show within two seconds that a client stopped or started', () => {
    expect(fed(20, 20, 20, 20, 20, 20, 0, 0).of('pool')).toMatchObject({ count: 0, seconds: 2 });
    expect(fed(0, 0, 0, 0, 0, 0, 50, 50).of('pool')).toMatchObject({ count: 100, seconds: 2 });
  });

  it('start anew after a gap (S6)', () => {
    const arrivals = fed(20, 20);
    arrivals.reset();
    expect(arrivals.of('pool')).toBeNull();
  });
});
