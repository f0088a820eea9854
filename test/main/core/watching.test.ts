import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Level } from '../../../main/core/model.ts';
import {
  isQuiet,
  NOTHING_TOLD,
  OVER_AFTER_MS,
  REPEAT_MS,
  watchVerdict,
  type WatchNotice,
  type WatchRules,
} from '../../../main/core/watching.ts';

const RULES: WatchRules = { from: 'warning', quietHours: null };

/** What is told of levels, one each `stepMs`. */
function told(levels: readonly Level[], rules = RULES, stepMs = 1000, startMinute = 0): (string | null)[] {
  let state = NOTHING_TOLD;
  return levels.map((level, index) => {
    const atMs = index * stepMs;
    const next = watchVerdict(
      state,
      {
        verdict: { level, sentence: `it is ${level}`, poolKey: 'a' },
        atMs,
        minuteOfDay: (startMinute + Math.floor(atMs / 60_000)) % 1440,
      },
      rules,
    );
    state = next.state;
    return say(next.notice);
  });
}

function say(notice: WatchNotice | null): string | null {
  return notice && `${notice.kind} ${notice.level}`;
}

const repeat = (level: Level, times: number): Level[] => Array.from({ length: times }, () => level);
const seconds = (ms: number) => ms / 1000;

describe('notifications', () => {
  it('tell once when it gets worse, again when it gets worse still, and once when it is over', () => {
    const levels: Level[] = [
      'ok',
      ...repeat('warning', 5),
      ...repeat('critical', 5),
      ...repeat('warning', 5),
      ...repeat('ok', seconds(OVER_AFTER_MS) + 5),
    ];
    expect(told(levels).filter(Boolean)).toEqual(['worse warning', 'worse critical', 'over ok']);
  });

  it('carry the sentence of the verdict and its pool', () => {
    const { notice } = watchVerdict(
      NOTHING_TOLD,
      {
        verdict: { level: 'critical', sentence: 'Port pool to a is full.', poolKey: 'a' },
        atMs: 0,
        minuteOfDay: 0,
      },
      RULES,
    );
    expect(notice).toEqual({
      kind: 'worse',
      level: 'critical',
      title: 'Ports: critical',
      body: 'Port pool to a is full.',
      poolKey: 'a',
    });
  });

  it('stay silent below the level that was asked for', () => {
    expect(told(repeat('warning', 60), { ...RULES, from: 'critical' }).filter(Boolean)).toEqual([]);
    expect(told(repeat('notice', 60)).filter(Boolean)).toEqual([]);
  });

  it('do not say that it is over before it has been for a while, nor when nothing was said', () => {
    expect(told(['critical', ...repeat('ok', 5), 'critical', ...repeat('ok', 5)]).filter(Boolean)).toEqual([
      'worse critical',
    ]);
    expect(told(repeat('ok', 60)).filter(Boolean)).toEqual([]);
  });

  it('tell what comes and goes once in five minutes, and tell it then if it is still there', () => {
    const cycle: Level[] = [...repeat('critical', 10), ...repeat('ok', seconds(OVER_AFTER_MS) + 5)];
    const levels = Array.from({ length: 8 }, () => cycle).flat();
    expect(told(levels).filter((each) => each === 'worse critical')).toHaveLength(1);
    const back: Level[] = [...cycle, ...repeat('critical', seconds(REPEAT_MS) + 10)];
    const notices = told(back);
    expect(notices.filter(Boolean)).toEqual(['worse critical', 'over ok', 'worse critical']);
    expect(notices.lastIndexOf('worse critical')).toBe(seconds(REPEAT_MS));
  });

  it('tell at once of what comes back worse than it was', () => {
    const warned: Level[] = [...repeat('warning', 10), ...repeat('ok', seconds(OVER_AFTER_MS) + 5)];
    expect(told([...warned, ...repeat('critical', 40)]).filter(Boolean)).toEqual([
      'worse warning',
      'over ok',
      'worse critical',
    ]);
  });

  it('are kept back in quiet hours and told at their end if it is still so', () => {
    const quiet: WatchRules = { from: 'warning', quietHours: { fromMinute: 0, toMinute: 10 } };
    const notices = told(repeat('critical', 11 * 60), quiet);
    expect(notices.filter(Boolean)).toEqual(['worse critical']);
    expect(notices.indexOf('worse critical')).toBe(600);
  });

  it('take what cannot be said for neither worse nor over', () => {
    expect(told(['critical', ...repeat('unknown', 60), 'critical']).filter(Boolean)).toEqual([
      'worse critical',
    ]);
  });

  it('know quiet hours that span midnight, and that equal ends are none', () => {
    const night: WatchRules = { from: 'warning', quietHours: { fromMinute: 1320, toMinute: 420 } };
    const at = (minuteOfDay: number) => isQuiet({ minuteOfDay }, night);
    expect([at(1319), at(1320), at(0), at(419), at(420)]).toEqual([false, true, true, true, false]);
    expect(
      isQuiet({ minuteOfDay: 60 }, { from: 'warning', quietHours: { fromMinute: 60, toMinute: 60 } }),
    ).toBe(false);
  });

  it('never tell two of a kind in a row but for a worse level, whatever happens', () => {
    const levels = fc.array(fc.constantFrom<Level>('ok', 'notice', 'warning', 'critical', 'unknown'), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(levels, fc.integer({ min: 500, max: 60_000 }), (sequence, stepMs) => {
        const notices = told(sequence, RULES, stepMs).filter((each) => each !== null);
        notices.forEach((notice, index) => {
          if (index === 0) expect(notice).toMatch(/^worse/);
          else if (notices[index - 1] === notice) expect.fail(`${notice} twice in a row`);
        });
      }),
    );
  });
});
