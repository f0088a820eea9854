/**
 * Counts by parity the ports of the fullest pools (core/findings/bind-before-connect.ts). Past half of a pool connect()
 * itself takes the second parity, and these ports outlast the peak: only what was taken since, or before any, tells.
 */
import { PARITY_TELLS_BELOW } from '../core/findings/bind-before-connect.ts';
import type { FindingEvidence, PoolParity } from '../core/findings/evidence.ts';
import { SocketTimer, TcpState } from '../core/model.ts';
import { poolKeyOf, type PoolIndex } from '../core/pools.ts';
import type { SocketTable } from './socket-table.ts';

/** Pools whose ports are told apart by parity, fullest first. */
const POOLS = 8;
/** Fewer say nothing; it also spares naming thousands of small pools. */
const MIN_OFF_PARITY = 20;
/** What closed so shortly before the first sample tells: the pool was then hardly fuller than it is. */
const KNOWN_BEFORE_MS = 5000;

export class ParityKeeper {
  #startedMs: number | null = null;
  /** When a pool was last seen too full to tell, monotonic. */
  #fullAtMs = new Map<string, number>();

  count({ pools, settings }: FindingEvidence, table: SocketTable, index: PoolIndex): PoolParity[] {
    const nowMs = table.takenMonotonicMs;
    this.#startedMs ??= nowMs;
    this.#noteFull(pools, nowMs);
    const wanted = new Set(
      pools
        .slice(0, POOLS)
        .filter(({ usedRatio, used }) => usedRatio < PARITY_TELLS_BELOW && used >= MIN_OFF_PARITY)
        .map(({ key }) => key),
    );
    if (wanted.size === 0) return [];
    const off = countOff(table, index, settings.range.first & 1);
    const keys = new Map<number, string>();
    for (let pool = 0; pool < index.count && keys.size < wanted.size; pool++) {
      if ((off[pool] ?? 0) < MIN_OFF_PARITY) continue;
      const key = poolKeyOf(table, index.firstRow[pool] ?? 0, settings.scope);
      if (wanted.has(key)) keys.set(pool, key);
    }
    return keys.size === 0 ? [] : this.#judge(keys, table, index, settings);
  }

  #noteFull(pools: FindingEvidence['pools'], nowMs: number): void {
    const followed = new Map<string, number>();
    for (const { key, usedRatio } of pools) {
      const atMs = usedRatio >= PARITY_TELLS_BELOW ? nowMs : this.#fullAtMs.get(key);
      if (atMs !== undefined) followed.set(key, atMs);
    }
    this.#fullAtMs = followed;
  }

  #judge(
    keys: ReadonlyMap<number, string>,
    table: SocketTable,
    index: PoolIndex,
    { range, timeWaitSeconds }: FindingEvidence['settings'],
  ): PoolParity[] {
    const found = new Map<number, PoolParity>();
    for (const [pool, poolKey] of keys) found.set(pool, { poolKey, sockets: 0, judged: 0, offParity: 0 });
    const fullAtMs = new Map([...keys].map(([pool, key]) => [pool, this.#fullAtMs.get(key) ?? -Infinity]));
    const knownFromMs = (this.#startedMs ?? 0) - KNOWN_BEFORE_MS;
    const { poolOfRow } = index;
    for (let row = 0; row < poolOfRow.length; row++) {
      const pool = poolOfRow[row] ?? -1;
      const parity = found.get(pool);
      if (!parity) continue;
      parity.sockets++;
      const afterMs = fullAtMs.get(pool) ?? -Infinity;
      if (!tells(table, row, { afterMs, knownFromMs, holdMs: timeWaitSeconds * 1000 })) continue;
      parity.judged++;
      if (((table.localPort[row] ?? 0) & 1) !== (range.first & 1)) parity.offParity++;
    }
    return [...found.values()].filter(({ offParity }) => offParity >= MIN_OFF_PARITY);
  }
}

interface Since {
  /** When its pool was last too full to tell. */
  afterMs: number;
  knownFromMs: number;
  holdMs: number;
}

/** Whether a socket was opened, as far as that is known, while its pool was not past half. */
function tells(table: SocketTable, row: number, { afterMs, knownFromMs, holdMs }: Since): boolean {
  const seenMs = table.firstSeenMs[row] ?? 0;
  if (seenMs > 0) return seenMs > afterMs;
  if (afterMs > -Infinity) return false;
  if (table.state[row] !== TcpState.TIME_WAIT) return true;
  if (table.timer[row] !== SocketTimer.timeWait) return false;
  return table.takenMonotonicMs - holdMs + (table.expiresMs[row] ?? 0) >= knownFromMs;
}

/** Ports of the other parity than the range's first, by pool. */
function countOff(table: SocketTable, { poolOfRow, count }: PoolIndex, parity: number): Uint32Array {
  const off = new Uint32Array(count);
  for (let row = 0; row < poolOfRow.length; row++) {
    const pool = poolOfRow[row] ?? -1;
    if (pool >= 0 && ((table.localPort[row] ?? 0) & 1) !== parity) off[pool] = (off[pool] ?? 0) + 1;
  }
  return off;
}
