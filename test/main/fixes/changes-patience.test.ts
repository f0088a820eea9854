/** A helper that was stopped (SIGSTOP) or hangs while it takes back. */
import { afterEach, describe, expect, test } from 'vitest';
import { accountOf } from '../../../main/core/fixes/account.ts';
import {
  AFTER,
  BEFORE,
  changesRig,
  HERE,
  removeFolders,
  type ChangesRig,
} from '../../support/changes-rig.ts';

afterEach(removeFolders);

/** Calls what is waiting for so many milliseconds. */
function pass(rig: ChangesRig, milliseconds: number): void {
  const due = rig.timers.filter((timer) => timer.milliseconds === milliseconds);
  expect(due).toHaveLength(1);
  for (const timer of due) {
    rig.timers.splice(rig.timers.indexOf(timer), 1);
    timer.run();
  }
}

async function holding(): Promise<ChangesRig> {
  const rig = changesRig();
  rig.apply();
  await rig.phase('holding');
  return rig;
}

describe('a helper that says nothing while it takes back', () => {
  test('is ended after half a minute; what is in force is said, and can be taken back', async () => {
    const rig = await holding();
    rig.machine.helper.isStopped = true;
    await rig.changes.undo(1, null);
    expect(rig.changes.atWork()).toEqual({ changeId: 1, phase: 'undoing' });
    pass(rig, 30_000);
    expect(rig.machine.helper.isCancelled).toBe(true);
    rig.machine.helper.end({ kind: 'signalled', signal: 'SIGKILL' });
    expect(await rig.ended()).toMatchObject({
      phase: 'undoing',
      sentence: expect.stringMatching(
        /^The helper said nothing for 30 s and was ended\. Still in force: net\.ipv4/,
      ),
    });
    expect(rig.values()).toEqual(AFTER);
    expect(rig.timers).toEqual([]);
    const accounts = await rig.changes.accounts();
    expect(accounts).toMatchObject({ value: [{ isInterrupted: true, canUndo: true }] });
    await rig.changes.undo(1, null);
    expect(await rig.ended()).toMatchObject({ phase: 'undone' });
    expect(rig.values()).toEqual(BEFORE);
    expect(rig.timers).toEqual([]);
  });

  test('and does not end either: it is said what can be done, and it ends as it does when it goes on', async () => {
    const rig = await holding();
    rig.machine.helper.isStopped = true;
    await rig.changes.undo(1, null);
    pass(rig, 30_000);
    pass(rig, 15_000);
    expect(rig.changes.atWork()).toEqual({ changeId: 1, phase: 'undoing' });
    const listed = rig.journal.list();
    const change = listed.ok ? listed.value[0] : undefined;
    if (!change) throw new Error('it is in the journal');
    expect(
      accountOf(
        change,
        change.plan.steps.map(({ proposed }) => proposed),
        HERE,
        true,
      ).sentence,
    ).toBe(
      'Being taken back: 2 changes are still in force. The helper has said nothing for 30 s and does not end. What is still in force can be put back by hand: fourtuple journal --json has each value as it was before.',
    );
    rig.machine.helper.goOn();
    expect(await rig.ended()).toMatchObject({
      phase: 'undone',
      sentence: expect.stringContaining('as asked'),
    });
    expect(rig.values()).toEqual(BEFORE);
  });

  test('is given its time anew with each word', async () => {
    const rig = await holding();
    rig.machine.helper.isStopped = true;
    await rig.changes.undo(1, null);
    const [first] = rig.timers;
    rig.machine.helper.say('undone 2');
    expect(rig.timers).toHaveLength(1);
    expect(rig.timers[0]).not.toBe(first);
  });

  test('has no limit before it has the rights: a person may be typing a password', async () => {
    const rig = changesRig();
    rig.apply(null);
    await rig.ended();
    rig.machine.misbehaviours.push({ kind: 'mute' });
    await rig.changes.undo(1, null);
    expect(rig.timers).toEqual([]);
    rig.machine.helper.say('ready');
    expect(rig.timers).toMatchObject([{ milliseconds: 30_000 }]);
  });
});
