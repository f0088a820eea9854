import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runDesktop, type DesktopOptions } from '../../../../main/hosts/desktop/run-desktop.ts';
import { callChannel, EVENT_CHANNEL } from '../../../../preload/channels.ts';
import type { CallName } from '../../../../preload/contract.ts';
import { fakeDisplay, FakeNotification, FakeTray, pressItem } from '../../../support/fake-desktop.ts';
import { fakeElectron, fakeFrame, FakeWindow, type FakeElectron } from '../../../support/fake-electron.ts';
import { quietSummary } from '../../../support/fake-sampler.ts';

let folder: string;
let electron: FakeElectron;
let log: string[];
let hasTray: boolean;
let signal: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-manners-'));
  electron = fakeElectron(folder);
  FakeNotification.isPossible = true;
  log = [];
  hasTray = true;
});
afterEach(() => {
  electron.app.quit();
  rmSync(folder, { recursive: true });
});

interface Running {
  window: FakeWindow;
  /** Events that the page was sent, with their payloads; none coalesced. */
  heard: { name: string; payload: unknown }[];
  ask(name: CallName, args: unknown): Promise<unknown>;
}

async function start(change: Partial<DesktopOptions> = {}): Promise<Running> {
  await runDesktop({
    electron: electron.parts,
    platform: 'linux',
    version: '1.2.3',
    preloadPath: '/p.cjs',
    rendererRoot: '/r',
    entryFolder: '/e',
    trayIconFolder: '/icons',
    files: [],
    logPath: '/logs/fourtuple.log',
    hasTrayHost: async () => hasTray,
    onSignal: (listener) => (signal = listener),
    log: (line) => log.push(line),
    ...change,
  });
  const window = FakeWindow.made.at(-1);
  if (!window) throw new Error('no window');
  const { webContents } = window;
  const page = electron.ipc.rendererOf(webContents);
  const heard: Running['heard'] = [];
  webContents.toPage.on(EVENT_CHANNEL, (event: Running['heard'][number]) => {
    heard.push(event);
    page.send('fourtuple:event-taken');
  });
  window.emit('ready-to-show');
  webContents.emit('did-finish-load');
  const ask = (name: CallName, args: unknown) =>
    electron.ipc.invoke(webContents, fakeFrame(), callChannel(name), args);
  return { window, heard, ask };
}

const named = (heard: Running['heard'], name: string) =>
  heard.filter((event) => event.name === name).map(({ payload }) => payload);

/** A sample of the machine in this state. */
function sample(level: 'ok' | 'notice' | 'warning' | 'critical', sentence: string, paused = false): void {
  const quiet = quietSummary();
  const summary = {
    ...quiet,
    verdict: { ...quiet.verdict, level, sentence },
    sampler: { ...quiet.sampler, paused },
  };
  electron.utilities[0]?.emit('message', { type: 'summary', summary });
}

describe('the menu', () => {
  test('tells the page what was chosen, and shows a window that is hidden', async () => {
    const { window, heard } = await start();
    pressItem(electron.menu(), 'palette');
    window.hide();
    pressItem(electron.menu(), 'about');
    expect(window.isShown).toBe(true);
    expect(named(heard, 'menu.chosen')).toEqual([{ action: 'palette' }, { action: 'about' }]);
  });

  test('shows the log in its folder', async () => {
    await start();
    pressItem(electron.menu(), 'help.log');
    expect(electron.desktop.shownFiles).toEqual(['/logs/fourtuple.log']);
  });

  test('zooms in steps that a restart keeps, as the wheel does', async () => {
    const { window } = await start();
    expect(window.webContents.zoomLevels).toEqual([0]);
    pressItem(electron.menu(), 'zoom.in');
    window.webContents.emit('zoom-changed', {}, 'in');
    pressItem(electron.menu(), 'zoom.out');
    for (let step = 0; step < 20; step++) pressItem(electron.menu(), 'zoom.out');
    expect(window.webContents.zoomLevels.slice(0, 4)).toEqual([0, 0.5, 1, 0.5]);
    expect(window.webContents.zoomLevels.at(-1)).toBe(-3);
    window.close();
    electron.app.quit();
    electron = fakeElectron(folder);
    const next = await start();
    expect(next.window.webContents.zoomLevels).toEqual([-3]);
  });
});

