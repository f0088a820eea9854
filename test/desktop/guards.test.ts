/** What the desktop app refuses: strangers at its door, other pages, windows, permissions, downloads. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { callChannel } from '../../preload/channels.ts';
import { CALL_NAMES } from '../../preload/contract.ts';
import { desktopStageMissing, openDesktop, type DesktopStage } from '../support/electron/open-desktop.ts';

const missing = desktopStageMissing();
const HOME = 'app://fourtuple/index.html';
const FOREIGN = 'https://evil.example/';
const LOOK_ALIKES = [
  FOREIGN,
  'https://fourtuple/index.html',
  'http://127.0.0.1:7411/',
  'https://evil.example/app://fourtuple/index.html',
];
const WITH_FRAME = '<!doctype html><title>evil</title><iframe srcdoc="<p>within</p>"></iframe>';
const REFUSED = {
  ok: false,
  failure: { code: 'not-allowed', sentence: 'Only the page of this window may ask the workbench.' },
};

describe.skipIf(missing !== null)(
  `strangers at the desktop app${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let stage: DesktopStage;
    /** Of Chromium, where the page of the app stands. */
    let homeUrl = '';

    beforeAll(async () => {
      stage = await openDesktop();
      homeUrl = stage.page.url();
      for (const url of LOOK_ALIKES) stage.app.foreign.set(url, WITH_FRAME);
    });
    afterAll(() => stage?.close());
    afterEach(async () => {
      if (stage.page.url() !== homeUrl) await stage.page.goto(homeUrl);
    });

    for (const url of LOOK_ALIKES) {
      it(`E7: refuses every call of a page that came from ${url}, whatever brought it into the window`, async () => {
        await stage.page.goto(url);
        const answers = await stage.page.evaluate(callAll, [...CALL_NAMES]);
        expect(answers).toEqual(Object.fromEntries(CALL_NAMES.map((name) => [name, REFUSED])));
      });
    }

    it('E7: refuses every call of about:blank', async () => {
      await stage.page.goto('about:blank');
      const answers = await stage.page.evaluate(callAll, [...CALL_NAMES]);
      expect(answers).toEqual(Object.fromEntries(CALL_NAMES.map((name) => [name, REFUSED])));
    });

    it('E7: refuses every channel to a frame within the page, and to one that is gone', async () => {
      const { id: windowId } = await stage.app.window();
      const within = { id: 'within', url: HOME, parentId: 'top' };
      for (const name of CALL_NAMES) {
        const ask = { windowId, channel: callChannel(name), args: [{}] };
        expect(await stage.app.control('ipc.ask', { ...ask, frame: within })).toEqual(REFUSED);
        expect(await stage.app.control('ipc.ask', { ...ask, frame: null })).toEqual(REFUSED);
      }
    });

    it('E7: answers no channel that the contract has not', async () => {
      const { id: windowId } = await stage.app.window();
      for (const channel of [
        'fourtuple:call:constructor',
        'fourtuple:call:',
        'fourtuple:event-taken',
        'ELECTRON_BROWSER_REQUIRE',
      ]) {
        const asked = stage.app.control('ipc.ask', {
          windowId,
          frame: { id: 'own', url: HOME, parentId: null },
          channel,
          args: [{}],
        });
        await expect(asked).rejects.toThrow(`No handler registered for '${channel}'`);
      }
    });

    it('E8: gives no door to a frame within a page', async () => {
      await stage.page.goto(FOREIGN);
      const frame = stage.page.frames().find((each) => each !== stage.page.mainFrame());
      expect(await frame?.evaluate('typeof window.fourtuple')).toBe('undefined');
    });

    it('sends no event to a page that is not its own', async () => {
      await stage.page.goto(FOREIGN);
      const heard = await stage.page.evaluate(
        () =>
          new Promise((done) => {
            const names: string[] = [];
            const { fourtuple } = window as unknown as {
              fourtuple: { onEvent(listener: (event: { name: string }) => void): void };
            };
            fourtuple.onEvent(({ name }) => names.push(name));
            setTimeout(() => done(names), 2500);
          }),
      );
      expect(heard).toEqual([]);
    });

    const WAYS_OUT: [string, string][] = [
      ['sets the address', `location.href = '${FOREIGN}'`],
      ['replaces the address', `location.replace('${FOREIGN}')`],
      ['follows a link', clickOn(`<a href="${FOREIGN}">out</a>`)],
      ['follows a link to another file of the app', clickOn('<a href="/other.html">out</a>')],
      [
        'sends a form',
        `{ const f = document.createElement('form'); f.action = '${FOREIGN}'; document.body.append(f); f.submit(); }`,
      ],
      ['opens a window', `window.open('${FOREIGN}')`],
      ['follows a link to a new window', clickOn(`<a href="${FOREIGN}" target="_blank">out</a>`)],
      [
        'frames a page',
        `{ const f = document.createElement('iframe'); f.src = '${FOREIGN}'; document.body.append(f); }`,
      ],
      ['loads itself anew', 'location.reload()'],
    ];
    for (const [way, script] of WAYS_OUT) {
      it(`E5: stays on its page when the page ${way}`, async () => {
        const { page, context } = stage;
        await page.evaluate(() => Reflect.set(globalThis, 'isTheSame', true));
        await page.evaluate(`{ ${script}; undefined }`);
        await page.waitForTimeout(300);
        expect(page.url()).toBe(homeUrl);
        expect(await page.evaluate('globalThis.isTheSame')).toBe(true);
        await expect.poll(() => context.pages().length).toBe(1);
        expect(page.frames().filter((frame) => frame.url() === FOREIGN)).toEqual([]);
        expect((await stage.app.look()).windows).toHaveLength(1);
      });
    }

    it('E6: has a handler for each kind of permission, and grants the writing of text alone', async () => {
      expect((await stage.app.look()).sessionHandlers).toEqual({
        request: true,
        check: true,
        device: true,
        media: true,
      });
      const states = await stage.page.evaluate(
        async (names) => {
          const found: [string, string][] = [];
          for (const name of names) {
            const { state } = await navigator.permissions.query({ name: name as PermissionName });
            found.push([name, state]);
          }
          return Object.fromEntries(found);
        },
        ['clipboard-write', 'clipboard-read', 'geolocation', 'notifications', 'midi'],
      );
      expect(states).toEqual({
        'clipboard-write': 'granted',
        'clipboard-read': 'denied',
        geolocation: 'denied',
        notifications: 'denied',
        midi: 'denied',
      });
    });

    it('E5: takes no download that is not an export of the page', async () => {
      const prevented = async () =>
        (await stage.app.look()).outside.filter(({ kind }) => kind === 'download prevented');
      await stage.page.evaluate(clickOn('<a href="data:text/plain,x" download="x.txt">out</a>'));
      await expect.poll(prevented).toEqual([{ kind: 'download prevented', what: 'data:text/plain,x' }]);
    });

    function clickOn(html: string): string {
      return `{ const box = document.createElement('div'); document.body.append(box);
      box.append(new DOMParser().parseFromString(${JSON.stringify(html)}, 'text/html').body.firstChild);
      box.firstChild.click(); }`;
    }
  },
);

/** Runs in the page. */
async function callAll(names: string[]): Promise<Record<string, unknown>> {
  const { fourtuple } = window as unknown as {
    fourtuple: { calls: Record<string, (args: object) => Promise<unknown>> };
  };
  const answers = names.map(async (name) => [name, await fourtuple.calls[name]?.({})] as const);
  return Object.fromEntries(await Promise.all(answers));
}
