/** Completes the evidence of a sample with what needs a past or a slower pace, runs the rules, and keeps them steady. */
import type { FindingEvidence, ProcessEvidence } from '../core/findings/evidence.ts';
import { findAll } from '../core/findings/rules.ts';
import {
  newMemory,
  quietFindings,
  settle,
  settledConcern,
  type QuietFinding,
  type SettledFinding,
} from '../core/findings/settle.ts';
import type { Concern } from '../core/assess.ts';
import { counterRate } from '../core/rates.ts';
import { OwnerIndex, type SocketOwner, type StackCounters } from '../core/model.ts';
import type { PoolIndex } from '../core/pools.ts';
import { ParityKeeper } from './parity-keeper.ts';
import { PileKeeper } from './pile-keeper.ts';
import type { SocketTable } from './socket-table.ts';
import type { Platform, PlatformExtras } from './source.ts';

/** Settings and surroundings that rules ask for hardly change. */
const EXTRAS_EVERY_MS = 10_000;
/** Processes whose descriptors are counted: listing /proc/PID/fd costs about a microsecond a descriptor. */
const PROCESSES = 8;

/** A sample as the rules need it beside its evidence. */
export interface JudgedSample {
  table: SocketTable;
  index: PoolIndex;
  ownerOf(index: number): SocketOwner | null;
}

/** What is to be shown of a sample. */
export interface Judged {
  settled: SettledFinding[];
  /** What there is to say of the fullest pool where no finding speaks. */
  quiet: Concern;
}

export class FindingKeeper {
  readonly #platform: Pick<Platform, 'readExtras' | 'readDescriptors'>;
  readonly #piles = new PileKeeper();
  #memory = newMemory();
  #quiet = newMemory<QuietFinding>();
  readonly #parity = new ParityKeeper();
  #extras: { value: PlatformExtras | null; processes: ProcessEvidence[]; atMs: number } | null = null;
  #counters: { value: StackCounters; atMs: number } | null = null;

  constructor(platform: Pick<Platform, 'readExtras' | 'readDescriptors'>) {
    this.#platform = platform;
  }

  /** Others are judged by from now on: what stood by the former ones does not linger. */
  forget(): void {
    this.#memory = newMemory();
    this.#quiet = newMemory();
  }

  /** What to show after a sample. */
  judge(base: FindingEvidence, sample: JudgedSample): Judged {
    const nowMs = sample.table.takenMonotonicMs;
    const { settled, memory } = settle(this.#memory, findAll(this.#complete(base, sample)), nowMs);
    this.#memory = memory;
    const quiet = settle(this.#quiet, quietFindings(base.pools, base.thresholds), nowMs);
    this.#quiet = quiet.memory;
    return { settled, quiet: settledConcern(quiet.settled) };
  }

  #complete(base: FindingEvidence, { table, index, ownerOf }: JudgedSample): FindingEvidence {
    const nowMs = table.takenMonotonicMs;
    const piles = this.#piles.update(table, ownerOf);
    const extras = this.#readExtras(table, ownerOf);
    return {
      ...base,
      ...(extras.value ?? {}),
      processes: extras.processes,
      piles,
      poolParity: this.#parity.count(base, table, index),
      counterRates: this.#rates(base.counters, nowMs),
    };
  }

  #readExtras(table: SocketTable, ownerOf: JudgedSample['ownerOf']) {
    const nowMs = table.takenMonotonicMs;
    if (this.#extras && nowMs - this.#extras.atMs < EXTRAS_EVERY_MS) return this.#extras;
    const value = this.#platform.readExtras?.() ?? null;
    const read = this.#platform.readDescriptors;
    const processes = read ? busiest(table, ownerOf).map(({ pid, process }) => read(pid, process)) : [];
    this.#extras = { value, processes, atMs: nowMs };
    return this.#extras;
  }

  #rates(counters: StackCounters, nowMs: number): FindingEvidence['counterRates'] {
    const before = this.#counters;
    this.#counters = { value: counters, atMs: nowMs };
    if (!before) return {};
    const seconds = (nowMs - before.atMs) / 1000;
    const of = (name: keyof StackCounters) => counterRate(before.value[name], counters[name], seconds);
    return {
      listenOverflows: of('listenOverflows'),
      listenDrops: of('listenDrops'),
      timeWaitOverflow: of('timeWaitOverflow'),
      timeWaitRecycled: of('timeWaitRecycled'),
      attemptFails: of('attemptFails'),
    };
  }
}

interface Named {
  pid: number;
  process: string;
}

/** The processes that hold most open sockets, clients and servers alike; a closed connection holds no descriptor. */
function busiest(table: SocketTable, ownerOf: JudgedSample['ownerOf']): Named[] {
  const sockets = new Map<number, number>();
  for (let row = 0; row < table.length; row++) {
    const owner = table.owner[row] ?? OwnerIndex.unknown;
    if (owner >= 0 && table.inode[row] !== 0) sockets.set(owner, (sockets.get(owner) ?? 0) + 1);
  }
  return [...sockets]
    .sort(([, a], [, b]) => b - a)
    .slice(0, PROCESSES)
    .flatMap(([owner]) => {
      const { pid = null, process = null } = ownerOf(owner) ?? {};
      return pid === null || process === null ? [] : [{ pid, process }];
    });
}
