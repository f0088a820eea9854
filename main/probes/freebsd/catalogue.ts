/** The probes of FreeBSD. */
import { parseBsdNetstat } from '../bsd/netstat.ts';
import { parseBsdNetstatStatistics } from '../bsd/netstat-statistics.ts';
import { misleadingProbe, sharedMisleading, wordCountLines } from '../bsd/misleading.ts';
import { parseBsdProcesses } from '../bsd/processes.ts';
import { parseSockstat } from '../bsd/sockstat.ts';
import type { Probe } from '../probe.ts';
import { parseSysctl } from '../sysctl.ts';

export const FREEBSD_PROBES: readonly Probe[] = [
  {
    id: 'freebsd.netstat-tcp',
    platform: 'freebsd',
    group: 'sockets',
    title: 'TCP sockets',
    tool: 'netstat',
    argv: ['-anW', '-p', 'tcp'],
    parameters: [],
    proves:
      'Which TCP sockets there are and in which state, TIME_WAIT too; how many hold a port of the range.',
    needs: null,
    figures: ['verdict', 'pool-used', 'time-wait', 'sockets', 'port-map', 'listeners'],
    parse: parseBsdNetstat,
    mayBeEmpty: false,
  },
  {
    id: 'freebsd.sockstat',
    platform: 'freebsd',
    group: 'owners',
    title: 'TCP sockets that a process holds',
    tool: 'sockstat',
    argv: ['-46', '-P', 'tcp'],
    parameters: [],
    proves:
      'Which process holds each open TCP socket. A "?" stands where none does; sockets in TIME_WAIT are mostly left out.',
    needs: 'root, where security.bsd.see_other_uids is 0',
    figures: ['consumers', 'listeners'],
    parse: parseSockstat,
  },
  {
    id: 'freebsd.sysctl-ports',
    platform: 'freebsd',
    group: 'settings',
    title: 'Port range, hold and release',
    tool: 'sysctl',
    argv: [
      'net.inet.ip.portrange',
      'net.inet.tcp.msl',
      'net.inet.tcp.maxtcptw',
      'net.inet.tcp.nolocaltimewait',
      'kern.boottime',
      'kern.osrelease',
    ],
    parameters: [],
    proves:
      'Which ports outgoing connections get (first to last), how long TIME_WAIT holds one (twice the MSL, milliseconds), and by the release whether a port is locked for one destination or for the whole host.',
    needs: null,
    figures: ['range', 'hold', 'reuse'],
    parse: parseSysctl,
    mayBeEmpty: false,
    // 1: FreeBSD 14 no longer has maxtcptw; what it has is printed all the same.
    goodExits: [0, 1],
  },
  {
    id: 'freebsd.netstat-statistics',
    platform: 'freebsd',
    group: 'counters',
    title: 'TCP counters since boot',
    tool: 'netstat',
    argv: ['-s', '-p', 'tcp'],
    parameters: [],
    proves: 'How many connections were requested, accepted, established and dropped since boot.',
    needs: null,
    figures: ['counters', 'new-connections'],
    parse: parseBsdNetstatStatistics,
    mayBeEmpty: false,
  },
  {
    id: 'freebsd.processes',
    platform: 'freebsd',
    group: 'owners',
    title: 'Names of processes',
    tool: 'ps',
    argv: ['-axo', 'pid=,comm='],
    parameters: [],
    proves: 'Which program runs under each process id.',
    needs: null,
    figures: ['consumers'],
    parse: parseBsdProcesses,
    mayBeEmpty: false,
  },
  ...sharedMisleading('At 30000, the default of FreeBSD, that is 60 seconds.').map((command) =>
    misleadingProbe('freebsd', command),
  ),
  misleadingProbe('freebsd', {
    id: 'sockstat-wc',
    title: 'Counting lines of sockstat -4l',
    tool: 'sockstat',
    argv: ['-4l'],
    command: 'sockstat -4l | wc -l',
    reduce: wordCountLines,
    takenFor: 'ports in use',
    why: 'It counts listening sockets, once for each process that holds one, UDP and the heading. No outgoing connection and no socket in TIME_WAIT is among them.',
    insteadFigure: 'pool-used',
  }),
];
