/** What one chart of the history shows: columns for the engine, limits, gaps. Pure; times are epoch milliseconds. */
import type { HistorySeries } from '../../preload/contract-history.ts';
import type { LimitPiece } from './history-steps.ts';
import { limitPieces } from './history-steps.ts';

/** undefined: a time of another column, the line goes on; null: nothing is known, the line breaks. */
export type Column = (number | null | undefined)[];
type Ink = 'timeWait' | 'established' | 'other' | 'text' | 'textSoft' | 'textQuiet';

export interface LaneColumn {
  values: Column;
  ink: Ink;
  /** CSS pixels; 0 draws none. */
  width: number;
  /** Of the fill down to zero; none when absent, 'fade' gets fainter downwards. */
  fill?: number | 'fade';
  dash?: readonly number[];
}

export interface LaneData {
  name: 'states' | 'rate' | 'lines';
  title: string;
  note: string;
  xs: number[];
  columns: LaneColumn[];
  /** Fills between two columns, by their index. */
  bands: { upper: number; lower: number; ink: Ink; alpha: number }[];
  /** The largest that is measured; the scale has room for it and for limits not far above. */
  measuredMost: number;
  unit: 'count' | 'share';
  limits: LimitPiece[];
  /** Words on a limit of a value: "Pool 28,232". */
  limitWords(value: number): string;
  gaps: HistorySeries['gaps'];
  /** Words on lines, where the legend has none: index of the column and its name. */
  names: { column: number; words: string }[];
}

/** Answers of trend.query, of what is to come. */
export interface ForecastData {
  atMs: number[];
  median: number[];
  low: number[];
  high: number[];
}

export interface StatesInput {
  series: HistorySeries;
  /** A pool has a size; all sockets have none. */
  subject: 'pool' | 'totals';
  /** The same columns at another time, to be laid over; and by how much later it is drawn. */
  compared: { series: HistorySeries; offsetMs: number } | null;
  forecast: ForecastData | null;
  /** Where the forecast begins. */
  nowMs: number;
}

type Which = 'min' | 'max' | 'mean';

/** Longer than so many steps without a point is nothing known, not a line. */
const BREAK_STEPS = 2.5;
/** No pace of sampling is slower. */
const SLOWEST_PACE_MS = 10_000;
/** Lines of the third chart, most. */
export const MAX_LINES = 5;
const LINE_DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4]];
const LINE_INKS: readonly Ink[] = ['text', 'textSoft', 'textSoft', 'textQuiet', 'textQuiet'];
/** A limit further above what is measured would press it flat. */
const NEAR_LIMIT = 4;

/** Ports by state: TIME-WAIT, established, other from the bottom up. */
export function statesLane(input: StatesInput): LaneData {
  const { series, subject, compared, forecast } = input;
  const total = subject === 'pool' ? 'used' : 'sockets';
  const names =
    subject === 'pool' ? (['timeWait', 'established'] as const) : (['TIME_WAIT', 'ESTABLISHED'] as const);
  const axis = axisOf(series, compared, forecast && forecast.atMs.filter((at) => at > input.nowMs));
  const timeWait = axis.place(series, names[0], 'mean');
  const established = axis.place(series, names[1], 'mean').map((value, index) => add(value, timeWait[index]));
  const all = axis.place(series, total, 'mean');
  const low = axis.place(series, total, 'min');
  const high = axis.place(series, total, 'max');
  const other = all.map((value, index) =>
    typeof value === 'number' ? Math.max(value, established[index] ?? value) : value,
  );
  const isDrawnCoarser = series.stepMs > series.fromStepMs.finest || series.stepMs > 1000;
  const ahead = (values: readonly number[] | undefined) =>
    axis.spread(forecast?.atMs ?? [], values ?? [], input.nowMs);
  const columns: LaneColumn[] = [
    { values: other, ink: 'other', width: 0 },
    { values: established, ink: 'established', width: 1.3 },
    { values: timeWait, ink: 'timeWait', width: 1.5, fill: 'fade' },
    { values: isDrawnCoarser ? low : axis.nothing(), ink: 'textSoft', width: 0 },
    { values: isDrawnCoarser ? high : axis.nothing(), ink: 'textSoft', width: 0 },
    { values: axis.placeCompared(total), ink: 'text', width: 1.4, dash: [2, 3] },
    { values: ahead(forecast?.low), ink: 'textQuiet', width: 1 },
    { values: ahead(forecast?.high), ink: 'textQuiet', width: 1 },
    { values: ahead(forecast?.median), ink: 'text', width: 1.6, dash: [4, 3.5] },
  ];
  return {
    name: 'states',
    title: subject === 'pool' ? 'Ports in use' : 'Sockets',
    note: '',
    xs: axis.xs,
    columns,
    bands: [
      { upper: 0, lower: 1, ink: 'other', alpha: 0.6 },
      { upper: 1, lower: 2, ink: 'established', alpha: 0.6 },
      { upper: 4, lower: 3, ink: 'text', alpha: 0.28 },
      { upper: 7, lower: 6, ink: 'text', alpha: 0.12 },
    ],
    measuredMost: Math.max(most(high), most(other), most(columns[5]?.values ?? [])),
    unit: 'count',
    limits: subject === 'pool' ? limitsOf(series, 'capacity') : [],
    limitWords: (value) => `Pool ${grouped(value)}`,
    gaps: series.gaps,
    names: [],
  };
}

