/** Hardening E9: what a page may send, read from the schemas of all calls. */
import { z } from 'zod';

/** No page names what to run, read, open or ask a database for. */
const BANNED_NAMES =
  /^(path|folder|directory|dir|url|uri|href|command|cmd|sql|file|argv|program|shell|script)$/i;

/**
 * What is wrong with the arguments of the calls: a text whose name speaks of a path, a command and the like, a text
 * without a longest length, or a schema that lets anything in. Names are cut into words: "undoCommand", "file_path".
 */
export function findArgumentProblems(calls: Readonly<Record<string, { args: z.core.$ZodType }>>): string[] {
  return Object.entries(calls).flatMap(([name, { args }]) => schemaProblems(args, [name]));
}

/** Those that hold others, and what they hold. */
function schemaProblems(schema: z.core.$ZodType, path: readonly string[]): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const inner = (next: z.core.$ZodType, step = '') => schemaProblems(next, step ? [...path, step] : path);
  switch (def.type) {
    case 'object': {
      const loose =
        def.catchall?._zod.def.type === 'never' ? [] : [problem(path, 'takes names it does not know')];
      return [...loose, ...Object.entries(def.shape).flatMap(([key, value]) => inner(value, key))];
    }
    case 'array':
      return inner(def.element, '[]');
    case 'record':
      return [...inner(def.keyType, '{key}'), ...inner(def.valueType, '{}')];
    case 'union':
      return def.options.flatMap((option) => inner(option));
    case 'nullable':
    case 'optional':
    case 'default':
    case 'prefault':
    case 'readonly':
      return inner(def.innerType);
    case 'pipe':
      return [...inner(def.in), ...inner(def.out)];
    case 'string':
      return textProblems(schema, path);
    case 'number':
    case 'boolean':
    case 'enum':
    case 'literal':
    case 'null':
    case 'undefined':
      return [];
    default:
      return [problem(path, `may be anything (${def.type})`)];
  }
}

function textProblems(schema: z.core.$ZodType, path: readonly string[]): string[] {
  const problems: string[] = [];
  const words = (path.findLast((step) => step !== '[]') ?? '').split(/(?=[A-Z])|[_-]/);
  if (words.some((word) => BANNED_NAMES.test(word)))
    problems.push(problem(path, 'names something to run or open'));
  if (!(schema instanceof z.ZodString) || schema.maxLength === null)
    problems.push(problem(path, 'is a text of any length'));
  return problems;
}

function problem(path: readonly string[], what: string): string {
  return `E9: ${path.join(' ')} ${what}`;
}
