/** What queries look at: one dump, and what is needed to read it. */
import type { SocketOwner, StackSettings } from '../../core/model.ts';
import type { SocketTable } from '../socket-table.ts';

export interface QueryContext {
  table: SocketTable;
  /** The process behind an index of the `owner` column. */
  ownerOf(index: number): SocketOwner | null;
  /** Seconds a socket stays in TIME_WAIT. */
  timeWaitSeconds: number;
  settings: StackSettings;
  /** Monotonic milliseconds of the first dump: sockets that were there then are at least this old. */
  startedMonotonicMs?: number;
  /** Capacity and ports in use of a pool by its key, for the details of a socket; null when it is no pool. */
  poolOf?(poolKey: string): { capacity: number; used: number } | null;
}

/** Columns a socket list can be sorted by. */
export type SortColumnName =
  | 'state'
  | 'local'
  | 'localPort'
  | 'remote'
  | 'remotePort'
  | 'process'
  | 'pid'
  | 'age'
  | 'timer'
  | 'uid'
  | 'owner'
  | 'receiveQueue'
  | 'sendQueue'
  | 'inode';

export interface SortOrder {
  column: SortColumnName;
  descending: boolean;
}

/** What rows can be put under headings by; `process` means one process, not one name. */
export type GroupName = 'none' | 'process' | 'destination' | 'state' | 'localPort' | 'user';
