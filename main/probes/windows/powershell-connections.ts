/** `Get-NetTCPConnection` as table, list, JSON or CSV. */
import { parseAddress } from '../../core/address.ts';
import type { OutputReading, SocketEndpoint, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { unreadEndpoint } from '../endpoint.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { emptySocket, ReadingBuilder } from '../reading-builder.ts';
import { stateOfPowerShell } from '../state-words.ts';
import type { PowerShellRecord } from './powershell-lines.ts';
import { forEachPowerShellRecord, isoTime, wholeNumber } from './powershell-records.ts';
import { POWERSHELL_ARGUMENTS } from './powershell-command.ts';

const FORMAT = 'powershell-connections';
/** Where a table is too narrow a value is cut and ends in one of these. */
const CUT_VALUE = /(?:…|\.\.\.)$/;
/** Name of the detail, and the property it is from. */
const DETAILS = [
  ['applied', 'appliedsetting'],
  ['created', 'creationtime'],
  ['offload', 'offloadstate'],
] as const;

export function parsePowerShellConnections(
  text: string,
  take: (socket: SocketReading) => void,
): OutputReading {
  const builder = new ReadingBuilder(FORMAT, 'windows', take);
  forEachPowerShellRecord(text, 'localaddress', builder, (record) => {
    const socket = socketOf(record);
    if (typeof socket === 'string') builder.problem(record.line, record.text, socket);
    else {
      builder.socket(socket);
      if (socket.state === 0) builder.problem(record.line, record.text, whyNoState(record));
    }
  });
  return builder.done();
}

/** The socket, or why the record is none. */
function socketOf(record: PowerShellRecord): SocketReading | string {
  const local = endpointOf(record, 'localaddress', 'localport');
  if (typeof local === 'string') return local;
  const remote = endpointOf(record, 'remoteaddress', 'remoteport');
  if (typeof remote === 'string') return remote;
  const socket = emptySocket(record.line, local.address?.family ?? remote.address?.family ?? 4);
  socket.local = local;
  socket.remote = remote;
  socket.state = stateOfPowerShell(record.fields.get('state') ?? '');
  const pid = wholeNumber(record, 'owningprocess', 0xffffffff);
  // Windows names process 0 where there is no owner (TIME_WAIT).
  if (pid !== null && pid !== 0) socket.holders = [{ pid, process: null, fd: null }];
  const details = new Map<string, string>();
  for (const [name, property] of DETAILS) {
    const value = record.fields.get(property);
    if (value !== undefined) details.set(name, sanitiseText(isoTime(value), 80));
  }
  if (details.size > 0) socket.details = details;
  return socket;
}

function endpointOf(
  record: PowerShellRecord,
  addressName: string,
  portName: string,
): SocketEndpoint | string {
  const printed = record.fields.get(addressName);
  const printedPort = record.fields.get(portName);
  const port = wholeNumber(record, portName, 65535);
  if (printed === undefined && printedPort === undefined) return `${addressName} and ${portName} are missing`;
  if (printedPort !== undefined && port === null && !CUT_VALUE.test(printedPort)) {
    return `"${printedPort}" is no port`;
  }
  if (printed === undefined) return unreadEndpoint(`:${printedPort ?? ''}`, port);
  const address = parseAddress(printed);
  if (address !== null) return { address, port, text: port === null ? sanitiseText(printed) : null };
  return CUT_VALUE.test(printed) ? unreadEndpoint(printed, port) : `"${printed}" is no address`;
}

function whyNoState(record: PowerShellRecord): string {
  const printed = record.fields.get('state');
  return printed === undefined ? 'the state is missing' : `"${printed}" is no state that is known`;
}

export const powershellConnectionsFormat: OutputFormat = {
  id: FORMAT,
  title: 'Get-NetTCPConnection of PowerShell',
  system: 'windows',
  // In a narrow window the names are broken over two lines.
  recognises: (head) => (/\bLocalAddr/i.test(head) && /\bRemote(?:Addr|Port)/i.test(head) ? 0.95 : 0),
  parse: parsePowerShellConnections,
};

const PROPERTIES =
  'LocalAddress,LocalPort,RemoteAddress,RemotePort,State,AppliedSetting,OwningProcess,CreationTime,OffloadState';

const PROBE: Omit<Probe, 'id' | 'title' | 'argv'> = {
  platform: 'windows',
  group: 'sockets',
  tool: 'powershell',
  parameters: [],
  proves: 'Every TCP socket with its state as a number, bound ones too, its process and when it was made.',
  needs: null,
  figures: ['sockets', 'time-wait', 'listeners'],
  parse: parsePowerShellConnections,
  mayBeEmpty: false,
  encoding: 'oem',
};

// One object a line: all of them on one line would be longer than a run may print without a line end (hardening C6).
export const powershellConnectionsJsonProbe: Probe = {
  ...PROBE,
  id: 'windows.get-nettcpconnection-json',
  title: 'All sockets, as JSON',
  argv: [
    ...POWERSHELL_ARGUMENTS,
    `Get-NetTCPConnection -ErrorAction Stop | ForEach-Object { $_ | Select-Object ${PROPERTIES} | ConvertTo-Json -Compress }`,
  ],
};

export const powershellConnectionsCsvProbe: Probe = {
  ...PROBE,
  id: 'windows.get-nettcpconnection-csv',
  title: 'All sockets, as CSV',
  argv: [
    ...POWERSHELL_ARGUMENTS,
    `Get-NetTCPConnection -ErrorAction Stop | Select-Object ${PROPERTIES} | ConvertTo-Csv -NoTypeInformation`,
  ],
};
