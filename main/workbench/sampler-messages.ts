/** Messages from the sampler's process, checked before they are believed. */
import { z } from 'zod';
import { summarySchema } from '../../preload/contract.ts';
import type { Failure, Outcome } from '../core/model.ts';
import type { FromSampler } from '../sampling/protocol.ts';

const text = z.string();
const failureSchema = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('not-permitted'), what: text, needs: text }),
  z.strictObject({ code: z.literal('unsupported'), what: text, why: text }),
  z.strictObject({ code: z.literal('system'), call: text, errno: z.number().nullable(), message: text }),
  z.strictObject({ code: z.literal('unreadable'), source: text, line: z.number(), text }),
  z.strictObject({ code: z.literal('invalid'), field: text, message: text }),
  z.strictObject({ code: z.literal('gone'), what: text }),
  z.strictObject({ code: z.literal('unavailable'), what: text, why: text }),
]) satisfies z.ZodType<Failure>;

const id = z.number().int().nonnegative();
const messageSchema = z.union([
  z.strictObject({ type: z.literal('ready'), pid: z.number().int() }),
  z.strictObject({ type: z.literal('summary'), summary: summarySchema }),
  z.strictObject({ type: z.literal('beat') }),
  z.strictObject({ type: z.literal('answer'), id, ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ type: z.literal('answer'), id, ok: z.literal(false), failure: failureSchema }),
  z.strictObject({ type: z.literal('unable'), failure: failureSchema }),
]) satisfies z.ZodType<FromSampler>;

/** A message as the protocol knows it, or an 'invalid' failure that names its type and first fault. */
export function parseSamplerMessage(raw: unknown): Outcome<FromSampler> {
  const parsed = messageSchema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const type =
    typeof raw === 'object' && raw !== null && 'type' in raw ? String(raw.type).slice(0, 40) : typeof raw;
  return {
    ok: false,
    failure: { code: 'invalid', field: `sampler message "${type}"`, message: firstFault(parsed.error) },
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
