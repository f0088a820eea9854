/**
 * A look at a few processes at a time, round after round, for those that open sockets: a descriptor that was none, or
 * another socket, when it was last looked at.
 */
import type { ProcFiles } from './proc-file.ts';
import { inodeOfLink } from './socket-link.ts';

const PROCESSES_PER_LOOK = 5;
/** After a round that showed nothing new, until one does. */
const PROCESSES_PER_IDLE_LOOK = 1;
/** Whether a process matters costs a tenth of a look at it. */
const ASKED_PER_LOOK = 4;
/** Of a process with more descriptors, the last so many: the lowest numbers are taken by what stays open. */
const DESCRIPTORS_READ = 48;
/** A process without a readable descriptor (a kernel thread, another user's) is tried again after so many rounds. */
const ROUNDS_LEFT_OUT = 50;

/** Hears of each socket seen; `isNew` when it was not there at the last look. */
export type SeenSocket = (pid: number, descriptor: number, inode: number, isNew: boolean) => void;

export class SuspectRound {
  private readonly files: ProcFiles;
  private readonly procRoot: string;
  private pids: ReadonlySet<number> = new Set();
  private queue: number[] = [];
  private round = 0;
  private newInRound = 0;
  private isIdle = false;
  /** Last socket seen under each descriptor. */
  private readonly sockets = new Map<number, Map<number, number>>();
  /** Until which round a process is left out. */
  private readonly leftOut = new Map<number, number>();

  constructor(files: ProcFiles, procRoot: string) {
    this.files = files;
    this.procRoot = procRoot;
  }

  setProcesses(pids: ReadonlySet<number>): void {
    this.pids = pids;
    for (const known of [this.sockets, this.leftOut]) {
      for (const pid of known.keys()) if (!pids.has(pid)) known.delete(pid);
    }
  }

  /** `isNone` tells processes that are looked at anyway, or cannot matter. */
  look(isOver: () => boolean, isNone: (pid: number) => boolean, seen: SeenSocket): void {
    if (this.queue.length === 0) this.beginRound();
    const most = this.isIdle ? PROCESSES_PER_IDLE_LOOK : PROCESSES_PER_LOOK;
    let looked = 0;
    for (let asked = 0; asked < most * ASKED_PER_LOOK && looked < most && !isOver(); asked++) {
      const pid = this.queue.pop();
      if (pid === undefined) return;
      if (this.pids.has(pid) && !isNone(pid)) looked += this.lookAt(pid, seen);
    }
  }

  private beginRound(): void {
    this.round++;
    // The first two only learn what there is.
    this.isIdle = this.round > 2 && this.newInRound === 0;
    this.newInRound = 0;
    this.queue = [...this.pids].filter((pid) => (this.leftOut.get(pid) ?? 0) <= this.round);
  }

  /** 1 for a process that was worth the look. */
  private lookAt(pid: number, seen: SeenSocket): number {
    const folder = `${this.procRoot}/${pid}/fd`;
    const names = this.files.list(folder);
    if (!names.ok || names.value.length === 0) {
      this.leftOut.set(pid, this.round + ROUNDS_LEFT_OUT);
      return 0;
    }
    const before = this.sockets.get(pid);
    // A descriptor keeps its last socket while it is closed: another one there is news, the same is not.
    const now = new Map(before);
    for (const name of names.value.slice(-DESCRIPTORS_READ)) {
      const descriptor = Number(name);
      const inode = inodeOfLink(this.files.readLink(`${folder}/${name}`));
      if (inode === 0) continue;
      const isNew = before !== undefined && before.get(descriptor) !== inode;
      if (isNew) this.newInRound++;
      seen(pid, descriptor, inode, isNew);
      now.set(descriptor, inode);
    }
    this.sockets.set(pid, now);
    return 1;
  }
}
