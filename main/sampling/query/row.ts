/** One socket as the workbench shows it. */
import { formatRowAddress } from '../../core/address.ts';
import {
  NOT_TOLD,
  OwnerConfidence,
  OwnerIndex,
  SocketTimer,
  TCP_STATE_NAMES,
  TcpState,
  UnknownPart,
  type OwnerConfidenceName,
  type SocketColumns,
  type SocketOwner,
} from '../../core/model.ts';
import type { QueryContext } from './context.ts';

export type TimerName = 'none' | 'retransmit' | 'keepalive' | 'timewait' | 'probe' | 'unknown';

/** A row of the contract's sockets.query. */
export interface SocketRowValue {
  kind: 'socket';
  key: string;
  family: 4 | 6;
  state: string;
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
  process: string | null;
  pid: number | null;
  confidence: OwnerConfidenceName;
  ownerHidden: boolean;
  uid: number | null;
  ageSeconds: number | null;
  ageIsMinimum: boolean;
  timer: TimerName;
  timerSeconds: number | null;
  receiveQueue: number | null;
  sendQueue: number | null;
  inode: number | null;
}

const TIMER_NAMES: readonly TimerName[] = ['none', 'retransmit', 'keepalive', 'timewait', 'probe'];

/** Makes the row; about a microsecond, so only for rows that are shown. */
export function socketRow(context: QueryContext, row: number): SocketRowValue {
  const { table } = context;
  const owner = rowOwner(context, row);
  const ageMs = rowAgeMs(context, row);
  const inode = table.inode[row] ?? 0;
  return {
    kind: 'socket',
    key: rowKey(table, row),
    family: table.family[row] === 6 ? 6 : 4,
    state: TCP_STATE_NAMES[table.state[row] ?? 0] ?? 'UNKNOWN',
    localAddress: shownAddress(table, row, 'local'),
    localPort: table.localPort[row] ?? 0,
    remoteAddress: shownAddress(table, row, 'remote'),
    remotePort: table.remotePort[row] ?? 0,
    process: owner?.process ?? null,
    pid: owner?.pid ?? null,
    confidence: rowConfidence(table, row),
    ownerHidden: table.owner[row] === OwnerIndex.notPermitted,
    uid: rowUid(table, row, owner),
    ageSeconds: Number.isNaN(ageMs) ? null : ageMs / 1000,
    ageIsMinimum: isAgeMinimum(table, row),
    timer: TIMER_NAMES[table.timer[row] ?? SocketTimer.unknown] ?? 'unknown',
    timerSeconds: hasRunningTimer(table, row) ? (table.expiresMs[row] ?? 0) / 1000 : null,
    receiveQueue: told(table.receiveQueue[row]),
    sendQueue: told(table.sendQueue[row]),
    inode: inode === 0 ? null : inode,
  };
}

/** "?" where the source did not tell it. */
function shownAddress(table: SocketColumns, row: number, side: 'local' | 'remote'): string {
  const part = side === 'local' ? UnknownPart.localAddress : UnknownPart.remoteAddress;
  return ((table.unknownParts?.[row] ?? 0) & part) === 0 ? formatRowAddress(table, row, side) : '?';
}

function told(value: number | undefined): number | null {
  return value === undefined || value === NOT_TOLD ? null : value;
}

export function rowOwner(context: QueryContext, row: number): SocketOwner | null {
  const index = context.table.owner[row] ?? OwnerIndex.unknown;
  return index < 0 ? null : context.ownerOf(index);
}

export function rowConfidence(table: SocketColumns, row: number): OwnerConfidenceName {
  const confidence = table.ownerConfidence[row];
  if (confidence === OwnerConfidence.observed) return 'observed';
  return confidence === OwnerConfidence.inferred ? 'inferred' : 'unknown';
}

/**
 * The user of a socket. The kernel answers uid 0 for sockets it has already taken from their process (TIME_WAIT, no
 * inode): there it is the owner's, if that is known.
 */
