import { afterEach, describe, expect, test } from 'vitest';
import type { Change } from '../../../main/core/fixes/change.ts';
import {
  AFTER,
  BEFORE,
  changesRig,
  removeFolders,
  RESERVED,
  type ChangesRig,
} from '../../support/changes-rig.ts';

afterEach(removeFolders);

describe('settling by itself', () => {
  const POINTS = ['ready', 'begin 1', 'done 1', 'begin 2', 'done 2', 'holding'];

  test.each(POINTS)(
    'F5: after a kill before "%s", once everything is as before; a second time changes nothing',
    async (before) => {
      const rig = changesRig();
      rig.machine.misbehaviours.push({ kind: 'dies', before });
      rig.apply();
      await rig.ended();
      const later = rig.again();
      const [found] = listedOf(later);
      const wasOpen = found?.phase === 'applying';
      if (rig.values()[RESERVED] === AFTER[RESERVED]) expect(await later.changes.settle()).toEqual([]);
      for (const [name, value] of Object.entries(BEFORE)) rig.machine.values.set(name, value);
      const settled = await later.changes.settle();
      expect(settled.map(({ phase }) => phase)).toEqual(wasOpen ? ['undone'] : []);
      expect(later.changes.obstacle()).toBeNull();
      const written = listedOf(later);
      expect(await later.changes.settle()).toEqual([]);
      expect(listedOf(later)).toEqual(written);
      expect(rig.machine.helpers).toHaveLength(1);
      expect(later.values()).toEqual(BEFORE);
    },
  );

  test('not where somebody else’s value is in force, from another place, or where a helper hears nobody', async () => {
    const rig = changesRig();
    rig.machine.misbehaviours.push({ kind: 'dies', before: 'begin 2' });
    rig.apply();
    await rig.ended();
    rig.machine.values.set(RESERVED, '12345');
    expect(await rig.again().changes.settle()).toEqual([]);
    rig.machine.values.set(RESERVED, BEFORE[RESERVED]);
    const elsewhere = rig.again();
    elsewhere.place = { ...elsewhere.place, networkNamespace: 'net:[1]' };
    expect(await elsewhere.changes.settle()).toEqual([]);
    expect(await rig.again().changes.settle()).toHaveLength(1);
  });
});

function listedOf({ journal }: ChangesRig): Change[] {
  const listed = journal.list();
  if (!listed.ok) throw new Error(JSON.stringify(listed.failure));
  return listed.value;
}
