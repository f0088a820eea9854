import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { THRESHOLDS } from '../../../main/core/assess.ts';
import { DEFAULT_SETTINGS } from '../../../main/settings/defaults.ts';
import type { Workbench, WorkbenchEvent } from '../../../main/workbench/workbench.ts';
import { rigWorkbench } from '../../support/workbench.ts';

const started: Workbench[] = [];
afterEach(() => Promise.all(started.splice(0).map((workbench) => workbench.stop())));

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function begin(folder?: string) {
  const rig = rigWorkbench(folder === undefined ? {} : { stateFolder: { ok: true, value: folder } });
  const events: WorkbenchEvent[] = [];
  rig.workbench.subscribe((event) => events.push(event));
  rig.workbench.start();
  started.push(rig.workbench);
  rig.sampler().say({ type: 'ready', pid: 1 });
  const { handlers } = rig.workbench;
  return { ...rig, events, change: handlers['settings.change'], handlers };
}

test('what is set is told to everybody, is in the file, and holds after a restart', async () => {
  const folder = aFolder();
  const { change, events } = begin(folder);
  const answer = await change({ appearance: { theme: 'light' }, sampling: { intervalMs: 500 } });
  const settings = { ...DEFAULT_SETTINGS, appearance: { theme: 'light' }, sampling: { intervalMs: 500 } };
  expect(answer).toMatchObject({ ok: true, value: { problems: [], state: { settings, sentence: null } } });
  expect(events.at(-1)).toMatchObject({ name: 'settings.changed', payload: { settings } });
  expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toEqual({ schema: 1, settings });
  const later = begin(folder);
  expect(later.workbench.settings.current).toEqual(settings);
  expect(later.sampler().received[0]).toMatchObject({ type: 'configure', intervalMs: 500 });
});

test('a change that does not fit is refused beside its field', async () => {
  const { change } = begin(aFolder());
  expect(await change({ thresholds: { warningShare: 0.99 } })).toMatchObject({
    ok: true,
    value: {
      state: { settings: DEFAULT_SETTINGS },
      problems: [{ field: 'thresholds.warningShare' }],
    },
  });
});

test('a file that cannot be used is logged, for those who have no page', async () => {
  const folder = aFolder();
  writeFileSync(join(folder, 'settings.json'), '{');
  const { log, handlers } = begin(folder);
  const why = 'it is no JSON. It is kept as settings.json.broken-1, and the defaults were taken.';
  expect(log).toEqual([`The settings file could not be used: ${why}`]);
  await handlers['settings.get']({});
  expect(log).toHaveLength(1);
});

test('without a folder settings last as long as the workbench, which says so', async () => {
  const { change, handlers } = begin();
  await change({ privacy: { redactReports: true } });
  expect(await handlers['settings.get']({})).toMatchObject({
    value: {
      settings: { privacy: { redactReports: true } },
      file: null,
      sentence: expect.stringMatching(/^Settings last until Fourtuple ends\./),
    },
  });
});

test('pools are judged by what is set, in every sampler', async () => {
  const { change, sampler } = begin();
  await change({ thresholds: { warningShare: 0.4 } });
  const thresholds = { ...THRESHOLDS, warningShare: 0.4 };
  expect(sampler().received.at(-1)).toMatchObject({ type: 'configure', thresholds });
});

test('the pace of the page holds until a person sets another one, whatever else is set', async () => {
  const { change, handlers, sampler } = begin();
  const paceNow = () => sampler().received.findLast(({ type }) => type === 'configure');
  await handlers['sampling.configure']({ intervalMs: 2000 });
  await change({ thresholds: { warningShare: 0.4 } });
  expect(paceNow()).toMatchObject({ intervalMs: 2000 });
  await change({ sampling: { intervalMs: 5000 } });
  expect(paceNow()).toMatchObject({ intervalMs: 5000 });
});

test('a reset brings back every default', async () => {
  const { change, handlers } = begin(aFolder());
  await change({ thresholds: { warningShare: 0.2, criticalShare: 0.3 }, history: { enabled: false } });
  expect(await handlers['settings.reset']({})).toMatchObject({ value: { settings: DEFAULT_SETTINGS } });
});
