/** The processes that hold or held sockets, by a number that stays theirs: TIME_WAIT outlives the process. */
import type { SocketOwner } from '../../core/model.ts';
import { readProcess, readProcessStat, type KnownProcess, type ProcessStat } from './process-identity.ts';
import type { ProcFiles } from './proc-file.ts';

/** Processes remembered. 130 new ones a second for the 60 s of TIME_WAIT fit; about 4 MB. */
const MAX_PROCESSES = 8192;
/** How often a process is looked at again: it may have ended, or become another program. */
const CHECK_INTERVAL_MS = 5000;

interface Entry {
  owner: KnownProcess;
  rawName: string;
  alive: boolean;
  checkedMs: number;
}

export class ProcessRegistry {
  private readonly files: ProcFiles;
  private readonly procRoot: string;
  private readonly limit: number;
  /** In order of last use: the first are forgotten first. */
  private readonly entries = new Map<number, Entry>();
  private readonly aliveByPid = new Map<number, number>();
  private nextIndex = 0;

  constructor(files: ProcFiles, procRoot: string, limit = MAX_PROCESSES) {
    this.files = files;
    this.procRoot = procRoot;
    this.limit = limit;
  }

  owner(index: number): SocketOwner | null {
    return this.entries.get(index)?.owner ?? null;
  }

  isAlive(index: number): boolean {
    return this.entries.get(index)?.alive ?? false;
  }

  get size(): number {
    return this.entries.size;
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
    const owner = readProcess(this.files, folder, pid, stat.value);
    this.entries.set(index, { owner, rawName: nameOf(stat.value), alive: true, checkedMs: nowMs });
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
      if (!stat.ok || !this.refresh(index, pid, stat.value, nowMs)) this.markGone(index, pid);
    }
  }

  /** False when `stat` is of another process than number `index`. */
  private refresh(index: number, pid: number, stat: ProcessStat, nowMs: number): boolean {
    const entry = this.entries.get(index);
    if (!entry || entry.owner.startTicks !== stat.startTicks) {
      this.markGone(index, pid);
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

  private markGone(index: number, pid: number): void {
    const entry = this.entries.get(index);
    if (entry) entry.alive = false;
    if (this.aliveByPid.get(pid) === index) this.aliveByPid.delete(pid);
  }

  private forgetOldest(): void {
    for (const [index, entry] of this.entries) {
      if (this.entries.size <= this.limit) return;
      this.entries.delete(index);
      if (this.aliveByPid.get(entry.owner.pid) === index) this.aliveByPid.delete(entry.owner.pid);
    }
  }
}

function nameOf(stat: ProcessStat): string {
  return new TextDecoder('latin1').decode(stat.comm);
}
