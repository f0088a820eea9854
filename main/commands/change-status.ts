/** Exit statuses of commands that change something, as their help has them. */
import type { Change } from '../core/fixes/change.ts';

export const CHANGE_STATUS = { done: 0, refused: 1, takenBack: 2, notBegun: 3, open: 4 } as const;

/** Of a change that was carried out and has come to its end. */
export function statusAfterApply({ phase, steps }: Change): number {
  switch (phase) {
    case 'kept':
      return CHANGE_STATUS.done;
    case 'refused':
      return CHANGE_STATUS.refused;
    case 'undone':
      return CHANGE_STATUS.takenBack;
    case 'failed':
      // Without the rights nothing was begun.
      return steps.every(({ status }) => status === 'waiting')
        ? CHANGE_STATUS.notBegun
        : CHANGE_STATUS.takenBack;
    default:
      return CHANGE_STATUS.open;
  }
}
