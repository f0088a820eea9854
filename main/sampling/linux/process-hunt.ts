/**
 * The quick search for who holds a socket that will be closed in a moment: only where it is likely. A process that opened
 * one lately opens the next under the same descriptor number (the lowest that is free), and a process that has just been
 * started was perhaps started for this connection. Likely places are looked at before a dump as well: a connection seen
 * in a dump that takes longer than its life is found on either side of it. No walk through every process; that is
 * ProcessWalk's, at samples.
 */
import type { ProcFiles } from './proc-file.ts';
import type { Found } from './process-walk.ts';
import { SameNetwork } from './same-network.ts';
import { inodeOfLink } from './socket-link.ts';
import { SuspectRound } from './suspect-round.ts';

/** What a find still counts after this long: half. */
const HEAT_HALF_LIFE_MS = 5000;
const COLDEST = 0.05;
const HOT_PROCESSES = 16;
const DESCRIPTORS_KEPT = 3;
/** What another socket under a known number counts, beside a socket that was asked for. */
const CHURN_HEAT = 0.25;
/** Other processes are looked at for so long after a socket could not be found. */
const SUSPICION_MS = 3000;
/** A process is young for so long after it was first listed: it may not have opened its connection yet. */
const YOUNG_MS = 1000;
const YOUNG_LIMIT = 48;
/** While such processes are found, the newest are looked at before dumps too. */
const YOUNG_HABIT_MS = 10_000;
const YOUNG_PEEKED = 12;
/** Descriptors read of one process; short-lived programs have few, and one with more is left to the walk. */
const DESCRIPTORS_READ = 64;

interface Hot {
  heat: number;
  atMs: number;
  /** Numbers under which sockets were found, the latest first, with the last inode seen there. */
  descriptors: Descriptor[];
}

interface Descriptor {
  number: number;
  inode: number;
}

export interface HuntOptions {
  files: ProcFiles;
  procRoot: string;
  /** Hears of all processes that there are whenever they were listed. */
  onListed(pids: ReadonlySet<number>, nowMs: number): void;
  /** Hears of sockets that were seen in a process without being asked for. */
  onSeen(inode: number, pid: number, nowMs: number): void;
}

export class ProcessHunt {
  private readonly options: HuntOptions;
  private readonly hot = new Map<number, Hot>();
  /** Processes that were not there when processes were last listed, and when they were first. */
  private readonly young = new Map<number, number>();
  private listed: ReadonlySet<number> | null = null;
  private readonly suspects: SuspectRound;
  /** Made at first use: nothing is read before. */
  private network: SameNetwork | null = null;
  private notFoundMs = -Infinity;
  private youngFoundMs = -Infinity;

  constructor(options: HuntOptions) {
    this.options = options;
    this.suspects = new SuspectRound(options.files, options.procRoot);
  }

  /** Notes that `pid` had a wanted socket. */
  noteFound(pid: number, nowMs: number, found: Descriptor | null = null): void {
    const entry = this.warm(pid, nowMs, 1);
    if (found === null) return;
    const others = entry.descriptors.filter(({ number }) => number !== found.number);
    entry.descriptors = [found, ...others].slice(0, DESCRIPTORS_KEPT);
  }

  /** Just before a dump: what likely processes have open now. Looks for more of them while sockets are not found. */
  peek(nowMs: number, isOver: () => boolean): void {
    const { onSeen } = this.options;
    for (const [pid, { descriptors }] of this.hottest(nowMs)) {
      if (isOver()) return;
      for (const descriptor of descriptors) this.peekAt(pid, descriptor, nowMs);
    }
    if (nowMs - this.youngFoundMs < YOUNG_HABIT_MS) this.peekAtYoung(nowMs, isOver);
    if (nowMs - this.notFoundMs > SUSPICION_MS) return;
    if (this.listed === null) this.listProcesses(nowMs);
    const isNoSuspect = (pid: number) =>
      this.hot.has(pid) || this.young.has(pid) || !this.isInNetwork(pid, nowMs);
    this.suspects.look(isOver, isNoSuspect, (pid, number, inode, isNew) => {
      onSeen(inode, pid, nowMs);
      if (isNew) this.noteFound(pid, nowMs, { number, inode });
    });
  }