export function rowUid(table: SocketColumns, row: number, owner: SocketOwner | null): number | null {
  const uid = table.uid[row] ?? NOT_TOLD;
  return table.state[row] === TcpState.TIME_WAIT || uid === NOT_TOLD ? (owner?.uid ?? null) : uid;
}

/**
 * Milliseconds since the socket was first seen, or in TIME_WAIT since the close; NaN when unknown. May be a lower bound
 * (isAgeMinimum).
 */
export function rowAgeMs(context: QueryContext, row: number): number {
  const { table, timeWaitSeconds, startedMonotonicMs } = context;
  if (isTimedTimeWait(table, row)) return Math.max(0, timeWaitSeconds * 1000 - (table.expiresMs[row] ?? 0));
  const seenMs = (table.firstSeenMs[row] ?? 0) || (startedMonotonicMs ?? Number.NaN);
  return Math.max(0, table.takenMonotonicMs - seenMs);
}

/** True when the socket may be older than rowAgeMs says: it was there at the first dump, or has no TIME_WAIT timer. */
export function isAgeMinimum(table: SocketColumns, row: number): boolean {
  if (isTimedTimeWait(table, row)) return false;
  return table.firstSeenMs[row] === 0 || table.state[row] === TcpState.TIME_WAIT;
}

export function hasRunningTimer(table: SocketColumns, row: number): boolean {
  const timer = table.timer[row];
  return timer !== SocketTimer.none && timer !== SocketTimer.unknown;
}

export function isTimedTimeWait(table: SocketColumns, row: number): boolean {
  return table.state[row] === TcpState.TIME_WAIT && table.timer[row] === SocketTimer.timeWait;
}

/**
 * A name for a socket, the same from its first dump to the end of its TIME_WAIT: the kernel's cookie, which TIME_WAIT
 * inherits, and the 4-tuple. Without cookies (/proc) the 4-tuple alone, and the inode where several may share it.
 */
export function rowKey(table: SocketColumns, row: number): string {
  const high = table.cookieHigh[row] ?? 0;
  const low = table.cookieLow[row] ?? 0;
  const tuple = tupleKey(table, row);
  if (high !== 0 || low !== 0) return `c:${high.toString(16)}:${low.toString(16)}:${tuple}`;
  const inode = table.remotePort[row] === 0 ? (table.inode[row] ?? 0) : 0;
  return `t:${inode.toString(16)}:${tuple}`;
}

/** The row with this key, or -1. The key comes from outside: one that is malformed is simply not found. */
export function findRow(table: SocketColumns, key: string): number {
  const match = /^([ct]):([0-9a-f]{1,8}):(?:([0-9a-f]{1,8}):)?/.exec(key);
  if (match === null) return -1;
  const first = Number.parseInt(match[2] ?? '', 16);
  const second = match[3] === undefined ? null : Number.parseInt(match[3], 16);
  const ports = /\.([0-9a-f]{1,4})-[0-9a-f]+\.([0-9a-f]{1,4})(?:%[0-9a-f]+)?$/.exec(key);
  const localPort = Number.parseInt(ports?.[1] ?? '', 16);
  for (let row = 0; row < table.length; row++) {
    if (table.localPort[row] !== localPort) continue;
    if (second !== null && (table.cookieHigh[row] !== first || table.cookieLow[row] !== second)) continue;
    if (rowKey(table, row) === key) return row;
  }
  return -1;
}

function tupleKey(table: SocketColumns, row: number): string {
  const scopeId = table.scopeId[row] ?? 0;
  const local = `${addressKey(table, table.localAddress, row)}.${(table.localPort[row] ?? 0).toString(16)}`;
  const remote = `${addressKey(table, table.remoteAddress, row)}.${(table.remotePort[row] ?? 0).toString(16)}`;
  return `${local}-${remote}${scopeId === 0 ? '' : `%${scopeId.toString(16)}`}`;
}

function addressKey(table: SocketColumns, words: Uint32Array, row: number): string {
  const hex = (word: number) => (words[row * 4 + word] ?? 0).toString(16).padStart(8, '0');
  return table.family[row] === 4 ? hex(3) : `${hex(0)}${hex(1)}${hex(2)}${hex(3)}`;
}
