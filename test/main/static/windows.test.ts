/** Hardening E1–E3, checked in the sources and, where built, in the build. */
import type ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { APP_ORIGIN, SCHEME_PRIVILEGES } from '../../../main/hosts/desktop/app-protocol.ts';
import { webPreferences } from '../../../main/hosts/desktop/window-options.ts';
import { findBannedWords } from '../../support/static/banned-words.ts';
import {
  builtMissing,
  ofBuild,
  readBuilt,
  readSources,
  type SourceText,
} from '../../support/static/sources.ts';
import { parseScript, parseScripts } from '../../support/static/syntax.ts';
import {
  findEarlyProblems,
  findEntryProblems,
  findLoadProblems,
  findWindowProblems,
  WEB_PREFERENCES,
} from '../../support/static/window-checks.ts';

let sources: SourceText[];
let main: ts.SourceFile[];
beforeAll(() => {
  sources = readSources();
  main = parseScripts(sources.filter(({ path }) => /^main\/(desktop\.ts|hosts\/)/.test(path)));
});

const notBuilt = builtMissing();
const script = (text: string, path = 'main/x.ts') => parseScripts([{ path, text }]);

const PREFERENCES = `function webPreferences(preloadPath) {
  return { preload: preloadPath, ${Object.entries(WEB_PREFERENCES)
    .slice(1)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')} } as const;
}`;
const OPTIONS = `function windowOptions(o) { return { ...frame, webPreferences: webPreferences(o.preloadPath) }; }`;
const WINDOW = `const window = new electron.BrowserWindow(windowOptions({ preloadPath }));`;

describe('E1: windows', () => {
  test('are made in one place, with one exact object', () => {
    expect(findWindowProblems(main)).toEqual([]);
    const made = Object.entries(webPreferences('preloadPath'));
    expect(made.map(([name, value]) => [name, String(value)])).toEqual(Object.entries(WEB_PREFERENCES));
  });

  test('a faultless text passes', () => {
    expect(findWindowProblems(script(`${PREFERENCES}\n${OPTIONS}\n${WINDOW}`))).toEqual([]);
  });

  test.each([
    ['a second window', `${PREFERENCES}\n${OPTIONS}\n${WINDOW}\nnew BrowserWindow();`, /a second place/],
    ['a view', `${PREFERENCES}\n${OPTIONS}\n${WINDOW}\nnew WebContentsView({});`, /a second place/],
    ['no window', `${PREFERENCES}\n${OPTIONS}`, /no window is made/],
    ['another object', `${PREFERENCES}\n${OPTIONS}\nnew BrowserWindow({ show: false });`, /from no function/],
    [
      'a spread after the preferences',
      `${PREFERENCES}\n${OPTIONS.replace(' };', ', ...more };')}\n${WINDOW}`,
      /could replace them/,
    ],
    [
      'other preferences',
      `${PREFERENCES}\n${OPTIONS.replace('webPreferences(o.preloadPath)', '{ sandbox: true }')}\n${WINDOW}`,
      /from elsewhere than webPreferences/,
    ],
    ['no preferences', `${PREFERENCES}\nfunction windowOptions(o) { return {}; }\n${WINDOW}`, /in 0 places/],
    [
      'a value changed',
      `${PREFERENCES.replace('sandbox: true', 'sandbox: false')}\n${OPTIONS}\n${WINDOW}`,
      /lacks "sandbox: true"/,
    ],
    [
      'a value left out',
      `${PREFERENCES.replace('webSecurity: true,', '')}\n${OPTIONS}\n${WINDOW}`,
      /lacks "webSecurity: true"/,
    ],
    [
      'a value added',
      `${PREFERENCES.replace('{ preload', '{ plugins: true, preload')}\n${OPTIONS}\n${WINDOW}`,
      /has "plugins: true"/,
    ],
    [
      'a spread',
      `${PREFERENCES.replace('{ preload', '{ ...x, preload')}\n${OPTIONS}\n${WINDOW}`,
      /has "\.\.\.x"/,
    ],
  ])('%s is refused', (_what, text, reason) => {
    expect(findWindowProblems(script(text)).join('\n')).toMatch(reason);
  });
});

