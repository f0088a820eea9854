import { afterEach, describe, expect, it, vi } from 'vitest';
import { Pacer } from '../../../main/sampling/pacer.ts';
import { Sampler, type Sample } from '../../../main/sampling/sampler.ts';
import { THRESHOLDS } from '../../../main/core/assess.ts';
import type { Failure, Outcome, Summary } from '../../../main/core/model.ts';
import type { Platform } from '../../../main/sampling/source.ts';
import { summarySchema } from '../../../preload/contract-summary.ts';
import { FakeClock, FakePlatform, NO_COUNTERS } from '../../support/fake-platform.ts';
import { linuxSettings } from '../../support/pools.ts';
import { ownerOf, type CompactRow } from '../../support/tables.ts';

const REMOTE = '10.0.3.12:443';

/** `count` sockets in TIME_WAIT, closed one every `gapMs` until now, cookies from `firstCookie`. */
function closed(count: number, gapMs: number, firstCookie = 1): CompactRow[] {
  return Array.from({ length: count }, (_, i) => ({
    state: 'TIME_WAIT',
    local: `10.0.2.7:${40000 + ((firstCookie + i) % 1000)}`,
    remote: REMOTE,
    expiresMs: 60_000 - i * gapMs,
    cookie: firstCookie + i,
  }));
}

function begin(platform = new FakePlatform()) {
  platform.settings = linuxSettings({
    range: { first: 40000, last: 40999 },
    reuse: { mode: 'off', delayMs: 1000, timestamps: true },
  });
  const clock = new FakeClock();
  const sampler = new Sampler({ platform, clock, poolLimit: 20 });
  expect(sampler.open().ok).toBe(true);
  const sample = (): Sample => {
    const outcome = sampler.sample();
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    return outcome.value;
  };
  return { platform, clock, sampler, sample };
}

