/** Whether what a step did counts now. Pure. */
import type { ChangeStep, StepState } from './change.ts';

/** As far as is known: what cannot be read may. A value that was so before the step began is not its doing. */
export function isInForce({ status }: ChangeStep, state: StepState | undefined): boolean {
  if (state === 'unknown') return status === 'started' || status === 'done';
  return state === 'after' && status !== 'waiting' && status !== 'undone';
}
