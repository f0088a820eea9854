/**
 * What a platform gives the sampler. Each platform folder implements these; choose.ts picks one. All methods are
 * synchronous and short: they run in the sampler's own process.
 */
import type {
  LinuxExtras,
  MacosExtras,
  ProcessEvidence,
  SurroundingsEvidence,
  WindowsExtras,
} from '../core/findings/evidence.ts';
import type {
  Degradation,
  Outcome,
  SocketOwner,
  SourceName,
  StackCounters,
  StackSettings,
  SummaryOrigin,
  Target,
} from '../core/model.ts';
import type { CloseBatch } from './close-batch.ts';
import type { SocketTable } from './socket-table.ts';

export interface DumpFacts {
  source: SourceName;
  /** Wall time of dump and decode, milliseconds. */
  dumpMs: number;
  /** True when the kernel reported an interrupted dump three times in a row: rows may be missing or doubled. */
  approximate: boolean;
  degradations: Degradation[];
  /** Milliseconds before this call that the sockets were listed; absent where it is now. */
  listedAgoMs?: number;
}

export interface SocketSource {
  readonly name: SourceName;
  /** Empties `table` and fills it with every TCP socket of this network namespace, IPv4 and IPv6. */
  dump(table: SocketTable): Outcome<DumpFacts>;
  /** The same without TIME_WAIT, listening and bound sockets: cheap at any number of closed connections. */
  dumpLive(table: SocketTable): Outcome<DumpFacts>;
  close(): void;
}

export interface StackReader {
  readTarget(): Target;
  /** Settings as the kernel has them now, with what could not be read. */
  readSettings(): { settings: StackSettings; degradations: Degradation[] };
  readCounters(): StackCounters;
}

export interface OwnerSearchFacts {
  /** Sockets whose owner exists but may not be read. */
  notPermitted: number;
  /** Live sockets with an inode that no readable process holds (yet): the search stopped at its budget, or it ended. */
  unresolved: number;
  tookMs: number;
}

/** Finds the processes that hold sockets, remembers them after they exit, at a bounded cost. */
export interface OwnerFinder {
  /**
   * Fills `owner` and `ownerConfidence` (observed) for every row with an inode. Known inodes cost a map look-up; only
   * unknown ones cause a search of /proc, which stops after `budgetMs` and goes on at the next call.
   */
  resolve(table: SocketTable, budgetMs: number): OwnerSearchFacts;
  /** Called just before a dump that `resolve` or `glance` is then given: looks at what is likely to be in it. */
  prepare?(budgetMs: number): void;
  /**
   * The same between two dumps, for connections that close in a moment: looks only where it is likely. `resolve` is
   * called instead where it is absent. `isWanted` tells the rows that are worth looking for.
   */
  glance?(table: SocketTable, budgetMs: number, isWanted: (row: number) => boolean): void;
  /** The process behind an index of the `owner` column, or behind one that `groupOf` gave. */
  owner(index: number): SocketOwner | null;
  /** The group that a short-lived process is counted with, else `index` itself; as when absent. */
  groupOf?(index: number): number;
}

export interface DrainFacts {
  events: number;
  /** Times that the kernel said it had dropped events because nobody read them in time. */
  overruns: number;
  /** False when the budget ended before the events. */
  isEmptied: boolean;
}

/** Hears of each TCP connection of this network namespace that ends. */
export interface CloseEvents {
  /** Appends what has come since the last call, without waiting; stops after about `budgetMs`. */
  drain(batch: CloseBatch, budgetMs: number): DrainFacts;
  close(): void;
}

/** What rules want to know beside sockets and counters; null for what this system does not have or tell. */
export interface PlatformExtras {
  linux: LinuxExtras | null;
  windows: WindowsExtras | null;
  macos: MacosExtras | null;
  surroundings: SurroundingsEvidence;
}

export interface Platform {
  /** Opens the best source there is; the degradations say why a better one could not be used. */
  openSource(): Outcome<{ source: SocketSource; degradations: Degradation[] }>;
  reader: StackReader;
  owners: OwnerFinder;
  /** Begins to hear of connections that end; absent where the system does not tell. */
  openCloseEvents?(): Outcome<CloseEvents>;
  /** Read every few seconds; unknown altogether when absent. */
  readExtras?(): PlatformExtras;
  /** Descriptors of a process and their limit; read every few seconds for the processes with most sockets. */
  readDescriptors?(pid: number, process: string): ProcessEvidence;
  /** What its socket lists speak of; this machine now when absent. */
  origin?: SummaryOrigin;
  /**
   * Reads the machine ahead of `dump`, for systems that are read through commands: awaited before each sample. Absent
   * where `dump` reads by itself.
   */
  refresh?(signal: AbortSignal): Promise<Outcome<true>>;
}
