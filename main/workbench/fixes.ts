/** Answers of the calls about fixes: wizards, plans, and the changes of the journal. */
import { FIX_CALLS } from '../../preload/contract-fixes.ts';
import type { Outcome } from '../core/model.ts';
import type { Handlers } from './handlers.ts';

export type FixHandlers = Pick<Handlers, keyof typeof FIX_CALLS>;

export function createFixes(): FixHandlers {
  const absent = async (): Promise<Outcome<never>> => ({
    ok: false,
    failure: { code: 'unsupported', what: 'fixes', why: 'they are not carried out yet' },
  });
  return Object.fromEntries(Object.keys(FIX_CALLS).map((name) => [name, absent])) as unknown as FixHandlers;
}
