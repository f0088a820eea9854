/** What each system and each source NAT does by default, with the source of each figure. Live settings replace them. */
import { MIDDLEBOXES } from './middleboxes.ts';
import type { PoolScope, PortRange, ReuseMode } from './model.ts';
import { countPorts } from './port-range.ts';
import type { SystemId } from './readings.ts';

/** Where the figures of a profile come from. */
export interface ProfileSources {
  range: string;
  timeWait: string;
  pool: string;
  error: string;
}

export interface Profile {
  id: string;
  name: string;
  /** The name inside a sentence or beside a curve, where it differs. */
  shortName?: string;
  /** A host, or a source NAT in the path that runs out before the host does. */
  kind: 'system' | 'middlebox';
  range: PortRange;
  /** Ports of one pool where that is not the whole range; absent otherwise. */
  portCount?: number;
  /** Seconds of TIME_WAIT; for a source NAT the seconds it keeps a port after the close. */
  timeWaitSeconds: number;
  timeWaitNote: string;
  scope: PoolScope;
  reuse: { mode: ReuseMode; delayMs: number };
  /** What a program gets from connect() when the pool is empty. */
  errorOnExhaustion: string;
  /** Share of a pool from which connect() gets slow, or null. */
  slowFromShare: number | null;
  sources: ProfileSources;
}

/**
 * Linux connect() searches one parity of the range first and scans the whole other half once that is full
 * (net/ipv4/inet_hashtables.c, __inet_hash_connect).
 */
export const LINUX_SLOW_FROM_SHARE = 0.5;
/** TCP_TIMEWAIT_LEN, include/net/tcp.h: a constant, no sysctl changes it. */
export const LINUX_TIME_WAIT_SECONDS = 60;
/** Wait before reuse where tcp_tw_reuse_delay does not exist (before 6.14): until the next second. */
export const LINUX_REUSE_DELAY_MS = 1000;

/** What ip_local_port_range takes while ip_unprivileged_port_start is 1024, its default. */
export const WIDEST_LINUX_RANGE: PortRange = { first: 1024, last: 65535 };

const NO_REUSE: Profile['reuse'] = { mode: 'off', delayMs: LINUX_REUSE_DELAY_MS };
const HIGH_PORTS: PortRange = { first: 49152, last: 65535 };

const LINUX: Profile = {
  id: 'linux',
  name: 'Linux',
  kind: 'system',
  range: { first: 32768, last: 60999 },
  timeWaitSeconds: LINUX_TIME_WAIT_SECONDS,
  timeWaitNote: 'TCP_TIMEWAIT_LEN, a kernel constant',
  scope: 'destination',
  // Since 4.18 or 4.19 the default is 2: loopback only.
  reuse: { mode: 'loopback', delayMs: LINUX_REUSE_DELAY_MS },
  errorOnExhaustion: 'EADDRNOTAVAIL (99)',
  slowFromShare: LINUX_SLOW_FROM_SHARE,
  sources: {
    range: 'Documentation/networking/ip-sysctl.rst, ip_local_port_range (32768–60999 since 4.2)',
    timeWait: 'include/net/tcp.h, TCP_TIMEWAIT_LEN; 60.8 s measured on 6.18',
    pool: 'net/ipv4/inet_hashtables.c, __inet_hash_connect; measured on 6.18',
    error: 'connect(2); measured on 6.18',
  },
};

const WINDOWS: Profile = {
  id: 'windows',
  name: 'Windows Vista and later',
  shortName: 'Windows',
  kind: 'system',
  range: HIGH_PORTS,
  timeWaitSeconds: 120,
  timeWaitNote: '120 s in practice; documented as 240 s in places',
  scope: 'host',
  reuse: NO_REUSE,
  errorOnExhaustion: 'WSAEADDRINUSE (10048) or WSAENOBUFS (10055)',
  slowFromShare: null,
  sources: {
    range: 'Microsoft KB 929851',
    timeWait: 'KB 314053 (IPv4, since XP); about 120 s measured on Server 2019',
    pool: 'Microsoft, SO_PORT_SCALABILITY; with an auto-reuse port range it is each destination',
    error: 'Microsoft, TCP/IP port exhaustion troubleshooting; events 4227 and 4231',
  },
};

