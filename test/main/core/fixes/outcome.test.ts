import { describe, expect, it } from 'vitest';
import type { PoolFigures } from '../../../../main/core/fixes/change.ts';
import { effectOn } from '../../../../main/core/fixes/effect.ts';
import type { Effect } from '../../../../main/core/fixes/model.ts';
import { measureOutcome, poolFiguresOf } from '../../../../main/core/fixes/outcome.ts';
import type { Pool, Summary } from '../../../../main/core/model.ts';
import { INCIDENT_POOL_KEY, incidentPool, incidentSummary } from '../../../support/incident.ts';

const summary = incidentSummary() as Summary;
const widened: Effect = {
  ...effectOn(incidentPool() as Pool, summary, { capacity: 62_948 }),
  sentence: '',
};
const plan = { effect: widened, steps: [] };

function figures(change: Partial<PoolFigures> = {}): PoolFigures {
  const found = poolFiguresOf(summary, INCIDENT_POOL_KEY);
  if (!found) throw new Error('the incident has its pool');
  return { ...found, ...change };
}

const after = (change: Partial<PoolFigures> = {}) =>
  figures({
    capacity: 62_948,
    used: 26_240,
    sustainableRatePerSecond: 62_948 / 60,
    runsOutInSeconds: null,
    overSeconds: 90,
    ...change,
  });

describe('the outcome of a change', () => {
  it('takes the figures of the pool from a sample, or says that it has none', () => {
    expect(figures()).toMatchObject({
      capacity: 28_232,
      used: 25_691,
      timeWait: 24_168,
      target: '10.0.3.12:443',
    });
    expect(poolFiguresOf(summary, 'nowhere')).toBeNull();
  });

  it('says that it works, with the figures, when every prediction held', () => {
    const outcome = measureOutcome(plan, figures(), after());
    expect(outcome?.level).toBe('ok');
    expect(outcome?.sentence).toBe(
      'It works: 26,240 of 62,948 ports are in use, and it does not run out at 412/s.',
    );
    expect(outcome?.rows.filter(({ state }) => state !== 'held')).toEqual([]);
    expect(outcome?.rows[0]).toMatchObject({ before: '28,232', predicted: '62,948', measured: '62,948' });
  });

  it('says so when more ports are in use than the old pool had', () => {
    expect(measureOutcome(plan, figures(), after({ used: 29_167 }))?.sentence).toMatch(
      /29,167 of 62,948 ports are in use, more than the old pool had/,
    );
  });

  it('says that connect() has ports again when the pool was full', () => {
    const full = figures({ used: 28_232, isFull: true, runsOutInSeconds: 0 });
    expect(measureOutcome(plan, full, after())?.sentence).toMatch(/^It works: connect\(\) has ports again/);
  });

  it('holds the capacity to the last port', () => {
    const outcome = measureOutcome(plan, figures(), after({ capacity: 62_947 }));
    expect(outcome?.level).toBe('warning');
    expect(outcome?.sentence).toBe(
      'Not as predicted: the pool to 10.0.3.12:443 has 62,947 ports, not 62,948.',
    );
  });

  it('holds the sustainable rate to 5 %', () => {
    const state = (factor: number) =>
      measureOutcome(plan, figures(), after({ sustainableRatePerSecond: (62_948 / 60) * factor }))?.rows.find(
        ({ title }) => title === 'Sustainable rate',
      )?.state;
    expect(state(0.96)).toBe('held');
    expect(state(0.94)).toBe('missed');
  });

  it('says that it does not help when the pool is full still', () => {
    const outcome = measureOutcome(plan, figures(), after({ used: 62_948, isFull: true }));
    expect(outcome).toMatchObject({ level: 'critical' });
    expect(outcome?.sentence).toMatch(/still full/);
    expect(outcome?.rows.at(-1)).toMatchObject({ measured: 'yes', state: 'missed' });
  });

  it('says that it buys time when the pool still runs out', () => {
    const outcome = measureOutcome(plan, figures(), after({ runsOutInSeconds: 1740 }));
    expect(outcome).toMatchObject({ level: 'warning' });
    expect(outcome?.sentence).toMatch(/^It buys time: .*; at this pace it runs out in about 29 min\.$/);
  });

  it('judges nothing before there are samples of the time after it', () => {
    for (const early of [null, after({ overSeconds: 0 })]) {
      expect(measureOutcome(plan, figures(), early)).toMatchObject({ level: 'unknown' });
    }
    expect(measureOutcome(plan, figures(), null)?.rows.every(({ state }) => state === 'waiting')).toBe(true);
  });

  it('has nothing to say of a change without a pool', () => {
    expect(measureOutcome({ effect: null, steps: [] }, null, null)).toBeNull();
  });

  it('does not call the pool’s use wrong before it can have levelled off', () => {
    const use = (overSeconds: number) =>
      measureOutcome(plan, figures(), after({ used: 40_000, overSeconds }))?.rows.find(
        ({ title }) => title === 'Pool in use',
      );
    expect(use(10)).toMatchObject({ state: 'waiting', note: 'levels off after 1 min' });
    expect(use(90)?.state).toBe('missed');
  });
});
