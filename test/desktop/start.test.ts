/** The built desktop app as it starts: its window, its preload's door, the page's headers and surroundings. */
import { dirname, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callChannel } from '../../preload/channels.ts';
import { CALL_NAMES } from '../../preload/contract.ts';
import { DESKTOP_MAIN } from '../support/electron/display/desktop-app.ts';
import { desktopStageMissing, openDesktop, type DesktopStage } from '../support/electron/open-desktop.ts';

/** Hardening E4 and W7, in words of their own: what the sources say is what is tried here. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
/** What Vue and zod leave there. */
const OF_LIBRARIES = /^__(VUE|zod)_/;
const missing = desktopStageMissing();

describe.skipIf(missing !== null)(`the desktop app${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: DesktopStage;

  beforeAll(async () => {
    stage = await openDesktop();
  });
  afterAll(() => stage?.close());

  it('shows one window with a sentence about this machine, and names it after that', async () => {
    const sentence = stage.page.getByRole('region', { name: 'Verdict' }).getByRole('paragraph');
    await expect.poll(() => sentence.textContent(), { timeout: 40_000 }).toMatch(/ports|pool/i);
    const { windows } = await stage.app.look();
    expect(windows.map(({ url, isVisible }) => ({ url, isVisible }))).toEqual([
      { url: 'app://fourtuple/index.html', isVisible: true },
    ]);
    await expect.poll(async () => (await stage.app.window()).title).toMatch(/ · Fourtuple$/);
  });

  it('E1: makes the window with exactly these preferences, in the sandbox', async () => {
    const preload = resolve(dirname(DESKTOP_MAIN), '../preload/index.cjs');
    expect((await stage.app.window()).madeWith['webPreferences']).toEqual({
      preload,
      sandbox: true,
      contextIsolation: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
    expect((await stage.app.look()).isSandboxed).toBe(true);
  });

  it('E8: gives the page a function for each call, one for the events, and nothing else', async () => {
    const door = await stage.page.evaluate(() => {
      const { fourtuple } = window as unknown as { fourtuple: { calls: object } };
      const { value: _value, ...property } = Object.getOwnPropertyDescriptor(window, 'fourtuple') ?? {};
      return {
        property,
        keys: Object.keys(fourtuple),
        isFrozen: [fourtuple, fourtuple.calls].every(Object.isFrozen),
        calls: Object.entries(fourtuple.calls).map(([name, call]) => [name, typeof call]),
      };
    });
    expect(door).toEqual({
      property: { writable: false, enumerable: true, configurable: false },
      keys: ['calls', 'onEvent'],
      isFrozen: true,
      calls: CALL_NAMES.map((name) => [name, 'function']),
    });
  });

  it('E8: has nothing on its window that a page of plain Chromium has not, but for the door', async () => {
    const plain = await stage.browser.newPage();
    await plain.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', headers: HEADERS, body: '<!doctype html>' }),
    );
    await plain.goto('https://plain.invalid/');
    const usual: string[] = await plain.evaluate('Object.getOwnPropertyNames(window)');
    await plain.close();
    const found: string[] = await stage.page.evaluate('Object.getOwnPropertyNames(window)');
    expect(found.filter((name) => !usual.includes(name) && !OF_LIBRARIES.test(name))).toEqual(['fourtuple']);
  });

  it('E4: serves the page with exactly these headers, and nothing of it is against them', async () => {
    const { page } = stage;
    const response = await page.reload();
    expect(response?.status()).toBe(200);
    const { 'content-length': _length, ...headers } = (await response?.allHeaders()) ?? {};
    expect(headers).toEqual({ ...HEADERS, 'content-type': 'text/html; charset=utf-8' });
    expect(await page.evaluate('isSecureContext')).toBe(true);
    await page.getByRole('contentinfo').waitFor();
    for (const screen of ['Sockets', 'Trends', 'Fix', 'What-if', 'Evidence', 'Settings', 'Headroom']) {
      await stage.app.choose(`View › ${screen}`);
      await page.locator('.app-rail [aria-current=page]', { hasText: screen }).waitFor();
    }
    expect(stage.troubles).toEqual([]);
  });

  it('E3: has nothing for the page beside the built files', async () => {
    const statusOf = (path: string, method = 'GET') =>
      stage.page.evaluate(
        async ([where, how]) => (await fetch(where ?? '', { method: how ?? 'GET' })).status,
        [path, method],
      );
    expect(await statusOf('/index.html')).toBe(200);
    expect(await statusOf('/index.html', 'HEAD')).toBe(200);
    expect(await statusOf('/index.html', 'POST')).toBe(405);
    expect(await statusOf('/package.json')).toBe(404);
    expect(await statusOf('/%2e%2e/main/desktop.js')).toBe(404);
    expect(await statusOf('/assets/..%2f..%2fpreload/index.cjs')).toBe(404);
  });

  it('E7: handles the channels of the contract and no others', async () => {
    expect((await stage.app.look()).channels.sort()).toEqual(CALL_NAMES.map(callChannel).sort());
  });

  it('answers a call and carries events through the preload, cloned', async () => {
    const about = await stage.page.evaluate(`window.fourtuple.calls['about.get']({})`);
    expect(about).toMatchObject({
      ok: true,
      value: { parts: expect.arrayContaining([{ name: 'Electron', version: expect.any(String) }]) },
    });
    const event = await stage.page.evaluate(
      () =>
        new Promise((done) => {
          const { fourtuple } = window as unknown as {
            fourtuple: { onEvent(listener: (event: { name: string }) => void): () => void };
          };
          const stop = fourtuple.onEvent((heard) => {
            if (heard.name !== 'summary.updated') return;
            stop();
            done(Object.keys(heard));
          });
        }),
    );
    expect(event).toEqual(['name', 'payload']);
  });

  it('says what is wrong with arguments that cannot cross', async () => {
    const failed = await stage.page.evaluate(
      `window.fourtuple.calls['about.get']({ toJSON: () => 1 }).catch((error) => error.message)`,
    );
    expect(failed).toBe('An object could not be cloned.');
  });

  it('ends with status 0 when its window is closed', async () => {
    await stage.app.do('close');
    expect(await stage.app.ended).toBe(0);
    expect(stage.app.complaints()).toBe('');
  });
});
