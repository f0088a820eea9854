/** Every question that can be put to the tools of a Linux machine, in the order in which they are listed. */
import type { Probe } from '../probe.ts';
import { cgroupProcessProbe, cgroupSelfProbe } from './cgroup.ts';
import {
  conntrackCountProbe,
  conntrackListProbe,
  conntrackStatisticsProbe,
  procConntrackProbe,
  procConntrackStatisticsProbe,
} from './conntrack.ts';
import { fileNrProbe } from './file-nr.ts';
import { ipAddressProbe, ipRoute6Probe, ipRouteGetProbe, ipRouteProbe } from './ip.ts';
import { lsofFieldsProbe, lsofProcessProbe, lsofTcpProbe } from './lsof.ts';
import { MISLEADING_LINUX_PROBES } from './misleading.ts';
import { netstatProbe, netstatTimersProbe } from './netstat.ts';
import { nstatProbe } from './nstat.ts';
import { procNetTcp6Probe, procNetTcpProbe } from './proc-net-tcp.ts';
import { procNetstatProbe } from './proc-netstat.ts';
import { procSnmpProbe } from './proc-snmp.ts';
import { procSockstatProbe } from './proc-sockstat.ts';
import { descriptorsProbe, processLimitsProbe } from './process-limits.ts';
import {
  ssCgroupProbe,
  ssDestinationProbe,
  ssListenersProbe,
  ssTanpoieProbe,
  ssTanProbe,
  ssTimersProbe,
} from './ss-probes.ts';
import { ssSummaryProbe } from './ss-summary.ts';
import {
  sysctlConntrackProbe,
  sysctlFilesProbe,
  sysctlKeepaliveProbe,
  sysctlListenProbe,
  sysctlPortsProbe,
  sysctlTimeWaitProbe,
} from './sysctl.ts';

/** The first probe that names a figure is the one that the figure opens, so order is meaning. */
export const LINUX_PROBES: readonly Probe[] = [
  ssTanProbe,
  ssTimersProbe,
  ssListenersProbe,
  ssDestinationProbe,
  ssSummaryProbe,
  netstatProbe,
  netstatTimersProbe,
  procNetTcpProbe,
  procNetTcp6Probe,
  sysctlPortsProbe,
  sysctlTimeWaitProbe,
  sysctlListenProbe,
  sysctlConntrackProbe,
  sysctlFilesProbe,
  sysctlKeepaliveProbe,
  procSnmpProbe,
  procNetstatProbe,
  procSockstatProbe,
  nstatProbe,
  conntrackCountProbe,
  conntrackStatisticsProbe,
  procConntrackStatisticsProbe,
  fileNrProbe,
  ssTanpoieProbe,
  lsofTcpProbe,
  lsofFieldsProbe,
  lsofProcessProbe,
  ssCgroupProbe,
  cgroupProcessProbe,
  cgroupSelfProbe,
  processLimitsProbe,
  descriptorsProbe,
  ipAddressProbe,
  ipRouteProbe,
  ipRoute6Probe,
  ipRouteGetProbe,
  conntrackListProbe,
  procConntrackProbe,
  ...MISLEADING_LINUX_PROBES,
];
