/** The number each row is sorted by; NaN where it has none. No number is negative (radix.ts). */
import { NOT_TOLD, OwnerConfidence, OwnerIndex, TCP_STATE_NAMES, TcpState } from '../../core/model.ts';
import type { QueryContext, SortColumnName } from './context.ts';
import { hasRunningTimer, rowAgeMs, rowOwner, rowUid } from './row.ts';
import { factsOf } from './snapshot-facts.ts';

/** States in the order of a connection's life, as the Sockets screen shows them; TcpState numbers. */
const STATE_ORDER: readonly number[] = [
  TcpState.SYN_SENT,
  TcpState.SYN_RECV,
  TcpState.NEW_SYN_RECV,
  TcpState.ESTABLISHED,
  TcpState.CLOSE_WAIT,
  TcpState.FIN_WAIT_1,
  TcpState.FIN_WAIT_2,
  TcpState.CLOSING,
  TcpState.LAST_ACK,
  TcpState.TIME_WAIT,
  TcpState.LISTEN,
  TcpState.BOUND,
  TcpState.CLOSE,
  0,
];

export type RowKey = (row: number) => number;

/** The key of one column for every row of the snapshot. */
export function sortKey(context: QueryContext, column: SortColumnName): RowKey {
  const { table } = context;
  switch (column) {
    case 'state':
      return stateKey(context);
    case 'local':
      return endpointKey(context, 'local');
    case 'remote':
      return endpointKey(context, 'remote');
    case 'localPort':
      return (row) => table.localPort[row] ?? 0;
    case 'remotePort':
      return (row) => table.remotePort[row] ?? 0;
    case 'process':
      return processKey(context);
    case 'pid':
      return (row) => rowOwner(context, row)?.pid ?? Number.NaN;
    case 'age':
      return (row) => rowAgeMs(context, row);
    case 'timer':
      return (row) => (hasRunningTimer(table, row) ? (table.expiresMs[row] ?? 0) : Number.NaN);
    case 'uid':
      return (row) => rowUid(table, row, rowOwner(context, row)) ?? Number.NaN;
    case 'owner':
      return (row) => attributionRank(context, row);
    case 'receiveQueue':
      return queueKey(table.receiveQueue);
    case 'sendQueue':
      return queueKey(table.sendQueue);
    case 'inode':
      return (row) => table.inode[row] || Number.NaN;
  }
}

function queueKey(queue: Uint32Array): RowKey {
  return (row) => (queue[row] === NOT_TOLD ? Number.NaN : (queue[row] ?? 0));
}

/** Place in the life of a connection. */
export function stateKey({ table }: QueryContext): RowKey {
  const ranks = TCP_STATE_NAMES.map((_, state) => STATE_ORDER.indexOf(state));
  return (row) => ranks[table.state[row] ?? 0] ?? STATE_ORDER.length;
}

/** Address first, then port: ranks stay below 2²¹ a million rows, so the sum is exact. */
export function endpointKey(context: QueryContext, side: 'local' | 'remote'): RowKey {
  const { rankOfRow } = factsOf(context).addressIndex(side);
  const port = side === 'local' ? context.table.localPort : context.table.remotePort;
  return (row) => (rankOfRow[row] ?? 0) * 65536 + (port[row] ?? 0);
}

/** By name in any case, equal names in the order of the table. */
function processKey(context: QueryContext): RowKey {
  const { owner } = context.table;
  const { byIndex, ordered } = factsOf(context).owners;
  const keys = new Float64Array(byIndex.length).fill(Number.NaN);
  let name: string | null = null;
  let key = -1;
  for (const index of ordered) {
    const own = byIndex[index]?.process?.toLowerCase() ?? '';
    if (own !== name) key++;
    name = own;
    keys[index] = key;
  }
  return (row) => keys[owner[row] ?? OwnerIndex.unknown] ?? Number.NaN;
}

/** Best known first: observed, inferred, hidden, unknown. */
function attributionRank({ table }: QueryContext, row: number): number {
  const confidence = table.ownerConfidence[row];
  if (confidence === OwnerConfidence.observed) return 0;
  if (confidence === OwnerConfidence.inferred) return 1;
  return table.owner[row] === OwnerIndex.notPermitted ? 2 : 3;
}
