import { describe, expect, it } from 'vitest';
import { GLANCE_SHARE, GlancePlan } from '../../../main/sampling/glance-plan.ts';

/** Runs a plan for `seconds` with glances of one cost; how many were made and what they took of a core. */
function run(costMs: number, seconds: number) {
  const plan = new GlancePlan();
  let glances = 0;
  for (let second = 0; second < seconds; second++) {
    for (const inMs of plan.times(1000, second * 1000)) {
      if (!plan.mayGlance()) break;
      plan.spent({ cpuMs: costMs, wallMs: costMs }, second * 1000 + inMs);
      glances++;
    }
  }
  return { perSecond: glances / seconds, share: (glances * costMs) / (seconds * 1000) };
}

describe('glances between samples', () => {
  it('are twenty a second where they cost next to nothing', () => {
    expect(run(0.3, 60)).toMatchObject({ perSecond: 20 });
  });

  it.each([1, 3, 12.6, 40, 90])('stay below their share of a core when one takes %d ms', (costMs) => {
    const { perSecond, share } = run(costMs, 120);
    expect(share).toBeLessThanOrEqual(GLANCE_SHARE * 1.02);
    expect(perSecond).toBeGreaterThan(0.2);
  });

  it('come in bursts spread over the time, in order and before its end', () => {
    const times = new GlancePlan().times(1000, 0);
    expect(times).toHaveLength(20);
    expect(times.slice(0, 6)).toEqual([200, 205, 210, 215, 220, 400]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.max(...times)).toBeLessThan(1000);
  });

  it('are given up for a while when one held the sampler up, and tried again', () => {
    const plan = new GlancePlan();
    plan.times(1000, 0);
    plan.spent({ cpuMs: 1, wallMs: 400 }, 500);
    expect(plan.times(1000, 1000)).toEqual([]);
    expect(plan.times(1000, 40_000).length).toBeGreaterThan(0);
  });
});