describe('E1: before the app is ready', () => {
  const run = (body: string) =>
    findEarlyProblems(script(`async function run() { ${body} }`)).filter((line) =>
      /enableSandbox/.test(line),
    );

  test('the sandbox is on for all, the scheme is known and every contents is guarded', () => {
    expect(findEarlyProblems(main)).toEqual([]);
    const entry = sources.find(({ path }) => path === 'main/desktop.ts');
    const parsed = entry && parseScript(entry);
    expect(parsed && findEntryProblems(parsed)).toEqual([]);
  });

  test('a faultless text passes', () => {
    expect(run('if (!lock) return quit(); app.enableSandbox(); await app.whenReady();')).toEqual([]);
  });

  test.each([
    ['no call', 'await app.whenReady();', /in 0 places/],
    ['two', 'app.enableSandbox(); app.enableSandbox(); await app.whenReady();', /in 2 places/],
    ['one after it is ready', 'await app.whenReady(); app.enableSandbox();', /may be ready already/],
    ['one after a wait', 'await read(); app.enableSandbox(); await app.whenReady();', /may be ready already/],
    ['one under a condition', 'if (x) app.enableSandbox(); await app.whenReady();', /not always called/],
    [
      'one that is handed on',
      'later(() => app.enableSandbox()); await app.whenReady();',
      /not always called/,
    ],
    ['one elsewhere', 'app.enableSandbox();', /elsewhere than whenReady/],
  ])('%s is refused', (_what, body, reason) => {
    expect(run(body).join('\n')).toMatch(reason);
  });

  test('an entry that waits is refused', () => {
    const [entry] = script('const x = await read();\nrun(x);');
    expect(entry && findEntryProblems(entry)).toEqual([
      expect.stringMatching(/^main\/x\.ts:1 E1: the entry waits/),
    ]);
    const [fine] = script('run().catch(async () => { await log(); });');
    expect(fine && findEntryProblems(fine)).toEqual([]);
  });
});

describe('E2: words that open the sandbox', () => {
  test('stand nowhere in the sources', () => {
    expect(findBannedWords(sources)).toEqual([]);
  });

  test.skipIf(notBuilt)(
    ofBuild('stand nowhere in the built main process, preload and page', notBuilt),
    () => {
      expect(findBannedWords((['main', 'preload', 'renderer'] as const).flatMap(readBuilt))).toEqual([]);
    },
  );

  test.each([
    'allowRunningInsecureContent: x',
    "'experimentalFeatures'",
    'enableBlinkFeatures',
    'bypassCSP: true',
    'webSecurity: false',
    '"webSecurity":!1',
    "preferences['webSecurity'] = false",
    'nodeIntegration:true',
    'nodeIntegrationInWorker: !0',
    'contextIsolation: false',
    'sandbox:!1',
    'webviewTag: true',
    "import '@electron/remote/main'",
    "app.commandLine.appendSwitch('no-sandbox')",
    "spawn(binary, ['--no-sandbox'])",
    "'disable-web-security'",
  ])('%s is refused', (text) => {
    expect(findBannedWords([{ path: 'main/x.ts', text: `const a = 1;\n${text}` }])).toEqual([
      expect.stringMatching(/^main\/x\.ts:2 E2: .+ opens the sandbox\.$/),
    ]);
  });

  test.each(['webSecurity: true', 'nodeIntegration: false', 'sandbox: true', 'webviewTag: !1'])(
    '%s passes',
    (text) => expect(findBannedWords([{ path: 'main/x.ts', text }])).toEqual([]),
  );
});

describe('E3: content', () => {
  test('comes from app://fourtuple/ only', () => {
    expect(findLoadProblems(main)).toEqual([]);
    expect(APP_ORIGIN).toBe('app://fourtuple');
    expect(SCHEME_PRIVILEGES).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  const page = 'window.loadURL(`${APP_ORIGIN}/index.html`);';
  test.each([
    ['nothing loaded', '', /no page is loaded/],
    ['a file', `${page} window.loadFile('index.html');`, /loadFile/],
    ['an address from the network', `${page} window.loadURL('https://example.org');`, /not of app/],
    ['an address from outside', `${page} window.loadURL(process.argv[2]);`, /not of app/],
    ['a host that begins alike', 'window.loadURL(`${APP_ORIGIN}.evil/`);', /not of app/],
    ['another origin', 'window.loadURL(`${ORIGIN}/`);', /not of app/],
    ['a server when it is packaged', `${page} devServerIn(process.env, false);`, /a packaged app/],
    ['another scheme', `${page} protocol.handle('file', answer);`, /another scheme/],
    [
      'an old way to serve one',
      `${page} protocol.interceptFileProtocol('file', answer);`,
      /interceptFileProtocol/,
    ],
  ])('%s is refused', (_what, text, reason) => {
    expect(findLoadProblems(script(text)).join('\n')).toMatch(reason);
  });

  test('a faultless text passes', () => {
    expect(findLoadProblems(script(`${page} protocol.handle(APP_SCHEME, answer);`))).toEqual([]);
  });
});
