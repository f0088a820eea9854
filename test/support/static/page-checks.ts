/** Hardening E4, read from the sources and the built page: one policy, and a page that lives within it. */
import { parse, type TemplateChildNode } from '@vue/compiler-dom';
import ts from 'typescript';
import type { SourceText } from './sources.ts';
import { calleeName, complaint, findAll, lastName } from './syntax.ts';

/** Where directives of a policy stand: both hosts' header, and the saved report's own. */
const POLICY_FILE = 'main/hosts/security-headers.ts';
/** A report file stands alone: its styles are in it, scripts are not. */
const REPORT_FILE = 'main/report/html.ts';
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A policy anywhere else than in its one constant, or a word in one that loosens it. */
export function findPolicyProblems(files: readonly ts.SourceFile[]): string[] {
  return findAll<ts.Node>(files, isText)
    .filter((node) => /\b\w+-src(-attr|-elem)?\b|unsafe-(inline|eval|hashes)/.test(textOf(node)))
    .filter((node) => !isKnownPolicy(node))
    .map((node) => complaint(node, 'E4: a content security policy stands here as well.'));
}

function isText(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateHead {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

function textOf(node: ts.Node): string {
  return (node as ts.LiteralLikeNode).text;
}

function isKnownPolicy(node: ts.Node): boolean {
  const { fileName } = node.getSourceFile();
  if (fileName === REPORT_FILE) return textOf(node) === REPORT_POLICY;
  return fileName === POLICY_FILE && !textOf(node).includes('unsafe-');
}

/** Answers of either host that carry no headers of ours: `new Response(…)` and `….writeHead(…)`. */
export function findHeaderProblems(files: readonly ts.SourceFile[]): string[] {
  const answers = findAll(files, (node): node is ts.NewExpression | ts.CallExpression => {
    if (ts.isNewExpression(node)) return calleeName(node) === 'Response';
    return ts.isCallExpression(node) && calleeName(node) === 'writeHead';
  });
  const hosts = new Set(answers.map((node) => node.getSourceFile().fileName.split('/')[2]));
  const missing = ['desktop', 'web']
    .filter((host) => !hosts.has(host))
    .map((host) => `E4: the ${host} host answers nothing.`);
  const bare = answers
    .filter((node) => !carriesHeaders(node.arguments?.at(-1)))
    .map((node) => complaint(node, 'E4: an answer without SECURITY_HEADERS.'));
  return [...missing, ...bare];
}

/** The headers themselves, an object that spreads them first, one that holds such, or a constant that is one. */
function carriesHeaders(node: ts.Expression | undefined): boolean {
  if (!node) return false;
  if (ts.isIdentifier(node)) return node.text === 'SECURITY_HEADERS' || carriesHeaders(constantOf(node));
  if (!ts.isObjectLiteralExpression(node)) return false;
  return node.properties.some((property) => {
    if (ts.isSpreadAssignment(property)) return lastName(property.expression) === 'SECURITY_HEADERS';
    if (ts.isShorthandPropertyAssignment(property)) return carriesHeaders(property.name);
    return ts.isPropertyAssignment(property) && carriesHeaders(property.initializer);
  });
}

function constantOf(name: ts.Identifier): ts.Expression | undefined {
  return findAll([name.getSourceFile()], ts.isVariableDeclaration).find(
    (declaration) => lastName(declaration.name) === name.text && declaration.pos < name.pos,
  )?.initializer;
}

/** Markup of the page that the policy would refuse, or that leads elsewhere. */
export function findMarkupProblems({ path, text }: SourceText): string[] {
  const problems: string[] = [];
  const visit = (node: TemplateChildNode) => {
    if (node.type !== 1) return;
    for (const what of elementProblems(node)) problems.push(`${path}:${node.loc.start.line} E4: ${what}`);
    node.children.forEach(visit);
  };
  const fail = (error: Error) => problems.push(`${path} E4: ${error.message}`);
  parse(text, { parseMode: 'html', onError: fail }).children.forEach(visit);
  return problems;
}

type Element = Extract<TemplateChildNode, { type: 1 }>;

function elementProblems(element: Element): string[] {
  const problems: string[] = [];
  const value = (name: string) => {
    const found = element.props.find((prop) => prop.name === name);
    return found && found.type === 6 ? (found.value?.content ?? '') : null;
  };
  if (element.tag === 'script' && (value('src') === null || element.children.length > 0))
    problems.push('a script stands in the page.');
  if (['style', 'base', 'iframe', 'object', 'embed'].includes(element.tag))
    problems.push(`<${element.tag}> stands in the page.`);
  for (const { name } of element.props)
    if (/^(style|on\w+|srcdoc|http-equiv)$/i.test(name)) problems.push(`the attribute ${name}.`);
  for (const name of ['src', 'href']) {
    const to = value(name);
    if (to !== null && !/^\.\/[\w./-]+$/.test(to)) problems.push(`${name}="${to}" leads elsewhere.`);
  }
  return problems;
}
