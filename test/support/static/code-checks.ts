/** Hardening E11, read from sources and built code: text that becomes code or markup, and shells. */
import { parse as parseTemplate, type TemplateChildNode } from '@vue/compiler-dom';
import ts from 'typescript';
import { parse } from 'vue/compiler-sfc';
import type { SourceText } from './sources.ts';
import { bare, calleeName, callsTo, complaint, findAll, lastName, propertyName } from './syntax.ts';

const MARKUP = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'createContextualFragment'];
const PROCESS_MODULES = ['child_process', 'node:child_process'];

/** Ways of E11 to run text as code, to make markup of it, or to give it to a shell. */
export function findCodeProblems(files: readonly ts.SourceFile[]): string[] {
  return [
    ...evaluations(files).map((node) => complaint(node, 'E11: text is run as code.')),
    ...markup(files).map((node) => complaint(node, 'E11: text is made markup.')),
    ...shells(files).map((node) => complaint(node, 'E11: a shell could be started.')),
  ];
}

/** How built text is run as code: called or made, under another name, timers over text. */
const BUILT_EVALUATION =
  /(?<![.\w$])(?:new\s+)?(?:eval|Function)\s*\(|=\s*(?:eval|Function)\s*[,;]|(?<![.\w$])set(?:Timeout|Interval)\(\s*["'`]/g;
/** So far before such a place stands what tells whose it is. */
const CONTEXT_CHARS = 400;

/** Text run as code in a built file, but for Zod's, which the contract switches off (`jitless`). */
export function findBuiltProblems({ path, text }: SourceText): string[] {
  return [...text.matchAll(BUILT_EVALUATION)]
    .filter(({ 0: found, index }) => !isZods(found, text.slice(Math.max(0, index - CONTEXT_CHARS), index)))
    .map(({ 0: found, index }) => `${path}:${index} E11: ${found} runs text as code.`);
}

/** Its question whether it may compile, which asks `jitless` first, and its compiler, used only if it may. */
function isZods(found: string, before: string): boolean {
  return found.startsWith('=') ? /compile\(\)\s*\{[^}]*$/.test(before) : before.includes('jitless');
}

/** `eval` and `Function` called, made or given another name, timers over text, the vm module. */
function evaluations(files: readonly ts.SourceFile[]): ts.Node[] {
  const calls = findAll(files, isCallOrNew, (node) => {
    const [first] = node.arguments ?? [];
    if (/^set(Timeout|Interval)$/.test(calleeName(node))) return first !== undefined && isTextual(first);
    return isEvaluator(node.expression);
  });
  const aliases = findAll(files, ts.isIdentifier, (node) => isEvaluator(node) && isPassedOn(node));
  return [...calls, ...aliases, ...importsOf(files, ['vm', 'node:vm'])];
}

function isCallOrNew(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

function isTextual(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isBinaryExpression(node);
}

/** The thing itself, or as a property of the global object. */
function isEvaluator(node: ts.Expression): boolean {
  if (!['eval', 'Function'].includes(lastName(node))) return false;
  if (ts.isIdentifier(node)) return true;
  return isMember(node) && /^(window|globalThis|self|global)$/.test(node.expression.getText());
}

/** `const F = Function`, `(0, eval)`. */
function isPassedOn(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node;
  return (
    ts.isBinaryExpression(parent) && /^[=,]$/.test(parent.operatorToken.getText()) && parent.right === node
  );
}

function isMember(node: ts.Node): node is ts.PropertyAccessExpression | ts.ElementAccessExpression {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

function markup(files: readonly ts.SourceFile[]): ts.Node[] {
  const isMarkup = (name: string | null) => name !== null && MARKUP.includes(name);
  return [
    ...findAll(files, isMember, (node) => isMarkup(lastName(node))),
    ...findAll(files, ts.isPropertyAssignment, (node) => isMarkup(propertyName(node))),
    ...callsTo(files, 'write', 'writeln').filter((call) => /\bdocument\.write/.test(call.getText())),
  ];
}

function shells(files: readonly ts.SourceFile[]): ts.Node[] {
  const options = findAll(files, ts.isPropertyAssignment, (node) => {
    const value = bare(node.initializer);
    // Electron's module of this name is passed on by its name; no option is a list.
    const isOther = lastName(value) === 'shell' || ts.isArrayLiteralExpression(value);
    return propertyName(node) === 'shell' && value.kind !== ts.SyntaxKind.FalseKeyword && !isOther;
  });
  const names = findAll(files, ts.isImportSpecifier, (node) => {
    const from = node.parent.parent.parent.moduleSpecifier;
    return isOneOf(from, PROCESS_MODULES) && /^exec(Sync)?$/.test((node.propertyName ?? node.name).text);
  });
  // The whole module under a name would hide which of its functions are used.
  const whole = importsOf(files, PROCESS_MODULES).filter((node) => !isNamedImport(node));
  return [...options, ...names, ...whole];
}

/** Imports of the modules, also dynamic ones and `require`. */
function importsOf(files: readonly ts.SourceFile[], modules: readonly string[]): ts.Node[] {
  const declared = findAll(files, ts.isImportDeclaration, (node) => isOneOf(node.moduleSpecifier, modules));
  const called = findAll(files, ts.isCallExpression, (node) => {
    const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword || calleeName(node) === 'require';
    return isImport && isOneOf(node.arguments[0], modules);
  });
  return [...declared, ...called];
}

function isOneOf(node: ts.Node | undefined, modules: readonly string[]): boolean {
  return node !== undefined && ts.isStringLiteralLike(node) && modules.includes(node.text);
}

function isNamedImport(node: ts.Node): boolean {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
  return bindings !== undefined && ts.isNamedImports(bindings);
}

/** In templates: `v-html`, and markup bound by another way. */
export function findTemplateProblems({ path, text }: SourceText): string[] {
  const template = parse(text, { sourceMap: false }).descriptor.template;
  if (!template) return [];
  const problems: string[] = [];
  const visit = (node: TemplateChildNode) => {
    if (node.type !== 1) return;
    for (const prop of node.props) {
      const bound = prop.type === 7 && prop.arg?.type === 4 ? prop.arg.content : prop.name;
      const line = template.loc.start.line + prop.loc.start.line - 1;
      if (prop.name === 'html' || /^(innerHTML|outerHTML|srcdoc)$/i.test(bound))
        problems.push(`${path}:${line} E11: text is made markup.`);
    }
    node.children.forEach(visit);
  };
  parseTemplate(template.content).children.forEach(visit);
  return problems;
}
