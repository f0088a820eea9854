/** Headroom's trend as it was: the ten minutes before a moment, from the history. It has no forecast. */
import type { CallResult } from '../../preload/contract.ts';
import type { HistorySeries } from '../../preload/contract-history.ts';

export const TREND_COLUMNS = {
  pool: ['used', 'timeWait', 'established', 'opensPerSecond', 'capacity'],
  totals: ['sockets', 'TIME_WAIT', 'ESTABLISHED', 'opensPerSecond'],
} as const;

type LiveTrend = CallResult<'trend.query'>;
type Known = (number | null)[];

/** As trend.query answers; of a moment of the past, values may be unknown and the gaps are named. */
export type ShownTrend = Omit<LiveTrend, 'trend'> & {
  trend: Omit<LiveTrend['trend'], 'timeWait' | 'established' | 'other'> & {
    timeWait: Known;
    established: Known;
    other: Known;
    /** All that is in use, known even where its parts are not; absent: the sum of the parts. */
    used?: Known;
  };
  /** Time that was not sampled; absent: what lies far between two samples. */
  gaps?: { fromMs: number; toMs: number }[];
  /** Time that one value stands for, the widest; absent: the pace of sampling. */
  stepMs?: number;
};

export function momentTrend({ atMs, columns, gaps, stepMs, fromStepMs }: HistorySeries): ShownTrend {
  const meansOf = (...names: string[]) => columns.find(({ name }) => names.includes(name))?.mean ?? [];
  const allUsed = meansOf('used', 'sockets');
  // A point without values is a gap, and breaks the line; before the first and after the last there is none to break.
  const isKnown = (value: number | null | undefined) => typeof value === 'number';
  const [first, last] = [allUsed.findIndex(isKnown), allUsed.findLastIndex(isKnown)];
  const shown = <T>(values: readonly T[]) => (first < 0 ? [] : values.slice(first, last + 1));
  const times = shown(atMs);
  const rounded = (values: Known) => times.map((_, index) => whole(values[index + first]));
  const used = rounded(allUsed);
  const timeWait = rounded(meansOf('timeWait', 'TIME_WAIT'));
  const established = rounded(meansOf('established', 'ESTABLISHED'));
  const opens = meansOf('opensPerSecond');
  return {
    trend: {
      atMs: times,
      used,
      timeWait,
      established,
      other: used.map((all, index) => rest(all, timeWait[index] ?? null, established[index] ?? null)),
      opensPerSecond: times.map((_, index) => opens[index + first] ?? null),
      derivedUntilMs: null,
    },
    forecast: null,
    capacity: whole(meansOf('capacity').findLast(isKnown)),
    slowFrom: null,
    gaps: gaps.map(({ fromMs, untilMs }) => ({ fromMs, toMs: untilMs })),
    // Older minutes may be kept in wider steps than the newest.
    stepMs: Math.max(stepMs, fromStepMs.coarsest),
  };
}

function rest(all: number | null, timeWait: number | null, established: number | null): number | null {
  if (all === null || timeWait === null || established === null) return null;
  return Math.max(0, all - timeWait - established);
}

function whole(value: number | null | undefined): number | null {
  return typeof value === 'number' ? Math.round(value) : null;
}
