/** What each system does by default, with the source of each figure. Live settings replace them where they are read. */
import type { PoolScope, PortRange } from './model.ts';

export interface Profile {
  id: string;
  name: string;
  range: PortRange;
  timeWaitSeconds: number;
  timeWaitNote: string;
  scope: PoolScope;
  /** What a program gets from connect() when the pool is empty. */
  errorOnExhaustion: string;
  /** Share of a pool from which connect() gets slow, or null. */
  slowFromShare: number | null;
  source: string;
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

export const PROFILES: readonly Profile[] = [
  {
    id: 'linux',
    name: 'Linux',
    range: { first: 32768, last: 60999 },
    timeWaitSeconds: LINUX_TIME_WAIT_SECONDS,
    timeWaitNote: 'TCP_TIMEWAIT_LEN, a kernel constant',
    scope: 'destination',
    errorOnExhaustion: 'EADDRNOTAVAIL (99)',
    slowFromShare: LINUX_SLOW_FROM_SHARE,
    source: 'Documentation/networking/ip-sysctl.rst; include/net/tcp.h',
  },
  {
    id: 'windows',
    name: 'Windows Vista and later',
    range: { first: 49152, last: 65535 },
    timeWaitSeconds: 120,
    timeWaitNote: '120 s in practice; documented as 240 s in places',
    scope: 'host',
    errorOnExhaustion: 'WSAEADDRINUSE (10048) or WSAENOBUFS (10055)',
    slowFromShare: null,
    source: 'Microsoft KB 929851; TCP/IP port exhaustion troubleshooting',
  },
  {
    id: 'windows-legacy',
    name: 'Windows 2000, XP, Server 2003',
    range: { first: 1025, last: 5000 },
    timeWaitSeconds: 240,
    timeWaitNote: '240 s on Windows 2000; 120 s for IPv4 since XP',
    scope: 'host',
    errorOnExhaustion: 'WSAENOBUFS (10055)',
    slowFromShare: null,
    source: 'Microsoft KB 929851, KB 196271, KB 314053',
  },
  {
    id: 'macos',
    name: 'macOS',
    range: { first: 49152, last: 65535 },
    timeWaitSeconds: 30,
    timeWaitNote: '2 × net.inet.tcp.msl (15,000 ms)',
    scope: 'host',
    errorOnExhaustion: 'EADDRNOTAVAIL (49)',
    slowFromShare: null,
    source: 'xnu bsd/netinet/in_pcb.c, tcp_timer.h',
  },
  {
    id: 'freebsd',
    name: 'FreeBSD',
    range: { first: 10000, last: 65535 },
    timeWaitSeconds: 60,
    timeWaitNote: '2 × net.inet.tcp.msl (30,000 ms)',
    scope: 'destination',
    errorOnExhaustion: 'EADDRNOTAVAIL (49)',
    slowFromShare: null,
    source: 'freebsd sys/netinet/in_pcb.c, in.h, tcp_timer.h',
  },
];

/** Seconds of TIME_WAIT from the BSD setting net.inet.tcp.msl in milliseconds: 2 × MSL. */
export function timeWaitFromMsl(mslMs: number): number {
  return (2 * mslMs) / 1000;
}
