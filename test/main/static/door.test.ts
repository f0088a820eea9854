/** Hardening E5–E10, checked in the sources and, where built, in the build. */
import type ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callChannel } from '../../../preload/channels.ts';
import { CALL_NAMES, CALLS } from '../../../preload/contract.ts';
import { findArgumentProblems } from '../../support/static/call-arguments.ts';
import { findContentsProblems, findSessionProblems } from '../../support/static/guard-checks.ts';
import { findBridgeProblems, findIpcProblems, runPreload } from '../../support/static/ipc-checks.ts';
import { findLinkProblems } from '../../support/static/link-checks.ts';
import { builtMissing, ofBuild, readBuilt, readSources } from '../../support/static/sources.ts';
import { mentioning, parseScripts } from '../../support/static/syntax.ts';

/** What the checks below look for, in any form. */
const WORDS =
  /will-|-created|setWindowOpen|guard(Contents|Session)|Handler\b|ipcMain|ipcRenderer|exposeIn|open(External|Path)/;

let scripts: ts.SourceFile[];
beforeAll(() => {
  scripts = parseScripts(mentioning(readSources(), WORDS));
});

const notBuilt = builtMissing();
const script = (text: string, path = 'main/x.ts') => parseScripts([{ path, text }]);
/** `text` without, or with another, piece; the piece must be there. */
function changed(text: string, piece: string, other = ''): string {
  if (!text.includes(piece)) throw new Error(`no ${piece}`);
  return text.replace(piece, other);
}

describe('E5: what leads a page elsewhere', () => {
  const guard = `function guardContents(contents) {
    const prevent = (event) => event.preventDefault();
    contents.on('will-navigate', prevent);
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => { event.preventDefault(); log(); });
    contents.on('will-attach-webview', prevent);
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  }
  app.on('web-contents-created', (_event, contents) => guardContents(contents));`;

  test('is prevented for every web contents', () => {
    expect(findContentsProblems(scripts)).toEqual([]);
    expect(findContentsProblems(script(guard))).toEqual([]);
  });

  test.each([
    ['one not listened to', changed(guard, "contents.on('will-redirect', ", 'later('), /will-redirect/],
    [
      'one under a condition',
      changed(guard, "contents.on('will-frame", "if (a) contents.on('will-frame"),
      /will-frame-navigate/,
    ],
    [
      'one after a way out',
      changed(guard, 'const prevent', 'if (a) return; const prevent'),
      /will-frame-navigate/,
    ],
    [
      'a listener that looks first',
      changed(guard, '{ event.preventDefault(); log(); }', '{ if (a) event.preventDefault(); }'),
      /will-redirect/,
    ],
    ['a listener that does nothing', changed(guard, 'event.preventDefault();', 'event;'), /will-navigate/],
    ['windows that may open', changed(guard, "'deny'", "'allow'"), /opening a window/],
    ['windows that may open sometimes', changed(guard, "'deny'", "a ? 'allow' : 'deny'"), /opening a window/],
    [
      'a second rule',
      `${guard}\nwindow.webContents.setWindowOpenHandler(() => ({ action: 'allow' }));`,
      /a second rule/,
    ],
    [
      'a guard that is not applied',
      changed(guard, "app.on('web-contents-created'", "app.on('ready'"),
      /not applied/,
    ],
    ['no guard', changed(guard, 'function guardContents', 'function guard'), /there is no/],
  ])('%s is refused', (_what, text, reason) => {
    expect(findContentsProblems(script(text)).join('\n')).toMatch(reason);
  });
});

