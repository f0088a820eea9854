/** Every probe of Windows, in the order in which a person would ask. */
import type { OutputFormat, Probe } from '../probe.ts';
import { dynamicPorts4Probe, dynamicPorts6Probe, dynamicPortsFormat } from './dynamic-ports.ts';
import { eventRecordsProbe, eventsFormat, eventsProbe } from './events.ts';
import { excludedPorts4Probe, excludedPorts6Probe, excludedPortsFormat } from './excluded-ports.ts';
import { WINDOWS_MISLEADING_PROBES } from './misleading.ts';
import { windowsNetstatFormat, windowsNetstatOwnersProbe, windowsNetstatProbe } from './netstat.ts';
import {
  powershellConnectionsCsvProbe,
  powershellConnectionsFormat,
  powershellConnectionsJsonProbe,
} from './powershell-connections.ts';
import { registryFormat, registryProbe } from './registry.ts';
import { processRecordsFormat, processRecordsProbe, tasklistFormat, tasklistProbe } from './tasklist.ts';
import { tcpSettingFormat, tcpSettingProbe } from './tcp-setting.ts';

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

export const WINDOWS_FORMATS: readonly OutputFormat[] = [
  windowsNetstatFormat,
  powershellConnectionsFormat,
  dynamicPortsFormat,
  excludedPortsFormat,
  registryFormat,
  tcpSettingFormat,
  tasklistFormat,
  processRecordsFormat,
  eventsFormat,
];
