import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  ConsumerRank,
  Mark,
  Moment,
  PoolRank,
  SeriesAnswer,
  TestRunReport,
} from '../../../main/history/model.ts';
import type { Summary } from '../../../main/core/model.ts';
import {
  busyAt,
  isPointOf,
  quietAt,
  rigHistory,
  START_MS,
  temporaryFolder,
  valueOf,
  type HistoryRig,
} from '../../support/history.ts';

const POOL = '10.0.2.7>192.0.2.1:443';
const HOUR_MS = 3_600_000;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** Summaries a second apart. */
function seconds(
  count: number,
  make: (atMs: number, index: number) => Summary,
  fromMs = START_MS,
): Summary[] {
  return Array.from({ length: count }, (_, index) => make(fromMs + index * 1000, index));
}

function query(
  rig: HistoryRig,
  fromMs: number,
  untilMs: number,
  points: number,
  columns: string[],
  poolKey?: string,
) {
  const series = poolKey === undefined ? { kind: 'totals' as const } : { kind: 'pool' as const, poolKey };
  return valueOf<SeriesAnswer>(rig.history.ask('query', { fromMs, untilMs, points, series, columns }));
}

function marksOf(rig: HistoryRig): Mark[] {
  const range = { fromMs: 0, untilMs: START_MS + 1000 * HOUR_MS, kinds: [] };
  return valueOf<{ marks: Mark[] }>(rig.history.ask('marks', range)).marks;
}

