import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Journal } from '../../../main/fixes/journal-parts.ts';
import {
  AFTER,
  BEFORE,
  changesRig,
  planOf,
  RANGE,
  removeFolders,
  RESERVED,
  WIDEN,
  type ChangesRig,
} from '../../support/changes-rig.ts';

afterEach(removeFolders);

/** What is so, by each step of the change: held against what was before and what was intended. */
async function expectTrueAccount(rig: ChangesRig): Promise<void> {
  const accounts = await rig.changes.accounts();
  if (!accounts.ok) throw new Error(JSON.stringify(accounts.failure));
  for (const { present, change } of accounts.value) {
    const states = change.plan.steps.map(({ title }) => {
      const text = rig.values()[title];
      return text === BEFORE[title as typeof RANGE]
        ? 'before'
        : text === AFTER[title as typeof RANGE]
          ? 'after'
          : 'other';
    });
    expect(present.map(({ state }) => state)).toEqual(states);
  }
}

/** However it ended: undo brings everything back, and a second undo changes nothing. */
async function expectUndone(rig: ChangesRig): Promise<void> {
  const listed = rig.journal.list();
  if (!listed.ok) throw new Error(JSON.stringify(listed.failure));
  for (const time of ['once', 'twice']) {
    for (const { id } of listed.value) {
      const asked = await rig.changes.undo(id, null);
      expect(asked, time).toMatchObject({ ok: true });
      await rig.ended();
    }
    expect(rig.values(), time).toEqual(BEFORE);
  }
  await expectTrueAccount(rig);
  expect(rig.changes.obstacle()).toBeNull();
}