/** Connections opened a second, against what the pool sustains. */
export function rateLane(input: StatesInput): LaneData {
  const { series, subject, compared } = input;
  const axis = axisOf(series, compared, null);
  const mean = axis.place(series, 'opensPerSecond', 'mean');
  const high = axis.place(series, 'opensPerSecond', 'max');
  const over = axis.placeCompared('opensPerSecond');
  return {
    name: 'rate',
    title: 'New connections per second',
    note: '',
    xs: axis.xs,
    columns: [
      { values: mean, ink: 'text', width: 1.5, fill: 0.1 },
      { values: axis.place(series, 'opensPerSecond', 'min'), ink: 'textSoft', width: 0 },
      { values: high, ink: 'textSoft', width: 0 },
      { values: over, ink: 'text', width: 1.3, dash: [2, 3] },
    ],
    bands: [{ upper: 2, lower: 1, ink: 'text', alpha: 0.22 }],
    measuredMost: Math.max(most(high), most(over)),
    unit: 'count',
    limits: subject === 'pool' ? limitsOf(series, 'sustainablePerSecond') : [],
    limitWords: (value) => `sustainable ${grouped(Math.floor(value))}/s`,
    gaps: series.gaps,
    names: [],
  };
}

export interface LineInput {
  name: string;
  series: HistorySeries;
}

/** Pools as shares of their ports, or processes by their sockets; the first is the largest. */
export function linesLane(kind: 'destination' | 'process', lines: readonly LineInput[]): LaneData {
  const shown = lines.slice(0, MAX_LINES);
  const axis = axisOf(
    shown[0]?.series ?? null,
    null,
    null,
    shown.slice(1).map(({ series }) => series),
  );
  const columns = Array.from({ length: MAX_LINES }, (_, index): LaneColumn => {
    const series = shown[index]?.series;
    const values = series
      ? kind === 'destination'
        ? shares(axis.place(series, 'used', 'max'), axis.place(series, 'capacity', 'max'))
        : axis.place(series, 'sockets', 'max')
      : axis.nothing();
    const dash = LINE_DASHES[index] ?? [];
    return { values, ink: LINE_INKS[index] ?? 'textQuiet', width: index === 0 ? 1.6 : 1.3, dash };
  });
  return {
    name: 'lines',
    title: kind === 'destination' ? 'Pool use by destination' : 'Sockets by process',
    note: shown.length === 0 ? 'nothing kept in this time' : 'highest of each step',
    xs: axis.xs,
    columns,
    bands: [],
    measuredMost: Math.max(...columns.map(({ values }) => most(values))),
    unit: kind === 'destination' ? 'share' : 'count',
    limits: [],
    limitWords: String,
    gaps: shown[0]?.series.gaps ?? [],
    names: shown.map(({ name }, column) => ({ column, words: name })),
  };
}

