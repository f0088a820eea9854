import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startThread } from '../../../main/hosts/start-thread.ts';
import type { FromHistory, ToHistory } from '../../../main/history/protocol.ts';
import type { ChangeInfo } from '../../../preload/contract-fixes.ts';
import {
  CONSUMER_HISTORY_COLUMNS,
  markKind,
  POOL_HISTORY_COLUMNS,
  TOTAL_HISTORY_COLUMNS,
} from '../../../preload/contract-history.ts';
import { CONSUMER_COLUMNS, POOL_COLUMNS, TOTAL_COLUMNS } from '../../../main/history/columns.ts';
import { sayHistoryCondition } from '../../../main/core/words/history.ts';
import { MARK_KINDS } from '../../../main/history/model.ts';
import { FixMarks } from '../../../main/workbench/history-fix-marks.ts';
import { SampleQueue } from '../../../main/workbench/sample-queue.ts';
import type { WorkbenchEvent } from '../../../main/workbench/workbench.ts';
import { FakeChild } from '../../support/fake-child.ts';
import { busyAt, quietAt, START_MS } from '../../support/history.ts';
import { rigWorkbench } from '../../support/workbench.ts';

const WORKER = fileURLToPath(new URL('../../../main/history/worker.ts', import.meta.url));

/** A thread that says what the test has it say. */
class FakeHistory extends FakeChild<ToHistory, FromHistory> {
  get batches(): number[] {
    return this.received.flatMap((message) => (message.type === 'append' ? [message.samples.length] : []));
  }
}

test('the contract names the columns and kinds of marks that are kept', () => {
  const names = (columns: readonly { name: string }[]) => columns.map(({ name }) => name);
  expect(TOTAL_HISTORY_COLUMNS).toEqual(names(TOTAL_COLUMNS));
  expect(POOL_HISTORY_COLUMNS).toEqual(names(POOL_COLUMNS));
  expect(CONSUMER_HISTORY_COLUMNS).toEqual(names(CONSUMER_COLUMNS));
  expect(markKind.options).toEqual(MARK_KINDS);
});

describe('samples that wait for a slow writer', () => {
  test('never grow beyond a bound: every other one goes, the newest stays, and none is forgotten uncounted', () => {
    const queue = new SampleQueue<number>();
    for (let index = 1; index <= 1000; index++) queue.add(index);
    expect(queue.size).toBeLessThanOrEqual(16);
    const { samples, missed } = queue.take();
    expect(samples.at(-1)).toBe(1000);
    expect(samples).toEqual(samples.toSorted((a, b) => a - b));
    expect(samples.length + missed).toBe(1000);
    expect(queue.take()).toEqual({ samples: [], missed: 0 });
  });
});

