/** TypeScript's own reading of a source text, and questions that the checks ask of it. */
import ts from 'typescript';
import { parse } from 'vue/compiler-sfc';
import type { SourceText } from './sources.ts';

/** Parses a script, or the scripts of a Vue component; null for what holds none. */
export function parseScript({ path, text }: SourceText): ts.SourceFile | null {
  if (path.endsWith('.vue')) {
    const { script, scriptSetup } = parse(text, { sourceMap: false }).descriptor;
    return read(path, `${script?.content ?? ''}\n${scriptSetup?.content ?? ''}`);
  }
  return /\.[cm]?[jt]s$/.test(path) ? read(path, text) : null;
}

function read(path: string, text: string): ts.SourceFile {
  const kind = /\.[cm]?js$/.test(path) ? ts.ScriptKind.JS : ts.ScriptKind.TS;
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
}

/** Those in which one of the words occurs: only they need to be parsed. */
export function mentioning(texts: readonly SourceText[], words: RegExp): SourceText[] {
  return texts.filter(({ text }) => words.test(text));
}

/** All scripts among the texts. */
export function parseScripts(texts: readonly SourceText[]): ts.SourceFile[] {
  return texts.map(parseScript).filter((file) => file !== null);
}

/** Every node below `root`, in the order of the source. */
export function* nodesOf(root: ts.Node): Generator<ts.Node> {
  const waiting: ts.Node[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => void children.push(child));
    waiting.push(...children.reverse());
  }
}

/** The nodes of all files that `is` recognises. */
export function findAll<T extends ts.Node>(
  files: readonly ts.Node[],
  is: (node: ts.Node) => node is T,
  also: (node: T) => boolean = () => true,
): T[] {
  return files.flatMap((file) => [...nodesOf(file)].filter(is).filter(also));
}

/** The last name of what is called or made: `on` of `contents.on(…)`, `BrowserWindow` of `new a.BrowserWindow(…)`. */
export function calleeName(node: ts.CallExpression | ts.NewExpression): string {
  return lastName(node.expression);
}

export function lastName(node: ts.Node): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return node.argumentExpression.text;
  return '';
}

export function callsTo(files: readonly ts.Node[], ...names: string[]): ts.CallExpression[] {
  return findAll(files, ts.isCallExpression, (call) => names.includes(calleeName(call)));
}

/** The function, named or a constant's, that is called `name`. */
export function findFunction(files: readonly ts.Node[], name: string): ts.FunctionLikeDeclaration | null {
  for (const node of findAll(files, ts.isFunctionDeclaration)) if (node.name?.text === name) return node;
  for (const node of findAll(files, ts.isVariableDeclaration)) {
    if (lastName(node.name) === name && node.initializer && isFunction(node.initializer))
      return node.initializer;
  }
  return null;
}

export function isFunction(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** The function around a node. */
export function functionAround(node: ts.Node): ts.FunctionLikeDeclaration | null {
  for (let at: ts.Node | undefined = node.parent; at; at = at.parent)
    if (ts.isFunctionLike(at) && 'body' in at) return at as ts.FunctionLikeDeclaration;
  return null;
}

/** What an expression is once its types are taken off. */
export function bare(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)
    ? bare(node.expression)
    : node;
}

/** The name of a property of an object, quoted or not; null for a computed one or a spread. */
export function propertyName(node: ts.ObjectLiteralElementLike): string | null {
  const { name } = node;
  if (!name) return null;
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : null;
}

/** "main/desktop.ts:12 what is wrong". */
export function complaint(node: ts.Node, what: string): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `${file.fileName}:${line + 1} ${what}`;
}
