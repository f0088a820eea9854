/** Hardening E10, read from the sources: which addresses leave the app. */
import ts from 'typescript';
import { bare, complaint, findAll, lastName, propertyName } from './syntax.ts';

/** What is wrong: more than one place that opens addresses, or one that does not come from a table of https ones. */
export function findLinkProblems(files: readonly ts.SourceFile[]): string[] {
  const members = findAll(files, ts.isPropertyAccessExpression);
  const paths = members
    .filter((node) => lastName(node) === 'openPath')
    .map((node) => complaint(node, 'E10: a file is opened with whatever program there is.'));
  const hidden = findAll(files, ts.isBindingElement, (node) =>
    /^open(External|Path)$/.test(node.getText()),
  ).map((node) => complaint(node, 'E10: it is taken out of its module.'));
  const [only, ...others] = members.filter((node) => lastName(node) === 'openExternal');
  const further = others.map((node) => complaint(node, 'E10: a second place opens addresses.'));
  const loose =
    only && !opensFromTable(only) ? [complaint(only, 'E10: the address comes from no table.')] : [];
  return [...paths, ...hidden, ...further, ...loose];
}

/** `shell.openExternal(TABLE[id])` or `…(TABLE[id].url)`, where TABLE is a constant here with https addresses only. */
function opensFromTable(node: ts.PropertyAccessExpression): boolean {
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.expression !== node) return false;
  const [argument] = call.arguments;
  const isUrl = argument && ts.isPropertyAccessExpression(argument) && argument.name.text === 'url';
  const row = isUrl ? argument.expression : argument;
  if (!row || !ts.isElementAccessExpression(row)) return false;
  const table = findAll([node.getSourceFile()], ts.isVariableDeclaration).find(
    ({ name }) => lastName(name) === lastName(row.expression),
  );
  return isTable(table?.initializer, (value) => (isUrl ? isTable(value, isHttps, 'url') : isHttps(value)));
}

/** An object as written whose values, or the one value of that name, are as they should be. */
function isTable(
  node: ts.Expression | undefined,
  isRight: (value: ts.Expression) => boolean,
  only?: string,
): boolean {
  const object = node && bare(node);
  if (!object || !ts.isObjectLiteralExpression(object)) return false;
  const rows = object.properties.filter(ts.isPropertyAssignment);
  if (rows.length < object.properties.length) return false;
  const looked = rows.filter((row) => only === undefined || propertyName(row) === only);
  return looked.length > 0 && looked.every((row) => isRight(row.initializer));
}

function isHttps(node: ts.Expression): boolean {
  const value = bare(node);
  if (ts.isStringLiteralLike(value)) return value.text.startsWith('https://');
  return ts.isTemplateExpression(value) && /^https:\/\/[^/]+\//.test(value.head.text);
}
