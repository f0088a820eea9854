/** Socket tables for tests: from compact rows, at random for properties, and large synthetic ones. */
import fc from 'fast-check';
import { parseAddress, parseNetwork } from '../../main/core/address.ts';
import { parseEndpoint } from '../../main/core/filter/values.ts';
import {
  OwnerConfidence,
  OwnerIndex,
  SocketTimer,
  TCP_STATE_NAMES,
  TcpState,
  type SocketOwner,
  type StackSettings,
  type TcpStateName,
} from '../../main/core/model.ts';
import type { QueryContext } from '../../main/sampling/query/context.ts';
import { SocketTable } from '../../main/sampling/socket-table.ts';

/** A row in short: endpoints of one family as "10.0.0.1:443" or "[::1]:80"; what is left out is empty. */
export interface CompactRow {
  state: TcpStateName;
  local: string;
  remote?: string;
  timer?: keyof typeof SocketTimer;
  expiresMs?: number;
  retransmits?: number;
  receiveQueue?: number;
  sendQueue?: number;
  uid?: number;
  inode?: number;
  /** Low word of the cookie. */
  cookie?: number;
  /** Index of an owner, or one of OwnerIndex. */
  owner?: number;
  confidence?: keyof typeof OwnerConfidence;
  firstSeenMs?: number;
  scopeId?: number;
}

/** The time all tables are taken at: monotonic and epoch milliseconds. */
export const TAKEN_MONOTONIC_MS = 1_000_000;
export const TAKEN_AT_MS = 1_763_000_000_000;

/** Linux defaults. */
export const LINUX_SETTINGS: StackSettings = {
  profileId: 'linux',
  profileName: 'Linux',
  range: { first: 32768, last: 60999 },
  reserved: [],
  timeWaitSeconds: 60,
  timeWaitBasis: 'kernel constant',
  reuse: { mode: 'loopback', delayMs: 1000, timestamps: true },
  scope: 'destination',
  slowFromShare: 0.5,
  maxTimeWaitSockets: 65536,
};

/** A table that holds these rows, in this order. TIME_WAIT gets its timer unless the row says otherwise. */
export function tableOf(rows: readonly CompactRow[]): SocketTable {
  const table = emptyTable();
  for (const row of rows) appendRow(table, row);
  return table;
}

export function emptyTable(): SocketTable {
  const table = new SocketTable();
  table.takenMonotonicMs = TAKEN_MONOTONIC_MS;
  table.takenAtMs = TAKEN_AT_MS;
  table.snapshotId = 1;
  return table;
}

export function appendRow(table: SocketTable, compact: CompactRow): number {
  const row = table.append();
  const isTimeWait = compact.state === 'TIME_WAIT';
  table.state[row] = TCP_STATE_NAMES.indexOf(compact.state);
  table.timer[row] = SocketTimer[compact.timer ?? (isTimeWait ? 'timeWait' : 'none')];
  table.expiresMs[row] = compact.expiresMs ?? 0;
  table.retransmits[row] = compact.retransmits ?? 0;
  table.receiveQueue[row] = compact.receiveQueue ?? 0;
  table.sendQueue[row] = compact.sendQueue ?? 0;
  table.uid[row] = compact.uid ?? 0;
  table.inode[row] = compact.inode ?? 0;
  table.cookieLow[row] = compact.cookie ?? 0;
  table.cookieHigh[row] = 0;
  table.owner[row] = compact.owner ?? OwnerIndex.unknown;
  table.ownerConfidence[row] = OwnerConfidence[compact.confidence ?? 'unknown'];
  table.firstSeenMs[row] = compact.firstSeenMs ?? 0;
  table.scopeId[row] = compact.scopeId ?? 0;
  writeEndpoint(table, row, 'local', compact.local);
  writeEndpoint(table, row, 'remote', compact.remote ?? (table.family[row] === 6 ? '[::]:0' : '0.0.0.0:0'));
  return row;
}

/** A process; what is left out is plain. */
export function ownerOf(owner: Partial<SocketOwner> & { pid: number; process: string }): SocketOwner {
  return {
    startTicks: owner.pid,
    commandLine: owner.process,
    unit: null,
    container: null,
    uid: 1000,
    ...owner,
  };
}

export function contextOf(
  table: SocketTable,
  owners: readonly SocketOwner[] = [],
  extra: Partial<QueryContext> = {},
): QueryContext {
  const settings = extra.settings ?? LINUX_SETTINGS;
  return {
    table,
    ownerOf: (index) => owners[index] ?? null,
    timeWaitSeconds: settings.timeWaitSeconds,
    settings,
    ...extra,
  };
}

/**
 * `count` client connections of one busy process to a few destinations, with every tenth to a destination of its own;
 * `timeWaitShare` of them closed. Fast enough for a million rows and the same each time.
 */
