/** Who a process is, from /proc/PID. Everything in those files was chosen by the process itself: bytes, then sanitised. */
import { sanitiseBytes, sanitiseText } from '../../core/sanitise.ts';
import type { Outcome, SocketOwner } from '../../core/model.ts';
import type { ProcFiles } from './proc-file.ts';

const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
const SPACE = 0x20;
/** More than is ever shown; a command line may be megabytes. */
const COMMAND_LINE_BYTES = 2048;
const STAT_BYTES = 1024;
const CGROUP_BYTES = 16 * 1024;
/** Fields 4 and 22 of /proc/PID/stat, proc_pid_stat(5), counted from the one after the name (field 3). */
const PARENT_INDEX = 4 - 3;
const START_TIME_INDEX = 22 - 3;
const SHORT_CONTAINER_ID = 12;

export interface ProcessStat {
  /** The name as the process set it, up to 15 bytes of anything but NUL. */
  comm: Uint8Array;
  /** 0 for a process without one that can be seen from here. */
  parentPid: number;
  /** Clock ticks since boot. */
  startTicks: number;
}

/** Name and start time of a process; fails when it is gone. */
export function readProcessStat(files: ProcFiles, folder: string): Outcome<ProcessStat> {
  const bytes = files.readBytes(`${folder}/stat`, STAT_BYTES);
  return bytes.ok ? parseProcessStat(bytes.value) : bytes;
}

/** A process that /proc tells of: nothing of its identity is unknown. */
export interface KnownProcess extends SocketOwner {
  pid: number;
  startTicks: number;
  process: string;
}

/** All that is shown of a process whose stat was just read. What else cannot be read stays empty or null. */
export function readProcess(files: ProcFiles, folder: string, pid: number, stat: ProcessStat): KnownProcess {
  const commandLine = files.readBytes(`${folder}/cmdline`, COMMAND_LINE_BYTES);
  const cgroup = files.readBytes(`${folder}/cgroup`, CGROUP_BYTES);
  const process = nameOf(sanitiseBytes(stat.comm), commandLine.ok ? commandLine.value : new Uint8Array());
  return {
    pid,
    startTicks: stat.startTicks,
    process,
    // Kernel threads and processes that wiped it have none; ps shows the name in brackets then.
    commandLine: (commandLine.ok && parseCommandLine(commandLine.value)) || `[${process}]`,
    ...(cgroup.ok ? parseCgroup(new TextDecoder().decode(cgroup.value)) : { unit: null, container: null }),
    uid: files.ownerUid(folder),
    executable: readExecutable(files, folder),
  };
}

/** Null for another user's process (without root), and for one that is gone. */
function readExecutable(files: ProcFiles, folder: string): string | null {
  const path = files.readLink(`${folder}/exe`);
  return path === null ? null : sanitiseText(path);
}

/** What Node calls its main thread, and so, on Linux, itself (seen with Node 24). */
const NODE_MAIN_THREAD = 'MainThread';

/** The kernel's name of the process; the program's own where that is only a thread's name. */
function nameOf(comm: string, commandLine: Uint8Array): string {
  if (comm !== NODE_MAIN_THREAD) return comm;
  const end = commandLine.indexOf(0);
  const program = sanitiseBytes(end < 0 ? commandLine : commandLine.subarray(0, end));
  return program.slice(program.lastIndexOf('/') + 1) || comm;
}

/** "4711 (a) b) S 1 …": the name is what stands between the first "(" and the last ")" (hardening T3). */
export function parseProcessStat(bytes: Uint8Array): Outcome<ProcessStat> {
  const open = bytes.indexOf(OPEN_PARENTHESIS);
  const close = bytes.lastIndexOf(CLOSE_PARENTHESIS);
  const fields = new TextDecoder('latin1').decode(bytes.subarray(close + 2)).split(' ');
  const startTicks = fields[START_TIME_INDEX] ?? '';
  const parentPid = fields[PARENT_INDEX] ?? '';
  if (open < 0 || close < open || !/^\d+$/.test(startTicks) || !/^\d+$/.test(parentPid)) {
    const text = sanitiseBytes(bytes);
    return { ok: false, failure: { code: 'unreadable', source: '/proc/PID/stat', line: 1, text } };
  }
  const comm = bytes.subarray(open + 1, close);
  return { ok: true, value: { comm, parentPid: Number(parentPid), startTicks: Number(startTicks) } };
}

/** Arguments end in NUL; they are shown with a space between them. */
export function parseCommandLine(bytes: Uint8Array): string {
  const spaced = bytes.map((byte) => (byte === 0 ? SPACE : byte));
  let end = spaced.length;
  while (end > 0 && spaced[end - 1] === SPACE) end--;
  return sanitiseBytes(spaced.subarray(0, end));
}

/**
 * systemd unit and container of a process from /proc/PID/cgroup. A container id is 64 hexadecimal digits in the path,
 * as docker, containerd, CRI-O, podman and kubelet write it with either cgroup driver:
 * "/docker/<id>", "/system.slice/docker-<id>.scope", "…/cri-containerd-<id>.scope", "…:cri-containerd:<id>",
 * "/machine.slice/libpod-<id>.scope", "/kubepods/burstable/pod<uid>/<id>".
 */
export function parseCgroup(text: string): { unit: string | null; container: string | null } {
  let unit: string | null = null;
  let container: string | null = null;
  for (const line of text.split('\n')) {
    const path = /^\d+:[^:]*:(.*)$/.exec(line)?.[1];
    if (path === undefined) continue;
    for (const segment of path.split('/')) {
      const id = /(?:^|[-:])([0-9a-f]{64})(?:\.scope)?$/.exec(segment)?.[1];
      if (id !== undefined) container = id.slice(0, SHORT_CONTAINER_ID);
      else if (/\.(?:service|scope)$/.test(segment)) unit = sanitiseText(unescapeUnit(segment));
    }
    // The unified hierarchy or systemd's own speaks for the unit; the first line that has one is as good.
    if (unit !== null || container !== null) break;
  }
  return { unit, container };
}

/** systemd writes a leading underscore before names that cgroups reserve (cg_escape). */
function unescapeUnit(segment: string): string {
  return segment.startsWith('_') ? segment.slice(1) : segment;
}
