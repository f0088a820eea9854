/** What a host answered, checked by the contract before anything in the page believes it. */
import { z } from 'zod';
import { answerFailureSchema, CALLS, EVENTS } from '../../preload/contract.ts';
import type { CallName, CallResult, EventName, EventPayload } from '../../preload/contract.ts';
import { LinkError } from './link.ts';

const answerSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), failure: answerFailureSchema }),
]);

/** The result of a call from its raw Answer; throws a LinkError for a failure and for an answer of the wrong shape. */
export function readAnswer<N extends CallName>(name: N, raw: unknown): CallResult<N> {
  const answer = answerSchema.safeParse(raw);
  if (!answer.success) throw malformed(name);
  if (!answer.data.ok) throw new LinkError(answer.data.failure.code, answer.data.failure.sentence);
  const result = CALLS[name].result.safeParse(answer.data.value);
  if (!result.success) throw malformed(name);
  return result.data as CallResult<N>;
}

export type LinkEvent = { [N in EventName]: { name: N; payload: EventPayload<N> } }[EventName];

/** An event from its raw name and payload, or null when the contract knows no such event. */
export function readEvent(name: unknown, payload: unknown): LinkEvent | null {
  if (typeof name !== 'string' || !Object.hasOwn(EVENTS, name)) return null;
  const parsed = EVENTS[name as EventName].safeParse(payload);
  return parsed.success ? ({ name, payload: parsed.data } as LinkEvent) : null;
}

function malformed(name: string): LinkError {
  return new LinkError(
    'malformed',
    `The workbench answered ${name} in a form this page does not understand. Reload the page.`,
  );
}