  /** Takes inodes out of `wanted` as they are found; ends when all are, `isOver`, or nothing likely is left. */
  run(wanted: Map<number, number>, nowMs: number, isOver: () => boolean, found: Found): void {
    const search = { wanted, nowMs, isOver, found };
    const hottest = this.hottest(nowMs);
    for (const [pid, { descriptors }] of hottest) {
      if (isDone(search)) return;
      const numbers = descriptors.map(({ number }) => number);
      this.look(pid, numbers, search);
    }
    if (isDone(search)) return;
    this.lookWider(search, hottest);
    if (wanted.size > 0) this.notFoundMs = nowMs;
  }

  private lookWider(search: Search, hottest: readonly [number, Hot][]): void {
    this.listProcesses(search.nowMs);
    // The newest first: an older one has had its glance.
    for (const pid of [...this.young.keys()].reverse()) {
      if (isDone(search)) return;
      if (this.isInNetwork(pid, search.nowMs) && this.lookAtAll(pid, search))
        this.youngFoundMs = search.nowMs;
    }
    for (const [pid] of hottest) {
      if (isDone(search)) return;
      if (!this.young.has(pid)) this.lookAtAll(pid, search);
    }
  }

  private peekAtYoung(nowMs: number, isOver: () => boolean): void {
    this.listProcesses(nowMs);
    const newest = [...this.young.keys()].reverse().filter((pid) => this.isInNetwork(pid, nowMs));
    for (const pid of newest.slice(0, YOUNG_PEEKED)) {
      if (isOver()) return;
      const names = this.options.files.list(`${this.options.procRoot}/${pid}/fd`);
      if (!names.ok || names.value.length > DESCRIPTORS_READ) continue;
      for (const name of names.value.reverse()) {
        const inode = this.inodeAt(pid, Number(name));
        if (inode !== 0) this.options.onSeen(inode, pid, nowMs);
      }
    }
  }

  private peekAt(pid: number, descriptor: Descriptor, nowMs: number): void {
    const inode = this.inodeAt(pid, descriptor.number);
    if (inode === 0) return;
    this.options.onSeen(inode, pid, nowMs);
    if (inode === descriptor.inode) return;
    descriptor.inode = inode;
    this.warm(pid, nowMs, CHURN_HEAT);
  }

  private warm(pid: number, nowMs: number, by: number): Hot {
    const entry: Hot = this.hot.get(pid) ?? { heat: 0, atMs: nowMs, descriptors: [] };
    entry.heat = heatAt(entry, nowMs) + by;
    entry.atMs = nowMs;
    this.hot.set(pid, entry);
    return entry;
  }

  private isInNetwork(pid: number, nowMs: number): boolean {
    const { files, procRoot } = this.options;
    this.network ??= new SameNetwork(files, procRoot);
    return this.network.has(pid, nowMs);
  }

  private inodeAt(pid: number, descriptor: number): number {
    return inodeOfLink(this.options.files.readLink(`${this.options.procRoot}/${pid}/fd/${descriptor}`));
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
    this.suspects.setProcesses(pids);
    this.network?.keepOnly(pids);
    this.options.onListed(pids, nowMs);
  }

  private lookAtAll(pid: number, search: Search): boolean {
    const names = this.options.files.list(`${this.options.procRoot}/${pid}/fd`);
    if (!names.ok || names.value.length > DESCRIPTORS_READ) return false;
    // Standard input, output and error come first; a connection has a later number.
    return this.look(pid, names.value.map(Number).reverse(), search);
  }

  /** Whether one of these descriptors was a wanted socket. */
  private look(pid: number, descriptors: readonly number[], search: Search): boolean {
    const { wanted, nowMs, found } = search;
    let isFound = false;
    for (const descriptor of descriptors) {
      if (wanted.size === 0) break;
      const inode = this.inodeAt(pid, descriptor);
      if (!wanted.has(inode)) continue;
      if (!found(inode, pid)) break;
      wanted.delete(inode);
      this.noteFound(pid, nowMs, { number: descriptor, inode });
      isFound = true;
    }
    return isFound;
  }
}

interface Search {
  /** Inodes, with the user of each socket. */
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
