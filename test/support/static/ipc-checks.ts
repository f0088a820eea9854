/** Hardening E7 and E8, read from the sources and the built preload: who speaks over IPC, and what reaches the page. */
import vm from 'node:vm';
import ts from 'typescript';
import type { SourceText } from './sources.ts';
import { calleeName, callsTo, complaint, findAll, functionAround, isFunction, lastName } from './syntax.ts';

const REGISTRY = 'main/hosts/desktop/ipc-registry.ts';
const BRIDGE = 'preload/index.ts';
/** They name the part in order to pass it on. */
const PASS_ON = [
  'main/desktop.ts',
  'main/hosts/desktop/electron-parts.ts',
  'main/hosts/desktop/run-desktop.ts',
];

/** E7: `ipcMain` is used in the registry only, and each listener there asks first who speaks. */
export function findIpcProblems(files: readonly ts.SourceFile[]): string[] {
  const named = findAll(files, ts.isIdentifier, ({ text }) => text === 'ipcMain');
  const elsewhere = named
    .filter((node) => node.getSourceFile().fileName !== REGISTRY)
    .filter((node) => !PASS_ON.includes(node.getSourceFile().fileName) || isUsed(node))
    .map((node) => complaint(node, 'E7: ipcMain is used outside the registry.'));
  const registered = callsTo(
    files.filter(({ fileName }) => fileName === REGISTRY),
    'handle',
    'on',
  ).filter((call) => /\bipcMain\./.test(call.expression.getText()));
  if (registered.length === 0) elsewhere.push('E7: the registry registers nothing.');
  const trusting = registered
    .filter((call) => !asksFirst(call.arguments[1]))
    .map((call) => complaint(call, 'E7: a listener that does not ask first who speaks.'));
  return [...elsewhere, ...trusting];
}

/** Something is read of it, or it is given another name: `a.ipcMain.on`, `const { on } = ipcMain`. */
function isUsed(node: ts.Identifier): boolean {
  const whole = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node;
  const { parent } = whole;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent))
    return parent.expression === whole;
  return ts.isVariableDeclaration(parent) && parent.initializer === whole;
}

/** The listener is one condition on isTrustedFrame(event.senderFrame) and does nothing where it is not met. */
function asksFirst(node: ts.Expression | undefined): boolean {
  if (!node || !isFunction(node)) return false;
  const event = node.parameters[0]?.name.getText() ?? '';
  const isQuestion = (condition: ts.Node) =>
    ts.isCallExpression(condition) &&
    calleeName(condition) === 'isTrustedFrame' &&
    condition.arguments[0]?.getText() === `${event}.senderFrame`;
  const { body } = node;
  if (ts.isConditionalExpression(body)) return isQuestion(body.condition) && isRefusal(body.whenFalse);
  if (!ts.isBlock(body) || body.statements.length !== 1) return false;
  const [only] = body.statements;
  return only !== undefined && ts.isIfStatement(only) && isQuestion(only.expression) && !only.elseStatement;
}

function isRefusal(node: ts.Expression): boolean {
  return ts.isCallExpression(node) && calleeName(node) === 'refuse';
}

/** E8: Electron's renderer half is touched in the bridge only, which puts one thing into the page. */
export function findBridgeProblems(files: readonly ts.SourceFile[]): string[] {
  const problems = findAll(files, ts.isIdentifier, ({ text }) => text === 'ipcRenderer')
    .filter((node) => node.getSourceFile().fileName !== BRIDGE)
    .map((node) => complaint(node, 'E8: ipcRenderer is used outside the bridge.'));
  const exposed = callsTo(files, 'exposeInMainWorld', 'exposeInIsolatedWorld');
  const [only, ...others] = exposed;
  if (!only) return [...problems, 'E8: nothing is put into the page.'];
  problems.push(...others.map((call) => complaint(call, 'E8: a second thing is put into the page.')));
  const [, door] = only.arguments;
  const isTop = functionAround(only) === null && only.getSourceFile().fileName === BRIDGE;
  if (!isTop || !door || !ts.isCallExpression(door) || lastName(door.expression) !== 'createDoor')
    problems.push(complaint(only, 'E8: what is put into the page is not createDoor().'));
  return problems;
}

export interface BuiltPreload {
  /** Modules it asked for, in order. */
  required: string[];
  /** What it put into the page: names, and below each the names of functions as "calls.summary.get". */
  exposed: string[];
  /** Channels it invoked when each function was called once. */
  invoked: string[];
}

/** Runs a built preload as the sandbox does: with `electron` and nothing else. */
export function runPreload({ path, text }: SourceText): BuiltPreload {
  const seen: BuiltPreload = { required: [], exposed: [], invoked: [] };
  const ipcRenderer = {
    invoke: (channel: string) => void seen.invoked.push(channel),
    on: () => {},
    send: () => {},
  };
  const expose = (name: string, value: unknown) => seen.exposed.push(...functionsOf(name, value));
  const require = (name: string) => {
    seen.required.push(name);
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return { contextBridge: { exposeInMainWorld: expose }, ipcRenderer };
  };
  vm.runInNewContext(text, { require, module: { exports: {} }, exports: {} }, { filename: path });
  return seen;
}

/** Names of the functions in what is exposed; anything else than functions and plain objects of them by its kind. */
function functionsOf(name: string, value: unknown): string[] {
  if (typeof value === 'function') {
    (value as (argument: unknown) => unknown)(() => {});
    return [name];
  }
  if (typeof value !== 'object' || value === null) return [`${name}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => functionsOf(`${name}.${key}`, inner));
}
