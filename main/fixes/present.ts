/** What the targets of a plan's steps are now, and where we are. */
import type { Place } from '../core/fixes/change.ts';
import type { Known, Plan } from '../core/fixes/model.ts';
import type { RunCommand } from '../terminal/run.ts';

export interface PresentMachine {
  platform: NodeJS.Platform;
  /** Runs sysctl where settings are not files; null: they stay unknown there. */
  run: RunCommand | null;
  /** Where the machine's files begin; "" but in tests. */
  root?: string;
}

/**
 * One value a step, in order. What cannot be read is unknown with its reason; the limit of a process that is gone is
 * absent. On Linux, settings are those of this process's network namespace.
 */
export function readPresent(
  _plan: Pick<Plan, 'system' | 'steps'>,
  _machine: PresentMachine,
): Promise<Known[]> {
  throw new Error('not written yet');
}

/** This run of the system and, on Linux, this process's network namespace. */
export function placeNow(_machine: Pick<PresentMachine, 'platform' | 'root'>): Place {
  throw new Error('not written yet');
}
