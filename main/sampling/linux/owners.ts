/**
 * Which process holds a socket: inode → /proc/PID/fd. Known inodes cost a map look-up; unknown ones a walk through
 * /proc that stops at its budget and goes on at the next call. `ss -p` text plays no part in it (hardening T3).
 */
import { OwnerConfidence, OwnerIndex, type SocketOwner } from '../../core/model.ts';
import type { SocketTable } from '../socket-table.ts';
import type { OwnerFinder, OwnerSearchFacts } from '../source.ts';
import type { ProcFiles } from './proc-file.ts';
import { ProcessHunt } from './process-hunt.ts';
import { ProcessRegistry } from './process-registry.ts';
import { ProcessWalk } from './process-walk.ts';

/** First wait before an inode that nobody holds is looked for again; doubles up to the longest. */
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 60_000;
/** An inode not seen in any dump for this long is forgotten. Longer than the slowest pace of dumps (10 s). */
const FORGET_AFTER_MS = 30_000;
const SWEEP_ABOVE = 4096;
/** A socket found this long ago is its process's, though that may have ended since. */
const JUST_FOUND_MS = 100;
/** Share of the budget that may go into looking whether known processes still live. */
const CHECK_SHARE = 0.4;
/** Share of the budget after which likely places are no longer looked at first. */
const HUNT_SHARE = 0.5;
/** Share of the budget after which processes of late finds are not looked at again. */
const REVISIT_SHARE = 0.8;

interface Known {
  owner: number;
  /** Seen in the process. */
  foundMs: number;
  /** Seen in a dump, or found. */
  seenMs: number;
}
interface Missing {
  retryAtMs: number;
  waitMs: number;
  notPermitted: boolean;
  seenMs: number;
}

export interface OwnerFinderOptions {
  files: ProcFiles;
  procRoot: string;
  monotonicMs: () => number;
  /** The user this process acts as, or null where there is none. */
  ownUid: number | null;
  /** Seconds since boot; the machine's when absent. */
  uptimeSeconds?: () => number;
}

/** An OwnerFinder over /proc. Nothing is read until the first resolve. */
export class ProcOwnerFinder implements OwnerFinder {
  private readonly options: OwnerFinderOptions;
  private readonly registry: ProcessRegistry;
  private readonly known = new Map<number, Known>();
  private readonly missing = new Map<number, Missing>();
  /** Inodes of this dump to be looked for, with the uid of their socket. */
  private readonly wanted = new Map<number, number>();
  private readonly walk: ProcessWalk;
  private readonly hunt: ProcessHunt;
  private sweepAbove = SWEEP_ABOVE;

  constructor(options: OwnerFinderOptions) {
    this.options = options;
    const { files, procRoot, uptimeSeconds } = options;
    this.registry = new ProcessRegistry(files, procRoot, { uptimeSeconds });
    this.walk = new ProcessWalk(files, procRoot);
    this.hunt = new ProcessHunt({
      files,
      procRoot,
      onListed: (pids, nowMs) => this.registry.noteListed(pids, nowMs),
      onSeen: (inode, pid, nowMs) => this.noteSeen(inode, pid, nowMs),
    });
  }

  owner(index: number): SocketOwner | null {
    return this.registry.owner(index);
  }

  groupOf(index: number): number {
    return this.registry.groupOf(index, this.options.monotonicMs());
  }

  /** How much is remembered: sockets and processes. */
  memory(): { inodes: number; processes: number } {
    return { inodes: this.known.size + this.missing.size, processes: this.registry.size };
  }

  resolve(table: SocketTable, budgetMs: number): OwnerSearchFacts {
    const startedMs = this.options.monotonicMs();
    const over = (share: number) => () => this.options.monotonicMs() - startedMs >= budgetMs * share;
    this.registry.checkAlive(startedMs, over(CHECK_SHARE));
    this.wanted.clear();
    const open = this.fillKnown(table, startedMs);
    if (this.wanted.size > 0) {
      this.hunt.run(this.wanted, startedMs, over(HUNT_SHARE), (inode, pid) =>
        this.take(inode, pid, startedMs),
      );
      this.search(startedMs, over(1), over(REVISIT_SHARE));
      this.fillKnown(table, startedMs);
    } else {
      this.walk.abandon();
    }
    this.sweep(startedMs);
    const facts = countUnresolved(table);
    return { ...facts, tookMs: open === 0 ? 0 : this.options.monotonicMs() - startedMs };
  }

  prepare(budgetMs: number): void {
    const startedMs = this.options.monotonicMs();
    this.hunt.peek(startedMs, () => this.options.monotonicMs() - startedMs >= budgetMs);
  }

