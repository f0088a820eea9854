import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { valueOf } from '../../../main/core/fixes/known.ts';
import type { Summary } from '../../../main/core/model.ts';
import { NO_STATE_FOLDER } from '../../../main/workbench/fix-engine.ts';
import { rigFixes, type FixRig, type FixRigOptions } from '../../support/fix-rig.ts';
import { INCIDENT_AT_MS, INCIDENT_POOL_KEY, incidentPorts } from '../../support/incident.ts';

const RANGE = 'net.ipv4.ip_local_port_range';
const RANGE_STEP = { target: { kind: 'sysctl', key: RANGE } } as const;
const PASSWORD = 'correct horse\n';

const rigs: FixRig[] = [];
beforeEach(() => vi.useFakeTimers({ now: INCIDENT_AT_MS, toFake: ['Date', 'setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  for (const rig of rigs.splice(0)) rig.close();
});

function begin(options: FixRigOptions = {}): FixRig {
  const rig = rigFixes(options);
  rigs.push(rig);
  return rig;
}

/** A wider range, applied; held by its helper where `undoAfterSeconds` says so. */
async function applied(rig: FixRig, undoAfterSeconds: number | null = 300): Promise<number> {
  const { wizardId } = await rig.call('wizard.open', {
    findingId: null,
    poolKey: INCIDENT_POOL_KEY,
    fixId: 'linux-widen-range',
    changeId: null,
  });
  const { plan } = await rig.call('wizard.plan', { wizardId, parameters: null });
  const { change } = await rig.call('wizard.apply', {
    wizardId,
    planHash: plan.planHash ?? '',
    undoAfterSeconds,
  });
  return change.changeId;
}

async function held(rig: FixRig): Promise<number> {
  const changeId = await applied(rig);
  rig.helper().getRights();
  expect(newest(rig)).toMatchObject({ changeId, phase: 'holding', canKeep: true, canUndo: true });
  return changeId;
}

function newest(rig: FixRig) {
  return rig.payloads('change.updated').at(-1);
}

/** Lets be done what waits for its turn, until `isDone` (3 s at most); the engine waits a while for a lost helper. */
async function settle(isDone?: () => boolean): Promise<void> {
  const until = performance.now() + (isDone ? 3000 : 100);
  while (performance.now() < until && isDone?.() !== true) {
    await vi.advanceTimersByTimeAsync(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The incident a while later, its pool wider. */
function laterSummary(seconds: number, change: Partial<Summary['pools'][number]> = {}): Summary {
  const { summary } = begin();
  const [pool, ...others] = summary.pools;
  if (!pool) throw new Error('the incident has a pool');
  const exhaustion = { ...pool.exhaustion, expected: false, inSeconds: null };
  return {
    ...summary,
    takenAtMs: INCIDENT_AT_MS + seconds * 1000,
    pools: [{ ...pool, capacity: 55_000, exhaustion, ...change }, ...others],
  };
}

/** A sample so many seconds after the incident, just taken unless `change` says otherwise. */
function sampleAt(rig: FixRig, seconds: number, change: Partial<Summary> = {}): void {
  rig.clockMs = seconds * 1000;
  const summary = laterSummary(seconds);
  const takenAtMs = Math.max(summary.takenAtMs, Date.now());
  rig.service.sampled({ ...summary, takenAtMs, ...change });
}

describe('a change that holds', () => {
  it('is measured with each sample, once a second, and its figures are in the journal when it is kept', async () => {
    const rig = begin();
    const changeId = await held(rig);
    const told = rig.payloads('change.updated').length;
    for (const seconds of [1, 1.4, 2.1, 3.2]) sampleAt(rig, seconds);
    expect(rig.payloads('change.updated')).toHaveLength(told + 3);
    expect(newest(rig)?.outcome).toMatchObject({
      measuredSeconds: 3.2,
      fromMs: INCIDENT_AT_MS,
      untilMs: INCIDENT_AT_MS + 3200,
    });
    expect(newest(rig)?.outcome?.rows[0]).toMatchObject({ title: 'Usable ports', measured: '55,000' });
    await rig.call('changes.keep', { changeId });
    await settle();
    expect(newest(rig)).toMatchObject({ phase: 'kept', outcome: { measuredSeconds: 3.2 } });
    const { changes } = await rig.again().call('changes.list', {});
    expect(changes).toMatchObject([{ phase: 'kept', outcome: { measuredSeconds: 3.2 } }]);
  });

  it.each([
    ['back', -3600],
    ['forward', 3600],
  ])('goes on being measured when the clock is set %s', async (_where, stepSeconds) => {
    const rig = begin();
    const changeId = await held(rig);
    sampleAt(rig, 2);
    vi.setSystemTime(INCIDENT_AT_MS + (3 + stepSeconds) * 1000);
    sampleAt(rig, 4, { takenAtMs: Date.now() });
    expect(newest(rig)?.outcome?.measuredSeconds).toBe(4);
    await rig.call('changes.keep', { changeId });
    await settle();
    sampleAt(rig, 20, { takenAtMs: Date.now() });
    expect(newest(rig)).toMatchObject({ phase: 'kept', outcome: { measuredSeconds: 20 } });
  });

  it('is not measured by a sample that was begun before it was whole', async () => {
    const rig = begin();
    await held(rig);
    vi.setSystemTime(INCIDENT_AT_MS + 500);
    sampleAt(rig, 0.5, { takenAtMs: INCIDENT_AT_MS - 200 });
    expect(newest(rig)?.outcome).toBeNull();
    sampleAt(rig, 1.5, { takenAtMs: INCIDENT_AT_MS + 500 });
    expect(newest(rig)?.outcome?.measuredSeconds).toBe(1.5);
  });

  it('is measured two minutes after it was kept, and neither with files nor after it is undone', async () => {
    const rig = begin();
    const changeId = await held(rig);
    await rig.call('changes.keep', { changeId });
    await settle();
    sampleAt(rig, 60);
    expect(newest(rig)?.outcome?.measuredSeconds).toBeCloseTo(60, 0);
    const origin: Summary['origin'] = { kind: 'imported', files: [], profileBasis: 'detected' };
    sampleAt(rig, 61, { origin });
    sampleAt(rig, 125);
    sampleAt(rig, 126);
    expect(newest(rig)?.outcome?.measuredSeconds).toBeCloseTo(60, 0);
  });

  it('undoes itself when nobody keeps it, and says so', async () => {
    const rig = begin();
    await held(rig);
    await vi.advanceTimersByTimeAsync(300_000);
    await settle();
    expect(newest(rig)).toMatchObject({
      phase: 'undone',
      sentence: expect.stringContaining('Nobody kept it'),
    });
    expect(rig.machine.read(RANGE_STEP)).toEqual(valueOf('32768 60999'));
  });

  it('is taken back when the workbench stops, and the account says so next time', async () => {
    const rig = begin();
    await held(rig);
    const stopped = rig.service.stop();
    expect(stopped).not.toBeNull();
    await settle();
    await stopped;
    expect(rig.machine.read(RANGE_STEP)).toEqual(valueOf('32768 60999'));
    const { changes } = await rig.again().call('changes.list', {});
    expect(changes).toMatchObject([
      { phase: 'undone', sentence: expect.stringContaining('Fourtuple ended before it was kept') },
    ]);
  });

  it('keeps a stopping workbench waiting 12 s at most', async () => {
    const rig = begin();
    await held(rig);
    rig.helper().obeys = false;
    let hasStopped = false;
    void rig.service.stop()?.then(() => (hasStopped = true));
    await vi.advanceTimersByTimeAsync(11_900);
    expect(hasStopped).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(hasStopped).toBe(true);
  });

  it('is accounted for by what is so when its terminal process dies, and can then be taken back', async () => {
    const rig = begin();
    const changeId = await held(rig);
    rig.helper().fail({ code: 'gone', what: 'the terminal process that ran it' });
    await settle(() => newest(rig)?.isInterrupted === true);
    expect(newest(rig)).toMatchObject({
      canKeep: false,
      canUndo: true,
      isInterrupted: true,
      level: 'warning',
      sentence: expect.stringMatching(/Interrupted.*take it back/),
      steps: [{ state: 'after' }, { state: 'after' }],
    });
    await rig.call('changes.undo', { changeId, steps: null });
    rig.helper().getRights();
    await settle();
    expect(newest(rig)).toMatchObject({ phase: 'undone', isInterrupted: false });
    expect(rig.machine.read(RANGE_STEP)).toEqual(valueOf('32768 60999'));
  });
});

describe('what was before a change', () => {
  it('is kept when it begins: its ports, how many they were, and what was predicted', async () => {
    const rig = begin();
    const changeId = await held(rig);
    const before = await rig.call('changes.before', { changeId });
    expect(before).toEqual({
      capacity: 28_232,
      curve: expect.objectContaining({ sentence: expect.any(String) }),
      map: incidentPorts(),
    });
    // Another process has the journal, not the picture.
    killed(rig);
    expect(await rig.again().call('changes.before', { changeId })).toEqual({ ...before, map: null });
    expect(await rig.ask('changes.before', { changeId: 99 })).toMatchObject({ ok: false });
  });

  it.each([
    ['fails', async () => ({ ok: false as const, failure: { code: 'gone', what: 'x' } as const })],
    ['answers something else', async () => ({ ok: true as const, value: { ports: 1 } })],
    ['does not answer', () => new Promise<never>(() => {})],
  ])('goes without its ports where the sampler %s', async (_what, answer) => {
    const facts = { tcpPorts: [], facts: null, wanted: [] };
    const rig = begin({
      parts: {
        askSampler: (name) => (name === 'ports.map' ? answer() : Promise.resolve({ ok: true, value: facts })),
      },
    });
    const begun = applied(rig);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await rig.call('changes.before', { changeId: await begun })).toMatchObject({ map: null });
  });
});

describe('the terminal of a change', () => {
  it('F11: is typed into while sudo asks, and nothing of it is kept, logged or told', async () => {
    const rig = begin({ tools: ['sudo'] });
    const changeId = await applied(rig);
    expect(rig.helper().request.tool).toBe('sudo');
    expect(newest(rig)).toMatchObject({ wantsTyping: true, rightsWay: 'sudo' });
    rig.helper().print('Password: ');
    expect(await rig.call('changes.type', { changeId, data: PASSWORD })).toEqual({ typed: true });
    expect(rig.helper().typed).toBe(PASSWORD);
    expect(await rig.call('changes.resize', { changeId, columns: 100, rows: 20 })).toEqual({ resized: true });
    expect(rig.helper().sizes).toEqual([[100, 20]]);
    rig.helper().getRights();
    expect(newest(rig)).toMatchObject({ wantsTyping: false, phase: 'holding' });
    await settle();
    const { text } = await rig.call('changes.transcript', { changeId, offset: 0, limit: 32_768 });
    expect(text).toContain('Password: ');
    const kept = readdirSync(rig.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    const everything = [text, JSON.stringify(rig.events), rig.log.join('\n'), ...kept].join('\n');
    expect(everything).not.toContain(PASSWORD.trim());
  });

  it('shows what is printed in pieces, without the protocol', async () => {
    const rig = begin();
    const changeId = await held(rig);
    await settle();
    const printed = rig.payloads('change.printed');
    expect(printed[0]).toMatchObject({ changeId, offset: 0 });
    const text = printed.map((piece) => piece.text).join('');
    expect(text).toContain(`$ ${RANGE}`);
    expect(text).not.toMatch(/\u001e|begin 1|holding/);
    expect(newest(rig)?.printedCharacters).toBeGreaterThan(0);
  });

  it('hears nothing when nothing is at work', async () => {
    const rig = begin();
    expect(await rig.call('changes.type', { changeId: 1, data: 'x' })).toEqual({ typed: false });
    expect(await rig.call('changes.resize', { changeId: 1, columns: 80, rows: 24 })).toEqual({
      resized: false,
    });
    expect(await rig.ask('changes.transcript', { changeId: 1, offset: 0, limit: 10 })).toMatchObject({
      ok: false,
      failure: { code: 'gone' },
    });
  });

  it('F10: a person who is denied the rights is told, and nothing was changed', async () => {
    const rig = begin({ tools: ['sudo'] });
    await applied(rig);
    rig.helper().print('sudo: 3 incorrect password attempts\r\n');
    rig.helper().end(1);
    await settle();
    expect(newest(rig)).toMatchObject({ phase: 'failed', wantsTyping: false });
    expect(newest(rig)?.sentence).toMatch(/password was wrong too often\. Nothing was changed/);
    expect(rig.machine.read(RANGE_STEP)).toEqual(valueOf('32768 60999'));
  });

  it('is missing where nothing gives the rights: the plan says so and applying is refused', async () => {
    const rig = begin({ tools: [] });
    await expect(applied(rig)).rejects.toThrow(/cannot be had from here/);
    expect(rig.helpers).toEqual([]);
  });
});

describe('the journal', () => {
  it('tells at the start of a change that was interrupted, so that it can be finished or undone', async () => {
    const first = begin();
    const changeId = await applied(first);
    first.helper().getRights();
    killed(first);
    const next = first.again();
    next.service.start();
    await settle();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(newest(next)).toMatchObject({ changeId, isInterrupted: true, canFinish: true, level: 'warning' });
    await next.call('changes.finish', { changeId });
    next.helper().getRights();
    expect(newest(next)).toMatchObject({ changeId, phase: 'holding', isInterrupted: false });
  });

  it('F5: settles at the start what its helper has put back after its process was killed, and says so', async () => {
    const first = begin();
    const changeId = await held(first);
    killed(first);
    const next = first.again();
    next.service.start();
    await settle(() => newest(next)?.isInterrupted === true);
    // The helper, alone, is still at it when the next start has looked for the first time.
    const { steps } = first.machine;
    for (const step of steps) first.machine.set(step, step.current);
    await vi.advanceTimersByTimeAsync(2000);
    await settle(() => newest(next)?.phase === 'undone');
    expect(newest(next)).toMatchObject({
      changeId,
      phase: 'undone',
      isInterrupted: false,
      isUndoneByItself: true,
      canUndo: false,
      sentence: 'Interrupted when Fourtuple was ended, and undone by itself. Everything is as before.',
    });
    expect(next.helpers).toEqual([]);
    expect(await next.call('changes.list', {})).toMatchObject({ obstacle: null });
    // A later start has nothing to say of it.
    const last = next.again();
    last.service.start();
    await settle();
    expect(last.events).toEqual([]);
    expect((await last.call('changes.list', {})).changes).toMatchObject([{ isUndoneByItself: false }]);
  });

  it('leaves alone what is in force, or somebody else’s now, and looks no longer than half a minute', async () => {
    const first = begin();
    await held(first);
    killed(first);
    const next = first.again();
    next.service.start();
    await settle(() => newest(next)?.isInterrupted === true);
    const [step] = first.machine.steps;
    if (!step) throw new Error('no step');
    first.machine.set(step, valueOf('1024 65000'));
    for (let second = 0; second < 40; second += 2) await vi.advanceTimersByTimeAsync(2000);
    await settle();
    expect(newest(next)).toMatchObject({ isInterrupted: true });
    expect(vi.getTimerCount()).toBe(0);
    expect((await next.call('changes.list', {})).obstacle).toMatch(/was interrupted/);
  });

  it('F9: that is damaged blocks applying with a sentence that names the file, and looking goes on', async () => {
    const rig = begin();
    const changeId = await held(rig);
    await rig.call('changes.keep', { changeId });
    await settle();
    const folder = join(rig.folder, 'changes');
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'));
    writeFileSync(join(folder, file), 'not a journal');
    const next = rig.again();
    next.service.start();
    const { changes, obstacle } = await next.call('changes.list', {});
    expect(changes).toEqual([]);
    expect(obstacle).toContain(file);
    expect(await next.call('fixes.list', { findingId: null, poolKey: null })).toMatchObject({
      canApply: true,
    });
    await expect(applied(next)).rejects.toThrow();
    expect(next.helpers).toEqual([]);
  });

  it('that others can write is an obstacle, not a crash', async () => {
    const rig = begin();
    chmodSync(rig.folder, 0o777);
    const { obstacle } = await rig.call('changes.list', {});
    expect(obstacle).toContain(rig.folder);
    await expect(applied(rig)).rejects.toThrow();
  });

  it('is empty, with its reason, where a host keeps nothing', async () => {
    const rig = begin({ parts: { stateFolder: { ok: false, failure: NO_STATE_FOLDER } } });
    rig.service.start();
    const { changes, obstacle, folder } = await rig.call('changes.list', {});
    expect([changes, folder]).toEqual([[], '']);
    expect(obstacle).toMatch(/without a folder/);
    await expect(applied(rig)).rejects.toThrow(/without a folder/);
  });

  it('lists newest first, and undoes single steps of a change that was kept', async () => {
    const rig = begin();
    const changeId = await held(rig);
    await rig.call('changes.keep', { changeId });
    await settle();
    const { changes } = await rig.call('changes.list', {});
    expect(changes[0]?.steps.map(({ canUndo, present }) => [canUndo, present])).toEqual([
      [true, expect.stringContaining('11211')],
      [true, '10240 65535'],
    ]);
    const steps = [1];
    const undoing = rig.call('changes.undo', { changeId, steps });
    await settle();
    expect((await undoing).phase).toBe('undoing');
    expect(await rig.ask('changes.undo', { changeId: 9, steps: null })).toMatchObject({ ok: false });
  });

  it('says what somebody else has changed since', async () => {
    const rig = begin();
    const changeId = await held(rig);
    await rig.call('changes.keep', { changeId });
    await settle();
    rig.machine.set(RANGE_STEP, valueOf('1024 65535'));
    const { changes } = await rig.call('changes.list', {});
    expect(changes[0]).toMatchObject({ level: 'notice' });
    expect(changes[0]?.steps[1]).toMatchObject({ state: 'other', present: '1024 65535', canUndo: false });
  });
});

/** The process is gone: nothing of it goes on, and its lock is nobody's. */
function killed({ folder }: FixRig): void {
  vi.clearAllTimers();
  forgetLock(folder);
}

function forgetLock(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('lock.')) rmSync(join(folder, name));
  }
}
