/** What `fourtuple budget` prints: text for people, one JSON object of a stable shape for programs. Pure. */
import type { PoolScope } from '../core/model.ts';
import type { Simulation } from '../core/simulate/simulate.ts';
import { sayCount, sayPercent } from '../core/words/figures.ts';
import { saySeconds } from '../core/words/what-if-figures.ts';
import { findProfile } from '../core/profiles.ts';
import type {
  ComparisonRow,
  Folklore,
  QuotedFigure,
  WhatIfLimit,
  WhatIfResult,
} from '../core/what-if/model.ts';
import { textTable } from './text-table.ts';

export interface BudgetReport {
  result: WhatIfResult;
  /** False: nothing was asked of it, only what there is. */
  hasRate: boolean;
  simulation: Simulation | null;
}

const POOL_FOR: Record<PoolScope, string> = {
  destination: 'each destination',
  address: 'each local address',
  host: 'the whole host',
};

const SCHEMA = 'fourtuple.budget/1';

/** The object of --json. */
export function budgetObject({ result, hasRate, simulation }: BudgetReport): object {
  const { effective, verdict, exhaustion } = result;
  const { ratePerSecond, connectionsPerSecond, limits: _given, ...setup } = effective;
  return {
    schema: SCHEMA,
    setup: { ...setup, sources: findProfile(effective.profileId)?.sources ?? null },
    capacity: result.capacity,
    capacityPerPool: result.capacityPerPool,
    poolCount: result.poolCount,
    lockSeconds: result.lockSeconds,
    sustainableRatePerSecond: result.sustainableRatePerSecond,
    sustainablePerPoolRatePerSecond: result.sustainablePerPoolRatePerSecond,
    slowFrom: result.slowFrom,
    slowAtRatePerSecond: result.slowAtRatePerSecond,
    limits: result.limits.map((limit) => (hasRate ? limit : withoutLoad(limit))),
    load: hasRate
      ? {
          ratePerSecond,
          connectionsPerSecond,
          portsNeeded: result.portsNeeded,
          steady: result.steady,
          exhaustion,
          verdict: { level: verdict.level, sentence: verdict.sentence, detail: verdict.detail },
          smallestChange: result.smallestChange?.sentence ?? null,
          options: result.options,
        }
      : null,
    simulation,
  };
}

function withoutLoad({ id, title, capacity, holdsRatePerSecond, isFirst, note }: WhatIfLimit): object {
  return { id, title, capacity, holdsRatePerSecond, isFirst, note };
}

