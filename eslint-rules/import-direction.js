/** The import-direction rule: reads layers.js and nothing else. */
import { posix, relative, sep } from 'node:path';
import { LAYERS } from './layers.js';

const SOURCES = /^(main|preload|renderer)\//;

/** The row a file of the project belongs to: its own pattern first, else the longest folder. */
export function layerOf(file) {
  const named = LAYERS.find((layer) => layer.files?.test(file));
  if (named) return named;
  return LAYERS.filter((layer) => !layer.files && file.startsWith(`${layer.place}/`)).sort(
    (a, b) => b.place.length - a.place.length,
  )[0];
}

/** What is wrong with `file` importing `specifier`, or null. `isType` for an import of types only. */
export function problemOf(file, specifier, isType) {
  const layer = layerOf(file);
  if (!layer) return `${file} stands in no row of eslint-rules/layers.js`;
  const bare = specifier.replace(/\?.*$/, '');
  const isOwn = bare.startsWith('.');
  const path = isOwn ? posix.normalize(posix.join(posix.dirname(file), bare)) : bare;
  const target = isOwn ? targetPlace(path) : packageName(bare);
  if (target === layer.place) return null;
  const allowed = isType ? [...layer.may, ...(layer.types ?? [])] : layer.may;
  return allowed.some((entry) => permits(entry, target))
    ? null
    : `${file} may not import ${isOwn ? path : bare}`;
}

function permits(entry, target) {
  return entry === target || (entry.endsWith('*') && target.startsWith(entry.slice(0, -1)));
}

function targetPlace(path) {
  if (path === 'package.json') return path;
  return layerOf(path)?.place ?? path;
}

function packageName(specifier) {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export const importDirection = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    if (!SOURCES.test(file)) return {};
    const check = (node, isType) => {
      if (typeof node.source?.value !== 'string') return;
      const message = problemOf(file, node.source.value, isType);
      if (message) context.report({ node, message });
    };
    return {
      Program: (node) => {
        if (!layerOf(file))
          context.report({ node, message: `${file} stands in no row of eslint-rules/layers.js` });
      },
      ImportDeclaration: (node) => check(node, node.importKind === 'type' || allTypes(node)),
      ExportNamedDeclaration: (node) => check(node, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, false),
    };
  },
};

function allTypes(node) {
  return node.specifiers.length > 0 && node.specifiers.every((specifier) => specifier.importKind === 'type');
}
