/** Answers to questions about the past. They read only, and never change what is kept. */
import type { Block } from './block.ts';
import {
  COLUMNS_OF,
  CONSUMER_COLUMNS,
  POOL_COLUMNS,
  SeriesKind,
  TOTAL_COLUMNS,
  type Column,
  type SeriesKindValue,
} from './columns.ts';
import { alignDown, DAY_MS, LEVELS, levelAt } from './levels.ts';
import { readMark, readMarks } from './marks.ts';
import type { Moment, SeriesAnswer, SeriesChoice, TestRunReport } from './model.ts';
import { summaryAt, verdictAt, latestSettings } from './moments.ts';
import { Names } from './names.ts';
import { readStretch } from './rank.ts';
import { boundsOf, levelFor, readSeries, type Segment, type Source } from './read.ts';
import type { Database } from './sqlite.ts';
import { TOTALS_ID } from './tail.ts';

export interface SeriesQuestion {
  fromMs: number;
  untilMs: number;
  /** Most points wanted. */
  points: number;
  series: SeriesChoice;
  /** Names of columns; empty: all of the series. */
  columns: readonly string[];
}

const MAX_GAPS = 500;

export function querySeries(source: Source, question: SeriesQuestion): SeriesAnswer {
  const { database } = source;
  const { untilMs, points, series } = question;
  const wanted = (untilMs - question.fromMs) / points;
  const { stepMs: levelStepMs } = levelAt(levelFor(wanted));
  const widthMs = Math.max(1, Math.ceil(wanted / levelStepMs)) * levelStepMs;
  const fromMs = Math.floor(question.fromMs / widthMs) * widthMs;
  const only = chosen(database, series);
  const columns = columnsOf(only?.kind ?? kindOf(series), question.columns);
  const found = only
    ? readSeries(source, { fromMs, untilMs, widthMs }, only, () => new Set(columns.map(({ index }) => index)))
    : null;
  const block = found?.series.get(only?.id ?? TOTALS_ID)?.block ?? null;
  const gaps = readMarks(database, fromMs, untilMs, MAX_GAPS, ['gap', 'suspend']).flatMap(
    ({ atMs, untilMs: end, detail }) => (end === null ? [] : [{ fromMs: atMs, untilMs: end, why: detail }]),
  );
  return {
    stepMs: widthMs,
    fromStepMs: stepsOf(found?.segments ?? [], widthMs),
    ...drawn(block, columns, widthMs, gaps),
    gaps,
  };
}

function chosen(database: Database, series: SeriesChoice): { id: number; kind: SeriesKindValue } | null {
  if (series.kind === 'totals') return { id: TOTALS_ID, kind: SeriesKind.totals };
  const kind = kindOf(series);
  const text = series.kind === 'pool' ? series.poolKey : series.consumerKey;
  const id = new Names(database).find(kind, text);
  return id === null ? null : { id, kind };
}

function kindOf({ kind }: SeriesChoice): SeriesKindValue {
  return SeriesKind[kind];
}

interface ChosenColumn extends Column {
  index: number;
}

