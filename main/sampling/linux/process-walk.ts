/** A walk through every /proc/PID/fd in search of sockets, in steps: it stops when told to and goes on where it stood. */
import type { ProcFiles } from './proc-file.ts';
import { inodeOfLink } from './socket-link.ts';

/** Links read between two looks at the clock: about 0.1 ms. */
const LINKS_PER_LOOK = 32;
/** What a process's finds of the last walks still count at the next: halves each time. */
const HEAT_DECAY = 0.5;
const COLDEST = 0.5;
/** Processes looked at again when a walk goes on. */
const REVISITED = 8;

export interface WalkEnd {
  /** Inodes that were wanted when the walk began and that no readable process holds. */
  notFound: number[];
  /** Processes whose descriptors may not be read. */
  hiddenProcesses: number;
}

interface Walk {
  pids: number[];
  pidIndex: number;
  /** Descriptors of the process at pidIndex; null when not yet listed. */
  descriptors: string[] | null;
  descriptorIndex: number;
  hiddenProcesses: number;
  wantedAtStart: number[];
}

/** Tells that `pid` holds `inode`; false when the process is gone meanwhile. */
export type Found = (inode: number, pid: number) => boolean;

export class ProcessWalk {
  private readonly files: ProcFiles;
  private readonly procRoot: string;
  private walk: Walk | null = null;
  /** How many wanted sockets each process had lately: those are looked at first. */
  private heat = new Map<number, number>();

  constructor(files: ProcFiles, procRoot: string) {
    this.files = files;
    this.procRoot = procRoot;
  }

  /** Forgets an unfinished walk. */
  abandon(): void {
    this.walk = null;
  }

  /**
   * Begins or goes on, taking inodes out of `wanted` as they are found, until all are found, `isOver` or every process
   * was seen. Only the last gives a WalkEnd. A walk that goes on looks at the processes of late finds again first, until
   * `isRevisitOver`: what they opened since it began is found now, not at the next walk.
   */
  run(
    wanted: Map<number, number>,
    isOver: () => boolean,
    found: Found,
    isRevisitOver: () => boolean = isOver,
  ): WalkEnd | null {
    if (this.walk) this.revisit(this.walk, wanted, isRevisitOver, found);
    const walk = (this.walk ??= this.begin(wanted));
    while (walk.pidIndex < walk.pids.length) {
      if (wanted.size === 0) {
        this.walk = null;
        return null;
      }
      if (isOver()) return null;
      if (this.walkProcess(walk, wanted, isOver, found)) {
        walk.pidIndex++;
        walk.descriptors = null;
      }
    }
    this.walk = null;
    return {
      notFound: walk.wantedAtStart.filter((inode) => wanted.has(inode)),
      hiddenProcesses: walk.hiddenProcesses,
    };
  }

  /** Only processes that the walk has passed: it comes to the others itself. */
  private revisit(walk: Walk, wanted: Map<number, number>, isOver: () => boolean, found: Found): void {
    const passed = new Set(walk.pids.slice(0, walk.pidIndex));
    const hottest = [...this.heat].filter(([pid]) => passed.has(pid)).sort(([, a], [, b]) => b - a);
    for (const [pid] of hottest.slice(0, REVISITED)) {
      if (wanted.size === 0 || isOver()) return;
      const once = {
        pids: [pid],
        pidIndex: 0,
        descriptors: null,
        descriptorIndex: 0,
        hiddenProcesses: 0,
        wantedAtStart: [],
      };
      this.walkProcess(once, wanted, isOver, found);
    }
  }

  private begin(wanted: Map<number, number>): Walk {
    const names = this.files.list(this.procRoot);
    const pids = (names.ok ? names.value : []).filter((name) => /^\d+$/.test(name)).map(Number);
    const heat = new Map<number, number>();
    for (const pid of pids) {
      const cooled = (this.heat.get(pid) ?? 0) * HEAT_DECAY;
      if (cooled >= COLDEST) heat.set(pid, cooled);
    }
    this.heat = heat;
    pids.sort((a, b) => (heat.get(b) ?? 0) - (heat.get(a) ?? 0) || a - b);
    return {
      pids,
      pidIndex: 0,
      descriptors: null,
      descriptorIndex: 0,
      // A /proc that cannot be listed hides everybody.
      hiddenProcesses: names.ok ? 0 : 1,
      wantedAtStart: [...wanted.keys()],
    };
  }

  /** True when the process at pidIndex is done with. */
  private walkProcess(walk: Walk, wanted: Map<number, number>, isOver: () => boolean, found: Found): boolean {
    const pid = walk.pids[walk.pidIndex] ?? 0;
    const folder = `${this.procRoot}/${pid}/fd`;
    if (walk.descriptors === null) {
      const listed = this.files.list(folder);
      if (!listed.ok) {
        if (listed.failure.code === 'not-permitted') walk.hiddenProcesses++;
        return true;
      }
      walk.descriptors = listed.value;
      walk.descriptorIndex = 0;
    }
    for (let read = 0; walk.descriptorIndex < walk.descriptors.length && wanted.size > 0; read++) {
      if (read > 0 && read % LINKS_PER_LOOK === 0 && isOver()) return false;
      const link = this.files.readLink(`${folder}/${walk.descriptors[walk.descriptorIndex] ?? ''}`);
      walk.descriptorIndex++;
      const inode = inodeOfLink(link);
      if (!wanted.has(inode)) continue;
      if (!found(inode, pid)) return true;
      wanted.delete(inode);
      this.heat.set(pid, (this.heat.get(pid) ?? 0) + 1);
    }
    return true;
  }
}
