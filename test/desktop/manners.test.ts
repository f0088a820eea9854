import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { linuxSs } from '../support/dumps.ts';
import { DesktopApp } from '../support/electron/display/desktop-app.ts';
import { AS_NOBODY, NOBODY } from '../support/electron/display/ordinary-user.ts';
import { startFakeBus, type FakeBus } from '../support/fake-bus.ts';
import { stillRunning } from '../support/real-children.ts';
import { openStage, stageMissing, type Stage } from '../support/stage.ts';

const missing = stageMissing();
const WATCHER = 'org.kde.StatusNotifierWatcher';

/** A busy machine takes its time. */
const until = (claim: () => void | Promise<void>) => vi.waitFor(claim, { timeout: 10_000, interval: 50 });

describe.skipIf(missing !== null)(
  `the manners of the desktop app${missing === null ? '' : ` (${missing})`}`,
  () => {
    let stage: Stage;
    let app: DesktopApp;
    let page: Page;
    let bus: FakeBus;
    let folder: string;
    let environment: Record<string, string>;

    /** Another start of the program by the same person, or by root itself. */
    const startAgain = (argv: string[], through = AS_NOBODY) =>
      DesktopApp.start({ context: page.context(), argv, through, environment });

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'fourtuple-manners-'));
      chmodSync(folder, 0o755);
      bus = await startFakeBus(join(folder, 'bus'), [WATCHER]);
      chmodSync(join(folder, 'bus'), 0o777);
      if (AS_NOBODY.length > 0) chownSync(folder, NOBODY, NOBODY);
      environment = {
        HOME: folder,
        XDG_CONFIG_HOME: join(folder, 'config'),
        XDG_STATE_HOME: folder,
        DBUS_SESSION_BUS_ADDRESS: bus.address,
      };
      stage = await openStage({ serve: { environment } });
      if (!stage.desktop) throw new Error('these tests are of the desktop');
      app = stage.desktop;
      page = stage.page;
      await page.locator('.top-bar').waitFor();
      // From the first event on the page hears what the window around it says.
      await page.evaluate(`new Promise((resolve) => window.fourtuple.onEvent(resolve))`);
    }, 40_000);
    afterAll(async () => {
      await stage?.close();
      await bus?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test('the menu leads to the screens, the palette, the list of keys and About', async () => {
      await app.choose('View › What-if');
      await page.locator('.what-if-screen').waitFor();
      await app.choose('Help › About Fourtuple');
      const about = page.getByRole('dialog');
      await about.getByText('Electron', { exact: true }).waitFor();
      expect(await about.getByText('Chromium', { exact: true }).count()).toBe(1);
      await stage.shoot('desktop-about');
      await app.choose('Help › Keyboard shortcuts');
      await page.getByRole('heading', { name: 'Keyboard' }).waitFor();
      expect(await page.getByRole('heading', { name: 'Window' }).count()).toBe(1);
      await stage.shoot('desktop-shortcuts');
      await app.choose('View › Command palette');
      await page.getByRole('combobox').waitFor();
      await page.keyboard.press('Escape');
    });

    test('E10: a link of the menu is opened outside', async () => {
      await app.choose('Help › RFC 6056: ephemeral ports');
      await until(async () =>
        expect((await app.look()).outside.at(-1)?.what).toBe('https://www.rfc-editor.org/rfc/rfc6056'),
      );
    });

    test('the log is in the place of the platform, for its user alone', async () => {
      const logs = join(folder, 'fourtuple', 'logs');
      expect(readdirSync(logs)).toEqual(['fourtuple.log']);
      expect(statSync(join(logs, 'fourtuple.log')).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(logs, 'fourtuple.log'), 'utf8')).toMatch(
        /^\S+Z Fourtuple \S+ starts \(Electron /,
      );
    });

    test('E9: a file chosen in the dialog is shown in place of this machine', async () => {
      const file = join(folder, 'ss.txt');
      writeFileSync(file, linuxSs(50));
      await app.choose('File › Open…');
      await until(() => expect(app.dialogs).toHaveLength(1));
      app.dialogs[0]?.answer({ canceled: false, filePaths: [file] });
      await page.getByText('Imported: ss.txt').waitFor();
      await stage.shoot('desktop-opened');
      await page.getByRole('button', { name: 'Back to this machine' }).click();
      await app.control('app.event', { name: 'open-file', args: [join(folder, 'none.txt')] });
      await page.getByText('none.txt is not there (any more).').waitFor();
      await page.keyboard.press('Escape');
    });

    test('a second start hands its file to the first, which shows it, and ends well', async () => {
      const file = join(folder, 'second.txt');
      writeFileSync(file, linuxSs(20));
      await app.do('minimize');
      expect(await startAgain([file]).ended).toBe(0);
      await page.getByText('Imported: second.txt').waitFor();
      expect((await app.window()).isMinimized).toBe(false);
      await page.getByRole('button', { name: 'Back to this machine' }).click();
    });

    test('--help and --version are answered without a window, for root too; a wrong word is refused', async () => {
      const starts = [startAgain(['--help'], []), startAgain(['--version']), startAgain(['--no-sandbox'])];
      expect(await Promise.all(starts.map(({ ended }) => ended))).toEqual([0, 0, 2]);
      const [help, version, wrong] = starts;
      expect(help?.output()).toMatch(/^Fourtuple: .*\n\nUsage: fourtuple \[options\]/);
      expect(version?.output()).toMatch(/^fourtuple \d+\.\d+\.\d+\n$/);
      expect(wrong?.complaints()).toMatch(/does not run without the sandbox/);
    });

    test('zoom grows and shrinks the page', async () => {
      await app.choose('View › Zoom in');
      await until(async () => expect((await app.window()).zoomFactor).toBeCloseTo(1.2 ** 0.5, 3));
      await app.choose('View › Actual size');
      await until(async () => expect((await app.window()).zoomFactor).toBe(1));
    });

    test('closed with the setting on it watches from the tray, and comes back from there', async () => {
      await page.evaluate(`window.fourtuple.calls['settings.change']({ background: { keepRunning: true } })`);
      await until(async () => expect((await app.look()).trays).toHaveLength(1));
      await app.do('close');
      await until(async () => expect((await app.window()).isVisible).toBe(false));
      await until(async () => expect((await app.look()).trays[0]?.toolTip).toMatch(/^Fourtuple: .+/));
      await app.control('tray.choose', { index: 0, path: 'Open Fourtuple' });
      expect((await app.window()).isVisible).toBe(true);
    });

    test('a notification leads to where it was asked for', async () => {
      await page.evaluate(`window.fourtuple.calls['notices.test']({})`);
      await until(async () => expect((await app.look()).notifications).toHaveLength(1));
      await app.do('close');
      await until(async () => expect((await app.window()).isVisible).toBe(false));
      await app.control('notification.click', { index: 0 });
      expect((await app.window()).isVisible).toBe(true);
    });

    test('quits cleanly from the tray and leaves no process', async () => {
      expect(await stage.troubles()).toEqual([]);
      const children = app.childPids();
      await app.control('tray.choose', { index: 0, path: 'Quit' });
      expect(await app.ended).toBe(0);
      await until(() => expect(stillRunning(children)).toEqual([]));
    });
  },
);
