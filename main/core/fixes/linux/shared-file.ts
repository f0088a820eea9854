/**
 * Several changes are kept in one file of settings (see persist.ts and limits-file.ts). A later one must not make an
 * earlier one look like somebody else's, nor keep it from being taken back: of a change, its own lines count. Pure.
 */
import { ABSENT, isSame, valueOf } from '../known.ts';
import type { Intended, Known, Operation, Step } from '../model.ts';
import { LIMITS_FILE, limitKeyOf } from './limits-file.ts';
import { isHeadAlone, keyOf, SYSCTL_FILE } from './persist.ts';

/** What a line of each such file is for; null of a comment. */
type KeyOf = (line: string) => string | null;
const FILES: ReadonlyMap<string, KeyOf> = new Map([
  [SYSCTL_FILE, keyOf],
  [LIMITS_FILE, limitKeyOf],
]);

/**
 * A step that writes this file, as it would have been planned with what the other lines of the file are now. The step
 * itself where the file is exactly as before or as intended, where its own lines are neither, and of any other step.
 */
export function stepAmongOthers(step: Step, now: Known): Step {
  const { target, current, proposed } = step;
  if (target.kind !== 'file' || proposed.kind !== 'value') return step;
  const keyOfLine = FILES.get(target.path);
  if (keyOfLine === undefined) return step;
  if (current.kind === 'unknown' || now.kind === 'unknown') return step;
  if (isSame(now, current) || isSame(now, proposed) || isEmpty(now)) return step;
  const ours = ownLines(linesOf(current), linesOf(proposed), keyOfLine);
  const changed = linesWith(now, ours, 'after', keyOfLine);
  const unchanged = linesWith(now, ours, 'before', keyOfLine);
  if (ours.length === 0) return step;
  if (hasLines(now, changed)) return between(step, target.path, { current: unchanged, proposed: now });
  if (!hasLines(now, unchanged)) return step;
  return between(step, target.path, { current: now, proposed: changed });
}

/** A setting's line before and after; null where there is none. */
interface OwnLine {
  key: string;
  before: string | null;
  after: string;
}

function ownLines(before: readonly string[], after: readonly string[], keyOfLine: KeyOf): OwnLine[] {
  return after.flatMap((line) => {
    const key = keyOfLine(line);
    if (key === null || before.includes(line)) return [];
    return [{ key, before: before.find((each) => keyOfLine(each) === key) ?? null, after: line }];
  });
}

/** The file with one side of our lines; without any line it is not there. */
function linesWith(
  now: Intended,
  ours: readonly OwnLine[],
  side: 'before' | 'after',
  keyOfLine: KeyOf,
): Intended {
  const lines = linesOf(now);
  for (const own of ours) {
    const line = own[side];
    const at = lines.findIndex((each) => keyOfLine(each) === own.key);
    if (at >= 0) lines.splice(at, 1, ...(line === null ? [] : [line]));
    else if (line !== null) lines.push(line);
  }
  return lines.length === 0 || isHeadAlone(lines) ? ABSENT : valueOf(`${lines.join('\n')}\n`);
}

/** Somebody emptied it: that is not how it was before. */
function isEmpty(now: Intended): boolean {
  return now.kind === 'value' && now.text.trim() === '';
}

/** Empty lines at its end are nobody's. */
function hasLines(now: Known, lines: Known): boolean {
  return linesOf(now).join('\n') === linesOf(lines).join('\n');
}

function linesOf(known: Known): string[] {
  return known.kind === 'value' && known.text !== '' ? known.text.replace(/\n+$/, '').split('\n') : [];
}

function between(
  step: Step,
  path: string,
  { current, proposed }: { current: Intended; proposed: Intended },
): Step {
  return { ...step, current, proposed, apply: become(path, proposed), undo: become(path, current) };
}

function become(path: string, content: Intended): Operation {
  return content.kind === 'value'
    ? { kind: 'write-file', path, mode: '0644', content: content.text }
    : { kind: 'delete-file', path };
}
