/**
 * The quick search for who holds a socket that will be closed in a moment: only where it is likely. A process that opened
 * one lately opens the next under the same descriptor number (the lowest that is free), and a process that has just been
 * started was perhaps started for this connection. No walk through every process; that is ProcessWalk's, between glances.
 */
import type { ProcFiles } from './proc-file.ts';
import type { Found } from './process-walk.ts';

/** What a find still counts after this long: half. */
const HEAT_HALF_LIFE_MS = 5000;
const COLDEST = 0.05;
const HOT_PROCESSES = 24;
const DESCRIPTORS_KEPT = 4;
/** A process is young for so long after it was first listed: it may not have opened its connection yet. */
const YOUNG_MS = 1000;
const YOUNG_LIMIT = 48;
/** Descriptors read of one process; short-lived programs have few, and one with more is left to the walk. */
const DESCRIPTORS_READ = 64;
const SOCKET_LINK = /^socket:\[(\d{1,10})\]$/;

interface Hot {
  heat: number;
  atMs: number;
  /** Numbers under which sockets were found, the latest first. */
  descriptors: number[];
}

export interface HuntOptions {
  files: ProcFiles;
  procRoot: string;
  /** Hears of all processes that there are whenever they were listed. */
  onListed(pids: ReadonlySet<number>, nowMs: number): void;
}

export class ProcessHunt {
  private readonly options: HuntOptions;
  private readonly hot = new Map<number, Hot>();
  /** Processes that were not there when processes were last listed, and when they were first. */
  private readonly young = new Map<number, number>();
  private listed: ReadonlySet<number> | null = null;

  constructor(options: HuntOptions) {
    this.options = options;
  }

  /** Notes that `pid` had a wanted socket. */
  noteFound(pid: number, nowMs: number, descriptor: number | null = null): void {
    const known = this.hot.get(pid);
    const entry: Hot = known ?? { heat: 0, atMs: nowMs, descriptors: [] };
    entry.heat = heatAt(entry, nowMs) + 1;
    entry.atMs = nowMs;
    if (descriptor !== null && entry.descriptors[0] !== descriptor) {
      const others = entry.descriptors.filter((other) => other !== descriptor);
      entry.descriptors = [descriptor, ...others].slice(0, DESCRIPTORS_KEPT);
    }
    this.hot.set(pid, entry);
  }

  /** Takes inodes out of `wanted` as they are found; ends when all are, `isOver`, or nothing likely is left. */
  run(wanted: Map<number, number>, nowMs: number, isOver: () => boolean, found: Found): void {
    const search = { wanted, nowMs, isOver, found };
    const hottest = this.hottest(nowMs);
    for (const [pid, { descriptors }] of hottest) {
      if (isDone(search)) return;
      this.look(pid, descriptors, search);
    }
    if (isDone(search)) return;
    this.listProcesses(nowMs);
    // The newest first: an older one has had its glance.
    for (const pid of [...this.young.keys()].reverse()) {
      if (isDone(search)) return;
      this.lookAtAll(pid, search);
    }
    for (const [pid] of hottest) {
      if (isDone(search)) return;
      if (!this.young.has(pid)) this.lookAtAll(pid, search);
    }
  }

  private hottest(nowMs: number): [number, Hot][] {
    for (const [pid, entry] of this.hot) if (heatAt(entry, nowMs) < COLDEST) this.hot.delete(pid);
    const order = [...this.hot].sort(([, a], [, b]) => heatAt(b, nowMs) - heatAt(a, nowMs));
    return order.slice(0, HOT_PROCESSES);
  }

  private listProcesses(nowMs: number): void {
    const names = this.options.files.list(this.options.procRoot);
    if (!names.ok) return;
    const pids = new Set<number>();
    for (const name of names.value) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid <= 0) continue;
      pids.add(pid);
      if (this.listed && !this.listed.has(pid)) this.young.set(pid, nowMs);
    }
    for (const [pid, firstMs] of this.young) {
      if (nowMs - firstMs > YOUNG_MS || this.young.size > YOUNG_LIMIT || !pids.has(pid))
        this.young.delete(pid);
    }
    for (const pid of this.hot.keys()) if (!pids.has(pid)) this.hot.delete(pid);
    this.listed = pids;
    this.options.onListed(pids, nowMs);
  }

  private lookAtAll(pid: number, search: Search): void {
    const names = this.options.files.list(`${this.options.procRoot}/${pid}/fd`);
    if (!names.ok || names.value.length > DESCRIPTORS_READ) return;
    // Standard input, output and error come first; a connection has a later number.
    this.look(pid, names.value.map(Number).reverse(), search);
  }

  private look(pid: number, descriptors: readonly number[], search: Search): void {
    const { wanted, nowMs, found } = search;
    for (const descriptor of descriptors) {
      if (wanted.size === 0) return;
      const link = this.options.files.readLink(`${this.options.procRoot}/${pid}/fd/${descriptor}`);
      const inode = Number(SOCKET_LINK.exec(link ?? '')?.[1] ?? 0);
      if (!wanted.has(inode)) continue;
      if (!found(inode, pid)) return;
      wanted.delete(inode);
      this.noteFound(pid, nowMs, descriptor);
    }
  }
}

interface Search {
  wanted: Map<number, number>;
  nowMs: number;
  isOver(): boolean;
  found: Found;
}

function isDone({ wanted, isOver }: Search): boolean {
  return wanted.size === 0 || isOver();
}

function heatAt({ heat, atMs }: Hot, nowMs: number): number {
  return heat * 0.5 ** (Math.max(0, nowMs - atMs) / HEAT_HALF_LIFE_MS);
}