/** The same as text. */
export function budgetText({ result, hasRate, simulation }: BudgetReport): string {
  const { verdict, smallestChange } = result;
  const head = hasRate ? [verdict.sentence, verdict.detail, smallestChange?.sentence ?? ''] : [];
  const blocks = [head.filter((line) => line !== '').join('\n'), figureLines(result, hasRate)];
  if (hasRate && result.limits.length > 1)
    blocks.push(`What runs out, first to last\n${limitLines(result.limits)}`);
  if (hasRate && result.smallestChange !== null) blocks.push(`Each by itself\n${optionLines(result)}`);
  if (simulation) blocks.push(simulationLines(simulation));
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function figureLines(result: WhatIfResult, hasRate: boolean): string {
  const { effective, exhaustion, steady } = result;
  const { range, scope } = effective;
  const where = effective.isPortCountGiven ? '' : ` (${range.first}–${range.last}${reservedNote(result)})`;
  const pools =
    result.poolCount === 1 ? '' : ` × ${sayCount(result.poolCount)} pools = ${sayCount(result.capacity)}`;
  const lines: [string, string][] = [
    ['Setup', `${effective.profileName}, one pool for ${POOL_FOR[scope]}`],
    ['Ports', `${sayCount(result.capacityPerPool)}${where}${pools}`],
    ['Port kept for', saySeconds(result.lockSeconds)],
    ['Sustainable', `${rate(result.sustainableRatePerSecond)}${perPool(result)}`],
    ['When none is left', effective.errorOnExhaustion],
  ];
  if (result.slowAtRatePerSecond !== null) {
    lines.push(['connect() slow from', `${rate(result.slowAtRatePerSecond)} (half of the ports)`]);
  }
  if (hasRate) {
    const share = steady.share > 1 ? 'more than there are' : sayPercent(steady.share);
    lines.push(['Ports needed', `${sayCount(result.portsNeeded)} (${share})`]);
    lines.push(['Full from empty', after(exhaustion.fromEmptySeconds)]);
    if (effective.inUse > 0)
      lines.push([`Full from ${sayCount(effective.inUse)}`, after(exhaustion.fromInUseSeconds)]);
  }
  return lines.map(([name, value]) => `${name.padEnd(20)}${value}`).join('\n');
}

function reservedNote({ effective }: WhatIfResult): string {
  return effective.reservedCount === 0 ? '' : `, ${sayCount(effective.reservedCount)} reserved`;
}

function perPool({ poolCount, sustainablePerPoolRatePerSecond }: WhatIfResult): string {
  return poolCount === 1 ? '' : `, ${rate(sustainablePerPoolRatePerSecond)} a pool`;
}

function limitLines(limits: readonly WhatIfLimit[]): string {
  return textTable(
    [
      { title: 'Limit' },
      { title: 'There are', isNumber: true },
      { title: 'Needed', isNumber: true },
      { title: 'Holds', isNumber: true },
      { title: 'When full' },
    ],
    limits.map((limit) => [
      limit.title,
      sayCount(limit.capacity),
      sayCount(limit.needed),
      rate(limit.holdsRatePerSecond),
      limit.note,
    ]),
  ).trimEnd();
}

function optionLines({ options }: WhatIfResult): string {
  return textTable(
    [{ title: 'Option' }, { title: 'Holds', isNumber: true }, { title: 'Note' }],
    options.map(({ title, figure, note }) => [title, figure, note]),
  ).trimEnd();
}

function simulationLines({ firstFailureSeconds, opened, failed, peakInUse }: Simulation): string {
  const first = firstFailureSeconds === null ? 'never' : `after ${firstFailureSeconds.toFixed(2)} s`;
  return [
    'Simulated',
    `First refused ${first}; ${sayCount(opened)} opened, ${sayCount(failed)} refused; at most ${sayCount(peakInUse)} ports in use.`,
  ].join('\n');
}

/** --all as an object. */
export function comparisonObject(
  rows: readonly ComparisonRow[],
  quoted: readonly QuotedFigure[],
  hasRate: boolean,
) {
  return {
    schema: SCHEMA,
    profiles: rows.map(({ shareOfRate, secondsToFull, isSelected: _isSelected, ...row }) => ({
      ...row,
      ...(hasRate ? { shareOfRate, secondsToFull } : {}),
    })),
    quoted,
  };
}

/** --all as two tables: the profiles, and the figures that everyone quotes. */
export function comparisonText(
  rows: readonly ComparisonRow[],
  quoted: readonly QuotedFigure[],
  ratePerSecond: number | null,
): string {
  const profiles = textTable(
    [
      { title: 'Profile' },
      { title: 'Range' },
      { title: 'Ports', isNumber: true },
      { title: 'Wait', isNumber: true },
      { title: 'A pool for' },
      { title: 'Max rate', isNumber: true },
      ...(ratePerSecond === null ? [] : [{ title: `At ${ratePerSecond}/s full after`, isNumber: true }]),
      { title: 'Wait known from' },
    ],
    rows.map((row) => [
      row.profileId,
      `${row.range.first}–${row.range.last}`,
      sayCount(row.portCount),
      `${Number(row.waitSeconds.toFixed(3))} s`,
      row.poolCountedPer,
      rate(row.sustainableRatePerSecond),
      ...(ratePerSecond === null ? [] : [after(row.secondsToFull)]),
      row.waitKnownFrom,
    ]),
  );
  const figures = textTable(
    [
      { title: 'Quoted', isNumber: true },
      { title: 'Exactly', isNumber: true },
      { title: 'From' },
      { title: 'Note' },
    ],
    quoted.map((figure) => [`${figure.quoted}/s`, rate(figure.exactPerSecond), figure.formula, figure.note]),
  );
  return `${profiles}\nFigures that everyone quotes\n${figures}`;
}

/** --folklore as text. */
export function folkloreText(entries: readonly Folklore[]): string {
  return entries
    .map(
      ({ question, answer, really, source }) => `${question}\n  ${answer} ${really}\n  Source: ${source}\n`,
    )
    .join('\n');
}

export function folkloreObject(entries: readonly Folklore[]): object {
  return { schema: SCHEMA, folklore: entries };
}

/** Two decimals, nothing rounded away: "470.53/s". */
function rate(perSecond: number | null): string {
  if (perSecond === null) return 'any rate';
  const [whole = '0', decimals = '00'] = perSecond.toFixed(2).split('.');
  return `${sayCount(Number(whole))}.${decimals}/s`;
}

function after(seconds: number | null): string {
  return seconds === null ? 'never' : `${seconds.toFixed(2)} s`;
}
