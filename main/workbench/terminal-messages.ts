/** Messages from the terminal's process, checked before they are believed. */
import { z } from 'zod';
import type { Outcome } from '../core/model.ts';
import { OUTPUT_MESSAGE_BYTES, type EndedRun, type FromTerminal } from '../terminal/protocol.ts';
import { parseChildMessage } from './child-messages.ts';
import { failureSchema } from './failure-schema.ts';

const text = z.string();
const count = z.number().int().nonnegative();
/** Base64 has four characters for three bytes. */
const MAX_DATA_CHARACTERS = Math.ceil(OUTPUT_MESSAGE_BYTES / 3) * 4;

const endedSchema = z.strictObject({
  tool: text,
  argv: z.array(text),
  program: text,
  way: z.enum(['visible', 'quiet']),
  note: text.nullable(),
  startedAtMs: z.number(),
  tookMs: z.number(),
  end: z.enum([
    'exited',
    'signalled',
    'timed-out',
    'silent',
    'too-much-output',
    'line-too-long',
    'too-many-lines',
    'cancelled',
  ]),
  exitCode: z.number().int().nullable(),
  signal: text.nullable(),
  stdoutBytes: count,
  stderrBytes: count,
  truncated: z.boolean(),
  survivors: z.array(z.number().int()),
}) satisfies z.ZodType<EndedRun>;

const messageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), pid: z.number().int() }),
  z.strictObject({ type: z.literal('beat') }),
  z.strictObject({
    type: z.literal('output'),
    id: count,
    stream: z.enum(['out', 'err']),
    data: z.string().max(MAX_DATA_CHARACTERS),
  }),
  z.strictObject({ type: z.literal('ended'), id: count, result: endedSchema }),
  z.strictObject({ type: z.literal('refused'), id: count, failure: failureSchema }),
]) satisfies z.ZodType<FromTerminal>;

/** A message as the protocol knows it, or an 'invalid' failure that names its type and first fault. */
export function parseTerminalMessage(raw: unknown): Outcome<FromTerminal> {
  return parseChildMessage(messageSchema, raw, 'terminal');
}
