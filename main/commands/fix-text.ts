/** Plans and lists of fixes as text for a terminal. Pure. */
import { sayKnown } from '../core/fixes/known.ts';
import type { Effect, Fix, Operation, Plan, Recipe, Step } from '../core/fixes/model.ts';
import { argvAfterUndo, shownCommand } from '../core/fixes/shown-command.ts';
import type { SystemId } from '../core/readings.ts';
import { sayCount, sayDuration, sayRate, saySustainable } from '../core/words/figures.ts';
import { indent, wrap } from './text-block.ts';
import { textTable } from './text-table.ts';

export const KIND_WORDS: Record<Fix['kind'], string> = {
  application: 'removes the cause',
  system: 'buys time',
  relief: 'helps now, and not for long',
};

/** One fix and its plan; without its last line where it is about to be carried out. */
export function planText(fix: Fix, plan: Plan, isToBeApplied = false): string {
  const parts = [
    `${fix.title} (${fix.id})\n${wrap(fix.does, '  ')}${wrap(fix.doesNotHelp, '  ')}`,
    plan.refused ? refusalText(plan) : '',
    aboutText(fix),
    ...plan.steps.map((step, index) => stepText(step, index + 1, plan)),
    effectText(plan.effect),
    ...plan.advice.map(
      ({ sentence, commands }) => `${wrap(sentence, '')}${commands.map((line) => `  ${line}\n`).join('')}`,
    ),
    ...plan.recipes.slice(0, RECIPES_SHOWN).map(recipeText),
    plan.recipes.length > RECIPES_SHOWN
      ? `${plan.recipes.length - RECIPES_SHOWN} more recipes with --json.\n`
      : '',
    bullets('Checked', plan.checked),
    bullets('Mind', plan.warnings),
    isToBeApplied ? '' : endText(fix, plan),
  ];
  return parts.filter((text) => text !== '').join('\n');
}

const RECIPES_SHOWN = 3;

function refusalText({ refused, fixId }: Plan): string {
  if (refused === null) return '';
  const offer =
    refused.offerOptions === null
      ? ''
      : `Possible instead:\n  fourtuple fix ${fixId} ${refused.offerOptions}\n`;
  return `Refused\n${wrap(refused.reason, '  ')}${offer}`;
}

function aboutText({ risk, kind, takesEffect, needsAdmin, needsReboot, scopes, takes, source }: Fix): string {
  const rows = [
    ['Kind', KIND_WORDS[kind]],
    ['Risk', `${risk.grade}: ${risk.sentence}`],
    ['Takes effect', `${takesEffect}${needsReboot ? ', which it needs' : ''}; ${scopes.join(' or ')}`],
    ['Rights', needsAdmin ? 'administrator (root)' : 'none'],
    ...Object.entries(takes).map(([name, text]) => [`  ${optionOf(name)}`, text]),
    ['Source', source],
  ];
  return rows.map(([name = '', text = '']) => wrap(text, '', name.padEnd(14))).join('');
}

const OPTIONS: ReadonlyMap<string, string> = new Map([['poolKey', '--pool']]);

function optionOf(name: string): string {
  return OPTIONS.get(name) ?? `--${name}`;
}

function stepText(
  { title, current, proposed, why, apply, undo, undoNote, isLasting }: Step,
  number: number,
  plan: Plan,
): string {
  const isFile = apply.kind === 'write-file';
  const change = isFile
    ? `${current.kind === 'absent' ? 'a new file' : 'replaces the file as a whole'}, mode ${apply.mode}`
    : `${sayKnown(current)} → ${sayKnown(proposed)}`;
  const lasting = isLasting ? ' Stays after a restart.' : '';
  const afterUndo = undo && argvAfterUndo(undo);
  return [
    `${number}. ${title}\n`,
    wrap(`${change}: ${why}.${lasting}`, '   '),
    operationText(apply, plan.system, ''),
    undo === null ? '' : operationText(undo, plan.system, 'undo: '),
    afterUndo === null ? '' : `   undo: ${afterUndo.join(' ')}\n`,
    undoNote === null ? '' : wrap(undoNote, '   '),
  ].join('');
}

function operationText(operation: Operation, system: SystemId, mark: string): string {
  switch (operation.kind) {
    case 'run':
    case 'delete-file':
      return `   ${mark}${shownCommand(operation, system)}\n`;
    case 'write-file':
      return `   ${mark}${operation.path}\n${operation.content
        .trimEnd()
        .split('\n')
        .map((line) => `     ${line}\n`)
        .join('')}`;
  }
}

function effectText(effect: Effect | null): string {
  if (effect === null) return '';
  const rows = [
    figure('ports', effect.capacity, sayCount),
    figure('sustainable rate', effect.sustainableRatePerSecond, (rate) => `${saySustainable(rate)}/s`),
    figure('opens', effect.opensPerSecond, (rate) => `${sayRate(rate)}/s`),
    figure('in use', effect.used, sayCount),
    figure('levels off at', effect.steadyState, sayCount),
    figure('runs out in', effect.runsOutInSeconds, sayDuration, 'not at this rate'),
  ];
  return `Predicted for ${effect.target}\n${indent(textTable([{ title: '' }, { title: 'now', isNumber: true }, { title: 'then', isNumber: true }], rows))}${wrap(effect.sentence, '  ')}`;
}

function figure(
  name: string,
  { now, then }: Effect['capacity'],
  say: (value: number) => string,
  none = 'not known',
): string[] {
  return [name, now === null ? none : say(now), then === null ? none : say(then)];
}

function recipeText({ runtime, protocol, title, before, after, pitfalls, source }: Recipe): string {
  const code = (text: string) => indent(indent(`${text}\n`));
  return [
    `${title} (${runtime}, ${protocol})\n`,
    before === null ? '' : `  before\n${code(before)}`,
    `  after\n${code(after)}`,
    ...pitfalls.map((pitfall) => wrap(pitfall, '    ', '  - ')),
    wrap(source, '  ', '  Source: '),
  ].join('');
}

function bullets(title: string, sentences: readonly string[]): string {
  return sentences.length === 0
    ? ''
    : `${title}\n${sentences.map((each) => wrap(each, '    ', '  - ')).join('')}`;
}

function endText({ isAppliable }: Fix, { refused, steps, system, fixId }: Plan): string {
  if (refused) return '';
  if (steps.length === 0) {
    return isAppliable ? 'All of it is so already.\n' : 'Nothing here is changed by Fourtuple.\n';
  }
  const language = system === 'windows' ? 'powershell' : 'sh';
  return `Nothing has been changed. Carry it out: fourtuple fix ${fixId} --apply, with the same parameters; as a
script: --script ${language}\n`;
}
