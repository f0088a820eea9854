import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import { menuTemplate } from '../../../../main/hosts/desktop/app-menu.ts';
import { LINKS, openLink, type LinkId } from '../../../../main/hosts/desktop/links.ts';
import { MENU_ACTIONS } from '../../../../preload/contract-desktop.ts';
import { findItem, pressItem } from '../../../support/fake-desktop.ts';

type Item = MenuItemConstructorOptions;

function menuOf(platform: string, isPackaged = true) {
  const done: string[] = [];
  const menu = menuTemplate({
    platform,
    isPackaged,
    hasLog: true,
    choose: (action) => done.push(action),
    openFile: () => done.push('open file'),
    openLink: (id) => done.push(`link ${id}`),
    showLog: () => done.push('log'),
    zoom: (step) => done.push(`zoom ${step}`),
    closeWindow: () => done.push('close'),
  });
  return { menu, done };
}

function itemsOf(menu: readonly Item[]): Item[] {
  return menu.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])]);
}

describe.each(['linux', 'win32', 'darwin'])('the menu on %s', (platform) => {
  test('has every action of the contract, and each says its own name to the page', () => {
    const { menu, done } = menuOf(platform);
    for (const action of MENU_ACTIONS) pressItem(menu, action);
    expect(done).toEqual([...MENU_ACTIONS]);
  });

  test('has no key twice, and no id twice', () => {
    const items = itemsOf(menuOf(platform).menu);
    const keys = items.flatMap(({ accelerator }) => (accelerator ? [String(accelerator)] : []));
    expect(new Set(keys).size).toBe(keys.length);
    const ids = items.flatMap(({ id }) => (id ? [id] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('leaves the keys to the page that it listens to itself', () => {
    const { menu } = menuOf(platform);
    const taken = ['palette', 'report.save', 'sampling.pause', 'go.headroom', 'file.open'].map((id) => [
      id,
      findItem(menu, id)?.registerAccelerator ?? true,
    ]);
    expect(taken).toEqual([
      ['palette', false],
      ['report.save', false],
      ['sampling.pause', false],
      ['go.headroom', true],
      ['file.open', true],
    ]);
  });

  test('opens files, links and logs, zooms and closes', () => {
    const { menu, done } = menuOf(platform);
    for (const id of [
      'file.open',
      'link.rfc-6056',
      'help.log',
      'zoom.in',
      'zoom.out',
      'zoom.reset',
      'file.close',
    ])
      pressItem(menu, id);
    expect(done).toEqual(['open file', 'link rfc-6056', 'log', 'zoom in', 'zoom out', 'zoom reset', 'close']);
  });

  test('offers reload and developer tools only before it is packaged', () => {
    const roles = (isPackaged: boolean) => itemsOf(menuOf(platform, isPackaged).menu).map(({ role }) => role);
    for (const role of ['reload', 'forceReload', 'toggleDevTools'] as const) {
      expect(roles(true)).not.toContain(role);
      expect(roles(false)).toContain(role);
    }
  });
});

test('each platform has the menus that people look for there', () => {
  const names = (platform: string) => menuOf(platform).menu.map(({ label, role }) => label ?? role);
  expect(names('linux')).toEqual(['&File', 'editMenu', '&View', '&Window', '&Help']);
  expect(names('darwin')).toEqual(['appMenu', '&File', 'editMenu', '&View', 'windowMenu', '&Help']);
  const quit = (platform: string) =>
    itemsOf(menuOf(platform).menu).filter(({ role }) => role === 'quit').length;
  expect([quit('linux'), quit('darwin')]).toEqual([1, 1]);
});

test('without a log none is offered', () => {
  const parts = { ...menuOf('linux'), platform: 'linux', isPackaged: true, hasLog: false };
  const nothing = () => {};
  const menu = menuTemplate({
    ...parts,
    choose: nothing,
    openFile: nothing,
    openLink: nothing,
    showLog: nothing,
    zoom: nothing,
    closeWindow: nothing,
  });
  expect(findItem(menu, 'help.log')).toBeNull();
});

describe('links', () => {
  test('E10: are https addresses of a fixed table', async () => {
    const opened: string[] = [];
    const shell = { openExternal: async (url: string) => void opened.push(url) };
    for (const id of Object.keys(LINKS) as LinkId[]) openLink(shell, id, () => {});
    expect(opened).toEqual(Object.values(LINKS).map(({ url }) => url));
    for (const url of opened) expect(new URL(url).protocol).toBe('https:');
    for (const id of ['https://example.org', 'constructor', '__proto__'])
      openLink(shell, id as LinkId, () => {});
    expect(opened).toHaveLength(Object.keys(LINKS).length);
  });

  test('a desktop without a browser is told in the log', async () => {
    const log: string[] = [];
    openLink({ openExternal: () => Promise.reject(new Error('no browser')) }, 'rfc-9293', (line) =>
      log.push(line),
    );
    await Promise.resolve();
    await Promise.resolve();
    expect(log).toEqual(['https://www.rfc-editor.org/rfc/rfc9293 could not be opened: no browser']);
  });
});
