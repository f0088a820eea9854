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
import { MISLEADING_LINUX_PROBES } from './misleading.ts';
import { nstatProbe } from './nstat.ts';
import { procNetstatProbe } from './proc-netstat.ts';
import { procSnmpProbe } from './proc-snmp.ts';
import { procSockstatProbe } from './proc-sockstat.ts';
import { descriptorsProbe, processLimitsProbe } from './process-limits.ts';
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
