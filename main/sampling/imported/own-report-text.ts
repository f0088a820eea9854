/** Values of a report as the tools of its system print them, so that they are read by the same parsers. Pure. */
import { systemOfProfile } from '../../core/profiles.ts';
import type { SystemId } from '../../core/readings.ts';

/** The list of sockets: names of columns and rows of text, '' for unknown. */
export interface ReportTable {
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

interface Row {
  state: string;
  local: string;
  localPort: string;
  remote: string;
  remotePort: string;
  process: string;
  pid: string;
  uid: string;
  inode: string;
  timer: string;
  timerSeconds: string;
  receiveQueue: string;
  sendQueue: string;
}

const COLUMNS: Readonly<Record<keyof Row, string>> = {
  state: 'state',
  local: 'local_address',
  localPort: 'local_port',
  remote: 'remote_address',
  remotePort: 'remote_port',
  process: 'process',
  pid: 'pid',
  uid: 'uid',
  inode: 'inode',
  timer: 'timer',
  timerSeconds: 'timer_seconds',
  receiveQueue: 'receive_queue',
  sendQueue: 'send_queue',
};
/** ss has names of its own for these (iproute2, misc/ss.c, sstate_name). */
const SS_STATES = new Map([
  ['ESTABLISHED', 'ESTAB'],
  ['CLOSE', 'UNCONN'],
]);
const HOST_NAME = /^[\w.-]{1,253}$/;

/** Which system the report is of, and its name and port range as that system's tools print them. */
export function settingsText(
  target: Record<string, unknown>,
  settings: Record<string, unknown>,
): { system: SystemId | null; text: string } {
  const profileId = settings['profileId'];
  const system = typeof profileId === 'string' ? systemOfProfile(profileId) : null;
  const range = rangeOf(settings['range']);
  const { hostname } = target;
  const host = typeof hostname === 'string' && HOST_NAME.test(hostname) ? hostname : null;
  return {
    system,
    text: linesOf(system, host, range)
      .map((line) => `${line}\n`)
      .join(''),
  };
}

function linesOf(
  system: SystemId | null,
  host: string | null,
  range: { first: number; last: number } | null,
): string[] {
  if (system === 'windows') {
    return range === null
      ? []
      : [
          'Protocol tcp Dynamic Port Range',
          '---------------------------------',
          `Start Port      : ${range.first}`,
          `Number of Ports : ${range.last - range.first + 1}`,
        ];
  }
  if (system === null) return [];
  const isLinux = system === 'linux';
  const kind = isLinux ? [] : [`kern.ostype: ${system === 'macos' ? 'Darwin' : 'FreeBSD'}`];
  const called = isLinux ? 'kernel.hostname =' : 'kern.hostname:';
  const named = [...kind, ...(host === null ? [] : [`${called} ${host}`])];
  if (range === null) return named;
  const ports = isLinux
    ? [`net.ipv4.ip_local_port_range = ${range.first}\t${range.last}`]
    : [`net.inet.ip.portrange.first: ${range.first}`, `net.inet.ip.portrange.last: ${range.last}`];
  return [...named, ...ports];
}

function rangeOf(value: unknown): { first: number; last: number } | null {
  if (typeof value !== 'object' || value === null || !('first' in value) || !('last' in value)) return null;
  const { first, last } = value;
  const isPort = (port: unknown): port is number =>
    Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;
  return isPort(first) && isPort(last) && first <= last ? { first, last } : null;
}

/** The list as a tool of the system prints it; null when it lacks a column that every list has. */
export function socketsText({ heads, rows }: ReportTable, system: SystemId | null): string | null {
  const at = Object.fromEntries(
    Object.entries(COLUMNS).map(([key, head]) => [key, heads.indexOf(head)]),
  ) as Record<keyof Row, number>;
  if ([at.state, at.local, at.localPort, at.remote, at.remotePort].some((index) => index < 0)) return null;
  const write =
    system === 'windows' ? windowsLine : system === 'macos' || system === 'freebsd' ? bsdLine : ssLine;
  const cellsOf = (row: readonly string[]) =>
    Object.fromEntries(
      Object.entries(at).map(([key, index]) => [key, oneWord(row[index] ?? '')]),
    ) as unknown as Row;
  return [...HEADS[system ?? 'linux'], ...rows.map((row) => write(cellsOf(row)))]
    .map((line) => `${line}\n`)
    .join('');
}

const HEADS: Readonly<Record<SystemId, readonly string[]>> = {
  linux: ['State Recv-Q Send-Q Local Address:Port Peer Address:Port Process'],
  windows: [
    'Active Connections',
    '',
    '  Proto  Local Address          Foreign Address        State           PID',
  ],
  macos: bsdHead('  '),
  // One space less tells the two apart.
  freebsd: bsdHead(' '),
};

function bsdHead(gap: string): string[] {
  return [
    'Active Internet connections (including servers)',
    `Proto Recv-Q Send-Q${gap}Local Address          Foreign Address        (state)`,
  ];
}

/** Nothing in a cell can begin a column or a line of its own. */
function oneWord(cell: string): string {
  return cell.replace(/[\s\p{Cc}]/gu, '_');
}

function ssLine(row: Row): string {
  const state = SS_STATES.get(row.state) ?? row.state.replaceAll('_', '-');
  const process = row.process.replace(/["\\()]/g, '_');
  const parts = [
    state,
    row.receiveQueue || '0',
    row.sendQueue || '0',
    `${bracketed(row.local)}:${portOf(row.localPort, '*')}`,
    `${bracketed(row.remote)}:${portOf(row.remotePort, '*')}`,
  ];
  if (row.timer === 'timewait' && row.timerSeconds !== '') {
    parts.push(`timer:(timewait,${ssTime(Number(row.timerSeconds))},0)`);
  }
  if (process !== '' && row.pid !== '') parts.push(`users:(("${process}",pid=${row.pid},fd=0))`);
  if (row.uid !== '') parts.push(`uid:${row.uid}`);
  if (row.inode !== '') parts.push(`ino:${row.inode}`);
  return parts.join(' ');
}

/** Below ten seconds ss prints milliseconds (misc/ss.c, print_ms_timer). */
function ssTime(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '0ms';
  return seconds < 10 ? `${Math.round(seconds * 1000)}ms` : `${Math.round(seconds)}sec`;
}

function windowsLine(row: Row): string {
  const state = row.state === 'LISTEN' ? 'LISTENING' : row.state;
  const local = `${bracketed(row.local)}:${portOf(row.localPort, '0')}`;
  const remote = `${bracketed(row.remote)}:${portOf(row.remotePort, '0')}`;
  return `  TCP    ${local.padEnd(22)} ${remote.padEnd(22)} ${state.padEnd(15)} ${row.pid || '0'}`;
}

function bsdLine(row: Row): string {
  const protocol = row.local.includes(':') ? 'tcp6' : 'tcp4';
  const local = `${row.local}.${portOf(row.localPort, '*')}`;
  const remote = `${row.remote}.${portOf(row.remotePort, '*')}`;
  return `${protocol} ${row.receiveQueue || '0'} ${row.sendQueue || '0'} ${local.padEnd(22)} ${remote.padEnd(22)} ${row.state}`;
}

function bracketed(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

function portOf(port: string, none: string): string {
  return port === '' || port === '0' ? none : port;
}
