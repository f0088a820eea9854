/** What a change did, measured, beside what was predicted of it. Pure. */
import type { Level, Pool, Summary } from '../model.ts';
import { sayCount, sayDuration, sayPercent, sayRate, saySustainable } from '../words/figures.ts';
import { sayPoolTarget } from '../words/pool-target.ts';
import type { PoolFigures } from './change.ts';
import type { Change as Figure, Effect, Plan } from './model.ts';

/** Measured within this share of the prediction: as predicted. The kernel keeps TIME_WAIT 60 to 62 s (measured). */
const TOLERANCE = 0.05;
/** Two samples a second apart: the first one may still be of the moment of the change. */
const LEAST_SECONDS = 2;

export interface OutcomeRow {
  title: string;
  before: string;
  predicted: string;
  measured: string;
  state: 'held' | 'missed' | 'waiting' | 'unknown';
  note: string;
}

export interface MeasuredOutcome {
  level: Level;
  sentence: string;
  rows: OutcomeRow[];
}

/** The pool in this sample; null when it has none of this key (it went idle, or is beyond those listed). */
export function poolFiguresOf(summary: Summary, poolKey: string, overSeconds = 0): PoolFigures | null {
  const pool = summary.pools.find(({ key }) => key === poolKey);
  if (!pool) return null;
  return {
    atMs: summary.takenAtMs,
    overSeconds,
    poolKey,
    target: sayPoolTarget(pool),
    capacity: pool.capacity,
    used: pool.used,
    timeWait: pool.byState.TIME_WAIT ?? 0,
    reusable: pool.reusable,
    opensPerSecond: pool.openRatePerSecond,
    sustainableRatePerSecond: pool.sustainableRatePerSecond,
    runsOutInSeconds: pool.exhaustion.expected ? pool.exhaustion.inSeconds : null,
    isFull: isFull(pool),
  };
}

function isFull({ used, capacity }: Pool): boolean {
  return capacity === 0 || used >= capacity;
}

/** Null where there was no pool to measure before. */
export function measureOutcome(
  plan: Pick<Plan, 'effect' | 'steps'>,
  before: PoolFigures | null,
  after: PoolFigures | null,
): MeasuredOutcome | null {
  if (before === null) return null;
  const rows = [
    portsRow(plan.effect, before, after),
    useRow(plan.effect, before, after),
    rateRow(plan.effect, before, after),
    ...opensRow(plan.effect, before, after),
    runsOutRow(plan.effect, before, after),
    failsRow(plan.effect, before, after),
  ];
  return { ...judge(before, after, rows), rows };
}

function judge(
  before: PoolFigures,
  after: PoolFigures | null,
  rows: readonly OutcomeRow[],
): Pick<MeasuredOutcome, 'level' | 'sentence'> {
  if (after === null || after.overSeconds < LEAST_SECONDS) {
    return { level: 'unknown', sentence: 'Measuring: the first samples after the change are being taken.' };
  }
  const missed = rows.find(({ state, title }) => state === 'missed' && title === PORTS);
  if (missed) {
    return {
      level: 'warning',
      sentence: `Not as predicted: the pool to ${after.target} has ${missed.measured} ports, not ${missed.predicted}.`,
    };
  }
  if (after.isFull) {
    return {
      level: 'critical',
      sentence: `It does not help yet: the pool to ${after.target} is still full.`,
    };
  }
  if (after.runsOutInSeconds !== null) {
    return {
      level: 'warning',
      sentence: `It buys time: ${sayUse(before, after)}; at this pace it runs out in about ${sayDuration(after.runsOutInSeconds)}.`,
    };
  }
  const free = before.isFull ? 'connect() has ports again, ' : '';
  return { level: 'ok', sentence: `It works: ${free}${sayUse(before, after)}${sayPace(after)}.` };
}

function sayUse(before: PoolFigures, { used, capacity }: PoolFigures): string {
  const more = used > before.capacity ? ', more than the old pool had' : '';
  return `${sayCount(used)} of ${sayCount(capacity)} ports are in use${more}`;
}

function sayPace({ opensPerSecond }: PoolFigures): string {
  if (opensPerSecond === null || opensPerSecond < 0.05) return '';
  return `, and it does not run out at ${sayRate(opensPerSecond)}/s`;
}

const PORTS = 'Usable ports';

function portsRow(effect: Effect | null, before: PoolFigures, after: PoolFigures | null): OutcomeRow {
  const predicted = effect?.capacity.then ?? null;
  return row(PORTS, {
    before: sayCount(before.capacity),
    predicted: predicted === null ? null : sayCount(predicted),
    measured: after && sayCount(after.capacity),
    // Counted, not estimated: it has to be exact.
    holds: after === null || predicted === null ? null : after.capacity === predicted,
    note: '',
  });
}

