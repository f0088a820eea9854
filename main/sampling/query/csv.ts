/** Sockets as CSV (RFC 4180), in chunks. */
import type { QueryContext, SortOrder } from './context.ts';
import { matchRows, sortedRows } from './query.ts';
import { rowOwner, socketRow } from './row.ts';

export interface ExportArgs {
  filter: string;
  sort: SortOrder;
  offset: number;
  limit: number;
}

export interface ExportChunk {
  csv: string;
  /** Where the next chunk begins; null when this was the last. */
  nextOffset: number | null;
  matching: number;
}

const HEADING = [
  'state',
  'local_address',
  'local_port',
  'remote_address',
  'remote_port',
  'process',
  'pid',
  'owner_confidence',
  'uid',
  'age_seconds',
  'age_is_minimum',
  'timer',
  'timer_seconds',
  'receive_queue',
  'send_queue',
  'inode',
  'command_line',
  'unit',
  'container',
] as const;

/** Seconds to three decimals: what the kernel's timers are good for. */
function toMilliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1000) / 1000;
}

/** Answers sockets.export: `limit` rows from `offset` on, the heading before the first of them. */
export function exportSockets(context: QueryContext, args: ExportArgs): ExportChunk {
  const matching = matchRows(context, args.filter).rows.length;
  const order = sortedRows(context, args.filter, args.sort);
  const end = Math.min(order.length, args.offset + args.limit);
  const lines = args.offset === 0 ? [csvLine(HEADING)] : [];
  for (const row of order.subarray(args.offset, Math.max(args.offset, end)))
    lines.push(csvLine(cellsOf(context, row)));
  return { csv: lines.join(''), nextOffset: end < order.length ? end : null, matching };
}

/** One record: cells quoted where they must be, ended by CRLF. Empty for unknown. */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Spreadsheets run a cell that starts with one of these as a formula (OWASP, CSV injection): a quote disarms it. */
function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cellsOf(context: QueryContext, row: number): (string | number | boolean | null)[] {
  const socket = socketRow(context, row);
  const owner = rowOwner(context, row);
  return [
    socket.state,
    socket.localAddress,
    socket.localPort,
    socket.remoteAddress,
    socket.remotePort,
    socket.process,
    socket.pid,
    socket.ownerHidden ? 'hidden' : socket.confidence,
    socket.uid,
    toMilliseconds(socket.ageSeconds),
    socket.ageSeconds === null ? null : socket.ageIsMinimum,
    socket.timer,
    toMilliseconds(socket.timerSeconds),
    socket.receiveQueue,
    socket.sendQueue,
    socket.inode,
    owner?.commandLine ?? null,
    owner?.unit ?? null,
    owner?.container ?? null,
  ];
}