describe('a helper that is lost', () => {
  const POINTS = ['ready', 'begin 1', 'done 1', 'begin 2', 'done 2', 'holding'];

  test.each(POINTS)('killed before "%s": what is so is read, and can be taken back', async (before) => {
    const rig = changesRig();
    rig.machine.misbehaviours.push({ kind: 'dies', before });
    rig.apply();
    const change = await rig.ended();
    await expectTrueAccount(rig);
    if (before === 'ready' || before === 'begin 1') {
      expect(change).toMatchObject({
        phase: 'failed',
        steps: [{ status: 'waiting' }, { status: 'waiting' }],
      });
    } else {
      expect(change.phase).toBe('applying');
      expect(change.sentence).toMatch(/^The helper was lost \(SIGKILL\)\. Still in force: net\.ipv4/);
      expect(rig.changes.obstacle()).toMatch(/^Change 1 \(Widen the port range\) was interrupted/);
      expect(rig.apply()).toMatchObject({ ok: false });
    }
    await expectUndone(rig.again());
  });

  test.each(POINTS.slice(2))('killed before "%s": a later start finishes it', async (before) => {
    const rig = changesRig();
    rig.machine.misbehaviours.push({ kind: 'dies', before });
    rig.apply();
    await rig.ended();
    const later = rig.again();
    const accounts = await later.changes.accounts();
    expect(accounts).toMatchObject({
      ok: true,
      value: [{ isInterrupted: true, canFinish: true, canUndo: true }],
    });
    expect(await later.changes.finish(1)).toMatchObject({ ok: true });
    await later.phase('holding');
    expect(later.values()).toEqual(AFTER);
    expect(later.changes.keep(1)).toMatchObject({ ok: true });
    expect(await later.ended()).toMatchObject({
      phase: 'kept',
      steps: [{ status: 'done' }, { status: 'done' }],
    });
    expect(await later.changes.finish(1)).toMatchObject({ ok: false });
    await expectUndone(later);
  });

  test('killed while it holds, or while it takes back', async () => {
    for (const before of ['undone 2', 'undone 1']) {
      const rig = changesRig();
      rig.machine.misbehaviours.push({ kind: 'dies', before });
      rig.apply();
      await rig.phase('holding');
      await rig.changes.undo(1, null);
      await rig.ended();
      await expectTrueAccount(rig);
      await expectUndone(rig.again());
    }
    const rig = changesRig();
    rig.apply();
    await rig.phase('holding');
    rig.machine.helper.kill();
    expect(await rig.ended()).toMatchObject({ phase: 'holding', undoesAtMs: null });
    await expectTrueAccount(rig);
    await expectUndone(rig.again());
  });

  test('with the process that carried it: what it then takes back by itself is waited for', async () => {
    const rig = changesRig({ makings: { settleMs: 1000 } });
    rig.apply();
    await rig.phase('holding');
    rig.machine.helper.end({ kind: 'failed', failure: { code: 'gone', what: 'the terminal' } });
    for (const [title, text] of Object.entries(BEFORE)) rig.machine.values.set(title, text);
    expect(await rig.ended()).toMatchObject({
      phase: 'failed',
      sentence: expect.stringMatching(
        /^The helper was lost \(The terminal is no longer there.*Everything is as before\.$/,
      ),
    });
  });

  test('is not finished once somebody else has changed a value; what it did is still taken back', async () => {
    const rig = changesRig();
    rig.machine.misbehaviours.push({ kind: 'dies', before: 'begin 2' });
    rig.apply();
    await rig.ended();
    rig.machine.values.set(RANGE, '1024 65535');
    const later = rig.again();
    expect(await later.changes.finish(1)).toMatchObject({ ok: false });
    await later.changes.undo(1, null);
    expect(await later.ended()).toMatchObject({ phase: 'undone' });
    expect(later.values()).toEqual({ ...BEFORE, [RANGE]: '1024 65535' });
  });
});

/** Fails the n-th write, and all after it when `forGood`. */
function failing(journal: Journal, n: number, forGood: boolean, count = { writes: 0 }): Journal {
  const fails = () => ++count.writes === n || (forGood && count.writes > n);
  const full = {
    ok: false,
    failure: { code: 'system', call: 'to write', errno: 28, message: 'ENOSPC' },
  } as const;
  return {
    folder: journal.folder,
    list: () => journal.list(),
    add: (change) => (fails() ? full : journal.add(change)),
    update: (change) => (fails() ? full : journal.update(change)),
    lock: () => journal.lock(),
    holder: () => journal.holder(),
  };
}

describe('F3: a journal that cannot be written', () => {
  /** The n-th write fails; gives whether it came so far. */
  async function run(n: number, forGood: boolean, end: 'keep' | 'undo' | 'at once'): Promise<boolean> {
    const count = { writes: 0 };
    const wrapJournal = (journal: Journal) => failing(journal, n, forGood, count);
    const rig = changesRig({ wrapJournal });
    const begun = rig.apply(end === 'at once' ? null : 300);
    if (!begun.ok) {
      expect(begun.failure).toMatchObject({ code: 'system' });
      expect(rig.machine.helpers).toEqual([]);
      expect(rig.values()).toEqual(BEFORE);
      return true;
    }
    let isHeld = false;
    const moves: (() => void)[] = [() => rig.changes.keep(1), () => void rig.changes.undo(1, null)];
    while (rig.changes.atWork() !== null) {
      if (rig.changes.atWork()?.phase === 'holding' && !isHeld) {
        isHeld = true;
        moves[end === 'keep' ? 0 : 1]?.();
      }
      await new Promise(setImmediate);
    }
    const whole = { ...AFTER };
    const values = rig.values();
    // Either all of it is in force, kept, or nothing of it is.
    expect([BEFORE, whole]).toContainEqual(values);
    const hasFailed = count.writes >= n;
    if (!hasFailed) expect(values).toEqual(end === 'undo' ? BEFORE : AFTER);
    if (end === 'undo') expect(values).toEqual(BEFORE);
    const later = rig.again();
    const real = changesRig({ folder: later.journal.folder.replace(/\/state$/, ''), machine: rig.machine });
    await expectTrueAccount(real);
    await expectUndone(real);
    return hasFailed;
  }

  test.each(['keep', 'undo', 'at once'] as const)(
    'leaves nothing half-done, whichever write fails (%s)',
    async (end) => {
      for (const forGood of [false, true]) {
        let completeRuns = 0;
        for (let n = 1; n <= 12; n++) if (await run(n, forGood, end)) completeRuns++;
        expect(completeRuns).toBeGreaterThan(0);
      }
    },
  );

  test('says "undo" instead of "go" when the step could not be written', async () => {
    // 1 add, 2 ready, 3 begin 1, 4 done 1, 5 begin 2.
    const rig = changesRig({ wrapJournal: (journal) => failing(journal, 5, false) });
    rig.apply();
    expect(await rig.ended()).toMatchObject({
      phase: 'undone',
      sentence: expect.stringMatching(
        /^The journal could not be written, so it was taken back\. Everything .*ENOSPC/,
      ),
    });
    expect(rig.machine.helper.heard).toEqual(['go 1\n', 'undo\n']);
    expect(rig.values()).toEqual(BEFORE);
  });
});

describe('whatever a helper says', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'ready',
      'holding',
      'kept',
      'begin 1',
      'done 1',
      'begin 2',
      'done 2',
      'undone 1',
      'undone 2',
    ),
    fc.constantFrom(
      'refused 1',
      'failed 1 1',
      'failed 2 0',
      'left 1',
      'left 2',
      'begin 3',
      'done 9',
      'undone 3',
      'nonsense',
    ),
    fc.string({ maxLength: 12 }),
  );
  const end = fc.constantFrom(0, 1, 2, 3, 4, 10, 126, 127, null);

  test('in any order: "go" is only said to "begin" with the step written down, and the end tells what is so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 12 }), end, async (words, exitCode) => {
        const rig = changesRig();
        rig.machine.misbehaviours.push({ kind: 'mute' });
        rig.apply();
        const { helper } = rig.machine;
        for (const each of words) {
          const before = helper.heard.length;
          helper.say(each.replaceAll('\n', ' '));
          for (const said of helper.heard.slice(before)) {
            const step = /^go (\d+)\n$/.exec(said)?.[1];
            if (step !== undefined) expect(each).toBe(`begin ${step}`);
          }
        }
        if (exitCode === null) helper.kill();
        else helper.exit(exitCode);
        const change = await rig.ended();
        // Nothing was really done: what is written is what is so.
        for (const { status } of change.steps) expect(['waiting', 'undone']).toContain(status);
        expect(rig.changes.atWork()).toBeNull();
        await expectTrueAccount(rig);
        removeFolders();
      }),
      { numRuns: 40 },
    );
  });

  test('a step that the plan does not have is not answered', async () => {
    const rig = changesRig();
    rig.machine.misbehaviours.push({ kind: 'mute' });
    rig.apply();
    rig.machine.helper.say('ready');
    rig.machine.helper.say('begin 3');
    expect(rig.machine.helper.heard).toEqual(['undo\n']);
    rig.machine.helper.exit(10);
    expect(await rig.ended()).toMatchObject({ phase: 'undone' });
  });
});

