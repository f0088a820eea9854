/**
 * Short-lived processes counted together: a shell loop starts a new one for each connection, and the pid of the last
 * says nothing of the next. What they have in common is their name and their parent, and that stays.
 */
import type { ProcessGroup, SocketOwner } from '../../core/model.ts';

/** A process that ended within this time of its start lived for one piece of work. */
export const SHORT_LIFE_MS = 10_000;
/** One process that came and went is itself; with the second it is a habit. */
const MEMBERS_OF_A_GROUP = 2;
const MAX_GROUPS = 512;

export interface GroupMember {
  /** Name as the kernel has it. */
  name: string;
  parentPid: number;
  owner: SocketOwner;
}

interface Group {
  index: number;
  members: number;
  owner: SocketOwner;
}

export class ProcessGroups {
  /** In order of last use: the first are forgotten first. */
  private readonly groups = new Map<string, Group>();
  private readonly byIndex = new Map<number, Group>();
  private readonly nextIndex: () => number;
  private readonly nameOfProcess: (pid: number) => string | null;

  /** `nextIndex` gives a number that no process has; `nameOfProcess` reads a parent's name. */
  constructor(nextIndex: () => number, nameOfProcess: (pid: number) => string | null) {
    this.nextIndex = nextIndex;
    this.nameOfProcess = nameOfProcess;
  }

  /** Counts a process that came and went. */
  join(member: GroupMember): void {
    const key = keyOf(member);
    const group = this.groups.get(key) ?? this.found(member);
    group.members++;
    const parent = group.owner.group?.parentProcess ?? null;
    group.owner = describe(member, parent, group.members);
    this.groups.delete(key);
    this.groups.set(key, group);
    this.byIndex.set(group.index, group);
    this.forgetOldest();
  }

  /** The number of the group that such a process belongs to, or null while it is the only one. */
  indexOf(member: GroupMember): number | null {
    const group = this.groups.get(keyOf(member));
    return group && group.members >= MEMBERS_OF_A_GROUP ? group.index : null;
  }

  owner(index: number): SocketOwner | null {
    return this.byIndex.get(index)?.owner ?? null;
  }

  private found(member: GroupMember): Group {
    const parent = member.parentPid > 0 ? this.nameOfProcess(member.parentPid) : null;
    return { index: this.nextIndex(), members: 0, owner: describe(member, parent, 0) };
  }

  private forgetOldest(): void {
    for (const [key, group] of this.groups) {
      if (this.groups.size <= MAX_GROUPS) return;
      this.groups.delete(key);
      this.byIndex.delete(group.index);
    }
  }
}

function keyOf({ name, parentPid }: GroupMember): string {
  return `${parentPid} ${name}`;
}

/** The newest member stands for all; its pid and start time are its own. */
function describe(
  { owner, parentPid }: GroupMember,
  parentProcess: string | null,
  members: number,
): SocketOwner {
  const group: ProcessGroup = {
    parentPid: parentPid > 0 ? parentPid : null,
    parentProcess,
    processCount: members,
  };
  return { ...owner, pid: null, startTicks: null, group };
}
