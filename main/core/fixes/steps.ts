/** Steps of the kinds that several fixes share. */
import { ABSENT, fileOf, settingOf, valueOf } from './known.ts';
import type { Known, Operation, Step, SystemState } from './model.ts';
import { checkValue } from './allowed.ts';

/** Sets a setting of Linux or BSD now; it is gone after a restart. Throws on a value that must not be written. */
export function sysctlStep(state: SystemState, key: string, value: string, why: string): Step {
  const checked = checkValue(key, value);
  if (!checked.ok) throw new Error(`${key} must not be set to "${value}"`);
  const current = settingOf(state, key);
  return {
    target: { kind: 'sysctl', key },
    title: key,
    current,
    proposed: valueOf(checked.value),
    why,
    apply: setSysctl(state, key, checked.value),
    undo: current.kind === 'value' ? setSysctl(state, key, current.text) : null,
    undoNote: null,
    needsAdmin: true,
    isLasting: false,
  };
}

/** FreeBSD has no -w; the others need it or take it. */
function setSysctl({ system }: SystemState, key: string, value: string): Operation {
  const write = system === 'freebsd' ? [] : ['-w'];
  return { kind: 'run', argv: ['sysctl', ...write, `${key}=${value}`] };
}

/** Writes a file as a whole, root's and readable by all. */
export function fileStep(state: SystemState, path: string, content: string, why: string): Step {
  const current = fileOf(state, path);
  return {
    target: { kind: 'file', path, mode: '0644' },
    title: path,
    current,
    proposed: valueOf(content),
    why,
    apply: { kind: 'write-file', path, mode: '0644', content },
    undo: restoreFile(path, current),
    undoNote: null,
    needsAdmin: true,
    isLasting: true,
  };
}

function restoreFile(path: string, current: Known): Operation | null {
  if (current.kind === 'value') return { kind: 'write-file', path, mode: '0644', content: current.text };
  return current.kind === 'absent' ? { kind: 'delete-file', path } : null;
}

/** A command that changes no value that could be compared. */
export function actionStep(
  name: string,
  argv: readonly string[],
  why: string,
  undoNote: string | null,
): Step {
  return {
    target: { kind: 'action', name },
    title: name,
    current: ABSENT,
    proposed: valueOf('done'),
    why,
    apply: { kind: 'run', argv },
    undo: null,
    undoNote,
    needsAdmin: true,
    isLasting: false,
  };
}
