/** What a step asks of the machine and does to it, as functions of sh with its number. */
import type { SystemId } from '../readings.ts';
import { sanitiseText } from '../sanitise.ts';
import type { Known, Operation, Step } from './model.ts';
import { quoteForSh as q } from './quote.ts';
import { argvAfterUndo, emptiedSetting, settingFile, shownCommand } from './shown-command.ts';

/** Bodies of functions. `$before_N` and `$after_N` hold the values. */
interface Bodies {
  /** Whether it is an action without a value. */
  isAction: boolean;
  /** Whether what it changed is gone by itself, with a process. */
  isGone: string;
  show: string;
  isBefore: string;
  isAfter: string;
}

/** The functions and values of one step. Throws on a step of another system, which no plan for POSIX has. */
export function stepFunctions(step: Step, number: number, system: SystemId): string {
  const { title, current, proposed, apply, undo, undoNote } = step;
  const { isAction, isGone, show, isBefore, isAfter } = bodiesOf(step, number, system);
  return `title_${number}=${q(sanitiseText(title))}
before_${number}=${q(textOf(current))}
after_${number}=${q(textOf(proposed))}
note_${number}=${q(undoNote ?? '')}
is_action_${number}() { ${isAction}; }
is_gone_${number}() { ${isGone}; }
show_${number}() { ${show}; }
is_before_${number}() { ${isBefore}; }
is_after_${number}() { ${isAfter}; }
shown_apply_${number}=${q(shownAt(apply, system))}
apply_${number}() { ${bodyOf(apply, `"$after_${number}"`, system)}; }
shown_undo_${number}=${q(undo === null ? '' : shownUndo(undo, system))}
undo_${number}() { ${undo === null ? 'false' : undoBody(undo, number, system)}; }
`;
}

function textOf(known: Known): string {
  return known.kind === 'value' ? known.text : '';
}

/** The command; a file with what is written to it. */
function shownAt(operation: Operation, system: SystemId): string {
  const line = shownCommand(operation, system);
  if (operation.kind !== 'write-file') return `$ ${line}`;
  const lines = operation.content.replace(/\n$/, '').split('\n');
  return [`${line}:`, ...lines.map((each) => `  ${sanitiseText(each)}`)].join('\n');
}

function shownUndo(undo: Operation, system: SystemId): string {
  const after = argvAfterUndo(undo);
  return [shownAt(undo, system), ...(after === null ? [] : [`$ ${after.join(' ')}`])].join('\n');
}

/** The file is back whether or not systemd is there to be told. */
function undoBody(undo: Operation, number: number, system: SystemId): string {
  const back = bodyOf(undo, `"$before_${number}"`, system);
  const after = argvAfterUndo(undo);
  if (after === null) return back;
  return `${back} && { ! command -v ${after[0]} >/dev/null 2>&1 || ${after.join(' ')} || true; }`;
}

/** Does what is shown: the words of the command, each quoted. `value` is the content of a file. */
function bodyOf(operation: Operation, value: string, system: SystemId): string {
  switch (operation.kind) {
    case 'run': {
      const emptied = system === 'linux' ? emptiedSetting(operation.argv) : null;
      return emptied === null ? operation.argv.map(q).join(' ') : `echo >${q(emptied)}`;
    }
    case 'write-file':
      return `write_file ${q(operation.path)} ${operation.mode} ${value}`;
    case 'delete-file':
      return removal(operation.path);
  }
}

/** A folder of drop-ins goes with its only file. */
function removal(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const isDropIn = folder.startsWith('/etc/systemd/system/') && folder.endsWith('.d');
  return `delete_file ${q(path)}${isDropIn ? ` && { rmdir -- ${q(folder)} 2>/dev/null || true; }` : ''}`;
}

function bodiesOf(step: Step, number: number, system: SystemId): Bodies {
  const { target } = step;
  switch (target.kind) {
    case 'sysctl':
      return valueBodies(
        number,
        `read_setting ${q(system === 'linux' ? settingFile(target.key) : target.key)}`,
      );
    case 'file':
      return fileBodies(step.current, number, q(target.path));
    case 'descriptor-limit':
      return limitBodies(number, target.pid, target.startTicks);
    case 'action':
      return { isAction: true, isGone: 'false', show: 'true', isBefore: 'true', isAfter: 'false' };
    default:
      throw new Error(`a ${target.kind} is no step of a POSIX system`);
  }
}

function valueBodies(number: number, read: string): Bodies {
  return {
    isAction: false,
    isGone: 'false',
    show: read,
    isBefore: `[ "$(${read})" = "$before_${number}" ]`,
    isAfter: `[ "$(${read})" = "$after_${number}" ]`,
  };
}

function fileBodies(current: Known, number: number, place: string): Bodies {
  return {
    isAction: false,
    isGone: 'false',
    show: `if file_is_absent ${place}; then say 'not there'; else cat -- ${place}; fi`,
    isBefore: current.kind === 'value' ? `file_is ${place} "$before_${number}"` : `file_is_absent ${place}`,
    isAfter: `file_is ${place} "$after_${number}"`,
  };
}

/** The start of a process is the 22nd field of its stat; its name, which may hold anything, ends at the last ")". */
function limitBodies(number: number, pid: number, startTicks: number | null): Bodies {
  const read = `prlimit --pid=${pid} --nofile --noheadings --raw --output=SOFT,HARD | tr -s ' ' ':'`;
  const isThere =
    startTicks === null
      ? `[ -e /proc/${pid}/stat ]`
      : `[ "$(sed 's/.*) //' </proc/${pid}/stat | cut -d ' ' -f 20)" = ${q(String(startTicks))} ]`;
  const { isBefore, isAfter, ...value } = valueBodies(number, read);
  return {
    ...value,
    isGone: `! { ${isThere}; } 2>/dev/null`,
    isBefore: `{ ${isThere} && ${isBefore}; } 2>/dev/null`,
    isAfter: `{ ${isThere} && ${isAfter}; } 2>/dev/null`,
  };
}
