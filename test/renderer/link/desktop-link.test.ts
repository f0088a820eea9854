import { expect, test } from 'vitest';
import { CALL_NAMES, type WorkbenchDoor } from '../../../preload/contract.ts';
import { createDesktopLink } from '../../../renderer/link/desktop-link.ts';

type Listener = Parameters<WorkbenchDoor['onEvent']>[0];

function openLink(answer: (args: unknown) => Promise<unknown>) {
  let hear: Listener = () => {};
  const door: WorkbenchDoor = {
    calls: Object.fromEntries(CALL_NAMES.map((name) => [name, answer])) as WorkbenchDoor['calls'],
    onEvent: (listener) => {
      hear = listener;
      return () => {};
    },
  };
  return {
    link: createDesktopLink({ door, now: () => 5 }),
    hear: (event: Parameters<Listener>[0]) => hear(event),
  };
}

test('is connected from the start', () => {
  const { link } = openLink(async () => null);
  expect(link.state).toEqual({ kind: 'connected', sinceMs: 5, retryAtMs: null, attempt: 0, sentence: null });
});

test('answers results and turns failures into LinkErrors', async () => {
  const value = { released: true };
  expect(
    await openLink(async () => ({ ok: true, value })).link.call('sockets.unpin', { snapshotId: 1 }),
  ).toEqual(value);
  const failure = { code: 'gone', sentence: 'It is gone.' };
  const failing = openLink(async () => ({ ok: false, failure }));
  await expect(failing.link.call('sockets.unpin', { snapshotId: 1 })).rejects.toMatchObject(failure);
});

test.each([[null], [{ ok: true }], [{ ok: true, value: { released: 1 } }], [{ ok: false }], ['ok']])(
  'refuses the answer %j',
  async (answer) => {
    const { link } = openLink(async () => answer);
    await expect(link.call('sockets.unpin', { snapshotId: 1 })).rejects.toMatchObject({ code: 'malformed' });
  },
);

test('a door that breaks is told in words', async () => {
  const { link } = openLink(() => Promise.reject(new Error('object could not be cloned')));
  await expect(link.call('summary.get', {})).rejects.toMatchObject({ code: 'gone' });
});

test('carries events of the contract and drops others', () => {
  const { link, hear } = openLink(async () => null);
  const payload = { state: 'running', sinceMs: 1, restarts: 0, retryAtMs: null, sentence: null };
  const heard: unknown[] = [];
  link.on('sampler.changed', (state) => heard.push(state));
  hear({ name: 'sampler.changed', payload });
  hear({ name: 'sampler.changed', payload: {} });
  hear({ name: 'other.event', payload });
  expect(heard).toEqual([payload]);
});
