/**
 * Connections that ended, as the kernel tells of each, joined with what dumps show: what kind of exchange a socket in
 * TIME_WAIT was, how many requests it carried, and how many ended without leaving one (the peer closed first, a reset,
 * a port taken again at once, tcp_max_tw_buckets reached).
 */
import { PortClass, poolKeyOf } from '../core/pools.ts';
import { TcpState, type Degradation, type Outcome, type StackSettings } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import { CloseBatch } from './close-batch.ts';
import { estimateRequests, likenessOf } from './close-likeness.ts';
import type { SocketTable } from './socket-table.ts';
import type { CloseEvents } from './source.ts';

/** Longest time that one reading of events takes, milliseconds. */
const DRAIN_BUDGET_MS = 10;
/** Share of a core above which events are given up for a while: at some 3,000 a second (2 cores, 6.18). */
const COST_LIMIT = 0.02;
const COST_WINDOW_MS = 5000;
const PAUSE_MS = 60_000;
/** A loss is told for so long. */
const LOSS_SHOWN_MS = 60_000;

/** An end that no socket of a dump was matched with yet. */
interface Pending {
  poolKey: string;
  likeness: number;
  requests: number | null;
}

/** What the events since the last sample say. */
export interface CloseFacts {
  /** Ends of client connections by pool, and of these those that left no TIME_WAIT; counted up to the last sample. */
  closes: ReadonlyMap<string, number>;
  unseen: ReadonlyMap<string, number>;
  /** Requests that the connection in this row of the dump carried. */
  requestsOfRow: ReadonlyMap<number, number>;
  /** False where events were lost or not read: the counts are too low. */
  isComplete: boolean;
}

export class CloseWatch {
  private readonly openEvents: (() => Outcome<CloseEvents>) | undefined;
  private readonly monotonicMs: () => number;
  private readonly cpuMs: () => number;
  private events: CloseEvents | null = null;
  private refusal: string | null = null;
  private readonly batch = new CloseBatch();
  /** By 4-tuple: of this sample, and of the one before. */
  private young = new Map<number, Pending>();
  private old = new Map<number, Pending>();
  private counted = new Map<string, number>();
  private isComplete = false;
  private lostAtMs = -Infinity;
  private overruns = 0;
  private pausedUntilMs = -Infinity;
  private cost = { sinceMs: 0, spentMs: 0 };

  /** `cpuMs` is the processor time that this process has used. */
  constructor(
    openEvents: (() => Outcome<CloseEvents>) | undefined,
    monotonicMs: () => number,
    cpuMs: () => number = processorMs,
  ) {
    this.openEvents = openEvents;
    this.monotonicMs = monotonicMs;
    this.cpuMs = cpuMs;
  }

  start(): void {
    if (!this.openEvents) return;
    const opened = this.openEvents();
    if (opened.ok) this.events = opened.value;
    else this.refusal = failureSentence(opened.failure);
    this.cost = { sinceMs: this.monotonicMs(), spentMs: 0 };
  }

  stop(): void {
    this.events?.close();
    this.events = null;
  }

  /** Reads what has come. Called often: what is not read in time is lost. */
  drain(): void {
    const startedMs = this.monotonicMs();
    if (!this.events) {
      if (this.refusal === null && startedMs >= this.pausedUntilMs) this.start();
      if (!this.events) return;
    }
    const cpuBeforeMs = this.cpuMs();
    const { overruns, isEmptied } = this.events.drain(this.batch, DRAIN_BUDGET_MS);
    if (overruns > 0 || !isEmptied) {
      this.isComplete = false;
      this.lostAtMs = startedMs;
      this.overruns += overruns;
    }
    this.spend(this.cpuMs() - cpuBeforeMs);
  }