/** Where the scale ends. A limit far above is named, not drawn to scale. */
export function laneMost({ measuredMost, limits, unit }: LaneData): number {
  if (unit === 'share') return 1.06;
  const measured = Math.max(10, measuredMost);
  const near = limits.map(({ value }) => value).filter((value) => value <= measured * NEAR_LIMIT);
  return Math.max(measured, ...near) * 1.06;
}

/** The column of an answer, or an empty one. */
export function columnOf(series: HistorySeries, name: string, which: Which): Column {
  return series.columns.find((column) => column.name === name)?.[which] ?? [];
}

function limitsOf(series: HistorySeries, name: string): LimitPiece[] {
  return limitPieces(series.atMs, columnOf(series, name, 'mean'), series.stepMs);
}

/** One axis for what is drawn together, broken where nothing is known. */
function axisOf(
  series: HistorySeries | null,
  compared: StatesInput['compared'],
  ahead: readonly number[] | null,
  others: readonly HistorySeries[] = [],
) {
  const stepMs = series?.stepMs ?? 1000;
  const own = (from: HistorySeries, offsetMs = 0) => ({ from, offsetMs, breaks: breaksOf(from, offsetMs) });
  const drawn = [series, ...others].flatMap((from) => (from ? own(from) : []));
  const over = compared ? own(compared.series, align(compared.offsetMs, stepMs)) : null;
  const times = new Set<number>(ahead ?? []);
  for (const { from, offsetMs, breaks } of over ? [...drawn, over] : drawn) {
    for (const at of from.atMs) times.add(at + offsetMs);
    for (const { fromMs } of breaks) times.add(fromMs);
  }
  const xs = [...times].sort((a, b) => a - b);
  const indexOf = new Map(xs.map((at, index) => [at, index]));
  const nothing = (): Column => new Array<number | null | undefined>(xs.length).fill(undefined);
  const put = (atMs: readonly number[], values: Column | readonly number[], offsetMs: number): Column => {
    const column = nothing();
    for (const [index, at] of atMs.entries()) {
      const place = indexOf.get(at + offsetMs);
      if (place !== undefined) column[place] = values[index] ?? null;
    }
    return column;
  };
  const placed = (part: ReturnType<typeof own> | null | undefined, name: string, which: Which): Column => {
    if (!part) return nothing();
    const column = put(part.from.atMs, columnOf(part.from, name, which), part.offsetMs);
    // Times of other columns in between must not bring the line back.
    for (const { fromMs, untilMs } of part.breaks) {
      const first = indexOf.get(fromMs) ?? xs.length;
      for (let index = first; (xs[index] ?? Infinity) < untilMs; index++) column[index] = null;
    }
    return column;
  };
  return {
    xs,
    nothing,
    place: (from: HistorySeries, name: string, which: Which) =>
      placed(
        drawn.find((part) => part.from === from),
        name,
        which,
      ),
    placeCompared: (name: string) => placed(over, name, 'mean'),
    spread: (atMs: readonly number[], values: readonly number[], afterMs: number): Column =>
      put(atMs, values, 0).map((value, index) => ((xs[index] ?? 0) > afterMs ? value : undefined)),
  };
}

/** Stretches in which nothing is known: from just after a point to the next one. */
function breaksOf({ atMs, stepMs }: HistorySeries, offsetMs: number): { fromMs: number; untilMs: number }[] {
  const breakMs = Math.max(stepMs, SLOWEST_PACE_MS) * BREAK_STEPS;
  return atMs.flatMap((at, index) => {
    const next = atMs[index + 1] ?? at;
    return next - at > breakMs ? [{ fromMs: at + offsetMs + 1, untilMs: next + offsetMs }] : [];
  });
}

function align(offsetMs: number, stepMs: number): number {
  return Math.round(offsetMs / stepMs) * stepMs;
}

function add(value: Column[number], below: Column[number]): Column[number] {
  return typeof value === 'number' ? value + (below ?? 0) : value;
}

function shares(used: Column, capacity: Column): Column {
  return used.map((value, index) => {
    const size = capacity[index] ?? 0;
    if (typeof value !== 'number') return value;
    return size > 0 ? Math.min(1, value / size) : null;
  });
}

function most(values: Column): number {
  let found = 0;
  for (const value of values) if (typeof value === 'number' && value > found) found = value;
  return found;
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