describe('the sampler', () => {
  it('knows rate, forecast and trend of the last minute from its first dump', () => {
    const { platform, sampler, sample } = begin();
    platform.rows = closed(100, 50);
    const { summary } = sample();
    expect(summary.pools[0]).toMatchObject({ capacity: 1000, used: 100, rateBasis: 'timers' });
    expect(summary.pools[0]?.openRatePerSecond).toBeCloseTo(20, 6);
    expect(summary.pools[0]?.exhaustion.inSeconds).toBeCloseTo(45, 1);
    const trend = sampler.trends.read(summary.pools[0]?.key ?? '', 60, summary.takenAtMs);
    expect(trend?.timeWait.at(-2)).toBe(80);
    expect(trend?.derivedUntilMs).toBe(summary.takenAtMs);
  });

  it('judges by the thresholds it is given, from the next sample on, and at once by the former ones again', () => {
    const { platform, clock, sampler, sample } = begin();
    platform.rows = Array.from({ length: 460 }, (_, i) => ({
      state: 'ESTABLISHED',
      local: `10.0.2.7:${40000 + i}`,
      remote: REMOTE,
      cookie: i + 1,
    }));
    const judged = () => {
      clock.advance(1000);
      const { verdict, findings, thresholds } = sample().summary;
      return {
        level: verdict.level,
        says: verdict.sentence,
        rules: findings.map(({ rule }) => rule),
        thresholds,
      };
    };
    const usual = judged();
    expect(usual).toMatchObject({ level: 'notice', thresholds: undefined });
    const lower = { ...THRESHOLDS, warningShare: 0.45 };
    sampler.setThresholds(lower);
    const judgedLower = judged();
    expect(judgedLower).toMatchObject({ level: 'warning', thresholds: lower });
    expect(judgedLower.rules).toContain('pool-nearly-full');
    expect(judgedLower.says).not.toBe(usual.says);
    expect(summarySchema.safeParse(sampler.last?.summary).success).toBe(true);
    sampler.setThresholds(THRESHOLDS);
    expect(judged()).toEqual(usual);
  });

  it('publishes what the contract promises, well under 64 KB even with many pools', () => {
    const { platform, sample } = begin();
    platform.rows = Array.from({ length: 3000 }, (_, i) => ({
      state: 'ESTABLISHED',
      local: `10.0.2.7:${40000 + (i % 1000)}`,
      remote: `10.0.${i % 250}.12:${8000 + (i % 7)}`,
      cookie: i + 1,
    }));
    const { summary } = sample();
    expect(summarySchema.safeParse(summary).success).toBe(true);
    expect(summary.pools).toHaveLength(20);
    expect(JSON.stringify(summary).length).toBeLessThan(64 * 1024);
  });

  it('counts connections opened and never closed as opens, with the leak they are', () => {
    const { platform, clock, sample } = begin();
    const live = (count: number): CompactRow[] =>
      Array.from({ length: count }, (_, i) => ({
        state: 'ESTABLISHED',
        local: `10.0.2.7:${40000 + i}`,
        remote: REMOTE,
        cookie: i + 1,
      }));
    platform.rows = live(100);
    expect(sample().summary.pools[0]?.openRatePerSecond).toBeNull();
    for (const count of [120, 140, 160]) {
      platform.rows = live(count);
      clock.advance(1000);
      sample();
    }
    platform.rows = live(180);
    clock.advance(1000);
    const pool = sample().summary.pools[0];
    expect(pool?.openRatePerSecond).toBeCloseTo(20, 6);
    expect(pool?.exhaustion).toMatchObject({ expected: true });
    expect(pool?.exhaustion.inSeconds).toBeCloseTo(41, 0);
  });

  it('S6: fakes no rate across a sleep or a stepped clock', () => {
    for (const disturb of [
      (clock: FakeClock) => clock.advance(3_600_000),
      (clock: FakeClock) => clock.step(-9000),
    ]) {
      const { platform, clock, sample } = begin();
      platform.counters = { ...NO_COUNTERS, activeOpens: 1000, timeWaitEntered: 1000 };
      platform.rows = closed(5, 1000);
      sample();
      platform.counters = { ...NO_COUNTERS, activeOpens: 900_000, timeWaitEntered: 900_000 };
      platform.rows = closed(5, 1000, 500);
      disturb(clock);
      const { summary } = sample();
      expect(summary.rates.basis).toBe('timers');
      expect(summary.rates.opensPerSecond).toBeLessThan(3);
    }
  });

  it('says who was seen to own a closed connection, and what is only inferred', () => {
    const { platform, clock, sampler, sample } = begin();
    platform.owners_ = [ownerOf({ pid: 4312, process: 'python3' })];
    platform.rows = [];
    sample();
    platform.liveRows = [
      {
        state: 'ESTABLISHED',
        local: '10.0.2.7:40001',
        remote: REMOTE,
        cookie: 2,
        inode: 9,
        owner: 0,
        confidence: 'observed',
      },
    ];
    clock.advance(500);
    sampler.glance();
    platform.rows = closed(3, 10);
    clock.advance(500);
    const { summary } = sample();
    expect(summary.pools[0]?.owners).toEqual([
      { pid: 4312, process: 'python3', sockets: 3, share: 1, confidence: 'inferred' },
    ]);
    expect(summary.ownership).toEqual({ observed: 1, inferred: 2, unknown: 0, notPermitted: 0 });
    expect(summary.consumers[0]).toMatchObject({ pid: 4312, destination: REMOTE, sockets: 3 });
  });

  it('gives the same verdict however few pools are asked for', () => {
    const platform = new FakePlatform();
    const clock = new FakeClock();
    const idle = Array.from({ length: 290 }, (_, i): CompactRow => ({
      state: 'ESTABLISHED',
      local: `10.0.2.7:${40000 + i}`,
      remote: '10.0.3.9:80',
      cookie: 9000 + i,
    }));
    platform.rows = [...idle, ...closed(200, 25)];
    platform.settings = linuxSettings({
      range: { first: 40000, last: 40999 },
      reuse: { mode: 'off', delayMs: 1000, timestamps: true },
    });
    const levels = [1, 20].map((poolLimit) => {
      const sampler = new Sampler({ platform, clock, poolLimit });
      sampler.open();
      const outcome = sampler.sample();
      return outcome.ok && [outcome.value.summary.verdict.level, outcome.value.summary.verdict.poolKey];
    });
    expect(levels[0]).toEqual(['critical', `10.0.2.7>${REMOTE}`]);
    expect(levels[1]).toEqual(levels[0]);
  });

  it('S6: keeps the trend in order when the clock is set back', () => {
    const { platform, clock, sampler, sample } = begin();
    platform.rows = closed(5, 1000);
    sample();
    clock.advance(1000);
    sample();
    clock.step(-3_600_000);
    clock.advance(1000);
    const { summary } = sample();
    const at = sampler.trends.read('', 600, summary.takenAtMs)?.atMs ?? [];
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at.at(-1)).toBeLessThanOrEqual(summary.takenAtMs);
  });

  it('S8: says that it cannot say when the port range could not be read', () => {
    const { platform, sample } = begin();
    const { settings } = platform;
    platform.reader.readSettings = () => ({
      settings,
      degradations: [{ code: 'setting-unreadable:ip_local_port_range', sentence: 'It could not be read.' }],
    });
    expect(sample().summary.verdict.level).toBe('unknown');
  });

  it('leaves pinned snapshots as they were', () => {
    const { platform, clock, sampler, sample } = begin();
    platform.rows = closed(7, 10);
    const pinned = sample();
    sampler.pinned.set(pinned.table.snapshotId, pinned);
    for (let i = 0; i < 5; i++) {
      platform.rows = closed(50, 10, 1000 * i + 100);
      clock.advance(1000);
      sample();
    }
    expect([pinned.table.length, pinned.table.cookieLow[0]]).toEqual([7, 1]);
  });

  it('gives the failure of a dump that fails, and goes on with the next', () => {
    const { platform, clock, sampler, sample } = begin();
    platform.rows = closed(1, 10);
    sample();
    platform.failure = { code: 'system', call: 'recvmsg', errno: 105, message: 'No buffer space available' };
    expect(sampler.sample()).toEqual({ ok: false, failure: platform.failure });
    platform.failure = null;
    clock.advance(1000);
    expect(sample().summary.totals.sockets).toBe(1);
  });

  it('marks what it reports when sockstat counts otherwise', () => {
    const { platform, sample } = begin();
    platform.rows = closed(100, 10);
    platform.counters = { ...NO_COUNTERS, socketStatTimeWait: 100 };
    expect(sample().summary.verdict).toMatchObject({
      confidence: 'high',
      confidenceReason: '3 sources agree',
    });
    platform.counters = { ...NO_COUNTERS, socketStatTimeWait: 9000 };
    expect(sample().summary.verdict).toMatchObject({ confidence: 'medium' });
  });
});

