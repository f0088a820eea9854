/** A pool of the past from the few figures that are kept of it; what is not kept stays unknown. Pure. */
import type { EventPayload } from '../../preload/contract.ts';
import type { HistoryMoment } from '../../preload/contract-history.ts';

type Summary = EventPayload<'summary.updated'>;
type Pool = Summary['pools'][number];
type KeptPool = NonNullable<HistoryMoment>['pools'][number];
type Ends = Pick<Pool, 'localAddress' | 'remoteAddress' | 'remotePort'>;

/** Above the rate of ports that are held to the end by more than this, ports are reused before it. */
const REUSE_FACTOR = 1.05;

/** Null where its ends cannot be read from its key, or how many of how many ports it had is not kept. */
export function poolOfHistory(
  { poolKey, values }: KeptPool,
  { settings, reservedCount }: Summary,
): Pool | null {
  const ends = poolEnds(poolKey);
  const [used, capacity] = [whole(values['used']), whole(values['capacity'])];
  if (ends === null || used === null || capacity === null) return null;
  const [timeWait, established] = [whole(values['timeWait']), whole(values['established'])];
  const heldRate = capacity / Math.max(1, settings.timeWaitSeconds);
  const sustainable = values['sustainablePerSecond'] ?? heldRate;
  const { first, last } = settings.range;
  return {
    key: poolKey,
    ...ends,
    capacity,
    blocked: Math.max(0, last - first + 1 - reservedCount - capacity),
    slowFrom: settings.slowFromShare === null ? null : Math.floor(capacity * settings.slowFromShare),
    used,
    // Ports that may be reused are in a state, but not in use.
    reusable: Math.max(0, (timeWait ?? 0) + (established ?? 0) - used),
    byState: {
      ...(timeWait === null ? {} : { TIME_WAIT: timeWait }),
      ...(established === null ? {} : { ESTABLISHED: established }),
    },
    usedRatio: capacity > 0 ? Math.min(1, used / capacity) : 1,
    openRatePerSecond: values['opensPerSecond'] ?? null,
    closeRatePerSecond: null,
    rateBasis: 'none',
    rateWindowSeconds: null,
    sustainableRatePerSecond: sustainable,
    reuseEffective: sustainable > heldRate * REUSE_FACTOR,
    exhaustion: { expected: false, inSeconds: null, likelySeconds: null, steadyState: null, basis: '' },
    owners: [],
  };
}

/**
 * The ends in a pool's key: "10.0.2.7>10.0.3.12:443", "::1>[::1]:80", "10.0.2.7>*" for a local address, "ipv4>*" for
 * the whole host. Null for anything else.
 */
export function poolEnds(key: string): Ends | null {
  const found = /^([^>]+)>(?:(\*)|\[([^\]]+)\]:(\d{1,5})|([^:]+):(\d{1,5}))$/.exec(key);
  if (!found) return null;
  const [, local = '', all, sixth, sixthPort, fourth, fourthPort] = found;
  if (all !== undefined) {
    const isHost = local === 'ipv4' || local === 'ipv6';
    return { localAddress: isHost ? '' : local, remoteAddress: '', remotePort: 0 };
  }
  return {
    localAddress: local,
    remoteAddress: sixth ?? fourth ?? '',
    remotePort: Number(sixthPort ?? fourthPort),
  };
}

function whole(value: number | null | undefined): number | null {
  return typeof value === 'number' ? Math.round(value) : null;
}
