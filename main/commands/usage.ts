/** Wrong usage of a command as a failure, and failures as the sentence after the command's name. */
import type { Failure, Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';

/** `message` is one sentence without a full stop. */
export function usage(
  field: string,
  message: string,
): { ok: false; failure: Extract<Failure, { code: 'invalid' }> } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}

/** What parseArgs threw, as wrong usage: its first sentence. */
export function parseFailure(cause: unknown): ReturnType<typeof usage> {
  const message = cause instanceof Error ? cause.message : String(cause);
  const first = message.split(/\. |\n/)[0] ?? message;
  return usage('arguments', first.replace(/\.$/, '').slice(0, 200));
}

/** Without a full stop, as a hint may follow it. */
export function usageSentence(failure: Failure): string {
  return (failure.code === 'invalid' ? failure.message : failureSentence(failure)).replace(/\.$/, '');
}

/** Seconds as an option's value: a number between both, inclusive. */
export function readSeconds(option: string, text: string, minimum: number, maximum: number): Outcome<number> {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= minimum && value <= maximum) return { ok: true, value };
  return usage(option, `${option} takes seconds from ${minimum} to ${maximum}, not "${text.slice(0, 40)}"`);
}