describe('the window', () => {
  test('comes back when its display goes', async () => {
    const { window } = await start();
    window.bounds = { x: 2500, y: 10, width: 1200, height: 800 };
    electron.screen.emit('display-removed');
    expect(window.bounds).toEqual({ x: 360, y: 140, width: 1200, height: 800 });
    window.close();
    expect(electron.screen.eventNames()).toEqual([]);
  });

  test('opens on the display where it was last, full screen as it was', async () => {
    const displays = [
      ...electron.screen.displays,
      fakeDisplay(2, { x: 1920, y: 0, width: 1600, height: 1200 }),
    ];
    electron.screen.displays = displays;
    const { window } = await start();
    window.bounds = { x: 2000, y: 30, width: 1100, height: 900 };
    window.isFull = true;
    window.close();
    electron.app.quit();
    electron = fakeElectron(folder);
    electron.screen.displays = displays;
    const next = await start();
    expect(next.window.options).toMatchObject({ x: 2000, y: 30, width: 1100, height: 900 });
    expect(next.window.isFull).toBe(true);
  });

  test('has the ground of the theme that was chosen, and follows it', async () => {
    const { window, ask } = await start();
    expect(electron.theme.themeSource).toBe('system');
    await ask('settings.change', { appearance: { theme: 'light' } });
    expect(electron.theme.themeSource).toBe('light');
    electron.theme.shouldUseDarkColors = false;
    electron.theme.emit('updated');
    expect(window.colours).toEqual(['#edeef0']);
    window.close();
    electron.theme.emit('updated');
    expect(window.colours).toHaveLength(1);
  });

  test('its middle button leads out of full screen', async () => {
    const { window, ask } = await start();
    window.isFull = true;
    await ask('window.control', { action: 'maximize' });
    expect([window.isFull, window.isMax]).toEqual([false, false]);
  });
});

describe('in the background', () => {
  const keep = (running: Running, keepRunning: boolean) =>
    running.ask('settings.change', { background: { keepRunning } });
  const theTray = () => {
    const tray = FakeTray.made.at(-1);
    if (!tray) throw new Error('no tray icon');
    return tray;
  };

  const hideBy = async (window: FakeWindow) => {
    window.close();
    await vi.waitFor(() => expect(window.isShown).toBe(false));
  };

  test('closing ends the app where the settings do not say otherwise', async () => {
    const { window } = await start();
    window.close();
    expect([window.isGone, FakeTray.made.length]).toEqual([true, 0]);
  });

  test('closing hides the window, and the tray brings it back or ends the app', async () => {
    const running = await start();
    await keep(running, true);
    await vi.waitFor(() => expect(FakeTray.made).toHaveLength(1));
    const { window } = running;
    await hideBy(window);
    expect([window.isGone, window.isShown]).toEqual([false, false]);
    theTray().emit('click');
    expect(window.isShown).toBe(true);
    await hideBy(window);
    electron.app.emit('second-instance', {}, [], '/', { files: [] });
    expect(window.isShown).toBe(true);
    await hideBy(window);
    electron.app.emit('activate');
    expect(window.isShown).toBe(true);
    pressItem(theTray().menu, 'quit');
    window.close();
    expect([window.isGone, theTray().isGone]).toEqual([true, true]);
  });

  test('the icon says the verdict, also by its shape, and changes only when that does', async () => {
    const running = await start();
    await keep(running, true);
    await vi.waitFor(() => expect(FakeTray.made).toHaveLength(1));
    const tray = theTray();
    expect([tray.images, tray.tooltip]).toEqual([['/icons/unknown.png'], 'Fourtuple: Reading sockets…']);
    sample('ok', 'Ports are plentiful.');
    sample('notice', 'Ports are plentiful.');
    sample('critical', 'Nothing is left for 192.0.2.1:443 & others.');
    const menu = tray.menu;
    sample('critical', 'Nothing is left for 192.0.2.1:443 & others.');
    expect(tray.menu).toBe(menu);
    expect(tray.images).toEqual(['/icons/unknown.png', '/icons/ok.png', '/icons/critical.png']);
    expect(tray.menu[0]).toEqual({ label: 'Nothing is left for 192.0.2.1:443 && others.', enabled: false });
  });

  test('on macOS the icon is a template and a click is the menu’s', async () => {
    const running = await start({ platform: 'darwin' });
    await keep(running, true);
    await vi.waitFor(() => expect(FakeTray.made).toHaveLength(1));
    expect(theTray().images).toEqual(['/icons/unknownTemplate.png']);
    expect(theTray().listenerCount('click')).toBe(0);
    running.window.isFull = true;
    await hideBy(running.window);
    expect([running.window.isFull, running.window.isShown]).toEqual([false, false]);
  });

  test('sampling is paused and resumed from the tray', async () => {
    const running = await start();
    await keep(running, true);
    await vi.waitFor(() => expect(FakeTray.made).toHaveLength(1));
    const [sampler] = electron.utilities;
    pressItem(theTray().menu, 'pause');
    expect(sampler?.posted.at(-1)).toMatchObject({ type: 'configure', paused: true });
    sample('ok', 'Ports are plentiful.', true);
    expect(theTray().tooltip).toBe('Fourtuple: Paused. Ports are plentiful.');
    pressItem(theTray().menu, 'pause');
    expect(sampler?.posted.at(-1)).toMatchObject({ type: 'configure', paused: false });
  });

  test('without a place for the icon the window is never hidden, and Settings can say so', async () => {
    hasTray = false;
    const running = await start();
    await keep(running, true);
    await vi.waitFor(() => expect(log.join()).toMatch(/shows no tray icons/));
    expect(await running.ask('background.get', {})).toMatchObject({
      ok: true,
      value: { isPossible: false, sentence: expect.stringMatching(/no tray icons/) },
    });
    running.window.close();
    await vi.waitFor(() => expect(running.window.isGone).toBe(true));
  });

  test('a panel that came later than Fourtuple is found when the window is closed', async () => {
    hasTray = false;
    const running = await start();
    await keep(running, true);
    hasTray = true;
    await hideBy(running.window);
    expect([running.window.isGone, theTray().isGone]).toEqual([false, false]);
  });

  test('a hidden window shows itself when the setting is taken back', async () => {
    const running = await start();
    await keep(running, true);
    await vi.waitFor(() => expect(FakeTray.made).toHaveLength(1));
    await hideBy(running.window);
    await keep(running, false);
    expect([running.window.isShown, theTray().isGone]).toEqual([true, true]);
    expect(await running.ask('background.get', {})).toMatchObject({
      value: { isPossible: true, sentence: null },
    });
  });
});

