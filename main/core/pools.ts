/**
 * Port pools from the columns of a socket table: what the kernel allocates from, how much each holds and what takes
 * ports away from it. Runs over 100,000 rows each second, so it counts in typed arrays and makes an object only for
 * pools that are asked for.
 */
import { formatEndpoint, formatRowAddress, isLoopbackRow } from './address.ts';
import { capacityOf } from './budget.ts';
import { countInside, countPorts, mergeRanges } from './port-range.ts';
import {
  TCP_STATE_NAMES,
  TcpState,
  UnknownPart,
  type CountByState,
  type PoolScope,
  type SocketColumns,
  type StackSettings,
} from './model.ts';

/** What a port of this host is to an outgoing connection that lets the kernel choose. */
export const PortClass = { outside: 0, available: 1, reserved: 2, blocked: 3 } as const;

const STATE_COUNT = TCP_STATE_NAMES.length;
/** Pool index of rows that hold no ephemeral port. */
export const NO_POOL = -1;

/** Which ports a pool can use, for this dump. */
export interface PortLedger {
  /** A PortClass a port, 65,536 entries. */
  classOfPort: Uint8Array;
  rangeCount: number;
  reservedCount: number;
  /** Ports of the range, not reserved, with a listening or bound socket. */
  blockedCount: number;
  capacity: number;
}

/** What the last dump knew: ports that were blocked then stay so while sockets of then still hold them. */
export interface EarlierLedger {
  classOfPort: Uint8Array;
  /** 1 for a row of this dump that the last one did not have. */
  isNew: Uint8Array;
}

/**
 * Sorts the ports into classes. A listening socket, and one bound without being connected, takes its port from every
 * pool whatever its address or family: connect() skips a port whose bind bucket somebody bound (one bucket a port;
 * net/ipv4/inet_hashtables.c, __inet_hash_connect, "fastreuse >= 0"). Connections accepted on it keep the bucket after
 * the listener has closed, TIME_WAIT included: measured on 6.18.
 */
export function classifyPorts(
  table: SocketColumns,
  settings: StackSettings,
  earlier?: EarlierLedger,
): PortLedger {
  const classOfPort = new Uint8Array(65536);
  classOfPort.fill(PortClass.available, settings.range.first, settings.range.last + 1);
  for (const range of mergeRanges(settings.reserved)) {
    for (let port = range.first; port <= range.last; port++) {
      if (classOfPort[port] === PortClass.available) classOfPort[port] = PortClass.reserved;
    }
  }
  let blockedCount = 0;
  for (let row = 0; row < table.length; row++) {
    const state = table.state[row];
    const port = table.localPort[row] ?? 0;
    if (classOfPort[port] !== PortClass.available) continue;
    const isKept =
      earlier !== undefined && earlier.classOfPort[port] === PortClass.blocked && earlier.isNew[row] === 0;
    if (state !== TcpState.LISTEN && state !== TcpState.BOUND && !isKept) continue;
    classOfPort[port] = PortClass.blocked;
    blockedCount++;
  }
  const reservedCount = countInside(settings.range, settings.reserved);
  return {
    classOfPort,
    rangeCount: countPorts(settings.range),
    reservedCount,
    blockedCount,
    capacity: capacityOf({ range: settings.range, reserved: settings.reserved, blockedCount }),
  };
}

/** Every pool of a dump, as columns; pool i is row i of each. */
export interface PoolIndex {
  count: number;
  /** Pool of each socket row, or NO_POOL. */
  poolOfRow: Int32Array;
  /** A row of each pool, to read its addresses from. */
  firstRow: Int32Array;
  /** STATE_COUNT counters a pool. */
  stateCounts: Uint32Array;
  sockets: Uint32Array;
  ledger: PortLedger;
}

/** What must be known of a row to say which pool it is in. */
const PARTS_OF_POOL: Record<PoolScope, number> = {
  host: UnknownPart.localPort,
  address: UnknownPart.localPort | UnknownPart.localAddress,
  destination:
    UnknownPart.localPort | UnknownPart.localAddress | UnknownPart.remoteAddress | UnknownPart.remotePort,
};

/**
 * Groups the client sockets of a dump into the pools they hold ports of. The pool of a whole host is one for each
 * address family: Windows sets a range for each, and macOS looks for a free port among the sockets of one family only
 * (xnu, in_pcblookup_local).
 */
