/** What the test sees and does outside the pages. */
import type { AppView, Controls, MenuItemView, WindowDeed, WindowView } from '../control-types.ts';
import { keysOf, parseAccelerator } from './accelerator.ts';
import type { StandInApp } from './app.ts';
import { appState } from './app-state.ts';
import { StandInWindow } from './browser-window.ts';
import { serve } from './display-line.ts';
import { ipcMain, ipcValues } from './ipc-main.ts';
import { itemForKeys, StandInMenu, type StandInMenuItem } from './menu.ts';
import { emitPreventable } from './modelled.ts';
import { nativeTheme } from './native-theme.ts';
import { StandInNotification } from './notification.ts';
import { powerMonitor } from './power-monitor.ts';
import { screen } from './screen.ts';
import { defaultSession } from './session.ts';
import { StandInTray } from './tray.ts';

export function startControl(app: StandInApp): void {
  const choose = (item: StandInMenuItem, window: StandInWindow | null) =>
    item.choose(window as unknown as Parameters<StandInMenuItem['choose']>[0], app);
  const frontWindow = () => StandInWindow.getFocusedWindow() ?? appState.windows.at(-1) ?? null;

  const controls: { [N in keyof Controls]: (details: Parameters<Controls[N]>[0]) => unknown } = {
    look,
    'menu.choose': ({ path }) => choose(itemAt(StandInMenu.application, path), frontWindow()),
    'menu.press': ({ accelerator }) => {
      const item = StandInMenu.application
        ? itemForKeys(StandInMenu.application, keysOf(parseAccelerator(accelerator)))
        : null;
      if (item) choose(item, frontWindow());
      return item !== null;
    },
    'tray.click': ({ index }) => void StandInTray.all[index]?.emit('click', {}, {}, {}),
    'tray.choose': ({ index, path }) => choose(itemAt(StandInTray.all[index]?.menu ?? null, path), null),
    'notification.click': ({ index }) => void StandInNotification.shown[index]?.emit('click', {}),
    'window.do': ({ windowId, deed }) => doTo(windowOf(windowId), deed),
    'window.place': ({ windowId, bounds }) => windowOf(windowId).setBounds(bounds),
    'displays.change': ({ displays }) => screen.change(displays),
    'theme.change': ({ theme }) => nativeTheme.changeSystem(theme),
    'app.event': ({ name, args }) => void emitPreventable(app, name, {}, ...args),
    'power.event': ({ name }) => void powerMonitor.emit(name),
    quit: () => app.quit(),
    'ipc.ask': async ({ windowId, frame, channel, args }) =>
      ipcValues.decode(
        await ipcMain.answer(
          windowId,
          frame ?? { id: 'gone', url: '', parentId: null },
          channel,
          ipcValues.encode(args),
        ),
      ),
  };

  serve({
    control: ({ action, details }) => {
      const run = controls[action as keyof Controls] as (details: unknown) => unknown;
      return run(details);
    },
    'page.key': ({ windowId, key }) => {
      const item = StandInMenu.application ? itemForKeys(StandInMenu.application, key) : null;
      const window = StandInWindow.fromId(windowId);
      if (item && window) choose(item, window);
    },
  });
}

function windowOf(windowId: number): StandInWindow {
  const window = StandInWindow.fromId(windowId);
  if (!window) throw new Error(`there is no window ${windowId}`);
  return window;
}

const DEEDS: Readonly<Record<WindowDeed, (window: StandInWindow) => void>> = {
  close: (window) => window.close(),
  minimize: (window) => window.minimize(),
  restore: (window) => window.restore(),
  maximize: (window) => window.maximize(),
  unmaximize: (window) => window.unmaximize(),
  focus: (window) => window.focus(),
  blur: (window) => window.blur(),
  enterFullScreen: (window) => window.setFullScreen(true),
  leaveFullScreen: (window) => window.setFullScreen(false),
};

function doTo(window: StandInWindow, deed: WindowDeed): void {
  DEEDS[deed](window);
}

function itemAt(menu: StandInMenu | null, path: string): StandInMenuItem {
  const found = withPaths(menu).find((each) => each.path === path);
  if (found) return found.item;
  throw new Error(
    `there is no menu item "${path}" among ${withPaths(menu)
      .map((each) => each.path)
      .join(' | ')}`,
  );
}

function withPaths(menu: StandInMenu | null, above = ''): { path: string; item: StandInMenuItem }[] {
  return (menu?.items ?? []).flatMap((item) => {
    const path = above + item.label.replace(/&(&?)/g, '$1');
    return [{ path, item }, ...withPaths(item.submenu, `${path} › `)];
  });
}

function look(): AppView {
  return {
    windows: appState.windows.map(viewOf),
    menu: menuView(StandInMenu.application),
    trays: StandInTray.all.map(({ toolTip, image, menu }) => ({
      toolTip,
      image: image.source,
      isTemplate: image.isTemplateImage(),
      menu: menuView(menu),
    })),
    notifications: StandInNotification.shown.map(({ title, body }) => ({ title, body })),
    outside: appState.openedOutside,
    channels: ipcMain.channels(),
    sessionHandlers: defaultSession.handlers(),
    themeSource: nativeTheme.themeSource,
    isSandboxed: appState.isSandboxed,
  };
}

function menuView(menu: StandInMenu | null): MenuItemView[] {
  return withPaths(menu)
    .filter(({ item }) => item.type !== 'separator')
    .map(({ path, item }) => ({
      path,
      id: item.id,
      role: item.role,
      accelerator: item.accelerator,
      isEnabled: item.enabled,
      isVisible: item.visible,
      isChecked: item.checked,
    }));
}

function viewOf(window: StandInWindow): WindowView {
  return {
    id: window.id,
    title: window.getTitle(),
    url: window.webContents.getURL(),
    bounds: window.getBounds(),
    normalBounds: window.getNormalBounds(),
    isVisible: window.isVisible(),
    isFocused: window.isFocused(),
    isMinimized: window.isMinimized(),
    isMaximized: window.isMaximized(),
    isFullScreen: window.isFullScreen(),
    zoomFactor: window.webContents.getZoomFactor(),
    backgroundColor: window.getBackgroundColor(),
    madeWith: JSON.parse(JSON.stringify(window.madeWith)) as Record<string, unknown>,
  };
}
