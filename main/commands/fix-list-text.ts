/** The list of fixes as text for a terminal. Pure. */
import type { AdviceEntry, Effect, Fix } from '../core/fixes/model.ts';
import type { RankedFix } from '../core/fixes/rank.ts';
import type { Summary } from '../core/model.ts';
import { sayPercent } from '../core/words/figures.ts';
import { KIND_WORDS } from './fix-text.ts';
import { indent, wrap } from './text-block.ts';
import { textTable } from './text-table.ts';

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