/** Unknown names are left out. */
function columnsOf(kind: SeriesKindValue, names: readonly string[]): ChosenColumn[] {
  const all = COLUMNS_OF[kind].map((column, index) => ({ ...column, index }));
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

function stepsOf(segments: readonly Segment[], widthMs: number): SeriesAnswer['fromStepMs'] {
  const steps = segments.map(({ level }) => (level === 'tail' ? levelAt(0).stepMs : levelAt(level).stepMs));
  if (steps.length === 0) return { finest: widthMs, coarsest: widthMs };
  return { finest: Math.min(...steps), coarsest: Math.max(...steps) };
}

/** The points in order, with one without values in each gap. */
function drawn(
  block: Block | null,
  columns: readonly ChosenColumn[],
  widthMs: number,
  gaps: SeriesAnswer['gaps'],
): Pick<SeriesAnswer, 'atMs' | 'columns'> {
  const atMs: number[] = [];
  /** Index of each point in the block; null in a gap. */
  const order: (number | null)[] = [];
  block?.atMs.forEach((at, index) => {
    const before = block.atMs[index - 1];
    const isAfterGap =
      before !== undefined &&
      at - before > widthMs &&
      gaps.some((gap) => gap.fromMs < at + widthMs && gap.untilMs > before + widthMs);
    if (isAfterGap) {
      atMs.push(before + widthMs);
      order.push(null);
    }
    atMs.push(at);
    order.push(index);
  });
  return {
    atMs,
    columns: columns.map(({ name, index, scale }) => {
      const metric = block?.metrics[index];
      const pick = (of: (at: number, n: number) => number) =>
        order.map((at) => {
          const n = at === null ? 0 : (metric?.n[at] ?? 0);
          return at === null || n === 0 ? null : of(at, n) / scale;
        });
      return {
        name,
        min: pick((at) => metric?.min[at] ?? 0),
        max: pick((at) => metric?.max[at] ?? 0),
        mean: pick((at, n) => (metric?.sum[at] ?? 0) / n),
      };
    }),
  };
}

/** Half widths of the search for the nearest moment, milliseconds: each is read in few points. */
const SEARCHES_MS = [30_000, 10 * 60_000, 6 * 3_600_000, 4 * DAY_MS, 120 * DAY_MS];
const SEARCH_POINTS = 500;

/** The kept moment nearest to `atMs`; null when nothing is kept. */
export function readMoment(source: Source, atMs: number): Moment | null {
  const { database } = source;
  const nearestMs = nearest(source, atMs);
  if (nearestMs === null) return null;
  const stepMs = finestStepAt(database, nearestMs);
  const fromMs = Math.floor(nearestMs / stepMs) * stepMs;
  const { series } = readSeries(source, { fromMs, untilMs: fromMs + stepMs, widthMs: stepMs }, null);
  const names = new Names(database).known(series.keys());
  const pools: Moment['pools'] = [];
  const consumers: Moment['consumers'] = [];
  for (const [id, { kind, block }] of series) {
    const detail = names.get(id)?.detail ?? {};
    if (kind === SeriesKind.pool) {
      const poolKey = names.get(id)?.text ?? '';
      pools.push({ poolKey, target: shown(detail['target']) ?? poolKey, values: means(block, POOL_COLUMNS) });
    }
    if (kind === SeriesKind.consumer) {
      consumers.push({
        process: shown(detail['process']),
        pid: typeof detail['pid'] === 'number' ? detail['pid'] : null,
        destination: shown(detail['destination']) ?? '',
        values: means(block, CONSUMER_COLUMNS),
      });
    }
  }
  pools.sort((a, b) => (b.values['used'] ?? 0) - (a.values['used'] ?? 0));
  consumers.sort((a, b) => (b.values['sockets'] ?? 0) - (a.values['sockets'] ?? 0));
  const totals = series.get(TOTALS_ID)?.block;
  return {
    atMs: fromMs,
    stepMs,
    totals: totals ? means(totals, TOTAL_COLUMNS) : {},
    pools,
    consumers,
    // Of the end of the step: what was said first in it counts.
    verdict: verdictAt(database, fromMs + stepMs - 1),
    summary: summaryAt(database, fromMs + stepMs - 1),
  };
}

function nearest(source: Source, atMs: number): number | null {
  for (const half of SEARCHES_MS) {
    let found = nearestWithin(source, atMs - half, atMs + half, atMs);
    // A coarse point says which stretch to look at more closely.
    while (found && found.stepMs > finestStepAt(source.database, found.atMs)) {
      const closer = nearestWithin(source, found.atMs, found.atMs + found.stepMs, atMs);
      if (!closer || closer.stepMs >= found.stepMs) break;
      found = closer;
    }
    if (found) return found.atMs;
  }
  return null;
}

/** The point between two times that is nearest to `wantedMs`, and how wide it is. */
function nearestWithin(
  source: Source,
  fromMs: number,
  untilMs: number,
  wantedMs: number,
): { atMs: number; stepMs: number } | null {
  const { stepMs } = levelAt(levelFor((untilMs - fromMs) / SEARCH_POINTS));
  const reading = { fromMs: alignDown(fromMs, stepMs), untilMs, widthMs: stepMs };
  const only = { id: TOTALS_ID, kind: SeriesKind.totals };
  const { series } = readSeries(source, reading, only, () => new Set([0]));
  const times = series.get(TOTALS_ID)?.block.atMs ?? [];
  let best: number | null = null;
  for (const at of times) {
    if (best === null || Math.abs(at - wantedMs) < Math.abs(best - wantedMs)) best = at;
  }
  return best === null ? null : { atMs: best, stepMs };
}

/** The step in which the figures of a moment are kept. */
function finestStepAt(database: Database, atMs: number): number {
  for (const [level, { stepMs }] of LEVELS.entries()) {
    const bounds = boundsOf(database, level);
    if (!bounds || atMs >= bounds.fromMs) return stepMs;
  }
  return levelAt(LEVELS.length - 1).stepMs;
}

function means(block: Block, columns: readonly Column[]): Record<string, number | null> {
  return Object.fromEntries(
    columns.map(({ name, scale }, index) => {
      const metric = block.metrics[index];
      const n = metric?.n[0] ?? 0;
      return [name, n > 0 ? (metric?.sum[0] ?? 0) / n / scale : null];
    }),
  );
}

function shown(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Before a test run: what the machine had anyway. */
const BASELINE_MS = 30_000;
const REPORT_ROWS = 50;

/** What a test run consumed; null when there is none of that number. */
export function reportTestRun(source: Source, id: number, nowMs: number): TestRunReport | null {
  const mark = readMark(source.database, id);
  if (mark?.kind !== 'test-run') return null;
  const { atMs: fromMs, text: name } = mark;
  const untilMs = Math.max(mark.untilMs ?? nowMs, fromMs + 1);
  const stretch = readStretch(source, fromMs, untilMs, REPORT_ROWS);
  const before = readStretch(source, fromMs - BASELINE_MS, fromMs, 0);
  return {
    id,
    name,
    fromMs,
    untilMs,
    isRunning: mark.untilMs === null,
    stepMs: stretch.stepMs,
    opened: stretch.opened,
    peakOpensPerSecond: stretch.peakOpensPerSecond,
    socketsBefore: before.meanSockets,
    peakSockets: stretch.peakSockets,
    pools: stretch.pools,
    consumers: stretch.consumers,
    portsHeldUntilMs: untilMs + holdMs(source.database),
  };
}

function holdMs(database: Database): number {
  return (latestSettings(database)?.timeWaitSeconds ?? 0) * 1000;
}
