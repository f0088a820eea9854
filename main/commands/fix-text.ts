/** Plans and lists of fixes as text for a terminal. Pure. */
import { sayKnown } from '../core/fixes/known.ts';
import type { AdviceEntry, Effect, Fix, Operation, Plan, Recipe, Step } from '../core/fixes/model.ts';
import type { RankedFix } from '../core/fixes/rank.ts';
import type { Summary } from '../core/model.ts';
import { quoteForSh } from '../core/fixes/quote.ts';
import type { SystemId } from '../core/readings.ts';
import { sayCount, sayDuration, sayPercent, sayRate, saySustainable } from '../core/words/figures.ts';
import { textTable } from './text-table.ts';

const WIDTH = 100;

export interface FixLists {
  summary: Summary;
  ranked: readonly RankedFix[];
  /** Of other systems; empty unless asked for. */
  others: readonly Fix[];
  advice: readonly AdviceEntry[];
}

/** The list: what its findings name, what else can be done, what cannot, and with --all what does not help. */
export function listText({ summary, ranked, others, advice }: FixLists): string {
  const possible = ranked.filter(({ plan }) => plan.refused === null);
  const named = possible.filter(({ finding }) => finding !== null);
  const rest = possible.filter(({ finding }) => finding === null);
  const refused = ranked.filter(({ plan }) => plan.refused !== null);
  const sections = [
    wrap(summary.verdict.sentence, ''),
    named.length > 0
      ? `For what was found, best first\n\n${named.map(namedText).join('\n')}`
      : `${summary.findings.length === 0 ? 'Nothing was found that needs a fix' : 'No finding names a fix that is possible here'}.\n`,
    rest.length === 0 ? '' : `Also possible here\n${indent(textTable(COLUMNS, rest.map(row)))}`,
    listed(
      'Not possible or not needed here',
      refused.map(({ fix, plan }) => [fix.id, plan.refused?.reason ?? '']),
    ),
    listed(
      'For other systems',
      others.map(({ id, title, platforms }) => [id, `${title} (${platforms.join(', ')})`]),
    ),
    listed(
      'What does not help, or harms',
      advice.map(({ title, verdict, really }) => [`${title}: ${verdict}`, really]),
    ),
    'fourtuple fix ID shows what it would do, exactly; nothing has been changed.\n',
  ];
  return sections.filter((text) => text !== '').join('\n');
}

const KIND_WORDS: Record<Fix['kind'], string> = {
  application: 'removes the cause',
  system: 'buys time',
  relief: 'helps now, and not for long',
};

/** A fix that a finding names, with what it would do to the fullest pool. */
function namedText({ fix, plan, why }: RankedFix): string {
  const shares = sayShares(plan.effect);
  const facts = [
    KIND_WORDS[fix.kind],
    `${fix.risk.grade} risk`,
    fix.needsAdmin ? 'needs administrator rights' : 'needs no rights',
    fix.takesEffect,
    ...(shares === '' ? [] : [`pool ${shares} in use`]),
  ];
  return [
    `  ${fix.id}: ${fix.title}\n`,
    wrap(facts.join(' · '), '    '),
    wrap(plan.effect?.sentence ?? `${why ?? ''}.`, '    '),
  ].join('');
}

function row({ fix }: RankedFix): string[] {
  return [fix.id, fix.title, KIND_WORDS[fix.kind], fix.needsAdmin ? 'administrator' : 'none', fix.risk.grade];
}

const COLUMNS = ['fix', 'what', 'kind', 'rights', 'risk'].map((title) => ({ title }));

function listed(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  return `${title}\n${rows.map(([name, text]) => `  ${name}\n${wrap(text, '    ')}`).join('')}`;
}

/** "91% → 47%". */
function sayShares(effect: Effect | null): string {
  if (effect === null) return '';
  const share = (used: number | null, capacity: number | null) =>
    used === null || capacity === null || capacity === 0 ? '?' : sayPercent(used / capacity);
  const now = share(effect.used.now, effect.capacity.now);
  const then = share(effect.used.then, effect.capacity.then);
  return now === then ? '' : `${now} → ${then}`;
}

/** One fix and its plan. */
export function planText(fix: Fix, plan: Plan): string {
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
    endText(fix, plan),
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
  return [
    `${number}. ${title}\n`,
    wrap(`${change}: ${why}.${lasting}`, '   '),
    operationText(apply, plan.system, ''),
    undo === null ? '' : operationText(undo, plan.system, 'undo: '),
    undoNote === null ? '' : wrap(undoNote, '   '),
  ].join('');
}

function operationText(operation: Operation, system: SystemId, mark: string): string {
  switch (operation.kind) {
    case 'run':
      return `   ${mark}${operation.argv.map((word) => quoted(word, system)).join(' ')}\n`;
    case 'delete-file':
      return `   ${mark}delete ${operation.path}\n`;
    case 'write-file':
      return `   ${mark}${operation.path}\n${operation.content
        .trimEnd()
        .split('\n')
        .map((line) => `     ${line}\n`)
        .join('')}`;
  }
}

/** As it would be typed. */
function quoted(word: string, system: SystemId): string {
  if (/^[\w@%+=:,./\\{}-]+$/.test(word) && (system === 'windows' || !word.includes('\\'))) return word;
  return system === 'windows' ? `"${word}"` : quoteForSh(word);
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
  return `Nothing has been changed. As a script: fourtuple fix ${fixId} --script ${language}\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

/** Lines of at most WIDTH characters, each begun with `margin`, the first with `first`. */
function wrap(text: string, margin: string, first = margin): string {
  const begin = first.length > margin.length ? ' '.repeat(first.length) : margin;
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = begin + word;
    } else {
      line += isEmpty ? word : ` ${word}`;
    }
    isEmpty = false;
  }
  return `${[...lines, line.trimEnd()].join('\n')}\n`;
}
