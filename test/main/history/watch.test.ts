import { describe, expect, it } from 'vitest';
import type { Summary } from '../../../main/core/model.ts';
import { Watch, type Clocks } from '../../../main/history/watch.ts';
import { linuxSettings } from '../../support/pools.ts';
import { busyAt, quietAt, START_MS } from '../../support/history.ts';

const NOTHING_BEFORE = { atMs: null, why: 'stopped' as const, settings: null, level: null };

/** What each summary shows, as kind and detail; all clocks agree unless told otherwise. */
function marksOf(summaries: Summary[], clocks: Clocks[] = []): string[][] {
  const watch = new Watch(NOTHING_BEFORE);
  return summaries.map((summary, index) => {
    const agreeing = { steadyMs: summary.takenAtMs, uptimeMs: summary.takenAtMs };
    return watch.next(summary, clocks[index] ?? agreeing).map(({ kind, detail }) => `${kind}: ${detail}`);
  });
}

function judged(atMs: number, level: Summary['verdict']['level']): Summary {
  const summary = quietAt(atMs);
  return { ...summary, verdict: { ...summary.verdict, level, sentence: `It is ${level}.` } };
}

describe('marks', () => {
  it('tell a verdict that gets worse at once, and one that gets better once it has held', () => {
    const levels = ['ok', 'ok', 'warning', 'unknown', 'warning', 'critical', 'ok', 'critical'] as const;
    expect(marksOf(levels.map((level, index) => judged(START_MS + index * 1000, level)))).toEqual([
      [],
      [],
      ['verdict: It is warning.'],
      [],
      [],
      ['verdict: It is critical.'],
      [],
      [],
    ]);
    const better = Array.from({ length: 14 }, (_, index) =>
      judged(START_MS + index * 1000, index < 2 ? 'critical' : 'ok'),
    );
    const found = marksOf(better);
    expect(found.flat()).toEqual(['verdict: It is critical.', 'verdict: It is ok.']);
    expect(found[12]).toEqual(['verdict: It is ok.']);
  });

  it('tell settings that changed, whoever changed them, and none that could not be read', () => {
    const before = quietAt(START_MS, { settings: linuxSettings() });
    const widened = linuxSettings({
      range: { first: 1024, last: 65535 },
      reserved: [{ first: 3306, last: 3306 }],
      maxTimeWaitSockets: null,
    });
    expect(
      marksOf([
        before,
        quietAt(START_MS + 1000, { settings: widened }),
        quietAt(START_MS + 2000, { settings: linuxSettings() }),
      ]),
    ).toEqual([
      [],
      [
        'setting: Port range changed from 32768–60999 to 1024–65535.',
        'setting: Reserved ports changed from none to 3306.',
      ],
      [
        'setting: Port range changed from 1024–65535 to 32768–60999.',
        'setting: Reserved ports changed from 3306 to none.',
      ],
    ]);
  });

  it('S6: tell a gap, a sleep and a clock that was set from each other', () => {
    const at = (seconds: number) => quietAt(START_MS + seconds * 1000);
    const clock = (up: number, steady = up) => ({ uptimeMs: up * 1000, steadyMs: steady * 1000 });
    expect(marksOf([at(0), at(2.4)])).toEqual([[], []]);
    expect(marksOf([at(0), at(60)])[1]).toEqual(['gap: No sample arrived for 60 s.']);
    expect(marksOf([at(0), at(3600)], [clock(10), clock(3610, 12)])[1]).toEqual([
      'suspend: The machine was suspended for 60 min.',
    ]);
    expect(marksOf([at(0), at(601)], [clock(10), clock(11)])[1]).toEqual([
      'clock: The system clock was set forward by 10 min.',
    ]);
  });

  it('S6: take a sample that is told again, at another pace or because of a pause, for no clock that was set', () => {
    const { sampler } = quietAt(START_MS);
    const at = (seconds: number, effectiveIntervalMs: number, paused = false) =>
      quietAt(START_MS + seconds * 1000, { sampler: { ...sampler, effectiveIntervalMs, paused } });
    const clocks = [0, 0.5, 10, 18, 20, 27, 50].map((seconds) => ({
      steadyMs: seconds * 1000,
      uptimeMs: seconds * 1000,
    }));
    expect(
      marksOf(
        [
          at(0, 1000),
          at(0, 10_000),
          at(10, 10_000),
          at(10, 1000),
          at(20, 10_000),
          at(20, 10_000, true),
          at(50, 10_000),
        ],
        clocks,
      ),
    ).toEqual([[], [], [], [], [], [], ['gap: Sampling or history was paused for 30 s.']]);
  });

  it('S6: call nothing a gap that is shorter than what is kept of a fast pace', () => {
    const [calm] = [quietAt(START_MS)];
    const at = (seconds: number) =>
      quietAt(START_MS + seconds * 1000, { sampler: { ...calm.sampler, effectiveIntervalMs: 200 } });
    expect(marksOf([at(0), at(0.8), at(3.2)])).toEqual([[], [], []]);
    expect(marksOf([at(0), at(2.6)])[1]).toEqual(['gap: No sample arrived for 3 s.']);
  });

  it('tell a process that is first seen with many sockets, not those there from the start', () => {
    const busy = busyAt(START_MS + 1000, 2);
    const [first, second] = busy.consumers;
    if (!first || !second) throw new Error('two consumers are needed');
    const start = quietAt(START_MS, { consumers: [first] });
    const few = { ...second, pid: 77, process: 'tiny', sockets: 3 };
    const group = {
      ...second,
      pid: null,
      process: 'curl',
      group: { parentPid: 9, parentProcess: 'sh', processCount: 9 },
      sockets: 1200,
    };
    expect(
      marksOf([
        start,
        { ...busy, consumers: [first, second, few, group] },
        { ...busy, takenAtMs: START_MS + 2000 },
      ]).slice(1),
    ).toEqual([
      [
        `process: worker-1 (pid 4001) was first seen, with ${second.sockets.toLocaleString('en')} sockets towards 192.0.2.2:443.`,
        'process: curl was first seen, with 1,200 sockets towards 192.0.2.2:443.',
      ],
      [],
    ]);
  });

  it('remember settings and verdict of the run before', () => {
    const watch = new Watch({
      atMs: START_MS - 60_000,
      why: 'stopped',
      settings: [{ name: 'Port range', value: '1024–65535' }],
      level: 'critical',
    });
    const clocks = { steadyMs: 0, uptimeMs: 0 };
    expect(watch.next(judged(START_MS, 'critical'), clocks).map(({ kind }) => kind)).toEqual([
      'gap',
      'setting',
    ]);
  });
});
