/** A failure as a child process sends it. */
import { z } from 'zod';
import type { Failure } from '../core/model.ts';

const text = z.string();

export const failureSchema = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('not-permitted'), what: text, needs: text }),
  z.strictObject({ code: z.literal('unsupported'), what: text, why: text }),
  z.strictObject({ code: z.literal('system'), call: text, errno: z.number().nullable(), message: text }),
  z.strictObject({ code: z.literal('unreadable'), source: text, line: z.number(), text }),
  z.strictObject({ code: z.literal('invalid'), field: text, message: text }),
  z.strictObject({ code: z.literal('gone'), what: text }),
  z.strictObject({ code: z.literal('unavailable'), what: text, why: text }),
  z.strictObject({ code: z.literal('tool-missing'), tool: text, hint: text }),
]) satisfies z.ZodType<Failure>;
