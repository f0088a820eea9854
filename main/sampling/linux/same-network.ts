/** Which processes are in our network namespace: only they can hold a socket of our dumps. */
import type { ProcFiles } from './proc-file.ts';

/** A process may join another namespace (nsenter does, then becomes its program), so an answer holds for so long. */
const BELIEVED_MS = 3000;

export class SameNetwork {
  private readonly files: ProcFiles;
  private readonly procRoot: string;
  private readonly ours: string | null;
  private readonly known = new Map<number, { isSame: boolean; atMs: number }>();

  constructor(files: ProcFiles, procRoot: string) {
    this.files = files;
    this.procRoot = procRoot;
    this.ours = files.readLink(`${procRoot}/self/ns/net`);
  }

  /** True as well where it may not be read. */
  has(pid: number, nowMs: number): boolean {
    const known = this.known.get(pid);
    if (known && nowMs - known.atMs < BELIEVED_MS) return known.isSame;
    const theirs = this.files.readLink(`${this.procRoot}/${pid}/ns/net`);
    const isSame = theirs === null || this.ours === null || theirs === this.ours;
    this.known.set(pid, { isSame, atMs: nowMs });
    return isSame;
  }

  keepOnly(pids: ReadonlySet<number>): void {
    for (const pid of this.known.keys()) if (!pids.has(pid)) this.known.delete(pid);
  }
}