  /** Looks only where it is likely: what is found late is found closed. */
  glance(table: SocketTable, budgetMs: number, isWanted: (row: number) => boolean): void {
    const startedMs = this.options.monotonicMs();
    this.wanted.clear();
    this.fillKnown(table, startedMs, isWanted);
    if (this.wanted.size === 0) return;
    const isOver = () => this.options.monotonicMs() - startedMs >= budgetMs;
    this.hunt.run(this.wanted, startedMs, isOver, (inode, pid) => this.take(inode, pid, startedMs));
    this.fillKnown(table, startedMs, isWanted);
  }

  /** Fills the rows whose inode is known, notes the unknown ones in `wanted`. Gives the rows that have an inode. */
  private fillKnown(table: SocketTable, nowMs: number, isWanted?: (row: number) => boolean): number {
    let open = 0;
    const { length, inode: inodes } = table;
    for (let row = 0; row < length; row++) {
      const inode = inodes[row] ?? 0;
      if (inode === 0) continue;
      open++;
      const known = this.known.get(inode);
      if (known && (this.registry.isAlive(known.owner) || nowMs - known.foundMs < JUST_FOUND_MS)) {
        known.seenMs = nowMs;
        table.owner[row] = known.owner;
        table.ownerConfidence[row] = OwnerConfidence.observed;
        continue;
      }
      if (known) this.known.delete(inode);
      const missing = this.missing.get(inode);
      if (missing) {
        missing.seenMs = nowMs;
        table.owner[row] = missing.notPermitted ? OwnerIndex.notPermitted : OwnerIndex.unknown;
        if (nowMs < missing.retryAtMs) continue;
      }
      if (!isWanted || isWanted(row)) this.wanted.set(inode, table.uid[row] ?? 0);
    }
    return open;
  }

  private search(nowMs: number, isOver: () => boolean, isRevisitOver: () => boolean): void {
    const found = (inode: number, pid: number) => {
      this.hunt.noteFound(pid, nowMs);
      return this.take(inode, pid, nowMs);
    };
    const ended = this.walk.run(this.wanted, isOver, found, isRevisitOver);
    if (!ended) return;
    for (const inode of ended.notFound) {
      const uid = this.wanted.get(inode);
      if (uid === undefined) continue;
      const waitMs = Math.min(LONGEST_RETRY_MS, (this.missing.get(inode)?.waitMs ?? FIRST_RETRY_MS / 2) * 2);
      const mayBeHidden = ended.hiddenProcesses > 0 || this.isHiddenFromUs(uid);
      const notPermitted = mayBeHidden && (this.missing.has(inode) || !this.isOurs(uid));
      this.missing.set(inode, { retryAtMs: nowMs + waitMs, waitMs, notPermitted, seenMs: nowMs });
      this.wanted.delete(inode);
    }
  }

  /** Notes that `pid` holds `inode`; false when the process is gone meanwhile. */
  private take(inode: number, pid: number, nowMs: number): boolean {
    const owner = this.registry.identify(pid, nowMs);
    if (owner === null) return false;
    this.known.set(inode, { owner, foundMs: nowMs, seenMs: nowMs });
    this.missing.delete(inode);
    return true;
  }

  /** Notes a socket that was not asked for; the process is not looked at again when it is known. */
  private noteSeen(inode: number, pid: number, nowMs: number): void {
    const owner = this.registry.indexOf(pid) ?? this.registry.identify(pid, nowMs);
    if (owner !== null) this.known.set(inode, { owner, foundMs: nowMs, seenMs: nowMs });
  }

  /**
   * Of a user's own processes hardly any is hidden from it, but many a connection closes between the dump and the
   * search; such a socket has to be missing twice.
   */
  private isOurs(socketUid: number): boolean {
    return this.options.ownUid !== 0 && this.options.ownUid === socketUid;
  }

  /** With hidepid another user's processes are not even listed. */
  private isHiddenFromUs(socketUid: number): boolean {
    const { ownUid } = this.options;
    return ownUid !== null && ownUid !== 0 && ownUid !== socketUid;
  }

  private sweep(nowMs: number): void {
    if (this.known.size + this.missing.size <= this.sweepAbove) return;
    for (const map of [this.known, this.missing]) {
      for (const [inode, entry] of map) {
        if (nowMs - entry.seenMs > FORGET_AFTER_MS) map.delete(inode);
      }
    }
    this.sweepAbove = SWEEP_ABOVE + (this.known.size + this.missing.size) * 2;
  }
}

function countUnresolved(table: SocketTable): { notPermitted: number; unresolved: number } {
  let notPermitted = 0;
  let unresolved = 0;
  for (let row = 0; row < table.length; row++) {
    if (table.inode[row] === 0) continue;
    if (table.owner[row] === OwnerIndex.notPermitted) notPermitted++;
    else if (table.owner[row] === OwnerIndex.unknown) unresolved++;
  }
  return { notPermitted, unresolved };
}
