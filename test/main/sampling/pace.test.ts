import { describe, expect, it } from 'vitest';
import { COST_LIMIT, delayToNext, effectiveInterval, isGap } from '../../../main/sampling/pace.ts';

describe('the pace of sampling', () => {
  it('is the asked one while samples are quick', () => {
    const quick = { wallMs: 40, cpuMs: 40 };
    expect(effectiveInterval(1000, quick)).toBe(1000);
    expect(delayToNext(1000, 5000, quick, 5040)).toBe(960);
  });

  it('gets slower rather than cost more than a tenth of a core', () => {
    expect(effectiveInterval(1000, { wallMs: 410, cpuMs: 410 })).toBe(4100);
    expect(410 / effectiveInterval(200, { wallMs: 410, cpuMs: 410 })).toBeLessThanOrEqual(COST_LIMIT);
  });

  it('does not slow down for waiting that costs nothing, unless a sample takes half the pace', () => {
    expect(effectiveInterval(1000, { wallMs: 300, cpuMs: 30 })).toBe(1000);
    expect(effectiveInterval(1000, { wallMs: 900, cpuMs: 30 })).toBe(1800);
  });

  it('gets slower rather than run commands for more than a tenth of the time', () => {
    expect(effectiveInterval(1000, { wallMs: 20, cpuMs: 20, commandsMs: 90 })).toBe(1000);
    expect(effectiveInterval(1000, { wallMs: 20, cpuMs: 20, commandsMs: 800 })).toBe(8000);
  });

  it('S6: takes a pause of more than 2.5 intervals, or a stepped clock, for a gap', () => {
    expect(isGap(1010, 1010, 1000)).toBe(false);
    expect(isGap(2900, 2900, 1000)).toBe(false);
    expect(isGap(60_000, 60_000, 1000)).toBe(true);
    expect(isGap(1000, 3_601_000, 1000)).toBe(true);
    expect(isGap(1000, -7000, 1000)).toBe(true);
  });
});
