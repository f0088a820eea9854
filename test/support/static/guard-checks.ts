/** Hardening E5 and E6, read from the sources: every handler that keeps a page where it is and without rights. */
import ts from 'typescript';
import { calleeName, callsTo, complaint, findAll, findFunction, isFunction, lastName } from './syntax.ts';

const PREVENTED = ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'];
const SESSION_HANDLERS = [
  'setPermissionRequestHandler',
  'setPermissionCheckHandler',
  'setDevicePermissionHandler',
  'setDisplayMediaRequestHandler',
];

/** E5: what leads a page elsewhere is prevented for every web contents; windows and downloads are denied. */
export function findContentsProblems(files: readonly ts.SourceFile[]): string[] {
  const guard = findFunction(files, 'guardContents');
  if (!guard) return ['E5: there is no guardContents().'];
  const problems = PREVENTED.filter((name) => !always(guard, listenerOf(guard, name), isPreventing)).map(
    (name) => complaint(guard, `E5: ${name} is not always prevented.`),
  );
  const [opening] = callsTo([guard], 'setWindowOpenHandler');
  if (!opening || !isDenying(opening.arguments[0]))
    problems.push(complaint(guard, 'E5: opening a window is not always denied.'));
  const others = callsTo(files, 'setWindowOpenHandler').filter((call) => call !== opening);
  problems.push(...others.map((call) => complaint(call, 'E5: a second rule for opening windows.')));
  if (!isAppliedOn(files, 'web-contents-created', 'guardContents'))
    problems.push('E5: guardContents() is not applied to every web contents that is made.');
  return problems;
}

/** E6: every session has all four handlers, given once, and guards its downloads. */
export function findSessionProblems(files: readonly ts.SourceFile[]): string[] {
  const guard = findFunction(files, 'guardSession');
  if (!guard) return ['E6: there is no guardSession().'];
  const problems: string[] = [];
  for (const name of SESSION_HANDLERS) {
    const [call, ...others] = callsTo(files, name);
    const given = call?.arguments[0];
    if (!call || !given || !isFunction(given) || !isAtTop(guard, call))
      problems.push(complaint(guard, `E6: ${name}() is not always called with a function.`));
    problems.push(...others.map((other) => complaint(other, `E6: ${name}() is called once more.`)));
  }
  const download = listenerOf(guard, 'will-download');
  if (!download || callsTo([download], 'preventDefault').length === 0)
    problems.push(complaint(guard, 'E5: no download is prevented.'));
  if (!isAppliedOn(files, 'session-created', 'guardSession'))
    problems.push('E6: guardSession() is not applied to every session that is made.');
  const standard = callsTo(files, 'guardSession').filter((call) =>
    call.arguments[0]?.getText().endsWith('defaultSession'),
  );
  if (standard.length === 0) problems.push('E6: guardSession() is not applied to the default session.');
  return problems;
}

/** What a function listens to `name` with, a constant's value included. */
function listenerOf(guard: ts.Node, name: string): ts.Expression | null {
  const call = callsTo([guard], 'on').find(({ arguments: [first] }) => first && textIs(first, name));
  const listener = call?.arguments[1];
  if (!call || !listener || !ts.isIdentifier(listener)) return listener ?? null;
  const constant = findAll([guard], ts.isVariableDeclaration).find(
    ({ name: named }) => lastName(named) === listener.text,
  );
  return constant?.initializer ?? null;
}

function always(guard: ts.Node, listener: ts.Expression | null, does: (node: ts.Node) => boolean): boolean {
  if (!listener || !isFunction(listener) || !ts.isFunctionLike(guard)) return false;
  const on = ts.isCallExpression(listener.parent) ? listener.parent : null;
  if (on && !isAtTop(guard, on)) return false;
  const { body } = listener;
  if (!ts.isBlock(body)) return does(body);
  const [first] = body.statements;
  return first !== undefined && ts.isExpressionStatement(first) && does(first.expression);
}

/** Whether a call is a statement of the function itself, under no condition and before any way out. */
function isAtTop(guard: ts.FunctionLike, call: ts.CallExpression): boolean {
  const body = 'body' in guard ? guard.body : undefined;
  if (!body || !ts.isBlock(body) || call.parent.parent !== body) return false;
  const before = body.statements.slice(
    0,
    body.statements.findIndex((statement) => statement === call.parent),
  );
  return !before.some((statement) => findAll([statement], ts.isReturnStatement).length > 0);
}

function isPreventing(node: ts.Node): boolean {
  return ts.isCallExpression(node) && calleeName(node) === 'preventDefault';
}

/** `() => ({ action: 'deny' })`, with every way out of it denying. */
function isDenying(node: ts.Expression | undefined): boolean {
  if (!node || !isFunction(node)) return false;
  const actions = findAll(
    [node],
    ts.isPropertyAssignment,
    (property) => lastName(property.name) === 'action',
  );
  return actions.length > 0 && actions.every(({ initializer }) => textIs(initializer, 'deny'));
}

/** `app.on(event, guard)` or `app.on(event, (…) => guard(…))`. */
function isAppliedOn(files: readonly ts.SourceFile[], event: string, guard: string): boolean {
  return callsTo(files, 'on').some(({ arguments: [first, listener] }) => {
    if (!first || !listener || !textIs(first, event)) return false;
    if (lastName(listener) === guard) return true;
    if (!isFunction(listener)) return false;
    const { body } = listener;
    return ts.isCallExpression(body) && calleeName(body) === guard;
  });
}

function textIs(node: ts.Node, text: string): boolean {
  return ts.isStringLiteralLike(node) && node.text === text;
}
