import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { afterEach, describe, expect, it } from 'vitest';
import { LinkError } from '../../../renderer/link/link.ts';
import { useChangePictures } from '../../../renderer/stores/change-pictures.ts';
import { piecesOf, useChanges } from '../../../renderer/stores/changes.ts';
import { linkKey } from '../../../renderer/stores/link-key.ts';
import { useWorkbench } from '../../../renderer/stores/workbench.ts';
import { aChange, APPLIED_AT_MS, changesLink } from '../../support/changes.ts';
import type { FakeLink } from '../../support/fake-link.ts';
import { importedSummary } from '../../support/imports.ts';
import { INCIDENT_POOL_KEY, incidentSummary } from '../../support/incident.ts';
import { settle } from '../../support/mount-screen.ts';

let stops: (() => void)[] = [];
afterEach(() => stops.forEach((stop) => stop()));

async function open(link: FakeLink = changesLink([aChange()])) {
  const pinia = createPinia();
  createApp({ render: () => null })
    .provide(linkKey, link)
    .use(pinia);
  setActivePinia(pinia);
  const stores = [useChanges(), useChangePictures(), useWorkbench()] as const;
  stops = stores.map((store) => () => store.$dispose());
  await settle();
  return { link, changes: stores[0], pictures: stores[1], workbench: stores[2] };
}
const phases = (changes: ReturnType<typeof useChanges>) =>
  changes.changes?.map(({ changeId, phase }) => `${changeId} ${phase}`);

describe('the journal', () => {
  it('counts down by the clock of the host, also while files of another machine are shown', async () => {
    const undoesAtMs = APPLIED_AT_MS + 300_000;
    const { link, changes, workbench } = await open(changesLink([aChange({ undoesAtMs })]));
    const behindMs = 3_600_000;
    const summary = incidentSummary();
    link.emit('summary.updated', {
      ...summary,
      takenAtMs: Date.now() - behindMs,
      sequence: summary.sequence + 1,
    });
    await settle();
    const left = () => changes.secondsUntil(Date.now() - behindMs + 100_000) ?? 0;
    expect(Math.abs(left() - 100)).toBeLessThan(5);
    link.emit('summary.updated', importedSummary());
    await settle();
    expect([workbench.imported !== null, workbench.clockOffsetMs]).toEqual([true, 0]);
    expect(Math.abs(left() - 100)).toBeLessThan(5);
  });

  it('is asked for at once, and again when the link comes back', async () => {
    const { link, changes } = await open();
    expect(phases(changes)).toEqual(['7 holding']);
    link.setState({ kind: 'lost' });
    await settle();
    link.respond('changes.list', () => ({
      changes: [aChange({ phase: 'undone' })],
      obstacle: null,
      folder: '/x',
    }));
    link.setState({ kind: 'connected' });
    await settle();
    expect(phases(changes)).toEqual(['7 undone']);
  });

  it('asks anew what stands in the way of the next change when one ends', async () => {
    const { link, changes } = await open();
    const answers = ['Another change is at work.', null];
    link.respond('changes.list', () => ({
      changes: [aChange({ phase: 'undone' })],
      obstacle: answers.shift() ?? null,
      folder: '/x',
    }));
    link.emit('change.updated', aChange({ phase: 'undone' }));
    await settle();
    expect(changes.obstacle).toBe('Another change is at work.');
    link.emit('change.updated', aChange({ phase: 'undone' }));
    await settle();
    expect(changes.obstacle).toBeNull();
  });

  it('keeps what it heard while the list was on its way: that is newer', async () => {
    const { link, changes } = await open();
    let answer: () => void = () => undefined;
    link.respond('changes.list', () => {
      return new Promise(
        (resolve) => (answer = () => resolve({ changes: [aChange()], obstacle: null, folder: '/x' })),
      );
    });
    changes.reload();
    await settle();
    link.emit('change.updated', aChange({ phase: 'undone' }));
    link.emit('change.updated', aChange({ changeId: 8, phase: 'prepared' }));
    answer();
    await settle();
    expect(phases(changes)).toEqual(['8 prepared', '7 undone']);
  });

  it('says in a sentence that it could not be had, and what stands in the way', async () => {
    const link = changesLink();
    link.respond('changes.list', () => ({ changes: [], obstacle: 'Change 3 is damaged.', folder: '/x' }));
    const { changes } = await open(link);
    expect(changes.obstacle).toBe('Change 3 is damaged.');
    link.respond('changes.list', () => {
      throw new LinkError('timed-out', 'The workbench did not answer.');
    });
    changes.reload();
    await settle();
    expect(changes.problem).toBe('The workbench did not answer.');
  });

  it('names the change that holds and counts the seconds to its end, rounded up', async () => {
    const { changes, workbench } = await open();
    workbench.nowMs = APPLIED_AT_MS + 110_400;
    expect(changes.holding?.changeId).toBe(7);
    expect(changes.undoesInSeconds).toBe(190);
  });

  it('does not take one that was interrupted for one at work', async () => {
    const { changes } = await open(changesLink([aChange({ isInterrupted: true })]));
    expect([changes.atWork, changes.holding, changes.interrupted.length]).toEqual([null, null, 1]);
  });
});