function timed(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

describe('an hour of seconds with fifty pools', () => {
  it('is read back at any zoom as what went in, and far faster than it was written', () => {
    const rig = rigHistory(folder.path);
    const summaries = seconds(3600, (at) => busyAt(at));
    const writeMs = timed(() => summaries.forEach((summary) => rig.append(summary)));
    const usedBySecond = summaries.map(({ pools }) => pools[0]?.used ?? NaN);
    for (const [widthMs, points] of [
      [60_000, 60],
      [10 * 60_000, 100],
      [HOUR_MS, 3600],
      [HOUR_MS, 500],
      [HOUR_MS, 40],
      [HOUR_MS, 4],
    ] as const) {
      const fromMs = START_MS + HOUR_MS - widthMs;
      const read = () => query(rig, fromMs, START_MS + HOUR_MS, points, ['used'], POOL);
      const answer = read();
      expect(answer.atMs.length).toBeLessThanOrEqual(points + 1);
      expect(answer.atMs.at(-1)).toBe(START_MS + HOUR_MS - answer.stepMs);
      expect(answer.gaps).toEqual([]);
      const wrong = answer.atMs.filter((atMs, index) => {
        const first = (atMs - START_MS) / 1000;
        return !isPointOf(answer, index, usedBySecond.slice(first, first + answer.stepMs / 1000));
      });
      expect(wrong).toEqual([]);
      // Idle, it takes a hundredth of the time.
      expect(Math.min(...Array.from({ length: 7 }, () => timed(read)))).toBeLessThan(writeMs / 10);
    }
    rig.history.close();
  }, 60_000);

  it('ranks pools by the share of their ports at the peak, and consumers by what they opened', () => {
    const rig = rigHistory(folder.path);
    const summaries = seconds(1500, (at) => busyAt(at, 20));
    for (const summary of summaries) rig.append(summary);
    const range = { fromMs: START_MS, untilMs: START_MS + 1_500_000, limit: 5 };
    const { pools } = valueOf<{ pools: PoolRank[] }>(rig.history.ask('pools', range));
    const { consumers } = valueOf<{ consumers: ConsumerRank[] }>(rig.history.ask('consumers', range));
    const used = summaries.map(({ pools: all }) => all[0]?.used ?? 0);
    const peakUsed = Math.max(...used);
    expect(pools).toHaveLength(5);
    expect(pools[0]).toMatchObject({
      poolKey: POOL,
      target: '192.0.2.1:443',
      peakUsed,
      capacity: 28_232,
      peakShare: peakUsed / 28_232,
      owner: { pid: 4000, process: 'worker-0', share: 0.97 },
    });
    expect(used[Math.floor(((pools[0]?.peakAtMs ?? 0) - START_MS) / 1000)]).toBe(peakUsed);
    const opened = summaries.reduce((sum, { pools: all }) => sum + (all[0]?.openRatePerSecond ?? 0), 0);
    expect(consumers[0]).toMatchObject({ process: 'worker-0', pid: 4000, destination: '192.0.2.1:443' });
    expect((consumers[0]?.opened ?? 0) / opened).toBeCloseTo(1, 2);
    rig.history.close();
  });

  it('ranks no pool and no process that was there only before or after the stretch', () => {
    const rig = rigHistory(folder.path);
    rig.append(...seconds(20, (at) => busyAt(at, 3)));
    rig.append(...seconds(20, (at) => busyAt(at, 1), START_MS + 20_000));
    const range = { fromMs: START_MS + 25_000, untilMs: START_MS + 40_000, limit: 5 };
    const { pools } = valueOf<{ pools: PoolRank[] }>(rig.history.ask('pools', range));
    const { consumers } = valueOf<{ consumers: ConsumerRank[] }>(rig.history.ask('consumers', range));
    expect(pools.map(({ poolKey }) => poolKey)).toEqual([POOL]);
    expect(consumers.map(({ destination }) => destination)).toEqual(['192.0.2.1:443']);
    rig.history.close();
  });

  it('counts what was opened at a pace faster than a second by the second, of which one sample is kept', () => {
    const rig = rigHistory(folder.path);
    const { sampler } = quietAt(START_MS);
    const fast = (index: number) =>
      quietAt(START_MS + index * 200, {
        rates: { opensPerSecond: 20, closesPerSecond: 20, basis: 'timers and dumps' },
        sampler: { ...sampler, effectiveIntervalMs: 200 },
      });
    rig.append(fast(0));
    const run = valueOf<Mark>(rig.history.ask('startTestRun', { name: 'a minute' }));
    for (let index = 1; index < 300; index++) rig.append(fast(index));
    const report = valueOf<TestRunReport>(rig.history.ask('reportTestRun', { id: run.id }));
    expect(report.opened).toBe(1200);
    rig.history.close();
  });

  it('opens any moment as it was: figures, verdict and the whole summary kept nearest before it', () => {
    const rig = rigHistory(folder.path);
    for (const summary of seconds(700, (at) => busyAt(at, 3))) rig.append(summary);
    const wantedMs = START_MS + 333_000;
    const { moment } = valueOf<{ moment: Moment }>(rig.history.ask('moment', { atMs: wantedMs + 300 }));
    const then = busyAt(wantedMs, 3);
    expect(moment).toMatchObject({
      atMs: wantedMs,
      stepMs: 1000,
      totals: { sockets: then.totals.sockets, TIME_WAIT: then.totals.byState.TIME_WAIT, CLOSE_WAIT: 0 },
      verdict: { level: 'ok', sentence: 'Ports are plentiful.' },
    });
    expect(moment.pools.map(({ values }) => values['used'])).toEqual(then.pools.map(({ used }) => used));
    expect(moment.summary).toEqual(busyAt(START_MS + 330_000, 3));
    // Far from anything kept: the nearest that is.
    const { moment: last } = valueOf<{ moment: Moment }>(
      rig.history.ask('moment', { atMs: START_MS + 9 * HOUR_MS }),
    );
    expect(last.atMs).toBe(START_MS + 699_000);
    rig.history.close();
  });
});

describe('what was recorded', () => {
  it('is there after a restart, and the time between is a gap that says so', () => {
    const before = rigHistory(folder.path);
    before.append(...seconds(90, (at) => quietAt(at)));
    before.history.close();
    const after = rigHistory(folder.path);
    after.append(...seconds(30, (at) => quietAt(at), START_MS + 150_000));
    const answer = query(after, START_MS, START_MS + 180_000, 180, ['sockets']);
    expect(answer.gaps).toMatchObject([{ fromMs: START_MS + 89_000, untilMs: START_MS + 150_000 }]);
    expect(answer.gaps[0]?.why).toBe('Fourtuple did not run for 61 s.');
    // S6: one point without values, and no figure in the gap.
    const empty = answer.columns[0]?.mean.flatMap((value, index) =>
      value === null ? [answer.atMs[index]] : [],
    );
    expect(empty).toEqual([START_MS + 90_000]);
    expect(answer.atMs).toHaveLength(121);
    after.history.close();
  });

  it('S6: a counter that falls and a first sample give no rate, never a negative one', () => {
    const rig = rigHistory(folder.path);
    const failing = [5, 9, 12, 2, 4];
    rig.append(
      ...seconds(5, (at, index) => {
        const summary = quietAt(at);
        return { ...summary, counters: { ...summary.counters, attemptFails: failing[index] ?? null } };
      }),
    );
    const answer = query(rig, START_MS, START_MS + 5000, 5, ['attemptFailsPerSecond']);
    expect(answer.columns[0]?.mean).toEqual([null, 4, 3, null, 2]);
    rig.history.close();
  });

  it('says to the second since when it tells, whenever it began', () => {
    const rig = rigHistory(folder.path);
    const fromMs = START_MS + 427_000;
    seconds(900, (at) => quietAt(at), fromMs).forEach((summary) => rig.append(summary));
    expect(rig.state()).toMatchObject({ fromMs, untilMs: fromMs + 899_000 });
    rig.history.close();
  });

  it('S6: a clock set back removes what lies in its future, marks it, and goes on', () => {
    const rig = rigHistory(folder.path);
    const at = (wallMs: number, upMs: number) => [
      { summary: quietAt(wallMs), steadyMs: upMs, uptimeMs: upMs },
    ];
    for (let index = 0; index < 20; index++) rig.history.append(at(START_MS + index * 1000, index * 1000));
    rig.history.append(at(START_MS - HOUR_MS, 20_000));
    rig.history.append(at(START_MS - HOUR_MS + 1000, 21_000));
    expect(rig.state()).toMatchObject({ fromMs: START_MS - HOUR_MS, untilMs: START_MS - HOUR_MS + 1000 });
    expect(marksOf(rig)).toMatchObject([{ kind: 'clock', text: 'Clock set back' }]);
    rig.history.close();
  });

  it('S6: a clock that is behind at the start removes nothing before it had time to be set', () => {
    const before = rigHistory(folder.path);
    before.append(...seconds(30, (at) => quietAt(at)));
    before.history.close();
    const after = rigHistory(folder.path);
    const at = (wallMs: number, upMs: number) =>
      after.history.append([{ summary: quietAt(wallMs), steadyMs: upMs, uptimeMs: upMs }]);
    for (let second = 0; second < 60; second++) at(second * 1000, 7000 + second * 1000);
    expect(after.state()).toMatchObject({ fromMs: START_MS, untilMs: START_MS + 29_000 });
    // Somebody has told it the time.
    at(START_MS + HOUR_MS, 67_000);
    expect(after.state()).toMatchObject({ fromMs: START_MS, untilMs: START_MS + HOUR_MS });
    expect(marksOf(after)).toMatchObject([
      { kind: 'gap', atMs: START_MS + 29_000, untilMs: START_MS + HOUR_MS },
    ]);
    after.history.close();
    const late = rigHistory(folder.path);
    const stays = (upMs: number) =>
      late.history.append([{ summary: quietAt(upMs), steadyMs: upMs, uptimeMs: upMs }]);
    for (const upMs of [0, 60_000, 299_000]) stays(upMs);
    expect(late.state().fromMs).toBe(START_MS);
    stays(300_000);
    expect(late.state()).toMatchObject({ fromMs: 300_000, untilMs: 300_000 });
    late.history.close();
  });

  it('takes one sample a second of a faster pace, and keeps each second of a pace that drifts', () => {
    const rig = rigHistory(folder.path);
    for (let index = 0; index < 50; index++) rig.append(quietAt(START_MS + index * 200));
    expect(query(rig, START_MS, START_MS + 10_000, 10, ['sockets']).atMs).toHaveLength(10);
    const laterMs = START_MS + 20_000;
    for (let index = 0; index < 60; index++)
      rig.append(quietAt(laterMs + Math.round(index * 1000.4) + (index % 2)));
    const drifting = query(rig, laterMs, laterMs + 60_000, 60, ['sockets']);
    expect(drifting.atMs).toHaveLength(60);
    rig.history.close();
  });

  it('takes times as the sampler tells them, in fractions of milliseconds', () => {
    const rig = rigHistory(folder.path);
    for (let index = 0; index < 700; index++) rig.append(busyAt(START_MS + index * 1000 + 0.4375, 2));
    expect(rig.state()).toMatchObject({ mode: 'recording', sentence: null, missedSamples: 0 });
    expect(query(rig, START_MS, START_MS + 700_000, 700, ['sockets']).atMs).toHaveLength(700);
    rig.history.close();
  });

  it('tells an unknown pool and an empty range from a failure', () => {
    const rig = rigHistory(folder.path);
    rig.append(quietAt(START_MS));
    const unknown = query(rig, START_MS, START_MS + 1000, 10, [], '192.0.2.1>192.0.2.9:1');
    expect(unknown.atMs).toEqual([]);
    expect(unknown.columns.map(({ name }) => name)).toContain('capacity');
    expect(query(rig, 0, 1000, 10, ['sockets']).atMs).toEqual([]);
    rig.history.close();
  });
});

describe('a test run', () => {
  it('says what it consumed, by pool, process and destination, with what there was before', () => {
    const rig = rigHistory(folder.path);
    rig.append(...seconds(60, (at) => quietAt(at, { totals: { sockets: 40, byState: { LISTEN: 40 } } })));
    const run = valueOf<Mark>(rig.history.ask('startTestRun', { name: 'ab -n 20000' }));
    expect(rig.state().testRun).toEqual({ id: run.id, name: 'ab -n 20000', fromMs: START_MS + 59_000 });
    expect(rig.history.ask('startTestRun', { name: 'another' })).toMatchObject({ ok: false });
    const during = seconds(120, (at) => busyAt(at, 2), START_MS + 60_000);
    rig.append(...during);
    rig.setNow(START_MS + 180_000);
    valueOf(rig.history.ask('stopTestRun', { id: run.id }));
    rig.append(...seconds(30, (at) => quietAt(at), START_MS + 180_000));
    const report = valueOf<TestRunReport>(rig.history.ask('reportTestRun', { id: run.id }));
    expect(report).toMatchObject({
      name: 'ab -n 20000',
      isRunning: false,
      stepMs: 1000,
      socketsBefore: 40,
      peakSockets: Math.max(...during.map(({ totals }) => totals.sockets)),
      portsHeldUntilMs: START_MS + 240_000,
    });
    const opened = during.reduce((sum, { rates }) => sum + (rates.opensPerSecond ?? 0), 0);
    expect((report.opened ?? 0) / opened).toBeCloseTo(1, 2);
    expect(report.consumers.map(({ process, destination }) => [process, destination])).toEqual([
      ['worker-0', '192.0.2.1:443'],
      ['worker-1', '192.0.2.2:443'],
    ]);
    expect(report.pools).toHaveLength(2);
    expect(rig.state().testRun).toBeNull();
    expect(rig.history.ask('stopTestRun', { id: run.id })).toMatchObject({
      ok: false,
      failure: { code: 'gone' },
    });
    rig.history.close();
  });
});

describe('history of several network namespaces', () => {
  const at = (bootId: string | null, networkNamespace: string | null) => ({
    place: { bootId, networkNamespace },
  });
  const notes = (rig: HistoryRig) =>
    marksOf(rig).map(({ kind, atMs, text, detail }) => ({ kind, atMs, text, detail }));

  it('has a mark where it goes on in another one, and none where it goes on in the same', () => {
    const first = rigHistory(folder.path, at('boot-1', 'net:[1]'));
    first.append(...seconds(3, (atMs) => quietAt(atMs)));
    first.history.close();
    const same = rigHistory(folder.path, at('boot-1', 'net:[1]'));
    expect(notes(same)).toEqual([]);
    same.history.close();
    const other = rigHistory(folder.path, { ...at('boot-1', 'net:[2]'), now: () => START_MS + 5000 });
    expect(other.state().marksRevision).toBe(1);
    expect(notes(other)).toEqual([
      {
        kind: 'note',
        atMs: START_MS + 5000,
        text: 'Another network namespace',
        detail:
          'What was recorded until here is of net:[1], what follows of net:[2]: each has its own ports and settings.',
      },
    ]);
    other.history.close();
    const again = rigHistory(folder.path, at('boot-1', 'net:[2]'));
    expect(notes(again)).toHaveLength(1);
    again.history.close();
  });

  it('compares no numbers of before a restart of the system, or that are not known', () => {
    for (const place of [
      at('boot-1', 'net:[1]'),
      at('boot-2', 'net:[2]'),
      at(null, 'net:[3]'),
      at('boot-2', null),
    ]) {
      const rig = rigHistory(folder.path, place);
      expect(notes(rig)).toEqual([]);
      rig.history.close();
    }
  });
});