describe('notifications', () => {
  test('a test is shown although the window is in front, and a click leads to where it was asked for', async () => {
    const { window, heard, ask } = await start();
    window.isInFront = true;
    await ask('notices.test', {});
    const [notification] = FakeNotification.made;
    expect(notification).toMatchObject({
      shows: 1,
      options: { title: 'A test of notifications', urgency: 'normal' },
    });
    window.hide();
    notification?.emit('click');
    expect(window.isShown).toBe(true);
    expect(named(heard, 'navigate.requested')).toEqual([{ to: 'settings', poolKey: null }]);
  });

  test('a desktop that shows none is told in the log', async () => {
    FakeNotification.isPossible = false;
    const { ask } = await start();
    await ask('notices.test', {});
    expect([FakeNotification.made.length, log]).toEqual([0, ['This desktop shows no notifications.']]);
  });

  test('one that fails says why', async () => {
    const { ask } = await start();
    await ask('notices.test', {});
    FakeNotification.made[0]?.emit('failed', {}, 'no service');
    expect(log).toEqual(['A notification could not be shown: no service']);
  });
});

describe('files', () => {
  const opened = (heard: Running['heard']) =>
    named(heard, 'file.opened') as { names: string[]; sentence: string | null }[];

  test('of the command line, of a second start, of the system and of the dialog are all opened', async () => {
    const { window, heard } = await start({ files: [join(folder, 'a')] });
    await vi.waitFor(() => expect(opened(heard)).toHaveLength(1));
    window.hide();
    electron.app.emit('second-instance', {}, [], '/', { files: [join(folder, 'b')] });
    await vi.waitFor(() => expect(opened(heard)).toHaveLength(2));
    expect(window.isShown).toBe(true);
    let isPrevented = false;
    electron.app.emit('open-file', { preventDefault: () => (isPrevented = true) }, join(folder, 'c'));
    await vi.waitFor(() => expect(opened(heard)).toHaveLength(3));
    electron.desktop.chosen = { canceled: false, filePaths: [join(folder, 'd')] };
    pressItem(electron.menu(), 'file.open');
    await vi.waitFor(() => expect(opened(heard)).toHaveLength(4));
    expect(isPrevented).toBe(true);
    expect(opened(heard).map(({ names }) => names)).toEqual([['a'], ['b'], ['c'], ['d']]);
    expect(opened(heard)[0]?.sentence).toBe('a is not there (any more).');
  });

  test('that a second start hands over are checked', async () => {
    const { heard } = await start();
    for (const handed of [null, { files: 'a' }, { files: [1] }, { files: [''] }, []])
      electron.app.emit('second-instance', {}, [], '/', handed);
    await new Promise(setImmediate);
    expect(opened(heard)).toEqual([]);
  });

  test('are given to the first by a second start', async () => {
    electron.app.hasLock = false;
    writeFileSync(join(folder, 'a'), '');
    await expect(start({ files: [join(folder, 'a')] })).rejects.toThrow('no window');
    expect(electron.app.handedOver).toEqual({ files: [join(folder, 'a')] });
  });
});

describe('the end', () => {
  test('a signal quits as a person does, a second one at once; echoes of the first are no second one', async () => {
    await start();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(10_000);
    signal();
    await vi.waitFor(() => expect(electron.app.steps.at(-1)).toBe('quit'));
    const { length } = electron.app.steps;
    // Ctrl-C in a terminal reaches Electron from there, from npm and from what npm started.
    clock.mockReturnValue(10_400);
    signal();
    signal();
    expect(electron.app.steps).toHaveLength(length);
    clock.mockReturnValue(11_000);
    signal();
    expect(electron.app.steps.at(-1)).toBe('exit 1');
    clock.mockRestore();
  });

  test('on Windows notifications bear the name of the installed app', async () => {
    await start({ platform: 'win32' });
    expect(electron.app.steps).toContain('app id net.fourtuple.Fourtuple');
  });
});
