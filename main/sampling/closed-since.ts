/**
 * How long sockets have been in TIME_WAIT where the system does not say (Windows, macOS, BSD, a dump without timers):
 * counted from when each was first seen there. What was there at the first dump has an age that is not known.
 */
import { SocketTimer, TcpState } from '../core/model.ts';
import { CLOSED_BEFORE, NOT_CLOSED, type SocketTable } from './socket-table.ts';

/** Whether the row is a closed connection of which the source does not say when its port comes back. */
export function isClosedWithoutTimer(table: SocketTable, row: number): boolean {
  return table.state[row] === TcpState.TIME_WAIT && table.timer[row] === SocketTimer.unknown;
}

export function hasClosedWithoutTimer(table: SocketTable): boolean {
  for (let row = 0; row < table.length; row++) if (isClosedWithoutTimer(table, row)) return true;
  return false;
}

/** Prepares `closedSinceMs` of a dump before it is linked to the one before, which then carries over what it knew. */
export function beginClosedSince(table: SocketTable): void {
  table.closedSinceMs = new Float64Array(table.length).fill(NOT_CLOSED);
}

/**
 * Stamps the rows that are in TIME_WAIT and were not so in the dump before (`isFirst`: there was none); gives 1 for
 * each of them that closed since then.
 */
export function stampClosed(table: SocketTable, isFirst: boolean): Uint8Array {
  const hasClosed = new Uint8Array(table.length);
  const since = table.closedSinceMs;
  if (since === null) return hasClosed;
  for (let row = 0; row < table.length; row++) {
    if (!isClosedWithoutTimer(table, row)) since[row] = NOT_CLOSED;
    else if (since[row] === NOT_CLOSED) {
      since[row] = isFirst ? CLOSED_BEFORE : table.takenMonotonicMs;
      hasClosed[row] = isFirst ? 0 : 1;
    }
  }
  return hasClosed;
}
