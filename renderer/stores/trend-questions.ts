/** What Trends asks the history, and what it makes of the answers. Times are epoch milliseconds of the host. */
import type { CallArgs } from '../../preload/contract.ts';
import {
  MAX_HISTORY_POINTS,
  type ConsumerRank,
  type HistoryMark,
  type HistorySeries,
  type PoolRank,
} from '../../preload/contract-history.ts';
import type { Link } from '../link/link.ts';

export interface Span {
  fromMs: number;
  untilMs: number;
}

/** Which pool is looked at: one by its key, all sockets, or the one that was fullest. */
export type Subject = { kind: 'pool'; poolKey: string } | { kind: 'totals' };
export type SubjectChoice = { kind: 'fullest' } | Subject;
export type LinesBy = 'destination' | 'process';

export interface Forecast {
  atMs: number[];
  median: number[];
  low: number[];
  high: number[];
}

export interface TrendsQuestion {
  /** What is seen. */
  window: Span;
  /** What is asked for: wider, so that the window can be moved at once. */
  loaded: Span;
  choice: SubjectChoice;
  linesBy: LinesBy;
  /** How much earlier the time is that it is compared with; null for none. */
  compareMs: number | null;
  wantsForecast: boolean;
  /** Known ranks that are young enough. */
  ranks: Ranks | null;
}

export interface Ranks {
  window: Span;
  atMs: number;
  pools: PoolRank[];
  consumers: ConsumerRank[];
}

/** Everything that one drawing rests on. */
export interface TrendsFrame {
  question: TrendsQuestion;
  subject: Subject;
  series: HistorySeries;
  compared: HistorySeries | null;
  lines: { name: string; series: HistorySeries }[];
  marks: HistoryMark[];
  ranks: Ranks;
  forecast: Forecast | null;
}

export const POINTS_PER_WINDOW = 900;
const MAX_RANKED = 40;
const MAX_LINES = 5;
const POOL_COLUMNS = [
  'used',
  'timeWait',
  'established',
  'opensPerSecond',
  'capacity',
  'sustainablePerSecond',
];
const TOTAL_COLUMNS = [
  'sockets',
  'TIME_WAIT',
  'ESTABLISHED',
  'opensPerSecond',
  'attemptFailsPerSecond',
  'level',
];
/** The trend's answer begins with the past; only what follows is wanted. */
const FORECAST_SECONDS = 10;

/** Asks everything; rejects with the first failure. */
export async function askTrends(link: Pick<Link, 'call'>, question: TrendsQuestion): Promise<TrendsFrame> {
  const { window, loaded, choice, linesBy, compareMs } = question;
  const ranks = question.ranks ?? (await askRanks(link, window));
  const subject = subjectOf(choice, ranks.pools);
  const points = pointsOf(loaded, window);
  const series = (span: Span) => link.call('history.query', seriesQuestion(span, points, subject));
  const [main, compared, lines, { marks }, forecast] = await Promise.all([
    series(loaded),
    compareMs === null ? null : series(shifted(loaded, -compareMs)),
    askLines(link, question, ranks, subject, points),
    link.call('history.marks', { ...whole(loaded), kinds: [] }),
    question.wantsForecast ? askForecast(link, subject) : null,
  ]);
  return {
    question: { ...question, linesBy },
    subject,
    series: main,
    compared,
    lines,
    marks,
    ranks,
    forecast,
  };
}

export async function askRanks(link: Pick<Link, 'call'>, window: Span): Promise<Ranks> {
  const args = { ...whole(window), limit: MAX_RANKED };
  const [{ pools }, { consumers }] = await Promise.all([
    link.call('history.pools', args),
    link.call('history.consumers', args),
  ]);
  return { window, atMs: Date.now(), pools, consumers };
}

/** The question of one series at the fineness of a window. */
export function seriesQuestion(span: Span, points: number, subject: Subject): CallArgs<'history.query'> {
  return {
    ...whole(span),
    points,
    series: subject,
    columns: subject.kind === 'pool' ? POOL_COLUMNS : TOTAL_COLUMNS,
  };
}

export function subjectOf(choice: SubjectChoice, pools: readonly PoolRank[]): Subject {
  if (choice.kind !== 'fullest') return choice;
  const first = pools[0];
  return first ? { kind: 'pool', poolKey: first.poolKey } : { kind: 'totals' };
}

/** As many points for the wide span as make the window fine enough. */
export function pointsOf(loaded: Span, window: Span): number {
  const share = (loaded.untilMs - loaded.fromMs) / Math.max(1, window.untilMs - window.fromMs);
  return Math.max(2, Math.min(MAX_HISTORY_POINTS, Math.ceil(share * POINTS_PER_WINDOW)));
}

async function askLines(
  link: Pick<Link, 'call'>,
  { loaded, linesBy }: TrendsQuestion,
  { pools, consumers }: Ranks,
  subject: Subject,
  points: number,
): Promise<TrendsFrame['lines']> {
  const wanted =
    linesBy === 'destination'
      ? pools.slice(0, MAX_LINES).map(({ poolKey, target }) => ({
          name: target,
          series: { kind: 'pool' as const, poolKey },
          columns: ['used', 'capacity'],
        }))
      : consumersOf(consumers, subject)
          .slice(0, MAX_LINES)
          .map((rank) => ({
            name: `${processName(rank)} → ${rank.destination}`,
            series: { kind: 'consumer' as const, consumerKey: rank.consumerKey },
            columns: ['sockets'],
          }));
  return Promise.all(
    wanted.map(async ({ name, series, columns }) => ({
      name,
      series: await link.call('history.query', { ...whole(loaded), points, series, columns }),
    })),
  );
}

async function askForecast(link: Pick<Link, 'call'>, subject: Subject): Promise<Forecast | null> {
  const poolKey = subject.kind === 'pool' ? subject.poolKey : null;
  try {
    return (await link.call('trend.query', { poolKey, seconds: FORECAST_SECONDS })).forecast;
  } catch {
    // The pool is gone by now: there is nothing to forecast.
    return null;
  }
}

/** Of one pool, or all. */
export function consumersOf(consumers: readonly ConsumerRank[], subject: Subject): ConsumerRank[] {
  return subject.kind === 'pool'
    ? consumers.filter(({ poolKey }) => poolKey === subject.poolKey)
    : [...consumers];
}

export function processName({
  process,
  pid,
  isGroup,
}: Pick<ConsumerRank, 'process' | 'pid'> & { isGroup?: boolean }): string {
  if (process === null && pid === null) return 'unknown process';
  const name = process ?? 'process';
  return isGroup || pid === null ? name : `${name} (pid ${pid})`;
}

export function shifted({ fromMs, untilMs }: Span, byMs: number): Span {
  return { fromMs: fromMs + byMs, untilMs: untilMs + byMs };
}

function whole({ fromMs, untilMs }: Span): Span {
  return { fromMs: Math.max(0, Math.floor(fromMs)), untilMs: Math.max(1, Math.ceil(untilMs)) };
}
