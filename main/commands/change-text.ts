/** Changes as text for a terminal. Pure. */
import type { ChangeAccount } from '../core/fixes/account.ts';
import type { Change, StepState } from '../core/fixes/change.ts';
import { sayKnown } from '../core/fixes/known.ts';
import type { Known } from '../core/fixes/model.ts';
import type { MeasuredOutcome, OutcomeRow } from '../core/fixes/outcome.ts';
import { sayDuration } from '../core/words/figures.ts';
import { sayMoment } from './moment.ts';
import { indent, wrap } from './text-block.ts';
import { textTable } from './text-table.ts';

/** What each step set. */
export function stepsText({ plan, steps }: Change): string {
  const lines = plan.steps.map(({ title, current, proposed, target }, index) => {
    const isDone = steps[index]?.status === 'done';
    const what =
      target.kind === 'action' || target.kind === 'file'
        ? 'done'
        : `${brief(current)} → ${brief(proposed)}, read back`;
    return `  ${index + 1}. ${title}: ${isDone ? what : 'not done'}\n`;
  });
  return `\n${lines.join('')}`;
}

/** Most characters of a value in a line: lists of ports are long, and stand in the plan. */
const BRIEF_CHARACTERS = 40;

function brief(known: Known): string {
  const text = sayKnown(known);
  return text.length > BRIEF_CHARACTERS ? `${text.slice(0, BRIEF_CHARACTERS)}…` : text;
}

export function holdText({ undoAfterSeconds }: Change, isPersonThere: boolean): string {
  const after = sayDuration(undoAfterSeconds ?? 0);
  return isPersonThere
    ? `\nIn force. It undoes itself in ${after} unless you keep it:\nk and Enter keeps it, u and Enter (or Ctrl-C) takes it back.\n`
    : `\nIn force. It undoes itself in ${after}; with --keep it stays.\n`;
}

const STATES: Record<OutcomeRow['state'], string> = {
  held: 'as predicted',
  missed: 'otherwise',
  waiting: 'not yet',
  unknown: '',
};

/** Prediction beside outcome. */
export function outcomeText({ sentence, rows }: MeasuredOutcome): string {
  const columns = [
    { title: '' },
    ...['before', 'predicted', 'measured'].map((title) => ({ title, isNumber: true })),
    { title: '' },
  ];
  const cells = rows.map(({ title, before, predicted, measured, state, note }) => [
    title,
    before,
    predicted,
    measured,
    [STATES[state], note].filter((text) => text !== '').join('; '),
  ]);
  return `${wrap(sentence, '')}${indent(textTable(columns, cells))}`;
}

const SIDES: Record<StepState, string> = {
  before: 'as before',
  after: 'in force',
  other: 'changed since',
  unknown: 'not known',
  void: 'gone by itself',
  'no-value': 'leaves no value',
};

/** What was taken back, or never begun, is this change's no more: whatever the value has become since. */
function sideOf({ steps }: Change, index: number, state: StepState): string {
  const status = steps[index]?.status;
  if (state === 'before' || state === 'no-value' || (status !== 'undone' && status !== 'waiting'))
    return SIDES[state];
  return status === 'undone' ? 'taken back' : 'not begun';
}

/** One change of the journal with what is so now. */
export function accountText({ change, present, sentence }: ChangeAccount): string {
  const { id, plan, preparedAtMs, asUser } = change;
  const rows = plan.steps.map(({ title, current, proposed, target }, index) => {
    const side = sideOf(change, index, present[index]?.state ?? 'unknown');
    const values =
      target.kind === 'action' || target.kind === 'file' ? '' : `${brief(current)} → ${brief(proposed)}`;
    const known = present[index]?.known;
    const now = present[index]?.state === 'other' && known ? ` (now ${brief(known)})` : '';
    return [`${index + 1}.`, title, values, `${side}${now}`];
  });
  return [
    `${id}  ${plan.title} (${plan.fixId}), ${sayMoment(preparedAtMs)}, as ${asUser}\n`,
    wrap(sentence, '   '),
    indent(rows.map((cells) => `${cells.filter((cell) => cell !== '').join('  ')}\n`).join('')),
  ].join('');
}

/** "2 changes". */
export function sayChanges(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}
