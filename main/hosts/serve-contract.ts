/** Serving the contract, whatever the host: parse a call by its schema, run it, answer. Never throws. */
import { CALLS, MAX_CALL_BYTES, type Answer, type CallName } from '../../preload/contract.ts';
import type { Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { Handlers } from '../workbench/handlers.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { findShapeFault } from './json-shape.ts';

/** The part of the workbench that answers calls. */
export type CallServer = Pick<Workbench, 'handlers' | 'reportBug'>;

/**
 * Answers one call. A refusal (unknown call, arguments over 64 KiB or not of the schema) is an answer with a code and a
 * sentence and the handler is not called. A thrown bug is logged once and answered as 'internal' with its reference.
 */
export async function answerCall(
  workbench: CallServer,
  name: unknown,
  args: unknown,
): Promise<Answer<unknown>> {
  if (!isCallName(workbench.handlers, name)) {
    return refuse(
      'unknown-call',
      'This version of the workbench knows no such call. Reload the page or update Fourtuple.',
    );
  }
  const fault = findShapeFault(args, MAX_CALL_BYTES);
  if (fault === 'too-large') {
    return refuse(
      'too-large',
      `The arguments of ${name} are longer than ${MAX_CALL_BYTES / 1024} KiB. Ask for less.`,
    );
  }
  if (fault !== null) return refuse('invalid', `The arguments of ${name} are not valid: ${fault}.`);
  const parsed = CALLS[name].args.safeParse(args);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    return refuse(
      'invalid',
      `The arguments of ${name} are not valid: ${where}${issue?.message ?? 'wrong shape'}.`,
    );
  }
  return run(workbench, name, parsed.data);
}

/** A refusal in the envelope of every answer. */
export function refuse(code: string, sentence: string): Answer<never> {
  return { ok: false, failure: { code, sentence } };
}

function isCallName(handlers: Handlers, name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(CALLS, name) && Object.hasOwn(handlers, name);
}

async function run(workbench: CallServer, name: CallName, args: unknown): Promise<Answer<unknown>> {
  try {
    const handler = workbench.handlers[name] as (args: unknown) => Promise<Outcome<unknown>>;
    const outcome = await handler(args);
    return outcome.ok ? outcome : refuse(outcome.failure.code, failureSentence(outcome.failure));
  } catch (error) {
    const ref = workbench.reportBug(error);
    return refuse('internal', `Something went wrong inside the workbench (reference ${ref} in its log).`);
  }
}
