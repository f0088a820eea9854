/** The probes of macOS. */
import { parseBsdNetstat } from '../bsd/netstat.ts';
import { parseBsdNetstatStatistics } from '../bsd/netstat-statistics.ts';
import { misleadingProbe, sharedMisleading, wordCountLines } from '../bsd/misleading.ts';
import { parseBsdProcesses } from '../bsd/processes.ts';
import { parseLsof } from '../lsof.ts';
import type { Probe } from '../probe.ts';
import { parseSysctl } from '../sysctl.ts';

export const MACOS_PROBES: readonly Probe[] = [
  {
    id: 'macos.netstat-tcp',
    platform: 'macos',
    group: 'sockets',
    title: 'TCP sockets, with process',
    tool: 'netstat',
    argv: ['-anv', '-p', 'tcp'],
    parameters: [],
    proves:
      'Which TCP sockets there are, in which state, and which process opened each; how many of them hold a port of the range.',
    needs: null,
    figures: ['verdict', 'pool-used', 'time-wait', 'sockets', 'port-map', 'consumers', 'listeners'],
    parse: parseBsdNetstat,
    mayBeEmpty: false,
  },
  {
    id: 'macos.netstat-wide',
    platform: 'macos',
    group: 'sockets',
    title: 'TCP sockets, IPv6 addresses whole',
    tool: 'netstat',
    argv: ['-anW', '-p', 'tcp'],
    parameters: [],
    proves: 'The same sockets without cut addresses; -v cuts an IPv6 address to 16 characters.',
    needs: null,
    figures: ['sockets'],
    parse: parseBsdNetstat,
    mayBeEmpty: false,
  },
  {
    id: 'macos.sysctl-ports',
    platform: 'macos',
    group: 'settings',
    title: 'Port range, hold and time since boot',
    tool: 'sysctl',
    argv: [
      'net.inet.ip.portrange',
      'net.inet.tcp.msl',
      'kern.boottime',
      'kern.osproductversion',
      'kern.osrelease',
    ],
    parameters: [],
    proves:
      'Which ports outgoing connections get (first to last), how long TIME_WAIT holds one (twice the MSL, milliseconds), and whether the Mac is up for more than 49.7 days, after which its TCP clock can stand still.',
    needs: null,
    figures: ['range', 'hold'],
    parse: parseSysctl,
    mayBeEmpty: false,
  },
  {
    id: 'macos.netstat-statistics',
    platform: 'macos',
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
    id: 'macos.lsof-tcp',
    platform: 'macos',
    group: 'owners',
    title: 'TCP sockets that a process holds',
    tool: 'lsof',
    argv: ['-nP', '-iTCP'],
    parameters: [],
    proves:
      'Which process holds each open TCP socket. Sockets in TIME_WAIT belong to none, so none is listed.',
    needs: 'root, to see the sockets of other users',
    figures: ['consumers', 'listeners'],
    parse: parseLsof,
    // lsof ends with 1 when nothing matches.
    goodExits: [0, 1],
  },
  {
    id: 'macos.processes',
    platform: 'macos',
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
  ...sharedMisleading('At 15000, the default of macOS, that is 30 seconds.').map((command) =>
    misleadingProbe('macos', command),
  ),
  misleadingProbe('macos', {
    id: 'lsof-wc',
    title: 'Counting lines of lsof -i',
    tool: 'lsof',
    // Without -nP it looks up every name and service: the lines are as many, and the network is not asked.
    argv: ['-nP', '-i'],
    goodExits: [0, 1],
    command: 'lsof -i | wc -l',
    reduce: wordCountLines,
    takenFor: 'open connections',
    why: 'It counts a socket once for each process that holds it, UDP and the heading too. A socket in TIME_WAIT belongs to no process, so none is among them; nor are those of other users when it does not run as root.',
    insteadFigure: 'sockets',
  }),
];
