/** Which commands each system is sampled with, and how often. */
import type { SystemId } from '../../core/readings.ts';
import { probesOf } from '../../probes/catalogue.ts';
import type { Probe } from '../../probes/probe.ts';

export interface PacedProbe {
  probe: Probe;
  /** Milliseconds from one run to the next; 0 runs it with every listing. */
  everyMs: number;
}

export interface SampleCommands {
  system: SystemId;
  /** Lists the sockets, before each sample. */
  sockets: Probe;
  /** Tell the settings; what each told stands until it is run again. */
  settings: readonly PacedProbe[];
  /** Tell counters. A counter is compared with the one before, so they run with every listing. */
  counters: readonly Probe[];
  /** Names of processes, where the listing tells pids only. */
  processes: PacedProbe | null;
}

const SETTINGS_EVERY_MS = 30_000;
const EVENTS_EVERY_MS = 60_000;
const PROCESSES_EVERY_MS = 10_000;
/** PowerShell takes a second of a core to start, and what it tells hardly ever changes. */
const DEAR_EVERY_MS = 600_000;

/** Ids of probes; null where a system has none. */
interface Chosen {
  system: SystemId;
  sockets: string;
  settings: readonly (readonly [id: string, everyMs: number])[];
  counters: readonly string[];
  processes: string | null;
}

const CHOSEN: Partial<Record<NodeJS.Platform, Chosen>> = {
  win32: {
    system: 'windows',
    sockets: 'windows.netstat-ano',
    settings: [
      ['windows.netsh-dynamicport-ipv4', SETTINGS_EVERY_MS],
      ['windows.netsh-dynamicport-ipv6', SETTINGS_EVERY_MS],
      ['windows.netsh-excludedportrange-ipv4', SETTINGS_EVERY_MS],
      ['windows.netsh-excludedportrange-ipv6', SETTINGS_EVERY_MS],
      ['windows.registry-tcpip', DEAR_EVERY_MS],
      ['windows.get-nettcpsetting', DEAR_EVERY_MS],
      ['windows.wevtutil-tcpip', EVENTS_EVERY_MS],
    ],
    counters: [],
    processes: 'windows.tasklist',
  },
  darwin: {
    system: 'macos',
    sockets: 'macos.netstat-tcp',
    settings: [['macos.sysctl-ports', SETTINGS_EVERY_MS]],
    counters: ['macos.netstat-statistics'],
    processes: 'macos.processes',
  },
  freebsd: {
    system: 'freebsd',
    sockets: 'freebsd.netstat-tcp',
    settings: [['freebsd.sysctl-ports', SETTINGS_EVERY_MS]],
    counters: ['freebsd.netstat-statistics'],
    processes: null,
  },
  linux: {
    system: 'linux',
    sockets: 'linux.ss-tan',
    settings: [
      ['linux.sysctl-ports', SETTINGS_EVERY_MS],
      ['linux.sysctl-time-wait', SETTINGS_EVERY_MS],
    ],
    counters: ['linux.proc-snmp'],
    processes: null,
  },
};

/**
 * Events of the last day only, asked of the log itself: the times that it prints are not in one form (timediff is
 * milliseconds; Microsoft, "Consuming Events", XPath 1.0 limitations).
 */
const EVENTS_OF_A_DAY =
  "/q:*[System[Provider[@Name='Tcpip'] and (EventID=4227 or EventID=4231 or EventID=4266) and TimeCreated[timediff(@SystemTime) <= 86400000]]]";

/** What OpenBSD understands of the FreeBSD probes: netstat knows no -W there, and the range has other names. */
const OPENBSD_ARGV: ReadonlyMap<string, readonly string[]> = new Map([
  ['freebsd.netstat-tcp', ['-an', '-p', 'tcp']],
  [
    'freebsd.sysctl-ports',
    ['net.inet.ip.portfirst', 'net.inet.ip.portlast', 'kern.ostype', 'kern.osrelease'],
  ],
]);

/** Probes that are run otherwise for samples than when a person runs them. */
const SAMPLED_ARGV: ReadonlyMap<string, readonly string[]> = new Map([
  ['windows.wevtutil-tcpip', ['qe', 'System', EVENTS_OF_A_DAY, '/f:text', '/rd:true', '/c:200']],
]);

/** The commands for `platform` (a process.platform), or null where there are none. */
export function sampleCommandsOf(platform: NodeJS.Platform): SampleCommands | null {
  const isOpenBsd = platform === 'openbsd';
  const known = isOpenBsd ? 'freebsd' : platform;
  const chosen = CHOSEN[known];
  if (!chosen) return null;
  const probes = new Map(probesOf(known).map((probe) => [probe.id, probe]));
  const find = (id: string): Probe => {
    const probe = probes.get(id);
    if (!probe) throw new Error(`there is no probe ${id}`);
    const argv = (isOpenBsd ? OPENBSD_ARGV : SAMPLED_ARGV).get(id);
    return argv ? { ...probe, argv } : probe;
  };
  return {
    system: chosen.system,
    sockets: find(chosen.sockets),
    settings: chosen.settings.map(([id, everyMs]) => ({ probe: find(id), everyMs })),
    counters: chosen.counters.map(find),
    processes:
      chosen.processes === null ? null : { probe: find(chosen.processes), everyMs: PROCESSES_EVERY_MS },
  };
}