export const PROFILES: readonly Profile[] = [
  LINUX,
  {
    ...LINUX,
    id: 'linux-rhel',
    name: 'Linux, rounded to 28,000',
    shortName: 'Linux with 28,000 ports',
    portCount: 28_000,
    timeWaitNote: 'TCP_TIMEWAIT_LEN, a kernel constant',
    sources: { ...LINUX.sources, range: '28,232 rounded down, as Red Hat texts and many others print it' },
  },
  {
    ...LINUX,
    id: 'linux-tuned',
    name: 'Linux, range 1024–65535',
    shortName: 'Linux with 1024–65535',
    range: WIDEST_LINUX_RANGE,
    sources: {
      ...LINUX.sources,
      range: 'the widest that Linux accepts while ip_unprivileged_port_start is 1024',
    },
  },
  WINDOWS,
  {
    ...WINDOWS,
    id: 'windows-240',
    name: 'Windows, as documented',
    shortName: 'Windows with 240 s',
    timeWaitSeconds: 240,
    timeWaitNote: 'documented as 4 minutes, 120 s in practice',
    sources: { ...WINDOWS.sources, timeWait: 'Microsoft, TCP/IP port exhaustion troubleshooting (2025)' },
  },
  {
    id: 'windows-legacy',
    name: 'Windows 2000, XP, Server 2003',
    shortName: 'Windows before Vista',
    kind: 'system',
    range: { first: 1025, last: 5000 },
    timeWaitSeconds: 240,
    timeWaitNote: '240 s on Windows 2000; 120 s for IPv4 since XP',
    scope: 'host',
    reuse: NO_REUSE,
    errorOnExhaustion: 'WSAENOBUFS (10055)',
    slowFromShare: null,
    sources: {
      range: 'Microsoft KB 929851 (1025, 3,976 ports)',
      timeWait: 'TechNet cc938217 (Windows 2000); KB 314053 (XP: 120 s for IPv4, 240 s for IPv6)',
      pool: 'as later Windows',
      error: 'Microsoft KB 196271',
    },
  },
  {
    id: 'macos',
    name: 'macOS',
    kind: 'system',
    range: HIGH_PORTS,
    timeWaitSeconds: 30,
    timeWaitNote: '2 × net.inet.tcp.msl (15,000 ms)',
    scope: 'host',
    reuse: NO_REUSE,
    errorOnExhaustion: 'EADDRNOTAVAIL (49)',
    slowFromShare: null,
    sources: {
      range: 'xnu bsd/netinet/in_pcb.c; net.inet.ip.portrange.first and .last',
      timeWait: 'xnu bsd/netinet/tcp_timer.h, TCPTV_MSL',
      pool: 'xnu bsd/netinet/in_pcb.c, in_pcbconnect: any socket on the port blocks it',
      error: 'xnu bsd/netinet/in_pcb.c',
    },
  },
  {
    id: 'freebsd',
    name: 'FreeBSD',
    kind: 'system',
    range: { first: 10000, last: 65535 },
    timeWaitSeconds: 60,
    timeWaitNote: '2 × net.inet.tcp.msl (30,000 ms)',
    scope: 'destination',
    reuse: NO_REUSE,
    errorOnExhaustion: 'EADDRNOTAVAIL (49)',
    slowFromShare: null,
    sources: {
      range: 'freebsd sys/netinet/in.h; older releases 49152–65535',
      timeWait: 'freebsd sys/netinet/tcp_timer.h, TCPTV_MSL',
      pool: 'freebsd sys/netinet/in_pcb.c, in_pcb_lport_dest (older releases: the whole host)',
      error: 'freebsd sys/netinet/in_pcb.c',
    },
  },
  ...MIDDLEBOXES,
];

const SYSTEMS: readonly SystemId[] = ['linux', 'windows', 'macos', 'freebsd'];

/** The profile with this id, or null. */
export function findProfile(id: string): Profile | null {
  return PROFILES.find((profile) => profile.id === id) ?? null;
}

/** The system that a profile speaks of; null for a NAT in the path. */
export function systemOfProfile(profileId: string): SystemId | null {
  const family = profileId.split('-', 1)[0];
  return SYSTEMS.find((system) => system === family) ?? null;
}

/** Ports of one pool of a profile. */
export function profilePortCount(profile: Profile): number {
  return profile.portCount ?? countPorts(profile.range);
}

/** Seconds of TIME_WAIT from the BSD setting net.inet.tcp.msl in milliseconds: 2 × MSL. */
export function timeWaitFromMsl(mslMs: number): number {
  return (2 * mslMs) / 1000;
}
