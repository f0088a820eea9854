/** What differs between systems in starting a command and in ending it for good. */
import type { Environment } from './environment.ts';

export type EndSignal = 'SIGTERM' | 'SIGKILL';

/** A command with everything it started, as far as it can be known. */
export interface ProcessTree {
  /** To all of it. */
  signal(name: EndSignal): void;
  /** Pids still there; the leader among them only as long as it runs. */
  left(): readonly number[];
  /** The leader has ended: its pid may soon be another's. */
  leaderGone(): void;
}

export interface System {
  environment(): Environment;
  /** Where every command starts. */
  directory: string;
  /** Whether a quiet command gets a session of its own. */
  hasSessions: boolean;
  /** Whether the last of a pty's output is ours to wait for: node-pty gives up 200 ms after the exit. */
  holdsPtyOpen: boolean;
  /** Why no pty may be used here, for the result's note; null when it may. */
  visibleRefusal(): string | null;
  treeOf(leader: number): ProcessTree;
  /** Keeps a descriptor of ours out of what is started later; null where nothing can, and no pty may be opened then. */
  keepPrivate(): Promise<((descriptor: number) => void) | null>;
  /** What goes before program and arguments, so that the command ends when this very process is killed. */
  leash(): Promise<readonly string[]>;
}