describe('E6: what a page may', () => {
  const guard = `function guardSession(session) {
    session.setPermissionRequestHandler((contents, permission, answer) => answer(false));
    session.setPermissionCheckHandler(() => false);
    session.setDevicePermissionHandler(() => false);
    session.setDisplayMediaRequestHandler((request, answer) => answer({}));
    session.on('will-download', (event, item) => { if (!own(item)) event.preventDefault(); });
  }
  app.on('session-created', guardSession);
  guardSession(session.defaultSession);`;

  test('is decided by four handlers on every session', () => {
    expect(findSessionProblems(scripts)).toEqual([]);
    expect(findSessionProblems(script(guard))).toEqual([]);
  });

  test.each([
    [
      'a handler left out',
      changed(guard, 'session.setPermissionCheckHandler(() => false);'),
      /setPermissionCheckHandler/,
    ],
    [
      'a handler taken away',
      changed(guard, 'Handler(() => false)', 'Handler(null)'),
      /setPermissionCheckHandler/,
    ],
    [
      'a handler under a condition',
      changed(guard, 'session.setDevice', 'if (a) session.setDevice'),
      /setDevicePermissionHandler/,
    ],
    ['a handler replaced', `${guard}\nother.setPermissionRequestHandler(null);`, /once more/],
    ['downloads that go on', changed(guard, 'event.preventDefault()', 'item.resume()'), /no download/],
    [
      'the default session left out',
      changed(guard, 'guardSession(session.defaultSession);'),
      /default session/,
    ],
    ['later sessions left out', changed(guard, "'session-created'", "'ready'"), /every session/],
  ])('%s is refused', (_what, text, reason) => {
    expect(findSessionProblems(script(text)).join('\n')).toMatch(reason);
  });
});

describe('E7: IPC', () => {
  const registry = 'main/hosts/desktop/ipc-registry.ts';
  const good = `ipcMain.handle(channel, async (event, args) =>
      isTrustedFrame(event.senderFrame) ? answerCall(workbench, name, args) : refuse('not-allowed', ''));
    ipcMain.on(taken, (event) => { if (isTrustedFrame(event.senderFrame)) take(event.sender); });`;

  test('goes through the registry, which asks first who speaks', () => {
    expect(findIpcProblems(scripts)).toEqual([]);
    expect(findIpcProblems(script(good, registry))).toEqual([]);
  });

  test.each([
    ['main/hosts/desktop/tray.ts', 'ipcMain;', /outside the registry/],
    ['main/workbench/x.ts', "import { ipcMain } from 'electron';", /outside the registry/],
    ['main/desktop.ts', "ipcMain.handle('a', b);", /outside the registry/],
    ['main/hosts/desktop/run-desktop.ts', "electron.ipcMain.on('a', b);", /outside the registry/],
    ['main/hosts/desktop/run-desktop.ts', "electron.ipcMain['on']('a', b);", /outside the registry/],
    ['main/hosts/desktop/run-desktop.ts', 'const ipc = electron.ipcMain;', /outside the registry/],
    [registry, changed(good, 'isTrustedFrame(event.senderFrame) ?', 'true ?'), /ask first/],
    [registry, changed(good, "refuse('not-allowed', '')", 'answerCall()'), /ask first/],
    [registry, changed(good, 'isTrustedFrame(event.senderFrame) ?', 'isTrustedFrame(args) ?'), /ask first/],
    [registry, changed(good, '{ if', '{ take(event); if'), /ask first/],
    [registry, `${good}\nipcMain.on('a', (event) => take(event));`, /ask first/],
    [registry, '', /registers nothing/],
  ])('%s: %s is refused', (path, text, reason) => {
    expect(
      findIpcProblems([...script(text, path), ...(path === registry ? [] : script(good, registry))]).join(
        '\n',
      ),
    ).toMatch(reason);
  });
});

describe('E8: the bridge', () => {
  const good = `contextBridge.exposeInMainWorld('fourtuple', createDoor(ipcRenderer));`;

  test('puts the door into the page and nothing else', () => {
    expect(findBridgeProblems(scripts)).toEqual([]);
    expect(findBridgeProblems(script(good, 'preload/index.ts'))).toEqual([]);
  });

  test.each([
    ['preload/index.ts', `${good}\ncontextBridge.exposeInMainWorld('b', {});`, /a second thing/],
    ['preload/index.ts', `contextBridge.exposeInMainWorld('fourtuple', ipcRenderer);`, /not createDoor/],
    [
      'preload/index.ts',
      `contextBridge.exposeInMainWorld('fourtuple', { ...createDoor(ipcRenderer) });`,
      /not createDoor/,
    ],
    ['preload/index.ts', '', /nothing is put/],
    ['preload/door.ts', good, /outside the bridge/],
    ['renderer/link/x.ts', 'window.ipcRenderer.send();', /outside the bridge/],
  ])('%s: %s is refused', (path, text, reason) => {
    expect(findBridgeProblems(script(text, path)).join('\n')).toMatch(reason);
  });

  test.skipIf(notBuilt)(
    ofBuild(
      'is built as one CommonJS file that needs Electron only and exposes the calls of the contract',
      notBuilt,
    ),
    () => {
      const files = readBuilt('preload');
      expect(files.map(({ path }) => path)).toEqual(['preload/index.cjs']);
      const [file] = files;
      expect(file && runPreload(file)).toEqual({
        required: ['electron'],
        exposed: [...CALL_NAMES.map((name) => `fourtuple.calls.${name}`), 'fourtuple.onEvent'],
        invoked: CALL_NAMES.map(callChannel),
      });
    },
  );

  test('a built preload that asks for more, exposes more or calls another channel shows it', () => {
    const built = (text: string) => runPreload({ path: 'preload/index.cjs', text });
    expect(() => built('require("electron"); require("node:fs");')).toThrow('module not found: node:fs');
    const shown = built(`const { contextBridge, ipcRenderer } = require('electron');
      contextBridge.exposeInMainWorld('fourtuple', { calls: { a: () => ipcRenderer.invoke('b') }, ipc: 'x' });
      contextBridge.exposeInMainWorld('more', ipcRenderer);`);
    expect(shown.exposed).toEqual([
      'fourtuple.calls.a',
      'fourtuple.ipc: string',
      'more.invoke',
      'more.on',
      'more.send',
    ]);
    expect(shown.invoked.slice(0, 1)).toEqual(['b']);
  });
});

