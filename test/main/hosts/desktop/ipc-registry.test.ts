import type { IpcMain, WebContents, WebFrameMain } from 'electron';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isTrustedFrame, serveIpc } from '../../../../main/hosts/desktop/ipc-registry.ts';
import { callChannel, EVENT_CHANNEL, EVENT_TAKEN_CHANNEL } from '../../../../preload/channels.ts';
import { CALL_NAMES } from '../../../../preload/contract.ts';
import { FakeContents, fakeFrame, FakeIpc, type FakeFrame } from '../../../support/fake-electron.ts';
import { quietSummary } from '../../../support/fake-sampler.ts';
import { rigWorkbench, type WorkbenchRig } from '../../../support/workbench.ts';

let rig: WorkbenchRig;
let ipc: FakeIpc;
let contents: FakeContents;

beforeEach(() => {
  rig = rigWorkbench({ host: 'desktop' });
  ipc = new FakeIpc();
  contents = new FakeContents();
  serveIpc(ipc as unknown as IpcMain, rig.workbench).attach(contents as unknown as WebContents);
  rig.workbench.start();
  contents.emit('did-finish-load');
});
afterEach(() => rig.workbench.stop());

const strangers: [string, FakeFrame | null][] = [
  ['no frame', null],
  ['a destroyed frame', fakeFrame({ isDestroyed: () => true })],
  ['a detached frame', fakeFrame({ detached: true })],
  ['a frame inside another', fakeFrame({ parent: {} })],
  ['another scheme', fakeFrame({ url: 'https://fourtuple/index.html' })],
  ['another host', fakeFrame({ url: 'app://other/index.html' })],
  ['a host that begins alike', fakeFrame({ url: 'app://fourtuple.evil/index.html' })],
  ['a user name that looks like the host', fakeFrame({ url: 'app://fourtuple@evil/index.html' })],
  ['about:blank', fakeFrame({ url: 'about:blank' })],
  ['a file', fakeFrame({ url: 'file:///index.html' })],
];

describe('who is asking', () => {
  test('registers exactly the calls of the contract', () => {
    expect([...ipc.handlers.keys()]).toEqual(CALL_NAMES.map(callChannel));
    expect(ipc.listeners.eventNames()).toEqual([EVENT_TAKEN_CHANNEL]);
  });

  test.each(strangers)('E7: %s is refused on every channel', async (_who, frame) => {
    for (const channel of ipc.handlers.keys()) {
      const answer = await ipc.invoke(contents, frame, channel, {});
      expect(answer, channel).toMatchObject({ ok: false, failure: { code: 'not-allowed' } });
    }
    expect(rig.sampler().callIds).toEqual([]);
  });

  test('E7: a frame that vanishes while it is looked at is refused', () => {
    const vanishing = {
      isDestroyed: () => false,
      get detached(): boolean {
        throw new Error('Render frame was disposed');
      },
    };
    expect(isTrustedFrame(vanishing as unknown as WebFrameMain)).toBe(false);
  });
});

describe('events', () => {
  const say = (sequence: number) =>
    rig.sampler().say({ type: 'summary', summary: quietSummary({ sequence }) });
  const sequencesOf = (received: unknown[]) =>
    received.flatMap((event) => {
      const { payload } = event as { payload: { sequence?: number } };
      return payload.sequence === undefined ? [] : [payload.sequence];
    });

  test('S5: a frozen page has one event on its way; when it wakes it gets the newest', () => {
    const received: unknown[] = [];
    contents.toPage.on(EVENT_CHANNEL, (event) => received.push(event));
    const page = ipc.rendererOf(contents);
    say(1);
    page.send(EVENT_TAKEN_CHANNEL);
    for (let sequence = 2; sequence <= 1000; sequence++) say(sequence);
    expect(sequencesOf(received)).toEqual([1]);
    page.send(EVENT_TAKEN_CHANNEL);
    expect(sequencesOf(received)).toEqual([1, 1000]);
  });

  test('a page that was loaded again starts afresh, though the old one never took its event', () => {
    say(1);
    contents.emit('did-finish-load');
    const before = contents.sentCount;
    say(2);
    expect(contents.sentCount).toBe(before + 1);
  });

  test('E7: nothing is sent to a page of elsewhere, and what is new to its own when that is back', () => {
    contents.url = 'https://evil.example/';
    contents.emit('did-finish-load');
    say(1);
    expect(contents.sentCount).toBe(0);
    contents.url = 'app://fourtuple/index.html';
    contents.emit('did-finish-load');
    say(2);
    expect(contents.sentCount).toBe(1);
  });

  test('nothing is sent to a window that is gone', () => {
    contents.emit('destroyed');
    const before = contents.sentCount;
    say(1);
    expect(contents.sentCount).toBe(before);
  });
});
