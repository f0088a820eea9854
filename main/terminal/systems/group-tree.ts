/** A command and its process group, where no more can be found out about its descendants. */
import type { EndSignal, ProcessTree } from '../system.ts';

export class GroupTree implements ProcessTree {
  private readonly leader: number;

  constructor(leader: number) {
    this.leader = leader;
  }

  signal(name: EndSignal): void {
    sendSignal(-this.leader, name);
  }

  left(): readonly number[] {
    return sendSignal(-this.leader, 0) ? [this.leader] : [];
  }

  leaderGone(): void {
    // A pid is not given out again while a group still has its number.
  }
}

/** False when there is nobody to receive it. A negative number is a group. */
export function sendSignal(target: number, name: EndSignal | 0): boolean {
  try {
    process.kill(target, name);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
