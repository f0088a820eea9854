/** What only a real Electron can show. `npm run test:electron` runs it; nothing else does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { webPreferences } from '../../main/hosts/desktop/window-options.ts';
import { CONTENT_SECURITY_POLICY } from '../../main/hosts/security-headers.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { DESKTOP_MAIN } from '../support/electron/display/desktop-app.ts';
import { AS_NOBODY } from '../support/electron/display/ordinary-user.ts';
import { RealApp, realBinary, realElectronMissing } from '../support/real-electron.ts';

const missing = realElectronMissing();
const APP_FOLDER = dirname(dirname(dirname(DESKTOP_MAIN)));

describe.skipIf(missing !== null)(
  `the app in a real Electron${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let app: RealApp;
    let page: Page;

    beforeAll(async () => {
      app = await RealApp.start();
      page = await app.firstPage();
      await page.getByRole('region', { name: 'Verdict' }).waitFor();
    });
    afterAll(() => app?.stop());

    test('is the Electron that the lock file names, and shows its page', async () => {
      const seen = await app.electron.evaluate(({ app: own, BrowserWindow }) => ({
        electron: process.versions['electron'],
        isPackaged: own.isPackaged,
        windows: BrowserWindow.getAllWindows().map((window) => [window.getTitle(), window.isVisible()]),
      }));
      expect(seen).toMatchObject({ electron: packageJson.devDependencies.electron, isPackaged: false });
      expect(seen.windows).toEqual([[expect.stringContaining('Fourtuple'), true]]);
      expect(page.url()).toMatch(/^app:\/\/fourtuple\//);
    });

    test('E1: the page runs in the sandbox, isolated, without Node', async () => {
      const wanted = webPreferences('');
      const used = await app.electron.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        const read: unknown = contents ? Reflect.get(contents, 'getLastWebPreferences') : null;
        return typeof read === 'function' ? (read.call(contents) as Record<string, unknown>) : {};
      });
      for (const name of [
        'sandbox',
        'contextIsolation',
        'webSecurity',
        'nodeIntegration',
        'webviewTag',
      ] as const) {
        expect([name, used[name]]).toEqual([name, wanted[name]]);
      }
      const types = await page.evaluate(() =>
        ['require', 'process', 'Buffer', 'module'].map((name) => name in window),
      );
      expect(types).toEqual([false, false, false, false]);
      const metrics = await app.electron.evaluate(({ app: own }) =>
        own.getAppMetrics().map(({ type, sandboxed }) => [type, sandboxed]),
      );
      // Told on Windows and macOS only.
      expect(metrics.filter(([type, sandboxed]) => type === 'Tab' && sandboxed === false)).toEqual([]);
    });

    test('E3, E4: the page comes from app:// with its whole policy, and keeps to it', async () => {
      const [policy, sniff, outside] = await page.evaluate(async () => {
        const answer = await fetch('app://fourtuple/index.html');
        const other = await fetch('app://fourtuple/..%2f..%2fpackage.json').catch(() => null);
        return [
          answer.headers.get('content-security-policy'),
          answer.headers.get('x-content-type-options'),
          other === null ? 404 : other.status,
        ];
      });
      expect([policy, sniff, outside]).toEqual([CONTENT_SECURITY_POLICY, 'nosniff', 404]);
      const blocked = await page.evaluate(
        () =>
          new Promise((resolve) => {
            document.addEventListener('securitypolicyviolation', (event) =>
              resolve(event.effectiveDirective),
            );
            const style = document.createElement('style');
            style.textContent = 'body { outline: 1px solid red }';
            document.head.append(style);
          }),
      );
      expect(blocked).toBe('style-src-elem');
    });

    test('E5: it goes nowhere and opens nothing', async () => {
      const before = page.url();
      expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
      await page.evaluate(() => location.assign('https://example.com/'));
      await page.waitForTimeout(500);
      expect(page.url()).toBe(before);
      expect(app.electron.windows()).toHaveLength(1);
    });

    test('the sampler runs as a utility process, and its figures arrive', async () => {
      const names = await app.electron.evaluate(({ app: own }) =>
        own.getAppMetrics().flatMap(({ name, serviceName }) => [name, serviceName]),
      );
      expect(names.join(' ')).toContain('Fourtuple sampler');
      const verdict = page.getByRole('region', { name: 'Verdict' }).getByRole('paragraph');
      await expect.poll(() => verdict.textContent()).toMatch(/ports|pool/i);
    });

    test('the menu stands, and its zoom is the page’s', async () => {
      const zoomed = await app.electron.evaluate(({ BrowserWindow, Menu }) => {
        const labels = Menu.getApplicationMenu()?.items.map(({ label }) => label) ?? [];
        const factor = BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor();
        return { labels, factor };
      });
      expect(zoomed.labels.join(' ')).toMatch(/File.*Edit.*View.*Window.*Help/);
      expect(zoomed.factor).toBeGreaterThan(0);
    });

    test('--version is answered without a window', async () => {
      const [program = '', ...rest] = [...AS_NOBODY, realBinary() ?? '', APP_FOLDER, '--version'];
      const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
      let out = '';
      child.stdout.on('data', (chunk) => (out += String(chunk)));
      await once(child, 'close');
      expect([out.trim(), child.exitCode]).toEqual([`fourtuple ${packageJson.version}`, 0]);
    });

    test('it ends cleanly, with all that it has started', async () => {
      const children = app.childPids();
      expect(await app.stop()).toBe(0);
      for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      expect(app.complaints()).toBe('');
    });
  },
);