function useRow(effect: Effect | null, before: PoolFigures, after: PoolFigures | null): OutcomeRow {
  const capacity = effect?.capacity.then ?? null;
  const predicted = share(effect?.steadyState.then ?? effect?.used.then ?? null, capacity);
  const measured = after && share(after.used, after.capacity);
  const wait = after?.sustainableRatePerSecond ? after.capacity / after.sustainableRatePerSecond : 0;
  const isSettled = after !== null && after.overSeconds >= wait;
  const isNear =
    predicted === null || measured === null ? null : measured <= Math.max(predicted * 1.1, predicted + 0.02);
  return row('Pool in use', {
    before: sayShare(share(before.used, before.capacity)),
    predicted: predicted === null ? null : sayShare(predicted),
    measured: measured === null ? null : sayShare(measured),
    holds: isNear === false && !isSettled ? null : isNear,
    note: isSettled ? '' : `levels off after ${sayDuration(Math.max(1, Math.round(wait)))}`,
  });
}

function rateRow(effect: Effect | null, before: PoolFigures, after: PoolFigures | null): OutcomeRow {
  const predicted = effect?.sustainableRatePerSecond.then ?? null;
  const measured = after?.sustainableRatePerSecond ?? null;
  const perSecond = (rate: number | null) => (rate === null ? null : `${saySustainable(rate)}/s`);
  return row('Sustainable rate', {
    before: perSecond(before.sustainableRatePerSecond) ?? UNKNOWN,
    predicted: perSecond(predicted),
    measured: perSecond(measured),
    holds: predicted === null || measured === null ? null : isWithin(measured, predicted),
    note: 'ports ÷ hold',
  });
}

/** Only where the change is to alter how often connections are opened. */
function opensRow(effect: Effect | null, before: PoolFigures, after: PoolFigures | null): OutcomeRow[] {
  if (effect === null || isSame(effect.opensPerSecond)) return [];
  const predicted = effect.opensPerSecond.then;
  const measured = after?.opensPerSecond ?? null;
  const perSecond = (rate: number | null) => (rate === null ? null : `${sayRate(rate)}/s`);
  return [
    row('Opens', {
      before: perSecond(before.opensPerSecond) ?? UNKNOWN,
      predicted: perSecond(predicted),
      measured: perSecond(measured),
      holds: predicted === null || measured === null ? null : measured <= predicted * (1 + TOLERANCE) + 1,
      note: '',
    }),
  ];
}

function runsOutRow(effect: Effect | null, before: PoolFigures, after: PoolFigures | null): OutcomeRow {
  const predicted = effect === null ? null : (effect.runsOutInSeconds.then ?? Infinity);
  const measured = after === null ? null : after.isFull ? 0 : (after.runsOutInSeconds ?? Infinity);
  return row('Runs out', {
    before: sayRunsOut(before.isFull ? 0 : (before.runsOutInSeconds ?? Infinity)),
    predicted: predicted === null ? null : sayRunsOut(predicted),
    measured: measured === null ? null : sayRunsOut(measured),
    // Later than predicted is no fault.
    holds: predicted === null || measured === null ? null : measured >= predicted * 0.8,
    note: 'estimate',
  });
}

function failsRow(effect: Effect | null, before: PoolFigures, after: PoolFigures | null): OutcomeRow {
  const predicted = effect === null ? null : willFail(effect) ? 'yes' : 'no';
  return row('connect() without a port', {
    before: before.isFull ? 'yes' : 'no',
    predicted,
    measured: after === null ? null : after.isFull ? 'yes' : 'no',
    holds: after === null || predicted === null ? null : predicted === 'yes' || !after.isFull,
    note: 'as the last sample shows',
  });
}

function willFail({ used, capacity }: Effect): boolean {
  return used.then !== null && capacity.then !== null && used.then >= capacity.then;
}

const UNKNOWN = '–';

interface RowParts {
  before: string;
  predicted: string | null;
  measured: string | null;
  /** Null: it cannot be said yet, or at all. */
  holds: boolean | null;
  note: string;
}

function row(title: string, { before, predicted, measured, holds, note }: RowParts): OutcomeRow {
  const open = predicted === null ? 'unknown' : 'waiting';
  const state = holds === null ? open : holds ? 'held' : 'missed';
  return { title, before, predicted: predicted ?? UNKNOWN, measured: measured ?? UNKNOWN, state, note };
}

function share(part: number | null, whole: number | null): number | null {
  if (part === null || whole === null) return null;
  return whole === 0 ? 1 : Math.min(1, part / whole);
}

function sayShare(value: number | null): string {
  return value === null ? UNKNOWN : sayPercent(value);
}

function sayRunsOut(seconds: number): string {
  if (seconds === Infinity) return 'no';
  return seconds < 1 ? 'now' : `in ${sayDuration(seconds)}`;
}

function isSame({ now, then }: Figure): boolean {
  return now === then;
}

function isWithin(measured: number, predicted: number): boolean {
  return Math.abs(measured - predicted) <= TOLERANCE * predicted;
}
