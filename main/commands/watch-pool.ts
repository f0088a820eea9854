/** Measures one pool of this machine, second by second. */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolFigures } from '../core/fixes/change.ts';
import { poolFiguresOf } from '../core/fixes/outcome.ts';
import { choosePlatform } from '../sampling/choose.ts';
import { Sampler } from '../sampling/sampler.ts';

const SAMPLE_EVERY_MS = 1000;
const GLANCE_EVERY_MS = 80;
/** As the lists of fixes have them: the pool is among these. */
const POOL_LIMIT = 100;

/** Until `signal` aborts. A machine that cannot be measured is not: nothing is said of it then. */
export async function watchPool(
  platform: NodeJS.Platform,
  poolKey: string,
  signal: AbortSignal,
  measured: (figures: PoolFigures) => void,
): Promise<void> {
  const chosen = choosePlatform(platform);
  if (!chosen.ok) return;
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const sampler = new Sampler({ platform: chosen.value, clock, poolLimit: POOL_LIMIT });
  if (!sampler.open().ok) return;
  sampler.setInterval(SAMPLE_EVERY_MS);
  const beganMs = performance.now();
  try {
    while (!signal.aborted) {
      if (sampler.needsRefresh && !(await sampler.refresh(signal)).ok) return;
      const sample = sampler.sample();
      if (!sample.ok) return;
      const overSeconds = (performance.now() - beganMs) / 1000;
      const figures = poolFiguresOf(sample.value.summary, poolKey, overSeconds);
      if (figures !== null) measured(figures);
      await glanceFor(sampler, SAMPLE_EVERY_MS, signal);
    }
  } finally {
    sampler.close();
  }
}

/** Short connections are seen between two samples. */
async function glanceFor(sampler: Sampler, milliseconds: number, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + milliseconds;
  while (!signal.aborted && performance.now() < untilMs) {
    await pause(Math.min(GLANCE_EVERY_MS, untilMs - performance.now()), undefined, { signal }).catch(
      () => undefined,
    );
    if (!sampler.needsRefresh && untilMs - performance.now() > GLANCE_EVERY_MS / 2) sampler.glance();
  }
}
