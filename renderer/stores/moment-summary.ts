/** Headroom's summary of a moment of the past: the one kept nearest before it, with the figures of the moment itself. */
import type { EventPayload } from '../../preload/contract.ts';
import type { HistoryMoment } from '../../preload/contract-history.ts';
import { poolOfHistory } from './moment-pool.ts';

type Summary = EventPayload<'summary.updated'>;
type Pool = Summary['pools'][number];
type Kept = NonNullable<HistoryMoment>;

/** What is no further from a moment counts as of it: a few samples, and less than the eye minds. */
const NEAR_MS = 3000;

/** Null where no whole summary is kept near it. */
export function momentSummary(moment: Kept): Summary | null {
  const { summary, totals, verdict, atMs } = moment;
  if (!summary) return null;
  const isNewer = verdict !== null && verdict.atMs > summary.takenAtMs;
  return {
    ...summary,
    takenAtMs: atMs,
    totals: { ...summary.totals, sockets: whole(totals['sockets']) ?? summary.totals.sockets },
    rates: { ...summary.rates, opensPerSecond: totals['opensPerSecond'] ?? summary.rates.opensPerSecond },
    pools: poolsThen(moment, summary),
    poolCount: whole(totals['poolCount']) ?? summary.poolCount,
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

/** Whether something of `atMs` is told beside a moment that it is not of. */
export function isOfAnotherTime(atMs: number, moment: Pick<Kept, 'atMs' | 'stepMs'>): boolean {
  return atMs < moment.atMs - NEAR_MS || atMs > moment.atMs + moment.stepMs + NEAR_MS;
}

/** Those of the summary, and those that history alone has; of a summary of another time none that history lacks. */
function poolsThen(moment: Kept, summary: Summary): Pool[] {
  const kept = new Map(moment.pools.map((pool) => [pool.poolKey, pool]));
  const isStale = isOfAnotherTime(summary.takenAtMs, moment);
  const known = summary.pools.flatMap((pool) => {
    const then = kept.get(pool.key);
    kept.delete(pool.key);
    return then || !isStale ? [poolThen(pool, then?.values)] : [];
  });
  const added = [...kept.values()].flatMap((pool) => poolOfHistory(pool, summary) ?? []);
  return [...known, ...added];
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
