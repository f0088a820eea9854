/** Owners as the tools name them beside their sockets: a pid, a name or both, and what a list of processes adds. */
import { OwnerIndex, type SocketOwner } from '../../core/model.ts';
import type { SocketHolder } from '../../core/readings.ts';
import type { SocketTable } from '../socket-table.ts';
import type { OwnerFinder, OwnerSearchFacts } from '../source.ts';

/** Owners told apart; pids are numbers of strangers. */
const MAX_OWNERS = 65_536;
const NOTHING_TO_SEARCH: OwnerSearchFacts = { notPermitted: 0, unresolved: 0, tookMs: 0 };

interface Told {
  pid: number | null;
  name: string | null;
}
interface ProcessFacts {
  name: string;
  commandLine: string | null;
}

/** Nothing is searched for: rows get their owner as they are filled. One pid is one process as long as its name fits. */
export class ReadingOwners implements OwnerFinder {
  private readonly told: Told[] = [];
  private readonly byPid = new Map<number, number>();
  private readonly byName = new Map<string, number>();
  private readonly processes = new Map<number, ProcessFacts>();

  resolve(_table: SocketTable, _budgetMs: number): OwnerSearchFacts {
    return NOTHING_TO_SEARCH;
  }

  owner(index: number): SocketOwner | null {
    const told = this.told[index];
    if (!told) return null;
    const process = told.pid === null ? undefined : this.processes.get(told.pid);
    return {
      pid: told.pid,
      startTicks: null,
      process: told.name ?? process?.name ?? null,
      commandLine: process?.commandLine ?? null,
      unit: null,
      container: null,
      uid: null,
    };
  }

  /** What a list of processes says of one (tasklist, ps). Replaces what an earlier list said. */
  noteProcess(pid: number, name: string, commandLine: string | null): void {
    if (this.processes.size < MAX_OWNERS || this.processes.has(pid)) {
      this.processes.set(pid, { name, commandLine });
    }
  }

  /** Forgets the lists of processes: a pid may be another's by the next list. */
  forgetProcesses(): void {
    this.processes.clear();
  }

  /** The index of the first holder that is a process; OwnerIndex.unknown when none is (pid 0 is nobody). */
  indexOf(holders: readonly SocketHolder[]): number {
    for (const { pid, process } of holders) {
      if (pid !== null && pid !== 0) return this.indexOfPid(pid, process);
      if (pid === null && process !== null) return this.indexOfName(process);
    }
    return OwnerIndex.unknown;
  }

  private indexOfPid(pid: number, name: string | null): number {
    const known = this.byPid.get(pid);
    const told = known === undefined ? undefined : this.told[known];
    if (known !== undefined && told && isSameName(told.name, name)) {
      if ((name?.length ?? 0) > (told.name?.length ?? 0)) told.name = name;
      return known;
    }
    const index = this.add({ pid, name });
    if (index !== OwnerIndex.unknown) this.byPid.set(pid, index);
    return index;
  }

  private indexOfName(name: string): number {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const index = this.add({ pid: null, name });
    if (index !== OwnerIndex.unknown) this.byName.set(name, index);
    return index;
  }

  private add(told: Told): number {
    if (this.told.length >= MAX_OWNERS) return OwnerIndex.unknown;
    return this.told.push(told) - 1;
  }
}

/** Tools cut names at different lengths. */
function isSameName(a: string | null, b: string | null): boolean {
  return a === null || b === null || a.startsWith(b) || b.startsWith(a);
}
