import type { EventPayload } from '../../preload/contract.ts';

export type Pool = EventPayload<'summary.updated'>['pools'][number];

/** An address and port: "10.0.3.12:443", "[2001:db8::1]:443". */
export function formatEndpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * Where a pool leads: "10.0.3.12:443". Where the system counts ports by local address or for the whole host, the pool
 * has no destination and is named by what it has.
 */
export function formatPoolTarget(pool: Pick<Pool, 'remoteAddress' | 'remotePort' | 'localAddress'>): string {
  if (pool.remoteAddress !== '') return formatEndpoint(pool.remoteAddress, pool.remotePort);
  return pool.localAddress === '' ? 'any destination' : `from ${pool.localAddress}`;
}

/** Filter text that selects the sockets of a pool in the socket table. */
export function poolFilter(pool: Pick<Pool, 'remoteAddress' | 'remotePort' | 'localAddress'>): string {
  const terms = [];
  if (pool.localAddress !== '') terms.push(`src:${pool.localAddress}`);
  if (pool.remoteAddress !== '') terms.push(`dst:${formatEndpoint(pool.remoteAddress, pool.remotePort)}`);
  return terms.length > 0 ? terms.join(' ') : 'side:client';
}

/** TIME_WAIT ports of a pool that are locked: those that could be reused at once are not. */
export function heldTimeWait(pool: Pool): number {
  return Math.max(0, (pool.byState.TIME_WAIT ?? 0) - pool.reusable);
}

/** A pool's ports as shares of its capacity, by state, for a gauge. */
export function poolSegments(pool: Pool): { share: number; kind: 'tw' | 'est' | 'other' }[] {
  const whole = Math.max(1, pool.capacity);
  const waiting = heldTimeWait(pool) / whole;
  const established = Math.min(pool.byState.ESTABLISHED ?? 0, pool.used) / whole;
  return [
    { share: waiting, kind: 'tw' },
    { share: established, kind: 'est' },
    { share: Math.max(0, pool.usedRatio - waiting - established), kind: 'other' },
  ];
}