describe('what is asked of a change', () => {
  it('is answered with the change as it is then', async () => {
    const { link, changes } = await open();
    link.respond('changes.keep', () => aChange({ phase: 'kept', phaseAtMs: APPLIED_AT_MS + 1 }));
    expect(await changes.keep(7)).toBe(true);
    expect(phases(changes)).toEqual(['7 kept']);
  });

  it('leaves what an event said meanwhile', async () => {
    const { link, changes } = await open();
    link.respond('changes.undo', () => {
      link.emit('change.updated', aChange({ phase: 'undone', phaseAtMs: APPLIED_AT_MS + 2 }));
      return aChange({ phase: 'undoing', phaseAtMs: APPLIED_AT_MS + 1 });
    });
    await changes.undo(7, [1]);
    expect(link.callsOf('changes.undo')).toEqual([{ changeId: 7, steps: [1] }]);
    expect(phases(changes)).toEqual(['7 undone']);
  });

  it('says why it was refused', async () => {
    const { link, changes } = await open();
    link.respond('changes.finish', () => {
      throw new LinkError('invalid', 'Change 7 has ended.');
    });
    expect(await changes.finish(7)).toBe(false);
    expect(changes.refusal).toEqual({ changeId: 7, sentence: 'Change 7 has ended.' });
  });
});

describe('what a change prints', () => {
  it('is fetched where an event leaves a gap, and never taken twice', async () => {
    const { link, changes } = await open(changesLink([aChange()], { 7: 'one two three' }));
    changes.followPrinted(7);
    await settle();
    link.emit('change.printed', { changeId: 7, offset: 8, text: 'three four' });
    expect(changes.chunks.join('')).toBe('one two three four');
    const whole = 'one two three four five six';
    changesLink([], { 7: whole }, link);
    link.emit('change.printed', { changeId: 7, offset: 24, text: 'six' });
    await settle();
    expect(changes.chunks.join('')).toBe(whole);
  });

  it('is shown as it comes though it was asked for before there was anything', async () => {
    const { link, changes } = await open();
    link.respond('changes.transcript', () => {
      throw new LinkError('gone', 'What change 7 printed is no longer there.');
    });
    changes.followPrinted(7);
    await settle();
    expect(changes.printedFailure).toMatch(/no longer there/);
    link.emit('change.printed', { changeId: 7, offset: 0, text: 'Password: ' });
    expect([changes.printedFailure, changes.chunks]).toEqual([null, ['Password: ']]);
  });

  it('is fetched when only the count says that there is more', async () => {
    const { link, changes } = await open(changesLink([aChange()], { 7: 'one' }));
    changes.followPrinted(7);
    await settle();
    changesLink([], { 7: 'one two' }, link);
    link.emit('change.updated', aChange({ printedCharacters: 7 }));
    await settle();
    expect(changes.chunks.join('')).toBe('one two');
  });
});

describe('what is typed', () => {
  it('goes out in its order, in pieces that the contract takes', async () => {
    const { link, changes } = await open();
    const first = changes.type(7, 'a'.repeat(1500));
    await Promise.all([first, changes.type(7, '\r')]);
    expect(link.callsOf('changes.type').map(({ data }) => data.length)).toEqual([1024, 476, 1]);
    expect(piecesOf('ab😀c', 3)).toEqual(['ab', '😀c']);
  });

  it('F11: stands in no store afterwards, whether it was heard or refused', async () => {
    const { link, changes, workbench, pictures } = await open();
    await changes.type(7, 'correct horse\r');
    link.respond('changes.type', () => {
      throw new LinkError('invalid', 'No terminal is there.');
    });
    expect(await changes.type(7, 'correct horse\r')).toBe(false);
    const kept = JSON.stringify([changes.$state, pictures.$state, workbench.$state]);
    expect(kept).not.toContain('correct horse');
    expect(changes.refusal).toBeNull();
  });

  it('takes the terminal’s size within the limits of the contract', async () => {
    const { link, changes } = await open();
    changes.resize(7, 7, 1000.4);
    await settle();
    expect(link.callsOf('changes.resize')).toEqual([{ changeId: 7, columns: 20, rows: 200 }]);
  });
});

describe('the pictures of a change', () => {
  it('are asked again with each sample while they are looked at, and not after', async () => {
    const { link, pictures } = await open();
    pictures.look(INCIDENT_POOL_KEY, true);
    await settle();
    const asked = () => [link.callsOf('trend.query').length, link.callsOf('ports.map').length];
    expect(asked()).toEqual([1, 1]);
    link.emit('summary.updated', incidentSummary({ sequence: 500 }));
    await settle();
    expect(asked()).toEqual([2, 2]);
    expect(pictures.portMap?.codes).toHaveLength(65_536);
    pictures.look(null);
    link.emit('summary.updated', incidentSummary({ sequence: 501 }));
    await settle();
    expect(asked()).toEqual([2, 2]);
    expect(pictures.trend).toBeNull();
  });

  it('have what was before a change, asked for once, or go without', async () => {
    const { link, pictures } = await open();
    await pictures.lookBack(7);
    await pictures.lookBack(7);
    expect(link.callsOf('changes.before')).toEqual([{ changeId: 7 }]);
    expect(pictures.before).toMatchObject({ changeId: 7, capacity: 28_232 });
    expect(pictures.before?.map?.codes).toHaveLength(65_536);
    link.respond('changes.before', () => {
      throw new LinkError('unavailable', 'No such change.');
    });
    await pictures.lookBack(8);
    expect(pictures.before).toBeNull();
  });
});
