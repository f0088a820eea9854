import { describe, expect, test } from 'vitest';
import { findFix } from '../../../../main/core/fixes/catalogue.ts';
import type { FixParameters } from '../../../../main/core/fixes/model.ts';
import { rankFixes } from '../../../../main/core/fixes/rank.ts';
import type { Summary } from '../../../../main/core/model.ts';
import { anInput, aState, summaryFor, tcp } from '../../../support/fixes.ts';
import { aFinding } from '../../../support/findings.ts';

function effect(id: string, parameters: Partial<FixParameters> = {}, summary: Summary = summaryFor('linux')) {
  const predicted = findFix(id)?.plan(anInput(aState('linux'), parameters, summary)).effect;
  if (!predicted) throw new Error(`${id} predicts nothing`);
  return predicted;
}

const share = (used: number | null, capacity: number | null) =>
  Math.round((100 * (used ?? NaN)) / (capacity ?? NaN));

describe('predictions for the incident of the design', () => {
  test('keep-alive: what is open at once stays open, 412/s become about 25/s, 11% of the pool', () => {
    const { opensPerSecond, steadyState, capacity, sentence, runsOutInSeconds } = effect('app-keep-alive');
    // 1,491 established and 32 others: open at once = rate × life.
    expect(opensPerSecond.then).toBeCloseTo(1523 / 60, 6);
    expect(steadyState.then).toBeCloseTo(1523 + 1523, 6);
    expect(share(steadyState.then, capacity.then)).toBe(11);
    expect(runsOutInSeconds.then).toBeNull();
    expect(sentence).toBe(
      'python3 keeps about 1,523 connections open and uses them again, renewed about once a minute: 412/s become about 25.4/s, and the pool levels off at 11%.',
    );
  });

  test('a range of 2048–65000 with five ports reserved: 62,948 ports, 1,049/s, 41% in use', () => {
    const reserve = [5432, 6379, 8080, 9090, 9100].map((port) => ({ first: port, last: port }));
    const predicted = effect('linux-widen-range', { range: { first: 2048, last: 65000 }, reserve });
    expect(predicted.capacity).toEqual({ now: 28232, then: 62948 });
    expect(Math.floor(predicted.sustainableRatePerSecond.then ?? 0)).toBe(1049);
    expect(share(predicted.used.then, predicted.capacity.then)).toBe(41);
  });

  test('reuse: 28,232/s, and what is open with the last second is 7% of the pool', () => {
    const predicted = effect('linux-tw-reuse');
    expect(predicted.sustainableRatePerSecond.then).toBe(28232);
    expect(share(predicted.used.then, predicted.capacity.then)).toBe(7);
  });

  test('reuse with a delay of 200 ms: five times as many', () => {
    expect(effect('linux-tw-reuse', { value: 200 }).sustainableRatePerSecond.then).toBe(141_160);
  });

  test.each(['linux-source-addresses', 'app-spread-destinations'])(
    '%s: says what twice the ports do at this rate, as the share beside it does',
    (id) => {
      expect(effect(id).sentence).toMatch(/, 941\/s\. At 412\/s it levels off at 4\d% of the pool\.$/);
    },
  );

  test.each(['linux-source-addresses', 'app-spread-destinations'])(
    '%s: twice the ports, 45.5% in use',
    (id) => {
      const predicted = effect(id);
      expect(predicted.capacity.then).toBe(56464);
      expect(share(predicted.used.then, predicted.capacity.then)).toBe(45);
    },
  );

  test('says that it is still full where the change is too small', () => {
    const summary = summaryFor('linux');
    const pools = summary.pools.map((pool) => ({ ...pool, openRatePerSecond: 5000 }));
    const predicted = effect('linux-widen-range', {}, { ...summary, pools });
    expect(predicted.runsOutInSeconds.then).toBeGreaterThan(0);
    expect(predicted.sentence).toMatch(/still full in about/);
  });

  test('predicts no rate where none was measured', () => {
    const summary = summaryFor('linux');
    const pools = summary.pools.map((pool) => ({ ...pool, openRatePerSecond: null }));
    const predicted = effect('linux-widen-range', {}, { ...summary, pools });
    expect(predicted.opensPerSecond).toEqual({ now: null, then: null });
    expect(predicted.steadyState).toEqual({ now: null, then: null });
    expect(predicted.sentence).not.toContain('At ');
  });
});

describe('the order of fixes', () => {
  const finding = aFinding({
    level: 'critical',
    poolKey: '10.0.2.7>10.0.3.12:443',
    remedies: [
      { fixId: 'linux-release-time-wait', label: '', why: 'frees the ports now', kind: 'relief' },
      { fixId: 'linux-tw-reuse', label: '', why: 'a port is free again after 1 s', kind: 'system' },
      { fixId: 'linux-widen-range', label: '', why: 'more ports', kind: 'system' },
      { fixId: 'app-keep-alive', label: '', why: 'removes the cause', kind: 'application' },
      { fixId: 'linux-timestamps', label: '', why: 'reuse then works', kind: 'system' },
    ],
  });
  const ranked = rankFixes(
    anInput(aState('linux', { tcpPorts: [tcp(22)] }), {}, { ...summaryFor('linux'), findings: [finding] }),
  );
  const ids = ranked.map(({ fix }) => fix.id);

  test('begins with the application, then buys time, then brings relief, as the finding names them', () => {
    expect(ids.slice(0, 4)).toEqual([
      'app-keep-alive',
      'linux-tw-reuse',
      'linux-widen-range',
      'linux-release-time-wait',
    ]);
    expect(ranked[0]).toMatchObject({ why: 'removes the cause', finding: { id: finding.id } });
  });

  test('ends with what is refused here, named or not', () => {
    const firstRefused = ranked.findIndex(({ plan }) => plan.refused !== null);
    expect(ranked.slice(firstRefused).every(({ plan }) => plan.refused !== null)).toBe(true);
    expect(ids.indexOf('linux-timestamps')).toBeGreaterThanOrEqual(firstRefused);
  });

  test('has every fix of the system once, and none of another', () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith('windows-') || id.startsWith('macos-'))).toEqual([]);
  });
});
