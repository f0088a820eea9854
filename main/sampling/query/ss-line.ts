/** A socket as `ss -tano` of iproute2 prints it, and a command that prints it again. */
import { formatEndpoint, formatRowAddress } from '../../core/address.ts';
import { NOT_TOLD, SocketTimer, TcpState, TCP_STATE_NAMES, type SocketColumns } from '../../core/model.ts';

/** Names of misc/ss.c, sstate_name; where there is none, ours with "-". */
const SS_STATES: ReadonlyMap<number, string> = new Map([
  [TcpState.ESTABLISHED, 'ESTAB'],
  [TcpState.CLOSE, 'UNCONN'],
]);
/** Names of misc/ss.c, tmr_name. */
const SS_TIMERS: ReadonlyMap<number, string> = new Map([
  [SocketTimer.retransmit, 'on'],
  [SocketTimer.keepalive, 'keepalive'],
  [SocketTimer.timeWait, 'timewait'],
  [SocketTimer.probe, 'persist'],
]);

/** "TIME-WAIT 0 0 10.0.2.7:47133 10.0.3.12:443 timer:(timewait,41sec,0)". */
export function formatSsLine(table: SocketColumns, row: number): string {
  const state = table.state[row] ?? 0;
  const name = SS_STATES.get(state) ?? (TCP_STATE_NAMES[state] ?? 'UNKNOWN').replaceAll('_', '-');
  const parts = [
    name,
    queueText(table.receiveQueue[row]),
    queueText(table.sendQueue[row]),
    endpointText(table, row, 'local'),
    endpointText(table, row, 'remote'),
  ];
  const timer = SS_TIMERS.get(table.timer[row] ?? 0);
  if (timer !== undefined) {
    parts.push(`timer:(${timer},${formatSsTime(table.expiresMs[row] ?? 0)},${table.retransmits[row] ?? 0})`);
  }
  return parts.join(' ');
}

function queueText(bytes: number | undefined): string {
  return bytes === undefined || bytes === NOT_TOLD ? '-' : `${bytes}`;
}

/** "ss -tano 'src = 10.0.2.7:47133 and dst = 10.0.3.12:443'"; ss takes no interface index after an address. */
export function formatSsCommand(table: SocketColumns, row: number): string {
  const local = endpointText(table, row, 'local').replace(/%\d+/, '');
  const remote = endpointText(table, row, 'remote').replace(/%\d+/, '');
  const hasRemote = table.remotePort[row] !== 0;
  return `ss -tano 'src = ${local}${hasRemote ? ` and dst = ${remote}` : ''}'`;
}

function endpointText(table: SocketColumns, row: number, side: 'local' | 'remote'): string {
  const port = (side === 'local' ? table.localPort : table.remotePort)[row] ?? 0;
  const text = formatEndpoint(formatRowAddress(table, row, side), port);
  return port === 0 ? text.replace(/:0$/, ':*') : text;
}

/** As print_ms_timer() of misc/ss.c: minutes from one on, milliseconds only below ten seconds. */
function formatSsTime(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = minutes > 9 ? 0 : Math.floor(ms / 1000) % 60;
  const rest = minutes > 0 || seconds > 9 ? 0 : ms % 1000;
  const minuteText = minutes > 0 ? `${minutes}min` : '';
  const secondText = seconds > 0 ? `${seconds}${rest > 0 ? '.' : 'sec'}` : '';
  return `${minuteText}${secondText}${rest > 0 ? `${`${rest}`.padStart(3, '0')}ms` : ''}`;
}
