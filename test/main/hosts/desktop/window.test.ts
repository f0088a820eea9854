import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerAppRequest, isAppUrl } from '../../../../main/hosts/desktop/app-protocol.ts';
import { webPreferences, windowOptions } from '../../../../main/hosts/desktop/window-options.ts';
import { DEFAULT_WINDOW_STATE, parseWindowState } from '../../../../main/hosts/desktop/window-state.ts';
import { buildPage } from '../../../support/web-host.ts';

describe('the window', () => {
  test('E1: has exactly these web preferences', () => {
    expect(webPreferences('/preload.cjs')).toEqual({
      preload: '/preload.cjs',
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
  });

  test('has no frame on Windows and Linux and an inset title bar on macOS', () => {
    const base = { preloadPath: '/p', bounds: { width: 1, height: 1 }, isDark: true };
    expect(windowOptions({ ...base, platform: 'linux' })).toMatchObject({ frame: false });
    expect(windowOptions({ ...base, platform: 'win32' })).toMatchObject({ frame: false });
    expect(windowOptions({ ...base, platform: 'darwin' })).toMatchObject({ titleBarStyle: 'hiddenInset' });
    expect(windowOptions({ ...base, platform: 'darwin' })).not.toHaveProperty('frame');
  });
});

describe('where the window stood', () => {
  const screens = [
    { x: 0, y: 0, width: 1920, height: 1080 },
    { x: 1920, y: 0, width: 1280, height: 1024 },
  ];
  const kept = (x: number, y: number) =>
    JSON.stringify({ bounds: { x, y, width: 1200, height: 800 }, isMaximized: true });

  test('is taken up again', () => {
    expect(parseWindowState(kept(2000, 50), screens)).toEqual({
      bounds: { x: 2000, y: 50, width: 1200, height: 800 },
      isMaximized: true,
    });
  });

  test.each([
    ['on a screen that is gone', kept(5000, 50)],
    ['above every screen', kept(10, -500)],
    ['almost below the screen', kept(10, 1000)],
    ['empty', ''],
    ['not JSON', '{'],
    ['of another form', '{"bounds":{"x":0,"y":0,"width":"1","height":1},"isMaximized":false}'],
    [
      'with an extra field',
      '{"bounds":{"x":0,"y":0,"width":900,"height":900},"isMaximized":false,"url":"x"}',
    ],
    ['far too small', '{"bounds":{"x":0,"y":0,"width":1,"height":1},"isMaximized":false}'],
  ])('is forgotten when it is %s', (_what, text) => {
    expect(parseWindowState(text, screens)).toEqual(DEFAULT_WINDOW_STATE);
  });
});

describe('app://', () => {
  let root: string;
  beforeAll(() => {
    root = buildPage();
  });
  afterAll(() => rmSync(root, { recursive: true }));
  const ask = (url: string, method = 'GET') => answerAppRequest({ url, method }, root);

  test('E3, E4: serves the page with its content security policy', async () => {
    const response = await ask('app://fourtuple/index.html?x#y');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('page');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self';/,
    );
    expect((await ask('app://fourtuple/', 'HEAD')).status).toBe(200);
  });

  test.each([
    ['app://other/index.html', 'GET', 404],
    ['app://fourtuple', 'GET', 404],
    ['app://fourtuple.evil/index.html', 'GET', 404],
    ['app://fourtuple/%2e%2e/etc/passwd', 'GET', 404],
    ['app://fourtuple/%5c', 'GET', 404],
    ['app://fourtuple/%', 'GET', 404],
    ['app://fourtuple/index.html', 'POST', 405],
  ])('E3: answers %s %s with %i', async (url, method, status) => {
    expect((await ask(url, method)).status).toBe(status);
  });

  test('only addresses below our host count as the app', () => {
    expect(isAppUrl('app://fourtuple/index.html')).toBe(true);
    expect(isAppUrl('app://fourtuple')).toBe(false);
    expect(isAppUrl('APP://FOURTUPLE/')).toBe(false);
  });
});
