import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Notice, Settings } from '../../../preload/contract-settings.ts';
import { noticeSchema } from '../../../preload/contract-settings.ts';
import type { Level } from '../../../main/core/model.ts';
import { OVER_AFTER_MS, REPEAT_MS } from '../../../main/core/watching.ts';
import type { NewMark } from '../../../main/history/model.ts';
import type { FromHistory, ToHistory } from '../../../main/history/protocol.ts';
import { DEFAULT_SETTINGS } from '../../../main/settings/defaults.ts';
import { createNotices, NOTICES_KEPT } from '../../../main/workbench/notices.ts';
import type { WorkbenchEvent } from '../../../main/workbench/workbench.ts';
import { FakeChild } from '../../support/fake-child.ts';
import { incidentSummary } from '../../support/incident.ts';
import { rigWorkbench } from '../../support/workbench.ts';

const NOON = new Date(2026, 10, 20, 12).getTime();
type Rules = Settings['notifications'];

/** Notices over a clock that stands until `pass`. */
function rig(change: Partial<Rules> = {}) {
  let elapsedMs = 0;
  const rules = { ...DEFAULT_SETTINGS.notifications, ...change };
  const raised: Notice[] = [];
  const marks: NewMark[] = [];
  const notices = createNotices({
    rules: () => rules,
    publish: ({ payload }) => raised.push(payload),
    mark: (mark) => marks.push(mark),
    now: () => NOON + elapsedMs,
    steadyMs: () => elapsedMs,
  });
  const see = (level: Level, change: Parameters<typeof incidentSummary>[0] = {}) => {
    const verdict = { ...incidentSummary().verdict, level, sentence: `It is ${level}.` };
    notices.sampled(incidentSummary({ takenAtMs: NOON + elapsedMs, verdict, ...change }));
  };
  /** One sample a second for so long. */
  const last = (level: Level, ms: number) => {
    for (const untilMs = elapsedMs + ms; elapsedMs < untilMs; elapsedMs += 1000) see(level);
  };
  return { notices, rules, raised, marks, see, last, pass: (ms: number) => (elapsedMs += ms) };
}

const kinds = (raised: readonly Notice[]) => raised.map(({ kind, level }) => `${kind} ${level}`);

describe('notices of real summaries', () => {
  test('say that it got worse and that it is over, once each, with the sentence, the pool and the time', () => {
    const { raised, last } = rig();
    last('ok', 5000);
    last('critical', 40_000);
    last('ok', OVER_AFTER_MS + 5000);
    expect(raised).toEqual([
      {
        id: 1,
        kind: 'worse',
        level: 'critical',
        title: 'Ports: critical',
        body: 'It is critical.',
        poolKey: incidentSummary().verdict.poolKey,
        atMs: NOON + 5000,
      },
      {
        id: 2,
        kind: 'over',
        level: 'ok',
        title: 'Ports: over',
        body: 'It is ok.',
        poolKey: incidentSummary().verdict.poolKey,
        atMs: NOON + 45_000 + OVER_AFTER_MS,
      },
    ]);
    for (const notice of raised) expect(noticeSchema.parse(notice)).toEqual(notice);
  });

  test('mark the time line, each where it was told', () => {
    const { marks, last } = rig();
    last('warning', 3000);
    last('critical', 3000);
    last('ok', OVER_AFTER_MS + 2000);
    expect(marks).toEqual([
      { kind: 'notice', atMs: NOON, level: 'warning', text: 'Told: warning', detail: 'It is warning.' },
      {
        kind: 'notice',
        atMs: NOON + 3000,
        level: 'critical',
        text: 'Told: critical',
        detail: 'It is critical.',
      },
      {
        kind: 'notice',
        atMs: NOON + 6000 + OVER_AFTER_MS,
        level: 'ok',
        text: 'Told: it is over',
        detail: 'It is ok.',
      },
    ]);
  });

  test('follow the settings as they are at each sample: the level, quiet hours, and whether at all', () => {
    const { rules, raised, last, pass } = rig({ from: 'critical' });
    last('warning', 5000);
    expect(raised).toEqual([]);
    rules.quietHours = { fromMinute: 12 * 60, toMinute: 12 * 60 + 1 };
    last('critical', 50_000);
    expect(raised).toEqual([]);
    pass(10_000);
    last('critical', 3000);
    expect(kinds(raised)).toEqual(['worse critical']);
    rules.enabled = false;
    last('ok', OVER_AFTER_MS + 5000);
    last('critical', 5000);
    expect(kinds(raised)).toEqual(['worse critical']);
    rules.enabled = true;
    pass(REPEAT_MS);
    last('critical', 3000);
    expect(kinds(raised)).toEqual(['worse critical', 'worse critical']);
  });

  test('are never of files', () => {
    const { raised, marks, see } = rig();
    see('critical', { origin: { kind: 'imported', files: [], profileBasis: 'detected' } });
    expect({ raised, marks }).toEqual({ raised: [], marks: [] });
  });

  test('are not disturbed by a wall clock that is set back', () => {
    const { raised, last, see, pass } = rig();
    last('critical', 3000);
    for (let second = 0; second * 1000 < OVER_AFTER_MS + 2000; second++) {
      see('ok', { takenAtMs: NOON - 3_600_000 });
      pass(1000);
    }
    expect(kinds(raised)).toEqual(['worse critical', 'over ok']);
  });

  test('can be tried: a test says that it is one, and leaves no mark', async () => {
    const { notices, raised, marks } = rig({ enabled: false });
    const answer = await notices.handlers['notices.test']({});
    expect(answer).toMatchObject({ ok: true, value: { kind: 'test', title: 'A test of notifications' } });
    expect(raised).toHaveLength(1);
    expect(marks).toEqual([]);
  });

  test('are kept, the newest first, and not for ever', async () => {
    const { notices } = rig();
    for (let count = 0; count < NOTICES_KEPT + 5; count++) await notices.handlers['notices.test']({});
    const answer = await notices.handlers['notices.list']({});
    if (!answer.ok) throw new Error('refused');
    expect(answer.value.notices).toHaveLength(NOTICES_KEPT);
    expect(answer.value.notices[0]?.id).toBe(NOTICES_KEPT + 5);
  });
});

/** A thread that keeps nothing and closes at once. */
class FakeHistory extends FakeChild<ToHistory, FromHistory> {
  protected override react(message: ToHistory): void {
    if (message.type === 'close') this.say({ type: 'closed' });
  }
}

test('the workbench publishes what its samples raise, and marks it in the history', async ({
  onTestFinished,
}) => {
  const stateFolder = mkdtempSync(join(tmpdir(), 'fourtuple-state-'));
  onTestFinished(() => rmSync(stateFolder, { recursive: true, force: true }));
  const thread = new FakeHistory();
  const { workbench, sampler } = rigWorkbench({
    stateFolder: { ok: true, value: stateFolder },
    startHistory: () => thread,
  });
  const events: WorkbenchEvent[] = [];
  workbench.subscribe((event) => events.push(event));
  workbench.start();
  sampler().say({ type: 'summary', summary: incidentSummary() });
  const notices = events.flatMap((event) => (event.name === 'notice.raised' ? [event.payload] : []));
  expect(kinds(notices)).toEqual(['worse critical']);
  expect(thread.received).toContainEqual(
    expect.objectContaining({
      type: 'call',
      name: 'mark',
      args: expect.objectContaining({ kind: 'notice' }),
    }),
  );
  expect(await workbench.handlers['notices.list']({})).toEqual({ ok: true, value: { notices } });
  await workbench.stop();
});
