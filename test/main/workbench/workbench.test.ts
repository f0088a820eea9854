import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { THRESHOLDS } from '../../../main/core/assess.ts';
import type { SamplerLink } from '../../../preload/contract.ts';
import type { WorkbenchEvent } from '../../../main/workbench/workbench.ts';
import { quietSummary } from '../../support/fake-sampler.ts';
import { rigWorkbench, type WorkbenchRig } from '../../support/workbench.ts';

const START_MS = 1_700_000_000_000;

let rig: WorkbenchRig;
let events: WorkbenchEvent[];

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
  rig = rigWorkbench();
  events = [];
  rig.workbench.subscribe((event) => events.push(event));
});

afterEach(() => {
  rig.workbench.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function samplerState(): Promise<SamplerLink> {
  const outcome = await rig.workbench.handlers['summary.get']({});
  if (!outcome.ok) throw new Error('summary.get failed');
  return outcome.value.sampler;
}

function startRunning(): void {
  rig.workbench.start();
  rig.sampler().say({ type: 'ready', pid: 1000 });
}

/** Passes time with a beat every five seconds. */
function beatFor(ms: number): void {
  for (let passed = 0; passed < ms; passed += 5000) {
    vi.advanceTimersByTime(Math.min(5000, ms - passed));
    rig.sampler().say({ type: 'beat' });
  }
}

describe('the sampler link', () => {
  test('goes from starting to running when the process says it is ready', async () => {
    rig.workbench.start();
    expect(await samplerState()).toEqual({
      state: 'starting',
      sinceMs: START_MS,
      restarts: 0,
      retryAtMs: null,
      sentence: null,
    });
    vi.advanceTimersByTime(80);
    rig.sampler().say({ type: 'ready', pid: 1000 });
    expect(await samplerState()).toMatchObject({ state: 'running', sinceMs: START_MS + 80 });
  });

  test('keeps the last summary and publishes each', async () => {
    startRunning();
    rig.sampler().say({ type: 'summary', summary: quietSummary({ sequence: 7 }) });
    expect(await rig.workbench.handlers['summary.get']({})).toMatchObject({
      ok: true,
      value: { summary: { sequence: 7 } },
    });
    expect(events.filter(({ name }) => name === 'summary.updated')).toHaveLength(1);
  });

  test('S7: starts a dead process again after 0.5 s, says so, and doubles the wait', async () => {
    startRunning();
    rig.sampler().exit();
    expect(await samplerState()).toEqual({
      state: 'restarting',
      sinceMs: START_MS,
      restarts: 1,
      retryAtMs: START_MS + 500,
      sentence: 'The sampler stopped; starting it again in 0.5 s.',
    });
    vi.advanceTimersByTime(499);
    expect(rig.samplers).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(rig.samplers).toHaveLength(2);
    rig.sampler().exit();
    expect((await samplerState()).sentence).toBe('The sampler stopped; starting it again in 1 s.');
  });

  test('S7: stops after five restarts in five minutes, and starts again when asked', async () => {
    rig.workbench.start();
    for (let death = 0; death < 5; death++) {
      rig.sampler().exit();
      vi.advanceTimersByTime(30_000);
      // Silent processes would be restarted too; this one beats until it dies.
      rig.sampler().say({ type: 'beat' });
    }
    rig.sampler().exit();
    const stopped = await samplerState();
    expect(stopped).toMatchObject({ state: 'stopped', restarts: 5, retryAtMs: null });
    expect(stopped.sentence).toMatch(/five times within five minutes/);
    const before = rig.samplers.length;
    vi.advanceTimersByTime(3_600_000);
    expect(rig.samplers).toHaveLength(before);
    const restarted = await rig.workbench.handlers['sampling.restart']({});
    expect(restarted).toMatchObject({ ok: true, value: { state: 'starting', restarts: 0, sentence: null } });
    expect(rig.samplers).toHaveLength(before + 1);
  });

  test('S7: forgets earlier deaths after 60 s of health', async () => {
    startRunning();
    rig.sampler().exit();
    vi.advanceTimersByTime(500);
    rig.sampler().say({ type: 'ready', pid: 1001 });
    beatFor(60_000);
    expect(await samplerState()).toMatchObject({ state: 'running', restarts: 0 });
    rig.sampler().exit();
    expect((await samplerState()).retryAtMs).toBe(Date.now() + 500);
  });

  test('S7: kills and restarts a process that has been silent for 11 s, not earlier', async () => {
    startRunning();
    const silent = rig.sampler();
    vi.advanceTimersByTime(10_999);
    expect(silent.isKilled).toBe(false);
    vi.advanceTimersByTime(1);
    expect(silent.isKilled).toBe(true);
    const states = events.flatMap((event) => (event.name === 'sampler.changed' ? [event.payload.state] : []));
    expect(states).toEqual(['starting', 'running', 'silent', 'restarting']);
    vi.advanceTimersByTime(500);
    expect(rig.samplers).toHaveLength(2);
  });

  test('S7: raises no alarm when a late timer meets a beat, as after waking from suspend', () => {
    startRunning();
    vi.advanceTimersByTime(6000);
    rig.sampler().say({ type: 'beat' });
    vi.advanceTimersByTime(10_000);
    expect(rig.sampler().isKilled).toBe(false);
  });

  test('leaves a process behind that does not die, and does not hear it any more', async () => {
    startRunning();
    const stuck = rig.sampler();
    stuck.diesWhenKilled = false;
    vi.advanceTimersByTime(11_000 + 2000);
    expect(await samplerState()).toMatchObject({ state: 'restarting' });
    vi.advanceTimersByTime(500);
    stuck.say({ type: 'summary', summary: quietSummary() });
    stuck.exit();
    expect(rig.samplers).toHaveLength(2);
    expect(await rig.workbench.handlers['summary.get']({})).toMatchObject({ value: { summary: null } });
  });

  test('remembers the pace and sends it to the next process', async () => {
    startRunning();
    expect(await rig.workbench.handlers['sampling.configure']({ intervalMs: 200 })).toEqual({
      ok: true,
      value: { intervalMs: 200, paused: false },
    });
    await rig.workbench.handlers['sampling.configure']({ paused: true });
    rig.sampler().exit();
    vi.advanceTimersByTime(500);
    expect(rig.sampler().received).toEqual([
      { type: 'configure', intervalMs: 200, paused: true, thresholds: THRESHOLDS },
    ]);
  });

  test('stops, with the reason, when the machine cannot be measured at all', async () => {
    startRunning();
    const why = 'sampling on Windows is not there yet';
    rig.sampler().say({ type: 'unable', failure: { code: 'unsupported', what: 'sampling', why } });
    expect(await samplerState()).toMatchObject({
      state: 'stopped',
      retryAtMs: null,
      sentence: 'Sampling is not possible here: sampling on Windows is not there yet.',
    });
    vi.advanceTimersByTime(600_000);
    expect(rig.samplers).toHaveLength(1);
  });

  test.each([
    ['a number', 7],
    ['an unknown type', { type: 'hello' }],
    ['a summary that lacks a part', { type: 'summary', summary: { sequence: 1 } }],
    ['an extra field', { type: 'beat', and: 'more' }],
    ['nothing', undefined],
  ])('reports %s from the sampler and goes on', async (_what, message) => {
    startRunning();
    rig.sampler().sayRaw(message);
    expect(rig.log).toHaveLength(1);
    expect(rig.log[0]).toMatch(/Sampler message ".*" is not valid/);
    expect(await samplerState()).toMatchObject({ state: 'running' });
  });
});

describe('calls for the sampler', () => {
  const unpin = () => rig.workbench.handlers['sockets.unpin']({ snapshotId: 3 });

  test('are forwarded with an id and answered', async () => {
    startRunning();
    rig.sampler().answer = ({ id }) => ({ type: 'answer', id, ok: true, value: { released: true } });
    expect(await unpin()).toEqual({ ok: true, value: { released: true } });
    expect(rig.sampler().received.at(-1)).toEqual({
      type: 'call',
      id: 1,
      name: 'sockets.unpin',
      args: { snapshotId: 3 },
    });
  });

  test('pass a failure on as it is', async () => {
    startRunning();
    const failure = { code: 'gone', what: 'snapshot 3' } as const;
    rig.sampler().answer = ({ id }) => ({ type: 'answer', id, ok: false, failure });
    expect(await unpin()).toEqual({ ok: false, failure });
  });

  test('fail when the result is not of the contract', async () => {
    startRunning();
    rig.sampler().answer = ({ id }) => ({ type: 'answer', id, ok: true, value: { released: 'yes' } });
    expect(await unpin()).toMatchObject({
      ok: false,
      failure: { code: 'unavailable', what: 'sockets.unpin' },
    });
  });

  test('fail after 10 s without an answer, and a late answer is ignored', async () => {
    startRunning();
    const pending = unpin();
    beatFor(10_000);
    expect(await pending).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    rig.sampler().say({ type: 'answer', id: 1, ok: true, value: { released: true } });
    expect(rig.log).toEqual([]);
  });

  test('fail as gone when the process dies meanwhile', async () => {
    startRunning();
    const pending = unpin();
    rig.sampler().exit();
    expect(await pending).toEqual({ ok: false, failure: { code: 'gone', what: 'the sampler process' } });
  });

  test('fail at once, with the reason, while there is no process', async () => {
    startRunning();
    rig.sampler().exit();
    expect(await unpin()).toEqual({
      ok: false,
      failure: {
        code: 'unavailable',
        what: 'the socket list',
        why: 'the sampler stopped; starting it again in 0.5 s.',
      },
    });
  });
});

test('window.control is refused where the host has no window', async () => {
  expect(await rig.workbench.handlers['window.control']({ action: 'close' })).toMatchObject({
    ok: false,
    failure: { code: 'unsupported' },
  });
});