describe('the pacer', () => {
  function paced() {
    const { platform, clock, sampler } = begin();
    const summaries: Summary[] = [];
    const failures: Failure[] = [];
    const pacer = new Pacer({
      sampler,
      clock,
      cpuMs: () => 0,
      memoryBytes: () => 1,
      onSummary: (summary) => summaries.push(summary),
      onFailure: (failure) => failures.push(failure),
    });
    return { pacer, summaries, failures, platform, clock };
  }

  it('publishes a paused summary at once, and samples at once when it goes on', () => {
    const { pacer, summaries } = paced();
    pacer.start();
    pacer.configure({ paused: true });
    expect(summaries.map((summary) => summary.sampler.paused)).toEqual([false, true]);
    pacer.configure({ paused: false });
    expect(summaries.at(-1)).toMatchObject({ sequence: 2, sampler: { paused: false } });
    pacer.stop();
  });

  it('keeps the pace within its limits', () => {
    const { pacer, summaries } = paced();
    pacer.start();
    pacer.configure({ intervalMs: 1, paused: true });
    expect(summaries.at(-1)?.sampler.intervalMs).toBe(200);
    pacer.configure({ intervalMs: 99_999 });
    expect(summaries.at(-1)?.sampler.intervalMs).toBe(10_000);
    pacer.stop();
  });

  describe('over a platform that reads the machine through commands', () => {
    afterEach(() => void vi.useRealTimers());

    /** Refreshes wait until `finish` is called. */
    function slowly() {
      vi.useFakeTimers();
      const parts = paced();
      const asked: AbortSignal[] = [];
      let settle: ((outcome: Outcome<true>) => void) | null = null;
      const platform: Platform = parts.platform;
      platform.refresh = (signal) => {
        asked.push(signal);
        return new Promise((resolve) => (settle = resolve));
      };
      const finish = async (outcome: Outcome<true> = { ok: true, value: true }) => {
        settle?.(outcome);
        await vi.advanceTimersByTimeAsync(0);
      };
      return { ...parts, asked, finish };
    }

    it('samples when its refresh has ended, and never runs two at once', async () => {
      const { pacer, summaries, asked, finish } = slowly();
      pacer.start();
      pacer.configure({ intervalMs: 500 });
      await vi.advanceTimersByTimeAsync(5000);
      expect([asked.length, summaries.length]).toEqual([1, 0]);
      await finish();
      expect(summaries).toHaveLength(1);
      expect(summaries[0]?.sampler.intervalMs).toBe(500);
      pacer.stop();
    });

    it('takes a tenth of the time for commands at most', async () => {
      const { pacer, summaries, asked, clock, finish } = slowly();
      pacer.start();
      clock.advance(900);
      await finish();
      expect(summaries.at(-1)?.sampler.effectiveIntervalMs).toBe(9000);
      await vi.advanceTimersByTimeAsync(8000);
      expect(asked).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(200);
      expect(asked).toHaveLength(2);
      pacer.stop();
    });

    it('reports a refresh that failed, and tries again', async () => {
      const { pacer, failures, asked, finish } = slowly();
      const failure: Failure = { code: 'unavailable', what: 'netstat -ano', why: 'it timed out' };
      pacer.start();
      await finish({ ok: false, failure });
      expect(failures).toEqual([failure]);
      await vi.advanceTimersByTimeAsync(1000);
      expect(asked).toHaveLength(2);
      pacer.stop();
    });

    it('ends commands under way when it is stopped, and takes no sample of them', async () => {
      const { pacer, summaries, asked, finish } = slowly();
      pacer.start();
      pacer.stop();
      expect(asked[0]?.aborted).toBe(true);
      await finish();
      expect(summaries).toEqual([]);
    });

    it('takes no sample while it is paused, and refreshes anew when it goes on', async () => {
      const { pacer, summaries, asked, finish } = slowly();
      pacer.start();
      pacer.configure({ paused: true });
      await finish();
      expect(summaries).toEqual([]);
      pacer.configure({ paused: false });
      expect(asked).toHaveLength(2);
      await finish();
      expect(summaries).toHaveLength(1);
      pacer.stop();
    });
  });

  it('reports a failed sample and tries again', () => {
    const { pacer, failures, platform } = paced();
    platform.failure = { code: 'system', call: 'recvmsg', errno: 1, message: 'Operation not permitted' };
    pacer.start();
    expect(failures).toEqual([platform.failure]);
    pacer.stop();
  });
});
