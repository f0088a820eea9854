/** What the sampler tells for plans of fixes, checked before it is believed. */
import { z } from 'zod';
import type { Outcome } from '../core/model.ts';
import type { Fact } from '../core/readings.ts';
import type { FixFacts } from '../sampling/protocol.ts';

const text = z.string();
const line = z.number().int();
const port = z.number().int().min(0).max(65535);
const family = z.union([z.literal(4), z.literal(6)]).nullable();

const factSchema = z.discriminatedUnion('kind', [
  z.strictObject({ line, kind: z.literal('setting'), name: text, value: text }),
  z.strictObject({ line, kind: z.literal('absent'), name: text, why: text }),
  z.strictObject({
    line,
    kind: z.literal('dynamic-ports'),
    protocol: z.enum(['tcp', 'udp']).nullable(),
    family,
    first: z.number(),
    count: z.number(),
  }),
  z.strictObject({
    line,
    kind: z.literal('excluded-ports'),
    family,
    range: z.strictObject({ first: port, last: port }),
    administered: z.boolean(),
    run: z.number(),
  }),
  z.strictObject({ line, kind: z.literal('registry'), name: text, value: z.number().nullable() }),
  z.strictObject({
    line,
    kind: z.literal('auto-reuse-ports'),
    setting: text,
    first: z.number(),
    count: z.number(),
  }),
]) satisfies z.ZodType<Fact>;

const schema = z.strictObject({
  tcpPorts: z.array(z.strictObject({ port, protocol: z.enum(['tcp', 'udp']), process: text.nullable() })),
  facts: z.array(factSchema).nullable(),
  wanted: z.array(z.strictObject({ poolKey: text, opensPerSecond: z.number() })),
}) satisfies z.ZodType<FixFacts>;

export function parseFixFacts(raw: unknown): Outcome<FixFacts> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const why = `the sampler answered something else (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`;
  return { ok: false, failure: { code: 'unavailable', what: 'ports of services', why } };
}
