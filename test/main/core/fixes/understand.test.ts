import { describe, expect, it } from 'vitest';
import { understandProblem } from '../../../../main/core/fixes/understand.ts';
import type { Finding, Pool, Summary } from '../../../../main/core/model.ts';
import { incidentPool, incidentSummary } from '../../../support/incident.ts';

const ALL = { findingId: null, poolKey: null };

function summaryWith(change: Partial<Summary> = {}): Summary {
  return incidentSummary(change as never) as Summary;
}

function withPool(change: Partial<Pool>): Summary {
  return summaryWith({ pools: [incidentPool(change as never) as Pool] });
}

function aFinding(change: Partial<Finding>): Finding {
  return {
    id: 'descriptors-process:4312',
    rule: 'descriptors-process',
    level: 'warning',
    title: 'python3 is near its limit of open files',
    sentence: 'python3 has 980 of 1,024 open files.',
    evidence: '980 of 1,024 open files',
    figures: [],
    disproof: 'the number falls',
    remedies: [],
    source: '',
    poolKey: null,
    pid: 4312,
    ...change,
  };
}

describe('understanding a problem', () => {
  it('adds up to the ports in use, as the incident of the interface design has them', () => {
    const { sum, capacity, target, client } = understandProblem(summaryWith(), ALL);
    expect(sum.map(({ ports }) => ports)).toEqual([24_168, 1491, 32, 25_691]);
    expect(sum.at(-1)?.basis).toBe('of 28,232, so 91%');
    expect(capacity).toBe(28_232);
    expect(target).toBe('10.0.3.12:443');
    expect(client).toBe('python3 4312');
  });

  it('adds up while nothing is opened because the pool is full, and does not call that a long life', () => {
    const full = withPool({
      used: 600,
      capacity: 600,
      byState: { TIME_WAIT: 600 },
      openRatePerSecond: 0,
      closeRatePerSecond: 0,
    });
    const { sum, moral } = understandProblem(full, ALL);
    expect(sum[0]).toMatchObject({ ports: 600, basis: '10/s, last 60 s × 60 s' });
    expect(moral).toContain('The cause is opening a new connection for each piece of work');
  });

  it('takes the life of a connection from Little’s law: open ÷ opens a second', () => {
    const value = understandProblem(summaryWith(), ALL);
    expect(value.openSeconds).toBeCloseTo((25_691 - 24_168) / 412, 3);
    expect(value.waitSeconds).toBe(60);
    expect(value.waitSource).toBe('kernel constant');
  });

  it('knows no life where nothing is opened, and says so with null', () => {
    expect(understandProblem(withPool({ openRatePerSecond: 0 }), ALL).openSeconds).toBeNull();
    expect(understandProblem(withPool({ openRatePerSecond: null }), ALL).openSeconds).toBeNull();
    const waiting = withPool({
      used: 600,
      capacity: 600,
      byState: { TIME_WAIT: 600 },
      openRatePerSecond: 60,
    });
    expect(understandProblem(waiting, ALL).openSeconds).toBeNull();
  });

  it('tells who closes first from closes with and without TIME_WAIT', () => {
    const first = (here: number, unseen: number | null) =>
      understandProblem(withPool({ closeRatePerSecond: here, closesUnseenPerSecond: unseen }), ALL)
        .closesFirst;
    expect(first(400, 3)).toBe('this side');
    expect(first(3, 400)).toBe('the other side');
    expect(first(200, 200)).toBe('both');
    expect(first(400, null)).toBe('this side');
  });

  it('does not blame TIME_WAIT where ports are held by open connections', () => {
    const pool = { byState: { ESTABLISHED: 25_691 }, closeRatePerSecond: 0, closesUnseenPerSecond: 0 };
    expect(understandProblem(withPool(pool), ALL).moral).toMatch(/held by connections that are open/);
    expect(understandProblem(summaryWith(), ALL).moral).toMatch(/TIME_WAIT is not a fault/);
  });

  it('leaves ports out of a finding that is not about them', () => {
    const summary = summaryWith({ findings: [aFinding({})] });
    const value = understandProblem(summary, { findingId: 'descriptors-process:4312', poolKey: null });
    expect(value).toMatchObject({ poolKey: null, sum: [], capacity: null, closesFirst: 'unknown' });
    expect(value.title).toBe('python3 is near its limit of open files');
    expect(value.findings).toHaveLength(1);
    expect(value.isNot.find(({ title }) => title === 'File descriptors')?.passed).toBe(false);
  });

  it('says that there is nothing to fix on an idle machine', () => {
    const value = understandProblem(summaryWith({ pools: [], findings: [] }), ALL);
    expect(value.title).toBe('No port pool is in use');
    expect(value.moral).toMatch(/nothing to fix/);
  });

  it('leaves out look-alikes whose figures are not known', () => {
    const summary = summaryWith();
    const blind = {
      ...summary,
      counters: { ...summary.counters, conntrackCount: null, conntrackMax: null, fileHandlesUsed: null },
    };
    const titles = understandProblem(blind, ALL).isNot.map(({ title }) => title);
    expect(titles).not.toContain('Connection tracking');
    expect(titles).not.toContain('File descriptors');
    expect(titles).toContain('A leak');
  });
});
