/** Steps of a plan as a page shows them. Pure. */
import type { PlanInfo } from '../../preload/contract-fixes.ts';
import { sayKnown } from '../core/fixes/known.ts';
import type { Operation, Step } from '../core/fixes/model.ts';
import { argvAfterUndo, shownCommand } from '../core/fixes/shown-command.ts';
import type { SystemId } from '../core/readings.ts';
import { sanitiseText } from '../core/sanitise.ts';

export function stepInfo(step: Step, system: SystemId): PlanInfo['steps'][number] {
  const { title, current, proposed, why, apply, undo, undoNote, needsAdmin, isLasting, target } = step;
  return {
    title,
    current: sayKnown(current),
    proposed: sayKnown(proposed),
    why,
    command: sayOperation(apply, system),
    undoCommand: undo === null ? null : sayUndo(undo, system),
    undoNote,
    isFile: target.kind === 'file',
    needsAdmin,
    isLasting,
  };
}

function sayUndo(undo: Operation, system: SystemId): string {
  const after = argvAfterUndo(undo);
  if (after === null) return sayOperation(undo, system);
  return `${sayOperation(undo, system)}${undo.kind === 'write-file' ? ', then' : ' &&'} ${after.join(' ')}`;
}

/** As it would be typed, and as the script shows it when it runs; a file by its path, its content stands beside it. */
export function sayOperation(operation: Operation, system: SystemId): string {
  return operation.kind === 'write-file' ? sanitiseText(operation.path) : shownCommand(operation, system);
}