describe('history in the workbench', () => {
  const threads: FakeHistory[] = [];
  let stateFolder = '';
  beforeEach(() => {
    threads.length = 0;
    stateFolder = mkdtempSync(join(tmpdir(), 'fourtuple-state-'));
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    rmSync(stateFolder, { recursive: true, force: true });
  });

  function rigFake() {
    const rig = rigWorkbench({
      stateFolder: { ok: true, value: stateFolder },
      startHistory: () => {
        const thread = new FakeHistory();
        threads.push(thread);
        return thread;
      },
    });
    const events: WorkbenchEvent[] = [];
    rig.workbench.subscribe((event) => events.push(event));
    rig.workbench.start();
    const sample = (atMs: number) => rig.sampler().say({ type: 'summary', summary: quietAt(atMs) });
    return { ...rig, events, sample };
  }

  test('has a folder of its own below the state folder', () => {
    rigFake();
    expect(threads[0]?.received[0]).toMatchObject({ type: 'open', folder: join(stateFolder, 'history') });
  });

  test('is written with one batch under way, whatever comes meanwhile', () => {
    const { sample } = rigFake();
    for (let index = 0; index < 50; index++) sample(START_MS + index * 1000);
    expect(threads[0]?.batches).toEqual([1]);
    threads[0]?.say({ type: 'appended' });
    const [first, second] = threads[0]?.batches ?? [];
    expect([first, (second ?? 99) <= 16]).toEqual([1, true]);
    threads[0]?.say({ type: 'appended' });
    expect(threads[0]?.batches).toHaveLength(2);
  });

  test('takes no figures of files from another machine', () => {
    const { sampler } = rigFake();
    const origin = { kind: 'imported' as const, files: [], profileBasis: 'detected' as const };
    sampler().say({ type: 'summary', summary: quietAt(START_MS, { origin }) });
    expect(threads[0]?.batches).toEqual([]);
  });

  test('logs what is wrong with the file, once, for those who have no page', async () => {
    const { workbench, log } = rigFake();
    const asked = await workbench.handlers['history.state']({});
    if (!asked.ok) throw new Error('it has a state');
    const sentence = 'The disk is full, so history pauses.';
    const other = sayHistoryCondition({ code: 'other-instance' });
    for (const told of [null, sentence, sentence, other, null, sentence])
      threads[0]?.say({ type: 'state', state: { ...asked.value, sentence: told } });
    expect(log).toEqual([sentence, sentence]);
  });

  test('tells the figures of a moment whose whole summary is of another version', async () => {
    const { workbench } = rigFake();
    const asked = workbench.handlers['history.moment']({ atMs: START_MS });
    const call = threads[0]?.received.at(-1);
    const id = call?.type === 'call' ? call.id : -1;
    const figures = { atMs: START_MS, stepMs: 1000, totals: { sockets: 7 }, pools: [], consumers: [] };
    const summary = { ...quietAt(START_MS), ofLater: 1 };
    threads[0]?.say({
      type: 'answer',
      id,
      ok: true,
      value: { moment: { ...figures, verdict: null, summary } },
    });
    expect(await asked).toEqual({
      ok: true,
      value: { moment: { ...figures, verdict: null, summary: null } },
    });
  });

  test('says so when its thread dies, fails what was asked, and starts it again', async () => {
    const { events, workbench, log } = rigFake();
    const asked = workbench.handlers['history.moment']({ atMs: START_MS });
    threads[0]?.exit();
    expect(await asked).toMatchObject({ ok: false, failure: { code: 'gone' } });
    expect(events.at(-1)).toMatchObject({ name: 'history.changed', payload: { mode: 'off' } });
    expect(log.join()).toContain('history ended');
    await vi.advanceTimersByTimeAsync(600);
    expect(threads).toHaveLength(2);
    expect(threads[1]?.received[0]).toMatchObject({ type: 'open' });
  });

  test('gives up after five deaths in five minutes', async () => {
    const { workbench } = rigFake();
    for (let death = 0; death < 7; death++) {
      threads.at(-1)?.exit();
      await vi.advanceTimersByTimeAsync(31_000);
    }
    expect(threads).toHaveLength(6);
    const state = await workbench.handlers['history.state']({});
    expect(state).toMatchObject({
      ok: true,
      value: { mode: 'off', sentence: expect.stringContaining('five times') },
    });
  });

  test('is turned off and on again by the settings: the file is closed first, and what was missed is no stop', async () => {
    const { workbench, events, sample } = rigFake();
    const change = workbench.handlers['settings.change'];
    await change({ history: { enabled: false } });
    expect(threads[0]?.received.at(-1)).toEqual({ type: 'close' });
    expect(events.findLast(({ name }) => name === 'history.changed')).toMatchObject({
      payload: {
        mode: 'off',
        sentence: 'History is turned off in the settings; what was kept stays on the disk.',
      },
    });
    sample(START_MS);
    expect(threads[0]?.batches).toEqual([]);
    expect(await workbench.handlers['history.moment']({ atMs: START_MS })).toMatchObject({
      ok: false,
      failure: { why: 'it is turned off in the settings' },
    });
    await change({ history: { enabled: true } });
    expect(threads).toHaveLength(1);
    threads[0]?.say({ type: 'closed' });
    await vi.advanceTimersByTimeAsync(0);
    expect(threads[1]?.received[0]).toMatchObject({ type: 'open', isContinued: true });
    sample(START_MS + 1000);
    expect(threads[1]?.batches).toEqual([1]);
  });

  test('takes size and ages from the settings, at the start and later', async () => {
    const { workbench } = rigFake();
    const hour = 3_600_000;
    const usual = { keepMs: [2 * hour, 48 * hour, 90 * 24 * hour, 90 * 24 * hour], maxBytes: 200 * 2 ** 20 };
    expect(threads[0]?.received[0]).toMatchObject({ retention: usual, isContinued: false });
    await workbench.handlers['settings.change']({ history: { megabytes: 50, secondsKeptHours: 4 } });
    const retention = { keepMs: [4 * hour, ...usual.keepMs.slice(1)], maxBytes: 50 * 2 ** 20 };
    expect(threads[0]?.received.at(-1)).toEqual({ type: 'retain', retention });
    await workbench.handlers['settings.change']({ appearance: { theme: 'dark' } });
    expect(threads[0]?.received.filter(({ type }) => type === 'retain')).toHaveLength(1);
  });

  test('keeps no command lines where the settings say so', async () => {
    const { workbench, sampler } = rigFake();
    const lines = () =>
      threads[0]?.received.flatMap((message) =>
        message.type === 'append'
          ? message.samples.flatMap(({ summary }) => summary.consumers.map(({ commandLine }) => commandLine))
          : [],
      );
    const say = (atMs: number) => sampler().say({ type: 'summary', summary: busyAt(atMs) });
    const busy = busyAt(START_MS);
    expect(busy.consumers.some(({ commandLine }) => commandLine !== null)).toBe(true);
    await workbench.handlers['settings.change']({ privacy: { keepCommandLines: false } });
    say(START_MS);
    expect(lines()).toEqual(busy.consumers.map(() => null));
  });

  test('answers that there is none where no folder was given', async () => {
    const { workbench } = rigWorkbench();
    workbench.start();
    expect(await workbench.handlers['history.state']({})).toMatchObject({ ok: true, value: { mode: 'off' } });
    expect(await workbench.handlers['testRun.start']({ name: 'x' })).toMatchObject({ ok: false });
    await workbench.stop();
  });
});

