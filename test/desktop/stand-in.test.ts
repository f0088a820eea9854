/** The stand-in itself: it behaves as Electron documents, also where that hurts, and refuses by name what it has not. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { DesktopApp } from '../support/electron/display/desktop-app.ts';
import { AS_NOBODY, makeHome, type Home } from '../support/electron/display/ordinary-user.ts';
import { desktopStageMissing } from '../support/electron/open-desktop.ts';

const missing = desktopStageMissing();
const SAMPLE = fileURLToPath(new URL('../support/electron/sample-app', import.meta.url));

describe.skipIf(missing !== null)(
  `the stand-in for Electron${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let browser: Browser;
    let home: Home;
    let app: DesktopApp;
    let page: Page;
    const lines = () => app.output().trimEnd().split('\n');
    const run = (expression: string): Promise<unknown> => page.evaluate(expression);
    /** What a call that fails says; and what else is left of the error. */
    const failure = (call: string) =>
      run(`(async () => ${call})().then(() => 'no failure', (error) => [error.message, Object.keys(error)])`);

    beforeAll(async () => {
      browser = await launchBrowser();
      home = makeHome();
      const context = await browser.newContext();
      app = DesktopApp.start({
        context,
        appFolder: SAMPLE,
        through: AS_NOBODY,
        environment: home.environment,
        machine: { systemTheme: 'dark' },
      });
      page = await app.firstPage();
      await vi.waitFor(() => expect(lines()).toContain('loaded sample://host/page.html dark'), {
        timeout: 15_000,
      });
    });
    afterAll(async () => {
      app?.kill('SIGKILL');
      await app?.ended;
      await browser?.close();
      home?.remove();
    });

    it('refuses by name what it has not, and what Electron does not understand', () => {
      expect(lines()).toEqual(
        expect.arrayContaining([
          'unknown of app: electron.app.dock is not modelled by the stand-in',
          'unknown module: electron.clipboard.readText is not modelled by the stand-in',
          'unknown class: electron.clipboard is not modelled by the stand-in',
          'unknown of dialog: electron.dialog.showOpenDialogSync is not modelled by the stand-in',
          'bad role: the menu role sharemenu is not modelled by the stand-in',
          "bad accelerator: 'Ctrl+Foo' is no accelerator: 'foo' is no key",
          'bad item: Invalid template for MenuItem: must have at least one of label, role or type',
          'unmodelled preference: webPreferences.nodeIntegrationInWorker = true is not modelled by the stand-in',
        ]),
      );
    });

    it('does nothing too early or too late', () => {
      expect(lines()).toEqual(
        expect.arrayContaining([
          'window too early: Cannot create BrowserWindow before app is ready',
          'fork too early: utilityProcess cannot be created before app is ready',
          'sandbox too late: app.enableSandbox() can only be called before app is ready',
          'schemes too late: protocol.registerSchemesAsPrivileged should be called before app is ready',
          "second handler: Attempted to register a second handler for 'echo'",
        ]),
      );
      expect(lines().indexOf('evaluated')).toBeLessThan(lines().indexOf('ready'));
    });

    it('clones what crosses contextBridge: prototypes are lost, all is frozen, functions stay where they are', async () => {
      expect(await run('sample.nested')).toEqual({ list: [1, { deep: true }] });
      expect(await run('[sample, sample.nested, sample.nested.list[1]].every(Object.isFrozen)')).toBe(true);
      expect(await run('[sample.point.x, typeof sample.point.length, sample.date.getTime()]')).toEqual([
        1,
        'undefined',
        0,
      ]);
      expect(await run('sample.callBack((value) => value.from)')).toBe('preload');
      expect(await run('sample.twice(() => (value) => value * 2)')).toBe(4);
      expect(await run("sample.resolve('a value')")).toEqual({ got: 'a value' });
      expect(await run('Object.getPrototypeOf(sample.nested) === Object.prototype')).toBe(true);
    });

    it('leaves of an error its message', async () => {
      expect(await failure('sample.fail()')).toEqual(['only this', []]);
      expect(await failure('sample.reject()')).toEqual(['of a promise', []]);
      expect(await failure("sample.invoke('fail')")).toEqual([
        "Error invoking remote method 'fail': TypeError: the message",
        [],
      ]);
      expect(await failure("sample.invoke('nobody')")).toEqual([
        "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
        [],
      ]);
      expect(await failure('sample.invokeFunction()')).toEqual(['An object could not be cloned.', []]);
      expect(lines()).toContain('a function sent: An object could not be cloned.');
    });

    it('carries values both ways as structured clones', async () => {
      const echo = await run(
        `sample.invoke('echo', { none: undefined, date: new Date(5), big: 7n, odd: NaN, bytes: new Uint8Array([1, 2]), $: 1 })
        .then((value) => [Object.keys(value), value.date.getTime(), String(value.big), String(value.odd), value.bytes.length, value.$])`,
      );
      expect(echo).toEqual([['none', 'date', 'big', 'odd', 'bytes', '$'], 5, '7', 'NaN', 2, 1]);
    });

    it('gives a sandboxed preload nothing of Node', async () => {
      expect(await run('sample.modules')).toEqual({
        fs: 'module not found: fs',
        childProcess: 'module not found: node:child_process',
        sendSync: 'ipcRenderer.sendSync is not modelled by the stand-in',
        remote: 'electron.remote is not modelled by the stand-in',
        again: 'Cannot bind an API on top of an existing property on the window object',
      });
    });

    it('gives a scheme that is not secure no secure context, and nothing that nobody serves', async () => {
      expect(await run('isSecureContext')).toBe(false);
      expect(await run("fetch('/other').then((answer) => answer.status)")).toBe(404);
      expect(await failure("fetch('http://127.0.0.1/')")).toEqual(['Failed to fetch', []]);
    });

    it('quits in order, and stays when somebody prevents it', async () => {
      const from = lines().length;
      const since = () => lines().slice(from);
      await app.control('quit', null);
      await expect.poll(since).toEqual(['before-quit', 'before-quit prevented']);
      // The window refuses once.
      await app.control('quit', null);
      await expect.poll(() => since().slice(2)).toEqual(['before-quit', 'close']);
      await app.control('quit', null);
      expect(await app.ended).toBe(0);
      expect(since().slice(4)).toEqual([
        'before-quit',
        'close',
        'destroyed',
        'closed',
        'after its end: Object has been destroyed',
        'contents after its end: Object has been destroyed',
        'frame after its end: null',
        'will-quit',
        'will-quit prevented',
        'before-quit',
        'will-quit',
        'quit',
      ]);
    });
  },
);
