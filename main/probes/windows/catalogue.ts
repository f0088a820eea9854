/** Every probe of Windows, in the order in which a person would ask. */
import type { Probe } from '../probe.ts';
import { dynamicPorts4Probe, dynamicPorts6Probe } from './dynamic-ports.ts';
import { eventRecordsProbe, eventsProbe } from './events.ts';
import { excludedPorts4Probe, excludedPorts6Probe } from './excluded-ports.ts';
import { WINDOWS_MISLEADING_PROBES } from './misleading.ts';
import { windowsNetstatOwnersProbe, windowsNetstatProbe } from './netstat.ts';
import { powershellConnectionsCsvProbe, powershellConnectionsJsonProbe } from './powershell-connections.ts';
import { registryProbe } from './registry.ts';
import { processRecordsProbe, tasklistProbe } from './tasklist.ts';
import { tcpSettingProbe } from './tcp-setting.ts';

export const WINDOWS_PROBES: readonly Probe[] = [
  windowsNetstatProbe,
  powershellConnectionsJsonProbe,
  powershellConnectionsCsvProbe,
  windowsNetstatOwnersProbe,
  tasklistProbe,
  processRecordsProbe,
  dynamicPorts4Probe,
  dynamicPorts6Probe,
  excludedPorts4Probe,
  excludedPorts6Probe,
  tcpSettingProbe,
  registryProbe,
  eventsProbe,
  eventRecordsProbe,
  ...WINDOWS_MISLEADING_PROBES,
];
