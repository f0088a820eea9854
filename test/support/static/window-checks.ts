/** Hardening E1 and E3, read from the sources: how windows are made and what is loaded into them. */
import ts from 'typescript';
import {
  bare,
  calleeName,
  callsTo,
  complaint,
  findAll,
  findFunction,
  functionAround,
  propertyName,
} from './syntax.ts';

const WINDOW_KINDS = ['BrowserWindow', 'BaseWindow', 'BrowserView', 'WebContentsView'];

/** E1, exactly. */
export const WEB_PREFERENCES = {
  preload: 'preloadPath',
  sandbox: 'true',
  contextIsolation: 'true',
  webSecurity: 'true',
  nodeIntegration: 'false',
  nodeIntegrationInWorker: 'false',
  nodeIntegrationInSubFrames: 'false',
  webviewTag: 'false',
  navigateOnDragDrop: 'false',
  spellcheck: 'false',
};

/** What is wrong with how windows are made: one place, its options from one function, their preferences from one. */
export function findWindowProblems(files: readonly ts.SourceFile[]): string[] {
  const made = findAll(files, ts.isNewExpression, (node) => WINDOW_KINDS.includes(calleeName(node)));
  const [window, ...others] = made;
  if (!window) return ['E1: no window is made anywhere.'];
  const problems = others.map((node) => complaint(node, 'E1: a second place makes a window.'));
  const options = window.arguments?.[0];
  if (calleeName(window) !== 'BrowserWindow' || !options || !ts.isCallExpression(options))
    return [...problems, complaint(window, 'E1: the options of the window come from no function.')];
  const preferences = findAll(
    files,
    ts.isObjectLiteralElementLike,
    (node) => propertyName(node) === 'webPreferences',
  );
  for (const node of preferences) problems.push(...preferenceProblems(node, calleeName(options)));
  if (preferences.length !== 1) problems.push(`E1: webPreferences is given in ${preferences.length} places.`);
  return [...problems, ...exactObjectProblems(files)];
}

function preferenceProblems(node: ts.ObjectLiteralElementLike, factory: string): string[] {
  const problems: string[] = [];
  if (!ts.isPropertyAssignment(node) || !isCallOf(node.initializer, 'webPreferences'))
    problems.push(complaint(node, 'E1: the preferences come from elsewhere than webPreferences().'));
  const { properties } = node.parent as ts.ObjectLiteralExpression;
  if (properties.slice(properties.indexOf(node)).some(ts.isSpreadAssignment))
    problems.push(complaint(node, 'E1: what is spread after the preferences could replace them.'));
  const around = functionAround(node);
  if (!around?.name || around.name.getText() !== factory)
    problems.push(complaint(node, `E1: the preferences are not those of ${factory}().`));
  return problems;
}

function isCallOf(node: ts.Expression, name: string): boolean {
  return ts.isCallExpression(node) && calleeName(node) === name;
}

/** The object that webPreferences() returns, as written. */
function exactObjectProblems(files: readonly ts.SourceFile[]): string[] {
  const factory = findFunction(files, 'webPreferences');
  const [returned, ...others] = factory ? findAll([factory], ts.isReturnStatement) : [];
  const object = returned?.expression && bare(returned.expression);
  if (!object || others.length > 0 || !ts.isObjectLiteralExpression(object))
    return ['E1: webPreferences() does not return one object as written.'];
  const found = object.properties.map((node) =>
    ts.isPropertyAssignment(node) ? `${propertyName(node)}: ${node.initializer.getText()}` : node.getText(),
  );
  const wanted = Object.entries(WEB_PREFERENCES).map(([name, value]) => `${name}: ${value}`);
  const wrong = [
    ...found.filter((line) => !wanted.includes(line)).map((line) => `has "${line}"`),
    ...wanted.filter((line) => !found.includes(line)).map((line) => `lacks "${line}"`),
  ];
  return wrong.map((what) => complaint(object, `E1: webPreferences() ${what}.`));
}

/** The calls that must come before the app is ready, each once, always, and before anything is waited for. */
export function findEarlyProblems(files: readonly ts.SourceFile[]): string[] {
  const early = ['enableSandbox', 'registerSchemesAsPrivileged', 'guardApp'];
  return early.flatMap((name) => {
    const [call, ...others] = callsTo(files, name);
    if (!call || others.length > 0)
      return [`E1: ${name}() is called in ${others.length + (call ? 1 : 0)} places.`];
    const around = functionAround(call);
    if (!around || !ts.isExpressionStatement(call.parent) || call.parent.parent !== around.body)
      return [complaint(call, `E1: ${name}() is not always called.`)];
    const ready = findAll([around], ts.isCallExpression, (node) => calleeName(node) === 'whenReady');
    if (ready.length === 0) return [complaint(call, `E1: ${name}() stands elsewhere than whenReady().`)];
    const waits = findAll<ts.Node>([around], isWaiting).filter((node) => functionAround(node) === around);
    const isLate = [...ready, ...waits].some((node) => node.getStart() < call.getStart());
    return isLate ? [complaint(call, `E1: ${name}() comes when the app may be ready already.`)] : [];
  });
}

function isWaiting(node: ts.Node): node is ts.Node {
  return ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
}

/** An entry that waits while it is evaluated lets the app become ready before anything is set. */
export function findEntryProblems(entry: ts.SourceFile): string[] {
  return findAll<ts.Node>([entry], isWaiting)
    .filter((node) => functionAround(node) === null)
    .map((node) => complaint(node, 'E1: the entry waits; the app is ready before the sandbox is on.'));
}

/** E3: one address is loaded, and one scheme served. */
export function findLoadProblems(files: readonly ts.SourceFile[]): string[] {
  const forbidden = findAll(files, ts.isCallExpression, (call) =>
    /^(loadFile|(register|intercept)\w+Protocol|openDevToolsWindow)$/.test(calleeName(call)),
  ).map((call) => complaint(call, `E3: ${calleeName(call)}() brings content from elsewhere than app://.`));
  const loads = callsTo(files, 'loadURL');
  if (loads.length === 0) forbidden.push('E3: no page is loaded anywhere.');
  const elsewhere = loads
    .filter((call) => !isOwnPage(call.arguments[0]))
    .map((call) => complaint(call, 'E3: an address is loaded that is not of app://fourtuple/.'));
  const schemes = callsTo(files, 'handle')
    .filter((call) => /\bprotocol$/.test(receiverOf(call)))
    .filter((call) => call.arguments[0]?.getText() !== 'APP_SCHEME')
    .map((call) => complaint(call, 'E3: another scheme than app:// is served.'));
  const packaged = callsTo(files, 'devServerIn')
    .filter((call) => !/(^|\.)isPackaged$/.test(call.arguments[1]?.getText() ?? ''))
    .map((call) => complaint(call, 'E3: a packaged app could take its page from a server.'));
  return [...forbidden, ...elsewhere, ...schemes, ...packaged];
}

function receiverOf(call: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(call.expression) ? call.expression.expression.getText() : '';
}

/** A template that begins with our origin and a slash. */
function isOwnPage(node: ts.Expression | undefined): boolean {
  if (!node || !ts.isTemplateExpression(node) || node.head.text !== '') return false;
  const [first] = node.templateSpans;
  return first?.expression.getText() === 'APP_ORIGIN' && first.literal.text.startsWith('/');
}