describe('E9: what a call takes', () => {
  test('is no path, address, command or query, and no text without an end', () => {
    expect(findArgumentProblems(CALLS)).toEqual([]);
  });

  const short = z.string().max(10);
  test.each([
    ['a path', z.strictObject({ path: short }), /x path names something/],
    [
      'a command inside',
      z.strictObject({ a: z.array(z.strictObject({ undoCommand: short.nullable() })) }),
      /x a \[\] undoCommand names/,
    ],
    [
      'an address in one of two',
      z.union([z.strictObject({ target_url: short }), z.null()]),
      /target_url names/,
    ],
    ['arguments', z.strictObject({ argv: z.array(short) }), /^E9: x argv/],
    ['a text of any length', z.strictObject({ a: z.string().optional() }), /x a is a text of any length/],
    [
      'keys of any length',
      z.strictObject({ a: z.record(z.string(), z.number()) }),
      /\{key\} is a text of any length/,
    ],
    ['anything', z.strictObject({ a: z.unknown() }), /may be anything/],
    ['unknown names', z.object({ a: short }), /takes names it does not know/],
  ])('%s is refused', (_what, args, reason) => {
    expect(findArgumentProblems({ x: { args } }).join('\n')).toMatch(reason);
  });
});

describe('E10: addresses that leave the app', () => {
  const good = `const LINKS = { issues: 'https://example.org/issues' } as const;
    function openLink(id) { return shell.openExternal(LINKS[id]); }`;

  const rows = `const LINKS = { issues: { label: 'Issues', url: 'https://example.org/issues' } };
    function openLink(id) { return shell.openExternal(LINKS[id].url); }`;

  test('come from one table of https addresses', () => {
    expect(findLinkProblems(scripts)).toEqual([]);
    expect(findLinkProblems(script(good))).toEqual([]);
    expect(findLinkProblems(script(rows))).toEqual([]);
  });

  test.each([
    ['a second place', `${good}\nshell.openExternal(LINKS.issues);`, /a second place/],
    ['an address from outside', changed(good, 'LINKS[id]', 'id'), /from no table/],
    ['an address without https', changed(good, 'https://', 'http://'), /from no table/],
    ['a table that is made elsewhere', changed(good, 'const LINKS', 'const OTHERS'), /from no table/],
    ['a table with more in it', changed(good, '{ issues', '{ ...more, issues'), /from no table/],
    [
      'the function handed on',
      changed(good, 'shell.openExternal(LINKS[id])', 'shell.openExternal'),
      /from no table/,
    ],
    ['a row without https', changed(rows, 'https://', 'file://'), /from no table/],
    [
      'a row made elsewhere',
      changed(rows, "{ label: 'Issues', url:", '{ issues: others, a:'),
      /from no table/,
    ],
    ['the function taken out', 'const { openExternal } = shell;', /taken out/],
    ['a path', 'shell.openPath(path);', /whatever program/],
  ])('%s is refused', (_what, text, reason) => {
    expect(findLinkProblems(script(text)).join('\n')).toMatch(reason);
  });
});
