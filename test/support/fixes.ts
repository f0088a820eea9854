/** Machines for fixes: a Linux, a Windows and a Mac with their defaults, unless told otherwise. */
import { NO_PARAMETERS } from '../../main/core/fixes/plan.ts';
import type { FixParameters, Known, PlanInput, PortUser, SystemState } from '../../main/core/fixes/model.ts';
import type { Summary } from '../../main/core/model.ts';
import type { SystemId } from '../../main/core/readings.ts';
import { aPool } from './pools.ts';
import { incidentSummary } from './incident.ts';

const VALUES: Record<SystemId, Record<string, string>> = {
  linux: {
    'net.ipv4.ip_local_port_range': '32768 60999',
    'net.ipv4.ip_local_reserved_ports': '',
    'net.ipv4.ip_unprivileged_port_start': '1024',
    'net.ipv4.tcp_tw_reuse': '2',
    'net.ipv4.tcp_tw_reuse_delay': '1000',
    'net.ipv4.tcp_timestamps': '1',
    'net.ipv4.tcp_max_tw_buckets': '131072',
    'net.ipv4.tcp_fin_timeout': '60',
    'net.core.somaxconn': '4096',
    'net.netfilter.nf_conntrack_max': '262144',
    'net.netfilter.nf_conntrack_tcp_timeout_time_wait': '120',
    'fs.file-max': '2466170',
    'fs.nr_open': '1048576',
  },
  windows: {
    'dynamicport ipv4 tcp': '49152 16384',
    'dynamicport ipv6 tcp': '49152 16384',
    'excludedportrange ipv4 tcp administered': '',
    'excludedportrange ipv6 tcp administered': '',
    'excludedportrange ipv4 tcp blocks': '',
    'excludedportrange ipv6 tcp blocks': '',
    'auto-reuse InternetCustom': '0 0',
  },
  macos: {
    'net.inet.ip.portrange.first': '49152',
    'net.inet.ip.portrange.last': '65535',
    'net.inet.ip.portrange.hifirst': '49152',
    'net.inet.ip.portrange.hilast': '65535',
    'net.inet.tcp.msl': '15000',
  },
  freebsd: {
    'net.inet.ip.portrange.first': '49152',
    'net.inet.ip.portrange.last': '65535',
    'net.inet.ip.portrange.hifirst': '49152',
    'net.inet.ip.portrange.hilast': '65535',
    'net.inet.tcp.msl': '30000',
  },
};
const ABSENT_FILES = [
  '/etc/sysctl.d/90-fourtuple.conf',
  '/etc/security/limits.d/90-fourtuple.conf',
  '/etc/systemd/system/order-sync.service.d/90-fourtuple.conf',
  '/Library/LaunchDaemons/fourtuple.sysctl.plist',
];

type StateChange = Partial<Omit<SystemState, 'values'>> & { values?: Record<string, string | null | Known> };

/** `values` changes single settings: a text, or null where there is none. */
export function aState(system: SystemId, { values = {}, ...change }: StateChange = {}): SystemState {
  const all: Record<string, string | null | Known> = { ...VALUES[system], ...values };
  const known = Object.entries(all).map(([name, value]): [string, Known] => [
    name,
    value === null ? { kind: 'absent' } : typeof value === 'string' ? { kind: 'value', text: value } : value,
  ]);
  if (system === 'windows') {
    for (const name of ['TcpTimedWaitDelay', 'MaxUserPort']) {
      known.unshift([`Tcpip\\Parameters\\${name}`, { kind: 'absent' }]);
    }
  }
  return {
    system,
    isLegacyWindows: false,
    kernel: system === 'linux' ? { major: 6, minor: 18 } : null,
    values: new Map(known),
    files: new Map(ABSENT_FILES.map((path) => [path, { kind: 'absent' }])),
    laterFiles: new Map(),
    tcpPorts: [],
    udpPorts: [],
    processes: [],
    ...change,
  };
}

export function tcp(port: number, process: string | null = null): PortUser {
  return { port, protocol: 'tcp', process };
}

export function udp(port: number): PortUser {
  return { port, protocol: 'udp', process: null };
}

export function anInput(
  state: SystemState,
  parameters: Partial<FixParameters> = {},
  summary: Summary | null = null,
): PlanInput {
  return { state, summary, parameters: { ...NO_PARAMETERS, ...parameters } };
}

/** The incident of the design, for a system whose ports count as given. */
export function summaryFor(system: SystemId): Summary {
  const summary = incidentSummary() as Summary;
  if (system === 'linux') return summary;
  const { settings } = summary;
  const range = { first: 49152, last: 65535 };
  const pool = aPool({ capacity: 16384, used: 12000, openRatePerSecond: 100, slowFrom: null });
  return {
    ...summary,
    settings: {
      ...settings,
      profileId: system,
      range,
      scope: 'host',
      timeWaitSeconds: system === 'windows' ? 120 : system === 'macos' ? 30 : 60,
      slowFromShare: null,
    },
    pools: [{ ...pool, key: 'ipv4', localAddress: '', remoteAddress: '', remotePort: 0 }],
    consumers: [],
  };
}
