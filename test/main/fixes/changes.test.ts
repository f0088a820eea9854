import { afterEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../../main/core/fixes/model.ts';
import { hashPlan } from '../../../main/fixes/plan-hash.ts';
import {
  AFTER,
  BEFORE,
  changesRig,
  HERE,
  planOf,
  RANGE,
  removeFolders,
  RESERVED,
  WIDEN,
  type ChangesRig,
} from '../../support/changes-rig.ts';
import { summaryFor } from '../../support/fixes.ts';

afterEach(removeFolders);

/** A kept change of the past. */
async function kept(): Promise<ChangesRig> {
  const rig = changesRig();
  rig.apply(null);
  expect(await rig.ended()).toMatchObject({ phase: 'kept' });
  return rig;
}

describe('carrying a change out', () => {
  test('F3: writes each step before it is done, holds, and keeps it when asked', async () => {
    const rig = changesRig();
    expect(rig.apply()).toMatchObject({ ok: true, value: { id: 1, phase: 'prepared' } });
    await rig.phase('holding');
    expect(rig.told).toEqual([
      'prepared waiting,waiting',
      'applying waiting,waiting',
      'applying started,waiting',
      'applying done,waiting',
      'applying done,started',
      'applying done,done',
      'holding done,done',
    ]);
    expect(rig.machine.helper.heard).toEqual(['go 1\n', 'go 2\n']);
    expect(rig.timers).toMatchObject([{ milliseconds: 300_000 }]);
    expect(rig.changes.keep(1)).toMatchObject({ ok: true });
    expect(await rig.ended()).toMatchObject({ phase: 'kept', undoesAtMs: null, sentence: null });
    expect(rig.values()).toEqual(AFTER);
    expect(rig.timers).toEqual([]);
    expect(rig.printed).toBe(`$ set ${RESERVED}\n$ set ${RANGE}\n`);
  });

  test('F3: has the journal on the disk as "started" when "go" is said', async () => {
    const rig = changesRig();
    rig.apply();
    const { helper } = rig.machine;
    const write = helper.write.bind(helper);
    const onDisk: string[] = [];
    helper.write = (bytes) => {
      const listed = rig.journal.list();
      onDisk.push(listed.ok ? (listed.value[0]?.steps.map(({ status }) => status).join(',') ?? '') : '');
      write(bytes);
    };
    await rig.phase('holding');
    expect(onDisk).toEqual(['started,waiting', 'done,started']);
  });

  test('F6: takes it back exactly when asked, when its time is over, and when all has to stop', async () => {
    const ways: [(rig: ChangesRig) => unknown, RegExp][] = [
      [(rig) => rig.changes.undo(1, null), /^Taken back as asked\. Everything is as before\.$/],
      [(rig) => rig.timers[0]?.run(), /^Nobody kept it within 5 min, so it was taken back\./],
      [(rig) => rig.changes.stop(), /^Fourtuple ended before it was kept, so it was taken back\./],
      [(rig) => rig.machine.helper.write(new TextEncoder().encode('undo\n')), /^Nobody kept it within 5 min/],
    ];
    for (const [takeBack, sentence] of ways) {
      const rig = changesRig();
      rig.apply();
      await rig.phase('holding');
      await takeBack(rig);
      expect(await rig.ended()).toMatchObject({ phase: 'undone', sentence: expect.stringMatching(sentence) });
      expect(rig.values()).toEqual(BEFORE);
    }
  });

  test('keeps it at once when it is not to undo itself, but only when all of it is written down', async () => {
    const rig = changesRig();
    rig.apply(null);
    expect(await rig.ended()).toMatchObject({ phase: 'kept', undoAfterSeconds: null });
    expect(rig.timers).toEqual([]);
    expect(rig.machine.helper.heard).toEqual(['go 1\n', 'go 2\n', 'keep\n']);
  });

  test('keeps at once what cannot be taken back, and says so when asked to', async () => {
    const plan = planOf('linux-release-time-wait', {}, 'linux', summaryFor('linux'));
    const rig = changesRig({ plan });
    rig.apply();
    expect(await rig.ended()).toMatchObject({ phase: 'kept', undoAfterSeconds: null });
    expect(await rig.changes.undo(1, null)).toMatchObject({
      ok: false,
      failure: { message: expect.stringMatching(/cannot be brought back/) },
    });
  });

  test('takes back what was done when a later step fails, and says which', async () => {
    const rig = changesRig();
    rig.machine.misbehaviours.push({ kind: 'fails', step: 2 });
    rig.apply();
    expect(await rig.ended()).toMatchObject({
      phase: 'failed',
      sentence: `${RANGE} could not be changed (exit status 1). Everything is as before.`,
      steps: [{ status: 'undone' }, { status: 'undone' }],
    });
    expect(rig.values()).toEqual(BEFORE);
  });

  test('F4: changes nothing when a value is not as planned any more', async () => {
    const rig = changesRig();
    rig.machine.values.set(RANGE, '1024 65535');
    rig.apply();
    expect(await rig.ended()).toMatchObject({
      phase: 'refused',
      sentence: `${RANGE} is no longer as planned: it is 1024 65535 now. Nothing was changed; plan again.`,
      steps: [{ status: 'waiting' }, { status: 'waiting' }],
    });
    expect(rig.values()).toEqual({ ...BEFORE, [RANGE]: '1024 65535' });
  });

  test('F6: leaves alone what somebody else changed while it held, and says so', async () => {
    const rig = changesRig();
    rig.apply();
    await rig.phase('holding');
    rig.machine.values.set(RANGE, '1024 65535');
    await rig.changes.undo(1, null);
    expect(await rig.ended()).toMatchObject({
      phase: 'left',
      sentence: `Left alone, as it is neither as before nor as intended: ${RANGE}.`,
      steps: [{ status: 'undone' }, { status: 'left', note: 'is 1024 65535 now' }],
    });
    expect(rig.values()).toEqual({ ...BEFORE, [RANGE]: '1024 65535' });
  });

  test('F10: says why the rights were not given, and that nothing was changed', async () => {
    const denied: [number, string, RegExp][] = [
      [
        1,
        'Sorry, try again.\nsudo: 3 incorrect password attempts\n',
        /^The password was wrong too often\. Nothing was/,
      ],
      [1, 'eve is not in the sudoers file.\n', /^This account may not use sudo/],
    ];
    for (const [exitCode, printed, sentence] of denied) {
      const rig = changesRig({ makings: { rights: { way: 'sudo', obstacle: null } } });
      rig.machine.misbehaviours.push({ kind: 'denied', exitCode, printed });
      rig.apply();
      expect(await rig.ended()).toMatchObject({
        phase: 'failed',
        sentence: expect.stringMatching(sentence),
        steps: [{ status: 'waiting' }, { status: 'waiting' }],
      });
    }
  });

  test('F11: ends who asks for a password instead of answering "undo" to it', async () => {
    const rig = changesRig();
    rig.machine.misbehaviours.push({ kind: 'mute' });
    rig.apply();
    await rig.changes.undo(1, null);
    expect(await rig.ended()).toMatchObject({
      phase: 'failed',
      sentence: 'Stopped before it had the rights. Nothing was changed.',
    });
    expect(rig.machine.helper).toMatchObject({ heard: [], isCancelled: true });
  });

  test('stops between two steps and takes the first back', async () => {
    const rig = changesRig();
    rig.apply();
    const { helper } = rig.machine;
    const say = helper.say.bind(helper);
    helper.say = (words) => {
      if (words === 'done 1') void rig.changes.undo(1, null);
      say(words);
    };
    expect(await rig.ended()).toMatchObject({
      phase: 'undone',
      steps: [{ status: 'undone' }, { status: 'waiting' }],
    });
    expect(helper.heard).toEqual(['go 1\n', 'undo\n']);
    expect(rig.values()).toEqual(BEFORE);
  });

  test('passes on what is typed and the size of the terminal, to the change at work alone', async () => {
    const rig = changesRig();
    rig.machine.misbehaviours.push({ kind: 'mute' });
    rig.apply();
    expect(rig.changes.type(1, new TextEncoder().encode('pw\n'))).toBe(true);
    expect(rig.changes.resize(1, 90, 20)).toBe(true);
    expect(rig.changes.type(2, new Uint8Array(1))).toBe(false);
    expect(rig.machine.helper).toMatchObject({ heard: ['pw\n'], sizes: [[90, 20]] });
    rig.machine.helper.exit(1);
    await rig.ended();
    expect(rig.changes.type(1, new Uint8Array(1))).toBe(false);
  });

  test('writes measured figures with the next state, and those of later now and then', async () => {
    const figures = {
      atMs: 1,
      overSeconds: 4,
      poolKey: 'a>b:1',
      target: 'b:1',
      capacity: 10,
      used: 1,
      timeWait: 1,
      reusable: 0,
      opensPerSecond: null,
      sustainableRatePerSecond: null,
      runsOutInSeconds: null,
      isFull: false,
    };
    const rig = changesRig();
    rig.apply();
    await rig.phase('holding');
    rig.changes.measured(1, figures);
    rig.changes.keep(1);
    expect(await rig.ended()).toMatchObject({ after: { overSeconds: 4 } });
    rig.changes.measured(1, { ...figures, overSeconds: 9 });
    rig.changes.measured(1, { ...figures, overSeconds: 10 });
    expect(await rig.ended()).toMatchObject({ phase: 'kept', after: { overSeconds: 9 } });
  });
});

describe('what is not carried out', () => {
  test('F1: another plan than the one that was shown', () => {
    const rig = changesRig();
    const request = {
      plan: WIDEN,
      planHash: hashPlan({ ...WIDEN, title: '' }),
      undoAfterSeconds: 300,
      before: null,
    };
    expect(rig.changes.apply(request)).toMatchObject({
      ok: false,
      failure: { message: expect.stringMatching(/not the plan that was shown/) },
    });
    expect(rig.machine.helpers).toEqual([]);
    expect(rig.journal.list()).toEqual({ ok: true, value: [] });
  });

  test('F2: a plan that does what no fix does', () => {
    const [first, ...rest] = WIDEN.steps;
    if (!first) throw new Error('it has steps');
    const plan: Plan = {
      ...WIDEN,
      steps: [{ ...first, target: { kind: 'sysctl', key: 'kernel.panic' } }, ...rest],
    };
    const rig = changesRig();
    const asked = rig.changes.apply({ plan, planHash: hashPlan(plan), undoAfterSeconds: 300, before: null });
    expect(asked).toMatchObject({ ok: false, failure: { code: 'invalid' } });
    expect(rig.journal.list()).toEqual({ ok: true, value: [] });
  });

  test('a plan that is refused, and one that has nothing to do', () => {
    for (const [plan, message] of [
      [planOf('linux-widen-range', { range: { first: 100, last: 200 } }), /^The range is not possible/],
      [{ ...WIDEN, steps: [] }, /it is so already/],
    ] as const) {
      const rig = changesRig({ plan });
      expect(rig.apply()).toMatchObject({ ok: false, failure: { message: expect.stringMatching(message) } });
    }
  });

  test('F9: anything while another change is at work, here or in another process', async () => {
    const rig = changesRig();
    rig.apply();
    await rig.phase('holding');
    expect(rig.apply()).toMatchObject({
      ok: false,
      failure: { why: 'change 1 is at work: keep it or take it back first' },
    });
    expect(rig.changes.obstacle()).toBe('Another change is at work: keep it or take it back first.');
    const other = rig.again();
    expect(other.apply()).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    expect(other.changes.obstacle()).toMatch(/^Another Fourtuple \(process \d+\)/);
    await rig.changes.stop();
    expect(rig.apply()).toMatchObject({ ok: false, failure: { why: 'Fourtuple is ending' } });
    expect(rig.again().changes.obstacle()).toBeNull();
  });

  test('F10: anything where the rights cannot be had', () => {
    const rights = { way: 'missing' as const, obstacle: 'Neither sudo nor doas can be used here.' };
    const rig = changesRig({ makings: { rights } });
    expect(rig.changes.obstacle()).toBe(rights.obstacle);
    expect(rig.apply()).toMatchObject({ ok: false, failure: { code: 'unavailable', why: rights.obstacle } });
    expect(rig.journal.list()).toEqual({ ok: true, value: [] });
  });

  test('anything that the helper cannot be started for; that is written down', async () => {
    const rig = changesRig();
    rig.machine.failStart = 1;
    expect(rig.apply()).toMatchObject({ ok: false, failure: { code: 'system' } });
    expect(await rig.ended()).toMatchObject({
      phase: 'failed',
      sentence: expect.stringMatching(/^Nothing was changed: the helper could not be started\./),
    });
    expect(rig.changes.obstacle()).toBeNull();
  });

  test('keeping what does not hold', async () => {
    const rig = changesRig();
    expect(rig.changes.keep(1)).toMatchObject({ ok: false });
    rig.apply();
    expect(rig.changes.keep(1)).toMatchObject({
      ok: false,
      failure: { why: expect.stringMatching(/does not hold yet/) },
    });
    await rig.phase('holding');
    await rig.changes.undo(1, null);
    expect(rig.changes.keep(1)).toMatchObject({ ok: false });
    await rig.ended();
  });
});

describe('taking back a change of the past', () => {
  test('F6: puts everything back exactly; a second time changes nothing and starts nothing', async () => {
    const rig = (await kept()).again();
    expect(await rig.changes.undo(1, null)).toMatchObject({ ok: true, value: { phase: 'undoing' } });
    expect(await rig.ended()).toMatchObject({
      phase: 'undone',
      steps: [{ status: 'undone' }, { status: 'undone' }],
    });
    expect(rig.values()).toEqual(BEFORE);
    const before = rig.machine.helpers.length;
    expect(await rig.changes.undo(1, null)).toMatchObject({ ok: true, value: { phase: 'undone' } });
    expect([rig.machine.helpers.length, rig.told.length]).toEqual([before, rig.told.length]);
    expect(rig.values()).toEqual(BEFORE);
  });

  test('takes back the steps that are named and keeps the others in force', async () => {
    const rig = (await kept()).again();
    await rig.changes.undo(1, [1]);
    expect(await rig.ended()).toMatchObject({
      phase: 'kept',
      steps: [{ status: 'done' }, { status: 'undone' }],
      sentence: `Still in force: ${RESERVED}.`,
    });
    expect(rig.values()).toEqual({ ...AFTER, [RANGE]: BEFORE[RANGE] });
    await rig.changes.undo(1, null);
    expect(await rig.ended()).toMatchObject({ phase: 'undone' });
    expect(rig.values()).toEqual(BEFORE);
    expect(await rig.changes.undo(1, [2])).toMatchObject({ ok: false, failure: { field: 'steps' } });
    expect(await rig.changes.undo(7, null)).toMatchObject({
      ok: false,
      failure: { message: expect.stringMatching(/no change 7/) },
    });
  });

  test('F2: runs nothing of a journal that says what no fix plans, whatever its checksum', async () => {
    const evil = { kind: 'run' as const, argv: ['sh', '-c', 'id'] };
    const steps = WIDEN.steps.map((step) => ({ ...step, undo: evil }));
    for (const plan of [
      { ...WIDEN, steps },
      { ...WIDEN, title: 'Something else' },
    ]) {
      const rig = (await kept()).again();
      const listed = rig.journal.list();
      const [change] = listed.ok ? listed.value : [];
      if (!change) throw new Error('nothing is in the journal');
      const planHash = plan.title === WIDEN.title ? hashPlan(plan) : change.planHash;
      expect(rig.journal.update({ ...change, plan, planHash })).toMatchObject({ ok: true });
      const helpers = rig.machine.helpers.length;
      expect(await rig.changes.undo(1, null)).toMatchObject({
        ok: false,
        failure: {
          message: expect.stringMatching(/^what the journal says of change 1 is not what a fix plans/),
        },
      });
      expect([rig.machine.helpers.length, rig.values()]).toEqual([helpers, AFTER]);
    }
  });

  test('F6: leaves what somebody else has changed since, without asking for rights', async () => {
    const rig = (await kept()).again();
    rig.machine.values.set(RANGE, '1024 65535').set(RESERVED, '9999');
    await rig.changes.undo(1, null);
    expect(await rig.ended()).toMatchObject({
      phase: 'left',
      steps: [{ status: 'left' }, { status: 'left' }],
    });
    expect(rig.machine.helpers).toHaveLength(1);
    expect(rig.values()).toEqual({ [RANGE]: '1024 65535', [RESERVED]: '9999' });
  });

  test('F6: is void after a restart of the system, and says so in the journal', async () => {
    const rig = (await kept()).again();
    rig.machine.values.clear();
    for (const [title, text] of Object.entries(BEFORE)) rig.machine.values.set(title, text);
    rig.place = { ...HERE, bootId: 'd0000000-2e22-4a38-a22a-1095d2b746f8' };
    expect(await rig.changes.undo(1, null)).toMatchObject({ ok: true, value: { phase: 'undone' } });
    expect(rig.machine.helpers).toHaveLength(1);
  });

  test('is refused from another network namespace', async () => {
    const rig = (await kept()).again();
    rig.place = { ...HERE, networkNamespace: 'net:[7]' };
    expect(await rig.changes.undo(1, null)).toMatchObject({
      ok: false,
      failure: { why: expect.stringMatching(/made in another network namespace/) },
    });
    expect(rig.values()).toEqual(AFTER);
  });

  test('F10: stays kept when the rights are not given', async () => {
    const rig = (await kept()).again();
    rig.machine.misbehaviours.push({ kind: 'denied', exitCode: 1 });
    await rig.changes.undo(1, null);
    expect(await rig.ended()).toMatchObject({
      phase: 'kept',
      steps: [{ status: 'done' }, { status: 'done' }],
    });
    rig.machine.failStart = 1;
    expect(await rig.changes.undo(1, null)).toMatchObject({ ok: false });
    expect(await rig.ended()).toMatchObject({ phase: 'kept' });
    expect(rig.values()).toEqual(AFTER);
  });

  test('stays what it was when the helper is killed on the way, and can be taken back again', async () => {
    const rig = (await kept()).again();
    rig.machine.misbehaviours.push({ kind: 'dies', before: 'undone 1' });
    await rig.changes.undo(1, null);
    await rig.ended();
    await rig.changes.undo(1, null);
    expect(await rig.ended()).toMatchObject({ phase: 'undone' });
    expect(rig.values()).toEqual(BEFORE);
  });
});
