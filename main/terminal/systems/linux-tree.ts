/**
 * A command and everything it started: its group, its session, and what descends from it as long as the line of
 * parents can be followed. Who leaves the session after its parent has ended is lost to us.
 */
import { readFileSync, readdirSync } from 'node:fs';
import type { EndSignal, ProcessTree } from '../system.ts';
import { sendSignal } from './group-tree.ts';

export interface ProcessStat {
  pid: number;
  state: string;
  parent: number;
  group: number;
  session: number;
  /** Clock ticks since boot: with the pid it identifies the process. */
  startTicks: number;
}

export class LinuxTree implements ProcessTree {
  private readonly leader: number;
  private isLeaderGone = false;
  /** Start by pid of whoever was found, so that one that moves to another session is still known. */
  private readonly known = new Map<number, number>();

  constructor(leader: number) {
    this.leader = leader;
  }

  leaderGone(): void {
    this.isLeaderGone = true;
    this.known.delete(this.leader);
  }

  signal(name: EndSignal): void {
    const members = this.look();
    // The group's number cannot be another's while the leader is not reaped or a member is there.
    if (!this.isLeaderGone || members.some(({ group }) => group === this.leader)) {
      sendSignal(-this.leader, name);
    }
    for (const { pid, group } of members) if (group !== this.leader) sendSignal(pid, name);
  }

  left(): readonly number[] {
    return this.look().map(({ pid }) => pid);
  }

  private look(): ProcessStat[] {
    const all = readProcessesSince(this.leader).filter(({ state }) => state !== 'Z' && state !== 'X');
    const members = new Map<number, ProcessStat>();
    let sizeBefore = -1;
    while (members.size > sizeBefore) {
      sizeBefore = members.size;
      for (const stat of all) if (this.isMember(stat, members)) members.set(stat.pid, stat);
    }
    for (const { pid, startTicks } of members.values()) this.known.set(pid, startTicks);
    return [...members.values()];
  }

  private isMember(stat: ProcessStat, members: ReadonlyMap<number, ProcessStat>): boolean {
    if (stat.pid === this.leader) return !this.isLeaderGone;
    return (
      stat.session === this.leader || members.has(stat.parent) || this.known.get(stat.pid) === stat.startTicks
    );
  }
}

/**
 * Processes whose pid was given out from `first` on, itself included. Pids are given out in ascending order and start
 * again at the bottom; the fifth field of /proc/loadavg is the last one.
 */
function readProcessesSince(first: number): ProcessStat[] {
  const last = Number(readText('/proc/loadavg')?.trim().split(' ')[4] ?? NaN);
  const isSince = (pid: number) => {
    if (!Number.isInteger(last)) return true;
    return last >= first ? pid >= first && pid <= last : pid >= first || pid <= last;
  };
  const found: ProcessStat[] = [];
  for (const name of readNames('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || !isSince(pid)) continue;
    const stat = parseProcessStat(readText(`/proc/${pid}/stat`) ?? '');
    if (stat) found.push(stat);
  }
  return found;
}

/** proc_pid_stat(5). The name may hold anything, parentheses too: split at the last one (hardening T3). */
export function parseProcessStat(text: string): ProcessStat | null {
  const pid = Number.parseInt(text, 10);
  const [state, ...rest] = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  const [parent, group, session] = rest.map(Number);
  // starttime is the 22nd field; `rest` begins with the fourth.
  const startTicks = Number(rest[18]);
  if (state === undefined || parent === undefined || group === undefined || session === undefined)
    return null;
  if (![pid, parent, group, session, startTicks].every(Number.isSafeInteger)) return null;
  return { pid, state, parent, group, session, startTicks };
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Null for a process that has gone or may not be read. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
