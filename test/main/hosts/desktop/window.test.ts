import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerAppRequest, isAppUrl } from '../../../../main/hosts/desktop/app-protocol.ts';
import { webPreferences, windowOptions } from '../../../../main/hosts/desktop/window-options.ts';
import { NO_WINDOW_STATE, type WindowState } from '../../../../main/hosts/desktop/window-place.ts';
import {
  parseWindowState,
  readWindowState,
  writeWindowState,
} from '../../../../main/hosts/desktop/window-state.ts';
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
    const place = { bounds: { x: 1, y: 2, width: 1300, height: 800 }, minWidth: 1024, minHeight: 700 };
    const base = { preloadPath: '/p', place, isDark: true };
    expect(windowOptions({ ...base, platform: 'linux' })).toMatchObject({
      frame: false,
      x: 1,
      y: 2,
      width: 1300,
      height: 800,
      minWidth: 1024,
      minHeight: 700,
      show: false,
      backgroundColor: '#0b0d10',
    });
    expect(windowOptions({ ...base, platform: 'win32' })).toMatchObject({ frame: false });
    expect(windowOptions({ ...base, platform: 'darwin' })).toMatchObject({ titleBarStyle: 'hiddenInset' });
    expect(windowOptions({ ...base, platform: 'darwin' })).not.toHaveProperty('frame');
  });
});

describe('the kept places', () => {
  const place = {
    display: { id: 1, bounds: { x: 0, y: 0, width: 1920, height: 1080 } },
    bounds: { x: 7, y: 8, width: 1200, height: 800 },
    isMaximized: true,
    isFullScreen: false,
  };
  const state: WindowState = { places: [place], zoomLevel: -0.5 };

  test('are read as they were written, from a file for its user alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fourtuple-window-'));
    const file = join(folder, 'window.json');
    expect(readWindowState(file)).toEqual(NO_WINDOW_STATE);
    writeWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['empty', ''],
    ['not JSON', '{'],
    ['of an older form', '{"bounds":{"x":0,"y":0,"width":900,"height":900},"isMaximized":false}'],
    ['with an extra field', JSON.stringify({ schema: 1, ...state, url: 'x' })],
    [
      'far too small',
      JSON.stringify({
        schema: 1,
        places: [{ ...place, bounds: { ...place.bounds, width: 1 } }],
        zoomLevel: null,
      }),
    ],
    ['unreadably small', JSON.stringify({ schema: 1, places: [], zoomLevel: -9 })],
  ])('are forgotten when the file is %s', (_what, text) => {
    expect(parseWindowState(text)).toEqual(NO_WINDOW_STATE);
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
