/** Commands of the trade on Windows that do not say what people take them to say. */
import type { Folklore, Probe } from '../probe.ts';
import { dynamicPorts4Probe } from './dynamic-ports.ts';
import { windowsNetstatProbe } from './netstat.ts';
import { powershellConnectionsCsvProbe } from './powershell-connections.ts';
import { registryProbe } from './registry.ts';

/** What `find /c "text"` prints: the number of lines with the text, upper and lower case being different. */
function countLinesWith(text: string, ...wanted: readonly string[]): string {
  const lines = text.split('\n');
  return String(lines.filter((line) => wanted.every((piece) => line.includes(piece))).length);
}

function misleading(probe: Probe, id: string, title: string, folklore: Folklore): Probe {
  return {
    ...probe,
    id,
    title,
    group: 'misleading',
    proves: `Less than it seems: ${folklore.why}`,
    figures: [],
    folklore,
  };
}

const NETSTAT_WITHOUT_PIDS: Probe = { ...windowsNetstatProbe, argv: ['-an'] };

const COUNT_TIME_WAIT = misleading(
  windowsNetstatProbe,
  'windows.misleading-time-wait',
  'TIME_WAIT rows, counted',
  {
    command: 'netstat -ano | find "TIME_WAIT" /c',
    reduce: (text) => countLinesWith(text, 'TIME_WAIT'),
    takenFor: 'ephemeral ports that TIME_WAIT holds',
    why: 'It also counts connections that others opened and this machine closed first, which cost no ephemeral port; and German Windows prints WARTEND, so it answers 0 there.',
    insteadFigure: 'time-wait',
  },
);

const COUNT_TIME_WAIT_TWICE = misleading(
  windowsNetstatProbe,
  'windows.misleading-time-wait-tcp',
  'TIME_WAIT rows of TCP, counted',
  {
    command: 'netstat -ano | find "TIME_WAIT" | find /c "TCP"',
    reduce: (text) => countLinesWith(text, 'TIME_WAIT', 'TCP'),
    takenFor: 'ephemeral ports that TIME_WAIT holds',
    why: 'Every row in TIME_WAIT is TCP, so the second filter takes nothing away; server-side rows are counted, and translated states are not.',
    insteadFigure: 'time-wait',
  },
);

const COUNT_COLONS = misleading(NETSTAT_WITHOUT_PIDS, 'windows.misleading-rows', 'Rows of netstat, counted', {
  command: 'netstat -an | find /c ":"',
  reduce: (text) => countLinesWith(text, ':'),
  takenFor: 'ports in use',
  why: 'Listeners, UDP sockets and connections that others opened are among the rows, and sockets that are bound but not connected are not.',
  insteadFigure: 'pool-used',
});

const COUNT_ESTABLISHED = misleading(
  NETSTAT_WITHOUT_PIDS,
  'windows.misleading-established',
  'ESTABLISHED rows, counted',
  {
    command: 'netstat -an | find /c "ESTABLISHED"',
    reduce: (text) => countLinesWith(text, 'ESTABLISHED'),
    takenFor: 'how busy the ephemeral ports are',
    why: 'Connections that others opened are counted too, those within this machine twice, and the ports in TIME_WAIT, usually the most, not at all.',
    insteadFigure: 'pool-used',
  },
);

const RANGE_FOR_TIME_WAIT = misleading(
  dynamicPorts4Probe,
  'windows.misleading-dynamicport',
  'Dynamic ports, taken for TIME_WAIT',
  {
    command: 'netsh int ipv4 show dynamicport tcp',
    reduce: (text) => text.trim(),
    takenFor: 'how long TIME_WAIT lasts',
    why: 'Start and number are the range of ports; netsh neither shows nor sets how long a closed connection keeps its port.',
    insteadFigure: 'hold',
  },
);

const MAX_USER_PORT = misleading(
  registryProbe,
  'windows.misleading-maxuserport',
  'MaxUserPort, taken for the range',
  {
    command: 'reg query HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters | find "MaxUserPort"',
    reduce: (text) => {
      const lines = text.split('\n').filter((line) => line.includes('MaxUserPort'));
      return lines.map((line) => line.trim()).join('\n');
    },
    takenFor: 'the last ephemeral port',
    why: 'Since Windows Vista the range is what netsh int ipv4 show dynamicport tcp says; this value is for systems before it.',
    insteadFigure: 'range',
  },
);

const COUNT_CONNECTIONS = misleading(
  powershellConnectionsCsvProbe,
  'windows.misleading-get-nettcpconnection-count',
  'Get-NetTCPConnection, counted',
  {
    command: '(Get-NetTCPConnection).Count',
    reduce: countCsvRows,
    takenFor: 'ports in use',
    why: 'It counts listeners, both families and both ends of connections within this machine; a port that a listener shares with a hundred clients is counted a hundred times.',
    insteadFigure: 'pool-used',
  },
);

/** Rows below the header of ConvertTo-Csv. */
function countCsvRows(text: string): string {
  const rows = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#TYPE'));
  return String(Math.max(0, rows.length - 1));
}

export const WINDOWS_MISLEADING_PROBES: readonly Probe[] = [
  COUNT_TIME_WAIT,
  COUNT_TIME_WAIT_TWICE,
  COUNT_COLONS,
  COUNT_ESTABLISHED,
  RANGE_FOR_TIME_WAIT,
  MAX_USER_PORT,
  COUNT_CONNECTIONS,
];
