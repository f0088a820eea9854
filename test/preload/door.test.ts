import { expect, test } from 'vitest';
import { CALL_NAMES } from '../../preload/contract.ts';
import { createDoor } from '../../preload/door.ts';
import { EVENT_CHANNEL, EVENT_TAKEN_CHANNEL } from '../../preload/channels.ts';
import { FakeContents, FakeIpc } from '../support/fake-electron.ts';

function openDoor() {
  const ipc = new FakeIpc();
  const contents = new FakeContents();
  let takenCount = 0;
  ipc.on(EVENT_TAKEN_CHANNEL, () => takenCount++);
  return { ipc, contents, door: createDoor(ipc.rendererOf(contents)), taken: () => takenCount };
}

test('E8: exposes these functions and nothing else', () => {
  const { door } = openDoor();
  expect(Object.keys(door)).toEqual(['calls', 'onEvent']);
  expect(Object.keys(door.calls)).toEqual([
    'workbench.describe',
    'summary.get',
    'sampling.configure',
    'sampling.restart',
    'sockets.query',
    'sockets.suggest',
    'sockets.detail',
    'sockets.pin',
    'sockets.unpin',
    'sockets.export',
    'ports.map',
    'trend.query',
    'findings.checks',
    'whatif.evaluate',
    'whatif.profiles',
    'probes.list',
    'probes.run',
    'runs.list',
    'runs.cancel',
    'runs.transcript',
    'runs.parsed',
    'import.begin',
    'import.piece',
    'import.finish',
    'import.close',
    'report.create',
    'report.piece',
    'wizard.open',
    'wizard.go',
    'wizard.choose',
    'wizard.plan',
    'wizard.apply',
    'fixes.understand',
    'fixes.list',
    'changes.list',
    'changes.before',
    'changes.keep',
    'changes.undo',
    'changes.finish',
    'changes.type',
    'changes.resize',
    'changes.transcript',
    'history.state',
    'history.query',
    'history.pools',
    'history.consumers',
    'history.marks',
    'history.mark',
    'history.moment',
    'testRun.start',
    'testRun.stop',
    'testRun.report',
    'settings.get',
    'settings.change',
    'settings.reset',
    'notices.list',
    'notices.test',
    'about.get',
    'background.get',
    'window.control',
  ]);
  expect(CALL_NAMES).toEqual(Object.keys(door.calls));
  for (const call of Object.values(door.calls)) expect(call).toBeTypeOf('function');
});

test('E8: an event arrives as its name and payload, without Electron’s event object', () => {
  const { contents, door } = openDoor();
  const heard: unknown[][] = [];
  door.onEvent((...args) => heard.push(args));
  contents.send(EVENT_CHANNEL, { name: 'sampler.changed', payload: { a: 1 }, sender: 'x' });
  expect(heard).toEqual([[{ name: 'sampler.changed', payload: { a: 1 } }]]);
});

test('each event is acknowledged, also when nobody listens', () => {
  const { contents, door, taken } = openDoor();
  contents.send(EVENT_CHANNEL, { name: 'sampler.changed', payload: 1 });
  const stop = door.onEvent(() => {});
  contents.send(EVENT_CHANNEL, { name: 'sampler.changed', payload: 2 });
  stop();
  contents.send(EVENT_CHANNEL, { name: 'sampler.changed', payload: 3 });
  expect(taken()).toBe(3);
});