  /**
   * Joins the ends read so far with a dump: gives the rows that closed lately what is known of their exchange.
   * `isRecent` tells rows that entered TIME_WAIT since a moment before the last dump.
   */
  join(input: {
    table: SocketTable;
    settings: StackSettings;
    classOfPort: Uint8Array;
    isRecent(row: number): boolean;
  }): CloseFacts {
    this.takeBatch(input);
    const { table, isRecent } = input;
    const requestsOfRow = new Map<number, number>();
    for (let row = 0; row < table.length && this.young.size + this.old.size > 0; row++) {
      if (table.state[row] !== TcpState.TIME_WAIT || table.likeness[row] !== 0 || !isRecent(row)) continue;
      const key = tupleKey(table, row);
      const end = this.young.get(key) ?? this.old.get(key);
      if (!end) continue;
      this.young.delete(key);
      this.old.delete(key);
      table.likeness[row] = end.likeness;
      if (end.requests !== null) requestsOfRow.set(row, end.requests);
    }
    // An event may come a moment before its socket is in a dump, so it has two of them.
    const unseen = countPools(this.old.values());
    this.old = this.young;
    this.young = new Map();
    const facts = { closes: this.counted, unseen, requestsOfRow, isComplete: this.isComplete };
    this.counted = new Map();
    this.isComplete = this.events !== null;
    return facts;
  }

  /** What is missing, said. */
  degradations(): Degradation[] {
    const nowMs = this.monotonicMs();
    const missing = 'requests per connection, and connections that leave no TIME_WAIT, are not counted.';
    if (this.refusal !== null) {
      return [{ code: 'close-events-refused', sentence: `${this.refusal} So ${missing}` }];
    }
    if (nowMs < this.pausedUntilMs) {
      const sentence = `Connections end faster than following each is worth: for a minute ${missing}`;
      return [{ code: 'close-events-paused', sentence }];
    }
    if (nowMs - this.lostAtMs > LOSS_SHOWN_MS) return [];
    const times = this.overruns === 1 ? 'once' : `${this.overruns} times`;
    const sentence = `The kernel dropped events of connections that ended, ${times} so far: requests per connection rest on those that were read.`;
    return this.overruns === 0 ? [] : [{ code: 'close-events-lost', sentence }];
  }

  private takeBatch({ settings, classOfPort }: { settings: StackSettings; classOfPort: Uint8Array }): void {
    const { ends, exchanges } = this.batch;
    for (let row = 0; row < ends.length; row++) {
      if (classOfPort[ends.localPort[row] ?? 0] !== PortClass.available || ends.remotePort[row] === 0)
        continue;
      const exchange = exchanges[row] ?? null;
      const poolKey = poolKeyOf(ends, row, settings.scope);
      this.counted.set(poolKey, (this.counted.get(poolKey) ?? 0) + 1);
      this.young.set(tupleKey(ends, row), {
        poolKey,
        likeness: exchange ? likenessOf(exchange) : 0,
        requests: exchange && estimateRequests(exchange),
      });
    }
    this.batch.clear();
  }

  private spend(spentMs: number): void {
    const nowMs = this.monotonicMs();
    this.cost.spentMs += spentMs;
    const elapsedMs = nowMs - this.cost.sinceMs;
    if (elapsedMs < COST_WINDOW_MS) return;
    if (this.cost.spentMs > elapsedMs * COST_LIMIT) {
      this.stop();
      this.batch.clear();
      this.isComplete = false;
      this.pausedUntilMs = nowMs + PAUSE_MS;
    }
    this.cost = { sinceMs: nowMs, spentMs: 0 };
  }
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function countPools(ends: Iterable<Pending>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { poolKey } of ends) counts.set(poolKey, (counts.get(poolKey) ?? 0) + 1);
  return counts;
}

/** Both ports exactly and 21 bits of a hash of both addresses, below 2⁵³; nothing worse than a guess rests on it. */
function tupleKey(table: SocketTable, row: number): number {
  let hash = table.scopeId[row] ?? 0;
  for (let at = row * 4; at < row * 4 + 4; at++) {
    hash = Math.imul(hash ^ (table.localAddress[at] ?? 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ (table.remoteAddress[at] ?? 0), 0xc2b2ae35);
  }
  const ports = (table.localPort[row] ?? 0) * 65536 + (table.remotePort[row] ?? 0);
  return ports * 2 ** 21 + ((hash ^ (hash >>> 16)) & 0x1fffff);
}
