/** Everything known of one socket, for the details drawer. */
import { OwnerIndex, TcpState, type SocketOwner } from '../../core/model.ts';
import { poolKeyOf } from '../../core/pools.ts';
import { sayProcess } from '../../core/words/process.ts';
import type { QueryContext } from './context.ts';
import {
  findRow,
  isTimedTimeWait,
  rowAgeMs,
  rowConfidence,
  rowOwner,
  socketRow,
  type SocketRowValue,
} from './row.ts';
import { factsOf } from './snapshot-facts.ts';
import { formatSsCommand, formatSsLine } from './ss-line.ts';

/** The contract's sockets.detail. */
export interface SocketDetail {
  row: SocketRowValue | null;
  poolKey: string | null;
  poolCapacity: number | null;
  poolUsed: number | null;
  commandLine: string | null;
  unit: string | null;
  container: string | null;
  ownerSentence: string;
  openSeconds: number | null;
  line: string;
  command: string;
}

const GONE: SocketDetail = {
  row: null,
  poolKey: null,
  poolCapacity: null,
  poolUsed: null,
  commandLine: null,
  unit: null,
  container: null,
  ownerSentence: 'This socket is not in the snapshot: it has ended.',
  openSeconds: null,
  line: '',
  command: '',
};

/** Answers sockets.detail: the socket with this key (socketRow's), or a detail without a row when it is gone. */
export function describeSocket(context: QueryContext, key: string): SocketDetail {
  const { table } = context;
  const row = findRow(table, key);
  if (row < 0) return { ...GONE };
  const poolKey = isPoolMember(context, row) ? poolKeyOf(table, row, context.settings.scope) : null;
  const pool = poolKey === null ? null : (context.poolOf?.(poolKey) ?? null);
  const owner = rowOwner(context, row);
  return {
    row: socketRow(context, row),
    poolKey,
    poolCapacity: pool?.capacity ?? null,
    poolUsed: pool?.used ?? null,
    commandLine: owner?.commandLine ?? null,
    unit: owner?.unit ?? null,
    container: owner?.container ?? null,
    ownerSentence: sayOwner(context, row, owner),
    openSeconds: openSeconds(context, row),
    line: formatSsLine(table, row),
    command: formatSsCommand(table, row),
  };
}

/** Whether the row holds an ephemeral port that connect() chose from a pool; pools.ts leaves the same rows out. */
function isPoolMember(context: QueryContext, row: number): boolean {
  const { table, settings } = context;
  const state = table.state[row];
  const port = table.localPort[row] ?? 0;
  if (state === TcpState.LISTEN || state === TcpState.BOUND) return false;
  if (state === TcpState.SYN_RECV || state === TcpState.NEW_SYN_RECV) return false;
  if (port < settings.range.first || port > settings.range.last) return false;
  return factsOf(context).listeningPorts[port] !== 1;
}

/** From first sight to the close. Null when it was first seen closed, or was there before the first dump. */
function openSeconds(context: QueryContext, row: number): number | null {
  const { table } = context;
  const seenMs = table.firstSeenMs[row] ?? 0;
  if (seenMs === 0 || !isTimedTimeWait(table, row)) return null;
  const openMs = table.takenMonotonicMs - rowAgeMs(context, row) - seenMs;
  return openMs > 0 ? openMs / 1000 : null;
}

/** How the owner is known; never more certain than it is. */
function sayOwner(context: QueryContext, row: number, owner: SocketOwner | null): string {
  const { table, settings } = context;
  const forgotten = `${settings.profileName} keeps no owner for a TIME-WAIT socket.`;
  const who = owner === null ? '' : sayProcess(owner);
  const isClosed = table.state[row] === TcpState.TIME_WAIT;
  if (table.owner[row] === OwnerIndex.notPermitted) {
    return 'A process holds this socket, but this user may not see which; an administrator can.';
  }
  const confidence = rowConfidence(table, row);
  if (owner !== null && confidence === 'observed') {
    return isClosed
      ? `${forgotten} Fourtuple saw this 4-tuple open in ${who} before it closed.`
      : `${who} was seen to hold this socket.`;
  }
  if (owner !== null && confidence === 'inferred') {
    return `${isClosed ? `${forgotten} ` : ''}Inferred: the connections of this port pool, or those of its kind, that were seen open belong to ${who}.`;
  }
  if (isClosed) return `${forgotten} It closed before Fourtuple saw it open, so its owner is unknown.`;
  if (table.inode[row] === 0)
    return 'No process holds this socket any more, or the system does not say which.';
  return `No process was found yet that holds inode ${table.inode[row]}.`;
}
