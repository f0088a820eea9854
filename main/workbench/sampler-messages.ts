/** Messages from the sampler's process, checked before they are believed. */
import { z } from 'zod';
import { summarySchema } from '../../preload/contract-summary.ts';
import type { Outcome } from '../core/model.ts';
import type { FromSampler } from '../sampling/protocol.ts';
import { parseChildMessage } from './child-messages.ts';
import { failureSchema } from './failure-schema.ts';

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
  return parseChildMessage(messageSchema, raw, 'sampler');
}