export function syntheticTable(count: number, { timeWaitShare = 0.9, owners = 50 } = {}): SocketTable {
  const table = emptyTable();
  table.reserve(count);
  let seed = 0x2545f491;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let index = 0; index < count; index++) {
    const row = table.append();
    const isClosed = random(1000) < timeWaitShare * 1000;
    table.family[row] = 4;
    table.state[row] = isClosed ? TcpState.TIME_WAIT : TcpState.ESTABLISHED;
    table.timer[row] = isClosed ? SocketTimer.timeWait : SocketTimer.keepalive;
    table.expiresMs[row] = random(isClosed ? 60_000 : 7_200_000);
    table.retransmits[row] = 0;
    table.receiveQueue[row] = random(100) === 0 ? random(65536) : 0;
    table.sendQueue[row] = random(100) === 0 ? random(65536) : 0;
    table.uid[row] = isClosed ? 0 : 998;
    table.inode[row] = isClosed ? 0 : 100_000 + index;
    table.cookieLow[row] = index + 1;
    table.cookieHigh[row] = 0;
    table.owner[row] = random(20) === 0 ? OwnerIndex.unknown : random(owners);
    table.ownerConfidence[row] =
      table.owner[row] === OwnerIndex.unknown ? OwnerConfidence.unknown : OwnerConfidence.observed;
    table.firstSeenMs[row] = TAKEN_MONOTONIC_MS - random(900_000);
    const remote = random(10) === 0 ? 0xac100000 + random(1 << 20) : 0x0a00030a + random(5);
    writeWords(table.localAddress, row, [0, 0, 0xffff, 0x0a000207]);
    writeWords(table.remoteAddress, row, [0, 0, 0xffff, remote]);
    table.localPort[row] = 32768 + (index % 28232);
    table.remotePort[row] = 443;
  }
  return table;
}

/** Owners for a synthetic table. */
export function syntheticOwners(count = 50): SocketOwner[] {
  return Array.from({ length: count }, (_, index) =>
    ownerOf({ pid: 1000 + index, process: `worker-${index % 17}` }),
  );
}

const ENDPOINTS = fc.oneof(
  fc.record({
    local: fc.constantFrom('10.0.2.7:40000', '10.0.2.7:443', '127.0.0.1:40001', '0.0.0.0:443'),
    remote: fc.constantFrom('10.0.3.12:443', '10.0.3.12:80', '192.0.2.1:40000', '0.0.0.0:0'),
  }),
  fc.record({
    local: fc.constantFrom('[::1]:40000', '[2001:db8::7]:8080', '[fe80::2]:40001'),
    remote: fc.constantFrom('[2001:db8::1]:443', '[fe80::1]:22', '[::]:0'),
  }),
);

const COLUMNS = fc.record({
  state: fc.constantFrom<TcpStateName[]>(
    'ESTABLISHED',
    'TIME_WAIT',
    'LISTEN',
    'CLOSE_WAIT',
    'FIN_WAIT_2',
    'SYN_SENT',
    'BOUND',
  ),
  timer: fc.constantFrom<(keyof typeof SocketTimer)[]>(
    'none',
    'keepalive',
    'timeWait',
    'retransmit',
    'probe',
    'unknown',
  ),
  expiresMs: fc.constantFrom(0, 999, 1000, 30_000, 59_999, 60_000),
  receiveQueue: fc.constantFrom(0, 1, 4096),
  sendQueue: fc.constantFrom(0, 0, 77),
  uid: fc.constantFrom(0, 998, 1000),
  inode: fc.constantFrom(0, 5, 123456),
  owner: fc.constantFrom(OwnerIndex.unknown, OwnerIndex.notPermitted, 0, 1, 2, 3, 9),
  confidence: fc.constantFrom<(keyof typeof OwnerConfidence)[]>('observed', 'inferred', 'unknown'),
  firstSeenMs: fc.constantFrom(
    0,
    TAKEN_MONOTONIC_MS,
    TAKEN_MONOTONIC_MS - 31_000,
    TAKEN_MONOTONIC_MS - 900_000,
  ),
  scopeId: fc.constantFrom(0, 0, 2),
});

/** Rows that collide often, so that ties, groups and odd states occur. Cookies are left to the caller. */
export const compactRowArbitrary: fc.Arbitrary<CompactRow> = fc
  .tuple(ENDPOINTS, COLUMNS)
  .map(([endpoints, columns]) => ({ ...endpoints, ...columns }));

function writeEndpoint(table: SocketTable, row: number, side: 'local' | 'remote', text: string): void {
  const endpoint = parseEndpoint(text);
  const address = endpoint?.network?.address ?? parseAddress(text) ?? parseNetwork(text)?.address;
  if (address === undefined) throw new Error(`no endpoint: ${text}`);
  if (side === 'local') table.family[row] = address.family;
  if (table.family[row] !== address.family) throw new Error(`an address of another family: ${text}`);
  writeWords(side === 'local' ? table.localAddress : table.remoteAddress, row, address.words);
  (side === 'local' ? table.localPort : table.remotePort)[row] = endpoint?.ports?.first ?? 0;
}

function writeWords(
  column: Uint32Array,
  row: number,
  words: readonly [number, number, number, number],
): void {
  column.set(words, row * 4);
}
