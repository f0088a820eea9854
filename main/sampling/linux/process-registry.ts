/** The processes that hold or held sockets, by a number that stays theirs: TIME_WAIT outlives the process. */
import { uptime } from 'node:os';
import type { SocketOwner } from '../../core/model.ts';
import { ProcessGroups, SHORT_LIFE_MS, type GroupMember } from './process-groups.ts';
import { readProcess, readProcessStat, type KnownProcess, type ProcessStat } from './process-identity.ts';
import type { ProcFiles } from './proc-file.ts';

/** Processes remembered. 130 new ones a second for the 60 s of TIME_WAIT fit; about 4 MB. */
const MAX_PROCESSES = 8192;
/** How often a process is looked at again: it may have ended, or become another program. */
const CHECK_INTERVAL_MS = 5000;
/** USER_HZ, the unit of times in /proc: 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Entry {
  owner: KnownProcess;
  rawName: string;
  parentPid: number;
  alive: boolean;
  checkedMs: number;
  /** Monotonic milliseconds of its start. */
  bornMs: number;
  /** Lived for a moment only; known when it is gone. */
  wasShort: boolean;
}

export interface RegistryOptions {
  limit?: number;
  /** Seconds since boot, the clock of start times. */
  uptimeSeconds?: () => number;
}

export class ProcessRegistry {
  private readonly files: ProcFiles;
  private readonly procRoot: string;
  private readonly limit: number;
  private readonly uptimeSeconds: () => number;
  /** In order of last use: the first are forgotten first. */
  private readonly entries = new Map<number, Entry>();
  private readonly aliveByPid = new Map<number, number>();
  private readonly groups: ProcessGroups;
  private nextIndex = 0;

  constructor(files: ProcFiles, procRoot: string, options: RegistryOptions = {}) {
    this.files = files;
    this.procRoot = procRoot;
    this.limit = options.limit ?? MAX_PROCESSES;
    this.uptimeSeconds = options.uptimeSeconds ?? uptime;
    this.groups = new ProcessGroups(
      () => this.nextIndex++,
      (pid) => this.readName(pid),
    );
  }

  owner(index: number): SocketOwner | null {
    return this.entries.get(index)?.owner ?? this.groups.owner(index);
  }

  /** The group of short-lived processes that number `index` belongs to, else `index` itself. */
  groupOf(index: number, nowMs: number): number {
    const entry = this.entries.get(index);
    if (!entry) return index;
    const isShort = entry.alive ? nowMs - entry.bornMs < SHORT_LIFE_MS : entry.wasShort;
    return (isShort ? this.groups.indexOf(memberOf(entry)) : null) ?? index;
  }

  isAlive(index: number): boolean {
    return this.entries.get(index)?.alive ?? false;
  }

  get size(): number {
    return this.entries.size;
  }

  /** The number of the process that had `pid` when last looked at, or null. */
  indexOf(pid: number): number | null {
    return this.aliveByPid.get(pid) ?? null;
  }

  /** The number of the process that has `pid` now; null when there is none. Reused pids get a new number. */
  identify(pid: number, nowMs: number): number | null {
    const known = this.aliveByPid.get(pid);
    // One process has many sockets: it is looked at once in each search.
    if (known !== undefined && this.entries.get(known)?.checkedMs === nowMs) return known;
    const folder = `${this.procRoot}/${pid}`;
    const stat = readProcessStat(this.files, folder);
    if (!stat.ok) return null;
    if (known !== undefined && this.refresh(known, pid, stat.value, nowMs)) return known;
    const index = this.nextIndex++;
    this.entries.set(index, {
      owner: readProcess(this.files, folder, pid, stat.value),
      rawName: nameOf(stat.value),
      parentPid: stat.value.parentPid,
      alive: true,
      checkedMs: nowMs,
      bornMs: nowMs - (this.uptimeSeconds() - stat.value.startTicks / TICKS_PER_SECOND) * 1000,
      wasShort: false,
    });
    this.aliveByPid.set(pid, index);
    this.forgetOldest();
    return index;
  }

  /** Looks again at processes that were not looked at for a while, until `isOver` says that the time is up. */
  checkAlive(nowMs: number, isOver: () => boolean): void {
    for (const [pid, index] of this.aliveByPid) {
      const entry = this.entries.get(index);
      if (!entry || nowMs - entry.checkedMs < CHECK_INTERVAL_MS) continue;
      if (isOver()) return;
      const stat = readProcessStat(this.files, `${this.procRoot}/${pid}`);
      if (!stat.ok || !this.refresh(index, pid, stat.value, nowMs)) this.markGone(index, pid, nowMs);
    }
  }

  /** All processes that there are, as just listed: the others are gone. */
  noteListed(pids: ReadonlySet<number>, nowMs: number): void {
    for (const [pid, index] of this.aliveByPid) if (!pids.has(pid)) this.markGone(index, pid, nowMs);
  }

  /** False when `stat` is of another process than number `index`. */
  private refresh(index: number, pid: number, stat: ProcessStat, nowMs: number): boolean {
    const entry = this.entries.get(index);
    if (!entry || entry.owner.startTicks !== stat.startTicks) {
      this.markGone(index, pid, nowMs);
      return false;
    }
    entry.checkedMs = nowMs;
    if (entry.rawName !== nameOf(stat)) {
      // It has become another program by exec() since it was read.
      entry.rawName = nameOf(stat);
      entry.owner = readProcess(this.files, `${this.procRoot}/${pid}`, pid, stat);
    }
    this.entries.delete(index);
    this.entries.set(index, entry);
    return true;
  }

  private markGone(index: number, pid: number, nowMs: number): void {
    if (this.aliveByPid.get(pid) === index) this.aliveByPid.delete(pid);
    const entry = this.entries.get(index);
    if (!entry?.alive) return;
    entry.alive = false;
    // When it ended is not known, only that it was there when last looked at: the benefit of the doubt is the group's.
    entry.wasShort = Math.min(nowMs, entry.checkedMs + CHECK_INTERVAL_MS) - entry.bornMs < SHORT_LIFE_MS;
    if (entry.wasShort) this.groups.join(memberOf(entry));
  }

  private forgetOldest(): void {
    for (const [index, entry] of this.entries) {
      if (this.entries.size <= this.limit) return;
      this.entries.delete(index);
      if (this.aliveByPid.get(entry.owner.pid) === index) this.aliveByPid.delete(entry.owner.pid);
    }
  }

  private readName(pid: number): string | null {
    const folder = `${this.procRoot}/${pid}`;
    const stat = readProcessStat(this.files, folder);
    return stat.ok ? readProcess(this.files, folder, pid, stat.value).process : null;
  }
}

function memberOf({ rawName, parentPid, owner }: Entry): GroupMember {
  return { name: rawName, parentPid, owner };
}

function nameOf(stat: ProcessStat): string {
  return new TextDecoder('latin1').decode(stat.comm);
}