test('a fix is marked when it is carried out and when it is taken back, not on its way there', () => {
  const marks = new FixMarks(START_MS);
  const told = (phase: ChangeInfo['phase'], phaseAtMs: number) => {
    const change = {
      ...({} as ChangeInfo),
      changeId: 7,
      title: 'Wider port range',
      phase,
      phaseAtMs,
      sentence: `It is ${phase}.`,
    };
    return marks.next(change);
  };
  expect(told('undone', START_MS - 60_000)).toBeNull();
  expect(told('applying', START_MS + 1000)).toBeNull();
  expect(told('holding', START_MS + 2000)).toEqual({
    kind: 'fix',
    atMs: START_MS + 2000,
    text: 'Fix: Wider port range',
    detail: 'It is holding.',
  });
  expect(told('holding', START_MS + 2000)).toBeNull();
  expect(told('undone', START_MS + 9000)).toMatchObject({ text: 'Undone: Wider port range' });
});

describe('history with its real thread', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fourtuple-history-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('keeps what the sampler says, answers by the contract, and closes its file at the end', async () => {
    const log: string[] = [];
    const rig = rigWorkbench({
      stateFolder: { ok: true, value: folder },
      startHistory: () => startThread<ToHistory>(WORKER, (line) => log.push(line)),
    });
    const { handlers } = rig.workbench;
    rig.workbench.start();
    const nowMs = Date.now();
    for (let index = 0; index < 10; index++) {
      rig.sampler().say({ type: 'summary', summary: busyAt(nowMs - 10_000 + index * 1000, 4) });
    }
    const range = { fromMs: nowMs - 60_000, untilMs: nowMs + 60_000 };
    const query = { ...range, points: 120, series: { kind: 'totals' as const }, columns: ['TIME_WAIT'] };
    await vi.waitFor(
      async () => {
        const answer = await handlers['history.query'](query);
        expect(answer.ok && answer.value.atMs.length).toBe(10);
      },
      { timeout: 30_000 },
    );
    const note = await handlers['history.mark']({ atMs: nowMs, text: 'rolled out', detail: '' });
    expect(note).toMatchObject({ ok: true, value: { kind: 'note', text: 'rolled out' } });
    const marks = await handlers['history.marks']({ ...range, kinds: ['note'] });
    expect(marks).toMatchObject({ ok: true, value: { marks: [{ text: 'rolled out' }] } });
    const moment = await handlers['history.moment']({ atMs: nowMs - 5000 });
    expect(moment).toMatchObject({
      ok: true,
      value: { moment: { summary: { poolCount: 4 }, verdict: { level: 'ok' } } },
    });
    expect(await handlers['history.pools']({ ...range, limit: 10 })).toMatchObject({
      ok: true,
      value: { pools: { length: 4 } },
    });
    expect(await handlers['history.consumers']({ ...range, limit: 10 })).toMatchObject({ ok: true });
    const run = await handlers['testRun.start']({ name: 'ab' });
    const id = run.ok ? run.value.id : -1;
    expect(await handlers['testRun.report']({ id })).toMatchObject({ ok: true, value: { isRunning: true } });
    expect(await handlers['testRun.stop']({ id })).toMatchObject({ ok: true, value: { kind: 'test-run' } });
    expect(await handlers['history.state']({})).toMatchObject({
      ok: true,
      value: { mode: 'recording', sentence: null },
    });
    await rig.workbench.stop();
    expect({ log, workbench: rig.log }).toEqual({ log: [], workbench: [] });
  }, 60_000);
});