export function indexPools(
  table: SocketColumns,
  settings: StackSettings,
  earlier?: EarlierLedger,
): PoolIndex {
  const ledger = classifyPorts(table, settings, earlier);
  const poolOfRow = new Int32Array(table.length).fill(NO_POOL);
  const builder = new PoolBuilder(table, settings.scope);
  const { classOfPort } = ledger;
  const { unknownParts } = table;
  const needed = PARTS_OF_POOL[settings.scope];
  for (let row = 0; row < table.length; row++) {
    const state = table.state[row] ?? 0;
    if (state === TcpState.LISTEN || state === TcpState.BOUND) continue;
    if (state === TcpState.SYN_RECV || state === TcpState.NEW_SYN_RECV) continue;
    if (classOfPort[table.localPort[row] ?? 0] !== PortClass.available) continue;
    if (unknownParts && ((unknownParts[row] ?? 0) & needed) !== 0) continue;
    poolOfRow[row] = builder.add(row, state);
  }
  return { poolOfRow, ledger, ...builder.finish() };
}

/** An open-addressing hash over the address columns: no string or object for a row. */
class PoolBuilder {
  private slots = new Int32Array(1024).fill(-1);
  private hashes = new Int32Array(512);
  private firstRow = new Int32Array(512);
  private sockets = new Uint32Array(512);
  private stateCounts = new Uint32Array(512 * STATE_COUNT);
  private count = 0;
  private readonly table: SocketColumns;
  private readonly scope: PoolScope;

  constructor(table: SocketColumns, scope: PoolScope) {
    this.table = table;
    this.scope = scope;
  }

