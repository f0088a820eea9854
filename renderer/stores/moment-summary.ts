/** Headroom's summary of a moment of the past: the one kept nearest before it, with the figures of the moment itself. */
import type { EventPayload } from '../../preload/contract.ts';
import type { HistoryMoment } from '../../preload/contract-history.ts';

type Summary = EventPayload<'summary.updated'>;
type Pool = Summary['pools'][number];
type Kept = NonNullable<HistoryMoment>;

/** Null where no whole summary is kept near it. */
export function momentSummary(moment: Kept): Summary | null {
  const { summary, totals, verdict, atMs } = moment;
  if (!summary) return null;
  const byKey = new Map(moment.pools.map((pool) => [pool.poolKey, pool.values]));
  const isNewer = verdict !== null && verdict.atMs > summary.takenAtMs;
  return {
    ...summary,
    takenAtMs: atMs,
    totals: { ...summary.totals, sockets: whole(totals['sockets']) ?? summary.totals.sockets },
    rates: { ...summary.rates, opensPerSecond: totals['opensPerSecond'] ?? summary.rates.opensPerSecond },
    pools: summary.pools.map((pool) => poolThen(pool, byKey.get(pool.key))),
    verdict:
      isNewer && verdict.sentence !== summary.verdict.sentence
        ? {
            ...summary.verdict,
            level: verdict.level,
            sentence: verdict.sentence,
            spans: [{ text: verdict.sentence, kind: 'text' }],
            poolKey: verdict.poolKey,
          }
        : summary.verdict,
  };
}

function poolThen(pool: Pool, values: Record<string, number | null> | undefined): Pool {
  const used = whole(values?.['used']);
  if (!values || used === null) return pool;
  const capacity = whole(values['capacity']) ?? pool.capacity;
  const timeWait = whole(values['timeWait']);
  const established = whole(values['established']);
  return {
    ...pool,
    used,
    capacity,
    usedRatio: capacity > 0 ? Math.min(1, used / capacity) : pool.usedRatio,
    openRatePerSecond: values['opensPerSecond'] ?? pool.openRatePerSecond,
    byState: {
      ...pool.byState,
      ...(timeWait === null ? {} : { TIME_WAIT: timeWait }),
      ...(established === null ? {} : { ESTABLISHED: established }),
    },
  };
}

function whole(value: number | null | undefined): number | null {
  return typeof value === 'number' ? Math.round(value) : null;
}
