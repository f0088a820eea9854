/** The settings of the Linux stack that decide about ports, asked for by name. */
import type { Probe } from '../probe.ts';
import { parseSysctl } from '../sysctl.ts';

/** sysctl ends with 1 (procps before 4: 255) when one of the names does not exist: older kernels lack some of them. */
const GOOD_EXITS = [0, 1, 255] as const;

const COMMON = {
  platform: 'linux',
  group: 'settings',
  tool: 'sysctl',
  parameters: [],
  needs: null,
  parse: parseSysctl,
  goodExits: GOOD_EXITS,
  mayBeEmpty: false,
} as const;

export const sysctlPortsProbe: Probe = {
  ...COMMON,
  id: 'linux.sysctl-ports',
  title: 'Ephemeral port range',
  argv: [
    'net.ipv4.ip_local_port_range',
    'net.ipv4.ip_local_reserved_ports',
    'net.ipv4.ip_unprivileged_port_start',
  ],
  proves: 'From which ports an outgoing connection takes its own, and which of them are kept out of it.',
  figures: ['range', 'port-map', 'pool-used'],
};

export const sysctlTimeWaitProbe: Probe = {
  ...COMMON,
  id: 'linux.sysctl-time-wait',
  title: 'Reuse and limits of TIME-WAIT',
  argv: [
    'net.ipv4.tcp_tw_reuse',
    'net.ipv4.tcp_tw_reuse_delay',
    'net.ipv4.tcp_timestamps',
    'net.ipv4.tcp_max_tw_buckets',
    'net.ipv4.tcp_fin_timeout',
  ],
  proves:
    'Whether an outgoing connection may take a port in TIME-WAIT, after how long, and how many such sockets the kernel keeps. The 60 s of TIME-WAIT are a constant and in none of them.',
  figures: ['reuse', 'hold', 'time-wait'],
};

export const sysctlListenProbe: Probe = {
  ...COMMON,
  id: 'linux.sysctl-listen',
  title: 'Limits of listen queues',
  argv: [
    'net.core.somaxconn',
    'net.ipv4.tcp_max_syn_backlog',
    'net.ipv4.tcp_syncookies',
    'net.ipv4.tcp_abort_on_overflow',
  ],
  proves: 'How many connections may wait for a server to accept them, and what happens to more.',
  figures: ['listeners'],
};

export const sysctlKeepaliveProbe: Probe = {
  ...COMMON,
  id: 'linux.sysctl-dead-peers',
  title: 'How long dead peers hold a port',
  argv: [
    'net.ipv4.tcp_syn_retries',
    'net.ipv4.tcp_retries2',
    'net.ipv4.tcp_orphan_retries',
    'net.ipv4.tcp_max_orphans',
    'net.ipv4.tcp_keepalive_time',
    'net.ipv4.tcp_keepalive_intvl',
    'net.ipv4.tcp_keepalive_probes',
  ],
  proves: 'How long a connection whose peer never answers stays open and holds its port.',
  figures: ['sockets'],
};

export const sysctlConntrackProbe: Probe = {
  ...COMMON,
  id: 'linux.sysctl-conntrack',
  title: 'Connection tracking: size and time-outs',
  argv: [
    'net.netfilter.nf_conntrack_count',
    'net.netfilter.nf_conntrack_max',
    'net.netfilter.nf_conntrack_buckets',
    'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
    'net.netfilter.nf_conntrack_tcp_timeout_established',
  ],
  proves: 'How many flows the firewall tracks, how many it can, and for how long it remembers a closed one.',
  figures: ['conntrack'],
  // Without the module there is none of them, and nothing is wrong.
  mayBeEmpty: true,
};

export const sysctlFilesProbe: Probe = {
  ...COMMON,
  id: 'linux.sysctl-files',
  title: 'Limits of open files',
  argv: ['fs.file-max', 'fs.nr_open', 'fs.file-nr'],
  proves: 'How many files and sockets the system and one process may hold open.',
  figures: ['descriptors'],
};
