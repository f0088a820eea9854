/** Every format of output that can be read, wherever it comes from: a probe, a file, a paste. */
import { lsofFormat } from './lsof.ts';
import { sysctlFormat } from './sysctl.ts';
import { cgroupFormat } from './linux/cgroup.ts';
import { conntrackFormat, conntrackStatisticsFormat } from './linux/conntrack.ts';
import { fileNrFormat } from './linux/file-nr.ts';
import { ipAddressFormat, ipRouteFormat } from './linux/ip.ts';
import { lsofFieldsFormat } from './linux/lsof-fields.ts';
import { netstatFormat } from './linux/netstat.ts';
import { nstatFormat } from './linux/nstat.ts';
import { procNetTcpFormat } from './linux/proc-net-tcp.ts';
import { procNetstatFormat } from './linux/proc-netstat.ts';
import { procSnmpFormat } from './linux/proc-snmp.ts';
import { procSockstatFormat } from './linux/proc-sockstat.ts';
import { processLimitsFormat } from './linux/process-limits.ts';
import { ssSummaryFormat } from './linux/ss-summary.ts';
import { ssFormat } from './linux/ss.ts';
import { dynamicPortsFormat } from './windows/dynamic-ports.ts';
import { eventsFormat } from './windows/events.ts';
import { excludedPortsFormat } from './windows/excluded-ports.ts';
import { windowsNetstatFormat } from './windows/netstat.ts';
import { powershellConnectionsFormat } from './windows/powershell-connections.ts';
import { registryFormat } from './windows/registry.ts';
import { tasklistFormat, processRecordsFormat } from './windows/tasklist.ts';
import { tcpSettingFormat } from './windows/tcp-setting.ts';
import { bsdNetstatStatisticsFormat } from './bsd/netstat-statistics.ts';
import { bsdNetstatFormat } from './bsd/netstat.ts';
import { bsdProcessesFormat } from './bsd/processes.ts';
import { sockstatFormat } from './bsd/sockstat.ts';
import type { OutputFormat } from './probe.ts';

export const FORMATS: readonly OutputFormat[] = [
  lsofFormat,
  sysctlFormat,
  cgroupFormat,
  conntrackFormat,
  conntrackStatisticsFormat,
  fileNrFormat,
  ipAddressFormat,
  ipRouteFormat,
  lsofFieldsFormat,
  netstatFormat,
  nstatFormat,
  procNetTcpFormat,
  procNetstatFormat,
  procSnmpFormat,
  procSockstatFormat,
  processLimitsFormat,
  ssSummaryFormat,
  ssFormat,
  dynamicPortsFormat,
  eventsFormat,
  excludedPortsFormat,
  windowsNetstatFormat,
  powershellConnectionsFormat,
  registryFormat,
  tasklistFormat,
  processRecordsFormat,
  tcpSettingFormat,
  bsdNetstatStatisticsFormat,
  bsdNetstatFormat,
  bsdProcessesFormat,
  sockstatFormat,
];

/** The format that is surest of a text's beginning (its first 16 KiB are enough); null when none takes it. */
export function detectFormat(head: string): OutputFormat | null {
  let best: OutputFormat | null = null;
  let bestScore = 0.5;
  for (const format of FORMATS) {
    const score = format.recognises(head);
    if (score > bestScore) [best, bestScore] = [format, score];
  }
  return best;
}