  add(row: number, state: number): number {
    const hash = this.hashOf(row);
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const pool = this.slots[slot] ?? -1;
      if (pool < 0) break;
      if (this.hashes[pool] === hash && this.isSame(this.firstRow[pool] ?? 0, row)) {
        this.bump(pool, state);
        return pool;
      }
      slot = (slot + 1) & mask;
    }
    const pool = this.count++;
    if (pool === this.hashes.length) this.growPools();
    this.slots[slot] = pool;
    this.hashes[pool] = hash;
    this.firstRow[pool] = row;
    this.bump(pool, state);
    if (this.count * 2 > this.slots.length) this.growSlots();
    return pool;
  }

  finish() {
    const { count } = this;
    return {
      count,
      firstRow: this.firstRow.subarray(0, count),
      sockets: this.sockets.subarray(0, count),
      stateCounts: this.stateCounts.subarray(0, count * STATE_COUNT),
    };
  }

  private bump(pool: number, state: number): void {
    this.sockets[pool] = (this.sockets[pool] ?? 0) + 1;
    const at = pool * STATE_COUNT + state;
    this.stateCounts[at] = (this.stateCounts[at] ?? 0) + 1;
  }

  private hashOf(row: number): number {
    if (this.scope === 'host') return this.table.family[row] ?? 0;
    const { localAddress, remoteAddress, remotePort, scopeId, family } = this.table;
    const at = row * 4;
    // The other words of IPv4 addresses are all alike.
    if (family[row] === 4 && this.scope === 'destination') {
      const addresses = mix(mix(0, localAddress[at + 3] ?? 0), remoteAddress[at + 3] ?? 0);
      return mix(addresses, remotePort[row] ?? 0);
    }
    let hash = mix(0, localAddress[at] ?? 0);
    hash = mix(hash, localAddress[at + 1] ?? 0);
    hash = mix(hash, localAddress[at + 2] ?? 0);
    hash = mix(hash, localAddress[at + 3] ?? 0);
    if (this.scope === 'address') return hash;
    hash = mix(hash, remoteAddress[at] ?? 0);
    hash = mix(hash, remoteAddress[at + 1] ?? 0);
    hash = mix(hash, remoteAddress[at + 2] ?? 0);
    hash = mix(hash, remoteAddress[at + 3] ?? 0);
    return mix(mix(hash, remotePort[row] ?? 0), scopeId[row] ?? 0);
  }

  private isSame(a: number, b: number): boolean {
    if (this.scope === 'host') return this.table.family[a] === this.table.family[b];
    const { localAddress, remoteAddress, remotePort, scopeId } = this.table;
    for (let word = 0; word < 4; word++) {
      if (localAddress[a * 4 + word] !== localAddress[b * 4 + word]) return false;
    }
    if (this.scope === 'address') return true;
    for (let word = 0; word < 4; word++) {
      if (remoteAddress[a * 4 + word] !== remoteAddress[b * 4 + word]) return false;
    }
    return remotePort[a] === remotePort[b] && scopeId[a] === scopeId[b];
  }

  private growSlots(): void {
    const mask = this.slots.length * 2 - 1;
    this.slots = new Int32Array(mask + 1).fill(-1);
    for (let pool = 0; pool < this.count; pool++) {
      let slot = (this.hashes[pool] ?? 0) & mask;
      while ((this.slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = pool;
    }
  }

  private growPools(): void {
    const length = this.hashes.length * 2;
    const { hashes, firstRow, sockets, stateCounts } = this;
    this.hashes = new Int32Array(length);
    this.hashes.set(hashes);
    this.firstRow = new Int32Array(length);
    this.firstRow.set(firstRow);
    this.sockets = new Uint32Array(length);
    this.sockets.set(sockets);
    this.stateCounts = new Uint32Array(length * STATE_COUNT);
    this.stateCounts.set(stateCounts);
  }
}

/** One round of MurmurHash3's 32-bit mixing. */
function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

/** The pools with most sockets, fullest first; all pools of one scope share a capacity, so this is by use as well. */
export function fullestPools(index: PoolIndex, limit: number): number[] {
  const order = Array.from({ length: index.count }, (_, pool) => pool);
  order.sort((a, b) => (index.sockets[b] ?? 0) - (index.sockets[a] ?? 0));
  return order.slice(0, limit);
}

/** Sockets of a pool by state. */
export function poolStates(index: PoolIndex, pool: number): CountByState {
  const counts: CountByState = {};
  for (let state = 0; state < STATE_COUNT; state++) {
    const count = index.stateCounts[pool * STATE_COUNT + state] ?? 0;
    const name = TCP_STATE_NAMES[state];
    if (count > 0 && name) counts[name] = count;
  }
  return counts;
}

/** Sockets of a pool that are not in TIME_WAIT. */
export function liveSockets(index: PoolIndex, pool: number): number {
  return (index.sockets[pool] ?? 0) - (index.stateCounts[pool * STATE_COUNT + TcpState.TIME_WAIT] ?? 0);
}

/** Rows of the named pools, in table order. */
export function rowsOfPools(index: PoolIndex, pools: readonly number[]): Map<number, Int32Array> {
  const cursor = new Map<number, { rows: Int32Array; filled: number }>();
  for (const pool of pools) cursor.set(pool, { rows: new Int32Array(index.sockets[pool] ?? 0), filled: 0 });
  const slots = new Array<{ rows: Int32Array; filled: number } | undefined>(index.count);
  for (const [pool, entry] of cursor) slots[pool] = entry;
  const { poolOfRow } = index;
  for (let row = 0; row < poolOfRow.length; row++) {
    const pool = poolOfRow[row] ?? NO_POOL;
    if (pool < 0) continue;
    const entry = slots[pool];
    if (entry) entry.rows[entry.filled++] = row;
  }
  return new Map([...cursor].map(([pool, entry]) => [pool, entry.rows]));
}

/** How a pool is called: "10.0.2.7>10.0.3.12:443", "10.0.2.7>*" for a local address, "ipv4>*" for the whole host. */
export function poolKeyOf(table: SocketColumns, row: number, scope: PoolScope = 'destination'): string {
  if (scope === 'host') return table.family[row] === 6 ? 'ipv6>*' : 'ipv4>*';
  const { localAddress, remoteAddress, remotePort } = poolEndsOf(table, row, scope);
  return `${localAddress}>${scope === 'address' ? '*' : formatEndpoint(remoteAddress, remotePort)}`;
}

/** The addresses that all sockets of this row's pool share; '' and 0 for what a pool of this scope has no one of. */
export function poolEndsOf(
  table: SocketColumns,
  row: number,
  scope: PoolScope,
): { localAddress: string; remoteAddress: string; remotePort: number } {
  const localAddress = scope === 'host' ? '' : formatRowAddress(table, row, 'local');
  if (scope !== 'destination') return { localAddress, remoteAddress: '', remotePort: 0 };
  return {
    localAddress,
    remoteAddress: formatRowAddress(table, row, 'remote'),
    remotePort: table.remotePort[row] ?? 0,
  };
}

/**
 * Whether TIME_WAIT ports of this row's pool are reused for new connections: tcp_tw_reuse 1, or 2 and one end is
 * loopback; never without TCP timestamps (net/ipv4/tcp_ipv4.c, tcp_twsk_unique).
 */
export function isReuseEffective(table: SocketColumns, row: number, settings: StackSettings): boolean {
  const { mode, timestamps } = settings.reuse;
  if (!timestamps || mode === 'off') return false;
  return mode === 'all' || isLoopbackRow(table, row, 'local') || isLoopbackRow(table, row, 'remote');
}
