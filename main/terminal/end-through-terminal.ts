/** Ends a visible command of another user: sudo is root's, and takes no signal from us. Its terminal is ours. */
import type { ProcessTree } from './system.ts';

/** Control-C, on which the terminal sends SIGINT to the processes in its foreground, whoever they belong to. */
const INTERRUPT = Uint8Array.of(3);

export interface OwnTerminal {
  type(bytes: Uint8Array): void;
  /** Closes it: the system sends SIGHUP. */
  hangUp(): void;
}

/** The tree, which types the interrupt for SIGTERM and hangs up for SIGKILL where no signal may be sent to `leader`. */
export function endThroughTerminal(tree: ProcessTree, leader: number, terminal: OwnTerminal): ProcessTree {
  let isLeaderGone = false;
  return {
    signal(name) {
      if (!isLeaderGone && isOutOfReach(leader)) {
        if (name === 'SIGTERM') terminal.type(INTERRUPT);
        else terminal.hangUp();
      }
      tree.signal(name);
    },
    left: () => tree.left(),
    leaderGone() {
      isLeaderGone = true;
      tree.leaderGone();
    },
  };
}

function isOutOfReach(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