describe('a way that does not speak', () => {
  const MAC = planOf('macos-widen-range', {}, 'macos');
  const rights = { way: 'osascript' as const, obstacle: null };
  const rig = () => changesRig({ plan: MAC, makings: { rights } });
  const before = Object.fromEntries(
    MAC.steps.map(({ title, current }) => [title, current.kind === 'value' ? current.text : '']),
  );
  const after = Object.fromEntries(
    MAC.steps.map(({ title, proposed }) => [title, proposed.kind === 'value' ? proposed.text : '']),
  );

  test('is applied as a whole, read back and held; kept without a second question', async () => {
    const silent = rig();
    expect(MAC.steps.length).toBeGreaterThan(0);
    expect(silent.apply()).toMatchObject({ ok: true });
    await silent.phase('holding');
    expect(silent.values()).toEqual(after);
    expect(silent.changes.keep(1)).toMatchObject({ ok: true });
    expect(await silent.ended()).toMatchObject({ phase: 'kept' });
    expect(silent.machine.helpers).toHaveLength(1);
  });

  test('is taken back by a second helper: when asked, when its time is over, days later', async () => {
    for (const way of ['asked', 'time', 'later']) {
      const silent = rig();
      silent.apply(way === 'later' ? null : 60);
      if (way === 'later') await silent.ended();
      else await silent.phase('holding');
      if (way === 'time') silent.timers[0]?.run();
      else await silent.changes.undo(1, null);
      expect(await silent.ended()).toMatchObject({ phase: 'undone' });
      expect(silent.machine.helpers).toHaveLength(2);
      expect(silent.values()).toEqual(before);
    }
  });

  test('F10: changes nothing when its window is dismissed', async () => {
    const silent = rig();
    silent.machine.misbehaviours.push({ kind: 'denied', exitCode: 126 });
    silent.apply();
    expect(await silent.ended()).toMatchObject({
      phase: 'failed',
      sentence: expect.stringMatching(
        /^The window that asks for a password was dismissed\. Nothing was changed\./,
      ),
    });
    expect(silent.values()).toEqual(before);
  });

  test('stays in force, and says so, when the window of the undo is dismissed', async () => {
    const silent = rig();
    silent.machine.misbehaviours.push(null, { kind: 'denied', exitCode: 126 });
    silent.apply();
    await silent.phase('holding');
    silent.timers[0]?.run();
    expect((await silent.ended()).phase).not.toBe('undone');
    expect(silent.values()).toEqual(after);
    expect(await silent.changes.undo(1, null)).toMatchObject({ ok: true });
    expect(await silent.ended()).toMatchObject({ phase: 'undone' });
    expect(silent.values()).toEqual(before);
  });

  test('says that a step failed and all was taken back', async () => {
    const silent = rig();
    silent.machine.misbehaviours.push({ kind: 'fails', step: 1 });
    silent.apply();
    expect(await silent.ended()).toMatchObject({ phase: 'failed' });
    expect(silent.values()).toEqual(before);
  });
});

test('an interrupted change of a namespace that is not this one, or of before a restart, hinders nothing', async () => {
  for (const place of [
    { bootId: 'c624f146-2e22-4a38-a22a-1095d2b746f8', networkNamespace: 'net:[1]' },
    { bootId: 'd0000000-2e22-4a38-a22a-1095d2b746f8', networkNamespace: 'net:[4026531840]' },
  ]) {
    const rig = changesRig({ plan: WIDEN });
    rig.machine.misbehaviours.push({ kind: 'dies', before: 'begin 2' });
    rig.apply();
    await rig.ended();
    expect(rig.values()[RESERVED]).toBe(AFTER[RESERVED]);
    const later = rig.again();
    later.place = place;
    expect(later.changes.obstacle()).toBeNull();
  }
});
