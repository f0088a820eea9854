import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runDesktop, type DesktopOptions } from '../../../../main/hosts/desktop/run-desktop.ts';
import { callChannel } from '../../../../preload/channels.ts';
import {
  FakeContents,
  fakeElectron,
  fakeFrame,
  FakeSession,
  FakeWindow,
} from '../../../support/fake-electron.ts';
import type { FakeElectron } from '../../../support/fake-electron.ts';

let folder: string;
let electron: FakeElectron;
let log: string[];
let hasTray: boolean;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-desktop-'));
  electron = fakeElectron(folder);
  log = [];
  hasTray = true;
});
afterEach(() => {
  electron.app.quit();
  rmSync(folder, { recursive: true });
});

async function run(
  platform: NodeJS.Platform = 'linux',
  change: Partial<DesktopOptions> = {},
): Promise<FakeWindow> {
  await runDesktop({
    electron: electron.parts,
    platform,
    version: '1.2.3',
    preloadPath: '/p.cjs',
    rendererRoot: '/r',
    entryFolder: '/e',
    trayIconFolder: '/icons',
    files: [],
    logPath: '/logs/fourtuple.log',
    hasTrayHost: async () => hasTray,
    onSignal: () => {},
    ...change,
    log: (line) => log.push(line),
  });
  const [window] = FakeWindow.made;
  if (!window) throw new Error('no window');
  return window;
}

const control = (action: string) =>
  electron.ipc.invoke(new FakeContents(), fakeFrame(), callChannel('window.control'), { action });

describe('the desktop app', () => {
  test('E1: enables the sandbox and registers its scheme before it is ready', async () => {
    const window = await run();
    expect(electron.app.steps).toEqual(['lock', 'enableSandbox', 'schemes', 'whenReady', 'menu']);
    expect(window.loaded).toEqual(['app://fourtuple/index.html']);
    expect(window.isShown).toBe(false);
    window.emit('ready-to-show');
    expect(window.isShown).toBe(true);
  });

  test('G4: a second instance quits without a window, and the first comes to the front', async () => {
    electron.app.hasLock = false;
    await expect(run()).rejects.toThrow('no window');
    expect(electron.app.steps).toEqual(['lock', 'quit']);
    electron = fakeElectron(folder);
    const window = await run();
    window.minimize();
    electron.app.emit('second-instance', {}, [], '/', undefined);
    expect([window.isMin, window.isShown, window.focuses]).toEqual([false, true, 1]);
  });

  test('ends the sampler when it quits', async () => {
    await run();
    electron.app.emit('window-all-closed');
    expect(electron.utilities.map(({ kills }) => kills)).toEqual([1]);
    await vi.waitFor(() => expect(electron.app.steps.slice(-3)).toEqual(['quit', 'quit prevented', 'quit']));
  });

  test('C8: quits only when the terminal has ended its commands, however often it is told to', async () => {
    await run();
    const probe = { probeId: 'linux.file-nr', parameters: [] };
    const started = await electron.ipc.invoke(
      new FakeContents(),
      fakeFrame(),
      callChannel('probes.run'),
      probe,
    );
    expect(started).toMatchObject({ ok: true });
    const [, terminal] = electron.utilities;
    electron.app.quit();
    electron.app.quit();
    expect(terminal?.posted.at(-1)).toEqual({ type: 'stop' });
    expect(electron.app.steps.filter((step) => step === 'quit prevented')).toHaveLength(2);
    terminal?.emit('exit', 0);
    await vi.waitFor(() => expect(electron.app.steps.at(-1)).toBe('quit'));
  });

  test('keeps where the window stood', async () => {
    const window = await run();
    window.maximize();
    window.close();
    expect(JSON.parse(readFileSync(join(folder, 'window.json'), 'utf8'))).toMatchObject({
      places: [{ bounds: { x: 10, y: 20, width: 1200, height: 800 }, isMaximized: true }],
    });
    electron = fakeElectron(folder);
    const next = await run();
    expect(next.isMax).toBe(false);
    next.emit('ready-to-show');
    expect([next.isMax, next.isShown]).toEqual([true, true]);
    expect(next.options).toMatchObject({ x: 10, y: 20, width: 1200, height: 800 });
  });

  test('closes all the same when the place cannot be kept, and says so', async () => {
    const window = await run();
    electron.app.quit();
    rmSync(folder, { recursive: true });
    window.close();
    expect(log.filter((line) => line.startsWith("The window's place could not be kept"))).toHaveLength(1);
    folder = mkdtempSync(join(tmpdir(), 'fourtuple-desktop-'));
  });

  test('its own buttons move the window on Linux; macOS draws its own', async () => {
    const window = await run();
    expect(await control('maximize')).toEqual({ ok: true, value: { maximized: true } });
    expect(await control('maximize')).toEqual({ ok: true, value: { maximized: false } });
    await control('minimize');
    expect(window.isMin).toBe(true);
    electron = fakeElectron(folder);
    await run('darwin');
    expect(await control('close')).toMatchObject({ ok: false, failure: { code: 'unsupported' } });
  });

  test('loads a page whose process died again, but not in a circle', async () => {
    const { webContents } = await run();
    webContents.emit('render-process-gone', {}, { reason: 'oom' });
    webContents.emit('render-process-gone', {}, { reason: 'oom' });
    expect(webContents.reloads).toBe(1);
  });
});

describe('guards', () => {
  test('E5: no page leads elsewhere, whatever contents are made', async () => {
    await run();
    const contents = new FakeContents();
    electron.app.emit('web-contents-created', {}, contents);
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      let isPrevented = false;
      contents.emit(name, { preventDefault: () => (isPrevented = true) });
      expect(isPrevented, name).toBe(true);
    }
    expect(contents.windowOpen?.({ url: 'https://example.org' })).toEqual({ action: 'deny' });
  });

  test('E5: only the page’s own export may be downloaded', async () => {
    await run();
    const download = (url: string) => {
      let isPrevented = false;
      electron.session.emit(
        'will-download',
        { preventDefault: () => (isPrevented = true) },
        { getURL: () => url },
      );
      return !isPrevented;
    };
    expect(download('blob:app://fourtuple/7f-1')).toBe(true);
    expect(download('blob:app://fourtuple.evil/7f-1')).toBe(false);
    expect(download('https://example.org/x.zip')).toBe(false);
    expect(download('app://fourtuple/index.html')).toBe(false);
  });

  test('E6: every session denies every permission and device, but copying from our own page', async () => {
    await run();
    const later = new FakeSession();
    electron.app.emit('session-created', later);
    for (const session of [electron.session, later]) {
      const asked: [string, boolean][] = [];
      for (const permission of ['media', 'geolocation', 'clipboard-read', 'openExternal', 'unknown']) {
        const page = { getURL: () => 'app://fourtuple/index.html' };
        session.permissionRequest?.(page, permission, (isGranted) => asked.push([permission, isGranted]));
        expect(session.permissionCheck?.(page, permission, 'app://fourtuple'), permission).toBe(false);
      }
      expect(asked.map(([, isGranted]) => isGranted)).toEqual([false, false, false, false, false]);
      expect(session.permissionCheck?.(null, 'clipboard-sanitized-write', 'app://fourtuple/')).toBe(true);
      expect(session.permissionCheck?.(null, 'clipboard-sanitized-write', 'https://example.org/')).toBe(
        false,
      );
      expect(session.devicePermission?.()).toBe(false);
      const streams: unknown[] = [];
      session.displayMedia?.({}, (given) => streams.push(given));
      expect(streams).toEqual([{}]);
    }
  });
});
