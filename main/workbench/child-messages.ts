/** Messages from a child process, checked before they are believed. */
import { z } from 'zod';
import type { Outcome } from '../core/model.ts';

/** A message as `schema` has it, or an 'invalid' failure that names `whose`, the message's type and its first fault. */
export function parseChildMessage<T>(schema: z.ZodType<T>, raw: unknown, whose: string): Outcome<T> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const type =
    typeof raw === 'object' && raw !== null && 'type' in raw ? String(raw.type).slice(0, 40) : typeof raw;
  return {
    ok: false,
    failure: { code: 'invalid', field: `${whose} message "${type}"`, message: firstFault(parsed.error) },
  };
}

function firstFault(error: z.ZodError): string {
  const flat = error.issues.flatMap((issue) =>
    issue.code === 'invalid_union'
      ? issue.errors.flat().filter((inner) => inner.path[0] !== 'type')
      : [issue],
  );
  const deepest = flat.toSorted((a, b) => b.path.length - a.path.length)[0] ?? error.issues[0];
  return deepest ? `${deepest.path.join('.') || 'message'}: ${deepest.message}` : 'unknown fault';
}
