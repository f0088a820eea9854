/** Headroom's trend as it was: the ten minutes before a moment, from the history. It has no forecast. */
import type { CallResult } from '../../preload/contract.ts';
import type { HistorySeries } from '../../preload/contract-history.ts';

export const TREND_COLUMNS = {
  pool: ['used', 'timeWait', 'established', 'opensPerSecond', 'capacity'],
  totals: ['sockets', 'TIME_WAIT', 'ESTABLISHED', 'opensPerSecond'],
} as const;

export function momentTrend({ atMs, columns }: HistorySeries): CallResult<'trend.query'> {
  const meansOf = (...names: string[]) => columns.find(({ name }) => names.includes(name))?.mean ?? [];
  const [used, timeWait, established, opens, capacity] = [
    meansOf('used', 'sockets'),
    meansOf('timeWait', 'TIME_WAIT'),
    meansOf('established', 'ESTABLISHED'),
    meansOf('opensPerSecond'),
    meansOf('capacity'),
  ];
  // A point without values is a gap: leaving it out makes one.
  const known = atMs.flatMap((_, index) => (typeof used[index] === 'number' ? [index] : []));
  const rounded = (values: readonly (number | null)[]) =>
    known.map((index) => Math.round(values[index] ?? 0));
  const size = capacity.findLast((value) => typeof value === 'number') ?? null;
  return {
    trend: {
      atMs: known.map((index) => atMs[index] ?? 0),
      timeWait: rounded(timeWait),
      established: rounded(established),
      other: known.map((index) =>
        Math.max(0, Math.round((used[index] ?? 0) - (timeWait[index] ?? 0) - (established[index] ?? 0))),
      ),
      opensPerSecond: known.map((index) => opens[index] ?? null),
      derivedUntilMs: null,
    },
    forecast: null,
    capacity: size === null ? null : Math.round(size),
    slowFrom: null,
  };
}
