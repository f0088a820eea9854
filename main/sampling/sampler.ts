/**
 * The live socket sampler: dump, link to the last dump, pools, owners, rates, forecast, one summary. Has no timers and
 * no process of its own; worker.ts and the command line drive it.
 */
import { areSameThresholds, THRESHOLDS } from '../core/assess.ts';
import { counterRate } from '../core/rates.ts';
import {
  fullestPools,
  indexPools,
  liveSockets,
  PortClass,
  poolKeyOf,
  rowsOfPools,
  type PoolIndex,
} from '../core/pools.ts';
import type { ForecastInput } from '../core/forecast.ts';
import type {
  Degradation,
  Outcome,
  Rates,
  SocketOwner,
  StackCounters,
  StackSettings,
  Summary,
  SummaryOrigin,
  Target,
  Thresholds,
} from '../core/model.ts';
import { Arrivals } from './arrivals.ts';
import { beginClosedSince, hasClosedWithoutTimer, stampClosed } from './closed-since.ts';
import { firstSight, linkDumps, type Continuity } from './continuity.ts';
import { CloseWatch, type CloseFacts } from './close-watch.ts';
import { ClosingRows } from './closing-rows.ts';
import { ObservedOwners } from './owner-memory.ts';
import { FindingKeeper } from './finding-keeper.ts';
import { isGap } from './pace.ts';
import { PoolAttribution } from './pool-attribution.ts';
import { reportPool, type PoolReport } from './pool-report.ts';
import { SocketTable } from './socket-table.ts';
import type { DumpFacts, OwnerSearchFacts, Platform, SocketSource } from './source.ts';
import { buildSummary } from './summary.ts';
import { TrendRecorder } from './trend-recorder.ts';
import { recordTrends } from './trend-points.ts';

export interface SamplerClock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Milliseconds that only go forward, from any start. */
  monotonicMs(): number;
}

export interface SamplerOptions {
  platform: Platform;
  clock: SamplerClock;
  /** Pools reported in full. */
  poolLimit: number;
  /** From where a pool counts as bad; default: the usual ones. */
  thresholds?: Thresholds;
}

/** Pools whose arrivals and users are followed. */
const TRACKED_POOLS = 64;
/** Milliseconds a sample may spend finding owners. */
const OWNER_BUDGET_MS = 25;
const GLANCE_BUDGET_MS = 4;
/** Milliseconds before a dump. */
const PREPARE_BUDGET_MS = 2;
const LIVE: SummaryOrigin = { kind: 'live' };

/** What one sample saw, kept until the next for queries. */
export interface Sample {
  table: SocketTable;
  settings: StackSettings;
  index: PoolIndex;
  reports: PoolReport[];
  summary: Summary;
}

/** A dump compared with the one before. */
interface Linked extends Continuity {
  /** Seconds between them; null where rates over them would be wrong. */
  seconds: number | null;
  /** 1 for a row that closed between them, where the source tells no timers; null where it does. */
  hasClosed: Uint8Array | null;
}

interface ReportInput {
  table: SocketTable;
  index: PoolIndex;
  settings: StackSettings;
  linked: Linked;
  counters: StackCounters;
  closings: ClosingRows;
  ended: CloseFacts;
}

const NONE: ReadonlyMap<string, number> = new Map();

export class Sampler {
  private readonly options: SamplerOptions;
  private source: SocketSource | null = null;
  private target: Target | null = null;
  private openDegradations: Degradation[] = [];
  private tables: SocketTable[] = [];
  private previous: SocketTable | null = null;
  private lastCounters: { counters: StackCounters; atMs: number } | null = null;
  private readonly arrivals = new Arrivals();
  /** Connections that closed, counted where no timers tell of it. */
  private readonly closings = new Arrivals();
  private readonly observed = new ObservedOwners();
  private readonly findings: FindingKeeper;
  private readonly attribution: PoolAttribution;
  private readonly closeWatch: CloseWatch;
  /** Ends of connections told by the kernel, dump by dump. */
  private readonly ends = new Arrivals();
  private readonly unseenEnds = new Arrivals();
  private readonly scratch = new SocketTable();
  /** Open connections of each pool at the last sample. */
  private liveCounts: ReadonlyMap<string, number> = new Map();
  private wasApproximate = false;
  private sequence = 0;
  private intervalMs = 1000;
  private thresholds: Thresholds;
  readonly trends = new TrendRecorder();
  /** Snapshots that a renderer asked to keep, by their id, oldest first. */
  readonly pinned = new Map<number, Sample>();
  /** When the first dump was taken: sockets that were there are at least this old. */
  startedMonotonicMs: number | null = null;
  last: Sample | null = null;

  constructor(options: SamplerOptions) {
    this.options = options;
    const { platform, clock, thresholds = THRESHOLDS } = options;
    this.thresholds = thresholds;
    this.findings = new FindingKeeper(platform);
    this.closeWatch = new CloseWatch(platform.openCloseEvents, () => clock.monotonicMs());
    this.attribution = new PoolAttribution((owner) => platform.owners.groupOf?.(owner) ?? owner);
  }

  /** Opens the best socket source of the platform. */
  open(): Outcome<true> {
    const opened = this.options.platform.openSource();
    if (!opened.ok) return opened;
    this.source = opened.value.source;
    this.openDegradations = opened.value.degradations;
    this.target = this.options.platform.reader.readTarget();
    this.closeWatch.start();
    return { ok: true, value: true };
  }

  close(): void {
    this.closeWatch.stop();
    this.source?.close();
    this.source = null;
  }

  /** The pace that samples are taken at, to tell a gap from a pause. */
  setInterval(intervalMs: number): void {
    this.intervalMs = intervalMs;
  }

  /** From the next sample on. */
  setThresholds(thresholds: Thresholds): void {
    if (areSameThresholds(thresholds, this.thresholds)) return;
    this.thresholds = thresholds;
    this.findings.forget();
  }

  /** Whether `refresh` must end before each sample. */
  get needsRefresh(): boolean {
    return this.options.platform.refresh !== undefined;
  }

  /** Reads the machine ahead of the next sample, where the platform reads it through commands. */
  async refresh(signal: AbortSignal): Promise<Outcome<true>> {
    return (await this.options.platform.refresh?.(signal)) ?? { ok: true, value: true };
  }

  /** One look at the machine. */
  sample(): Outcome<Sample> {
    const { platform, clock } = this.options;
    if (!this.source || !this.target) return unavailable('the sampler has not been opened');
    const table = this.freeTable();
    platform.owners.prepare?.(PREPARE_BUDGET_MS);
    const startedMs = clock.monotonicMs();
    // The moment a dump speaks of is its middle: departures and forecast count from there.
    const dump = this.source.dump(table);
    if (!dump.ok) return dump;
    const endedMs = clock.monotonicMs();
    const agoMs = dump.value.listedAgoMs ?? 0;
    table.takenMonotonicMs = (startedMs + endedMs) / 2 - agoMs;
    table.takenAtMs = clock.nowMs() - (endedMs - startedMs) / 2 - agoMs;
    table.snapshotId = ++this.sequence;
    this.startedMonotonicMs ??= table.takenMonotonicMs;
    const { settings, degradations } = platform.reader.readSettings();
    const counters = platform.reader.readCounters();
    const linked = this.link(table, dump.value);
    this.closeWatch.drain();
    const search = this.findOwners(table, linked.isNew);
    const before = this.last?.index.ledger;
    const index = indexPools(
      table,
      settings,
      before && { classOfPort: before.classOfPort, isNew: linked.isNew },
    );
    const closings = new ClosingRows({
      table,
      settings,
      hasClosed: linked.hasClosed,
      previous: this.previous,
    });
    const { classOfPort } = index.ledger;
    const isRecent = (row: number) => closings.isRecent(row);
    const ended = this.closeWatch.join({ table, settings, classOfPort, isRecent });
    const reports = this.report({ table, index, settings, linked, counters, closings, ended });
    const isBlind = linked.hasClosed !== null;
    const rates = this.totalRates(counters, table.takenMonotonicMs, reports, isBlind);
    const summary = buildSummary({
      sequence: this.sequence,
      origin: platform.origin ?? LIVE,
      target: this.target,
      table,
      index,
      settings,
      thresholds: this.thresholds,
      counters,
      rates,
      reports,
      poolLimit: this.options.poolLimit,
      dump: dump.value,
      search,
      degradations: [
        ...this.openDegradations,
        ...degradations,
        ...dump.value.degradations,
        ...this.closeWatch.degradations(),
      ],
      ownerOf: (owner) => this.ownerOf(owner),
      watchedSeconds: (table.takenMonotonicMs - this.startedMonotonicMs) / 1000,
      judge: (evidence) =>
        this.findings.judge(evidence, { table, index, ownerOf: (owner) => this.ownerOf(owner) }),
      sampleMs: clock.monotonicMs() - startedMs,
      hasTimers: !isBlind,
    });
    recordTrends(this.trends, { table, index, settings, reports, rates, hasTimers: !isBlind });
    this.lastCounters = { counters, atMs: table.takenMonotonicMs };
    this.previous = table;
    this.last = { table, settings, index, reports, summary };
    return { ok: true, value: this.last };
  }

  /**
   * A quick look at open connections only, between samples: connections that live for milliseconds are seen with
   * their process, and recognised in TIME_WAIT later. Gives the milliseconds it took, or null when it could not look.
   */
  glance(): number | null {
    if (!this.source) return null;
    const startedMs = this.options.clock.monotonicMs();
    this.options.platform.owners.prepare?.(PREPARE_BUDGET_MS);
    const dump = this.source.dumpLive(this.scratch);
    if (!dump.ok) return null;
    const { owners } = this.options.platform;
    // Only the client's end of a connection holds a port of a pool.
    const classOfPort = this.last?.index.ledger.classOfPort;
    const isClient = (row: number) => classOfPort?.[this.scratch.localPort[row] ?? 0] === PortClass.available;
    if (owners.glance) owners.glance(this.scratch, GLANCE_BUDGET_MS, isClient);
    else owners.resolve(this.scratch, GLANCE_BUDGET_MS);
    this.closeWatch.drain();
    this.observed.note(this.scratch, startedMs);
    return this.options.clock.monotonicMs() - startedMs;
  }

  ownerOf(index: number): SocketOwner | null {
    return index >= 0 ? this.options.platform.owners.owner(index) : null;
  }

  /** The forecast of a pool of the last sample, or null. */
  forecastOf(key: string): ForecastInput | null {
    return this.last?.reports.find((report) => report.pool.key === key)?.forecast ?? null;
  }

  private link(table: SocketTable, { source, approximate: isApproximate }: DumpFacts): Linked {
    const { previous } = this;
    // Only these may lack timers; the others are spared the search.
    const isListing = source === 'netstat' || (source === 'imported' && hasClosedWithoutTimer(table));
    if (isListing) beginClosedSince(table);
    const continuity = previous ? linkDumps(previous, table, source === 'netstat') : firstSight(table);
    const hasClosed = isListing ? stampClosed(table, previous === null) : null;
    return { ...continuity, hasClosed, seconds: this.secondsSince(previous, table, isApproximate) };
  }

  /** Seconds between two dumps that can be compared, or null. */
  private secondsSince(
    previous: SocketTable | null,
    table: SocketTable,
    isApproximate: boolean,
  ): number | null {
    // A row that an interrupted dump missed would count as an arrival in the next (hardening S2).
    const isIncomplete = isApproximate || this.wasApproximate;
    this.wasApproximate = isApproximate;
    if (!previous) return null;
    const elapsedMs = table.takenMonotonicMs - previous.takenMonotonicMs;
    if (isGap(elapsedMs, table.takenAtMs - previous.takenAtMs, this.intervalMs)) {
      for (const counted of [this.arrivals, this.closings, this.ends, this.unseenEnds]) counted.reset();
      this.lastCounters = null;
      return null;
    }
    return isIncomplete ? null : elapsedMs / 1000;
  }

  private findOwners(table: SocketTable, isNew: Uint8Array): OwnerSearchFacts {
    const facts = this.options.platform.owners.resolve(table, OWNER_BUDGET_MS);
    this.observed.note(table, table.takenMonotonicMs);
    this.observed.recall(table, isNew);
    return facts;
  }

  private report({ table, index, settings, linked, counters, closings, ended }: ReportInput): PoolReport[] {
    const pools = fullestPools(index, Math.max(TRACKED_POOLS, this.options.poolLimit));
    const keys = new Map(
      pools.map((pool) => [pool, poolKeyOf(table, index.firstRow[pool] ?? 0, settings.scope)]),
    );
    const rowsOf = rowsOfPools(index, pools);
    this.noteArrivals(index, keys, linked, table.takenMonotonicMs);
    this.noteEnds(ended, linked.seconds, table.takenMonotonicMs);
    const reuseSeen = this.reuseSeen(counters);
    const reports: PoolReport[] = [];
    for (const pool of pools) {
      const rows = rowsOf.get(pool) ?? new Int32Array();
      const key = keys.get(pool) ?? '';
      const attributed = this.attribution.attribute({
        key,
        table,
        rows,
        closings,
        observed: this.observed,
        requestsOfRow: ended.requestsOfRow,
      });
      const arrivals = this.arrivals.of(key);
      const blind = linked.hasClosed && {
        closings: this.closings.of(key),
        watchedSinceMs: this.startedMonotonicMs ?? table.takenMonotonicMs,
      };
      const ownerOf = (owner: number) => this.ownerOf(owner);
      const ends = { all: this.ends.of(key), unseen: this.unseenEnds.of(key) };
      reports.push(
        reportPool({
          table,
          index,
          pool,
          rows,
          settings,
          arrivals,
          blind,
          reuseSeen,
          ends,
          attributed,
          ownerOf,
        }),
      );
    }
    return reports.sort((a, b) => b.pool.usedRatio - a.pool.usedRatio);
  }

  /** Ends that the kernel told of since the last sample; nothing is counted where some were lost. */
  private noteEnds({ closes, unseen, isComplete }: CloseFacts, seconds: number | null, atMs: number): void {
    if (seconds === null || !isComplete) {
      this.ends.reset();
      this.unseenEnds.reset();
      return;
    }
    this.ends.add({ atMs, seconds, counts: closes, liveBefore: NONE });
    this.unseenEnds.add({ atMs, seconds, counts: unseen, liveBefore: NONE });
  }

  private noteArrivals(
    index: PoolIndex,
    keys: ReadonlyMap<number, string>,
    { isNew, hasClosed, seconds }: Linked,
    atMs: number,
  ): void {
    const liveBefore = this.liveCounts;
    this.liveCounts = new Map([...keys].map(([pool, key]) => [key, liveSockets(index, pool)]));
    if (seconds === null) return;
    const step = { atMs, seconds, liveBefore };
    this.arrivals.add({ ...step, counts: countMarked(isNew, index, keys) });
    if (hasClosed) this.closings.add({ ...step, counts: countMarked(hasClosed, index, keys) });
  }

  private reuseSeen(counters: StackCounters): boolean | null {
    const now = counters.timeWaitRecycled;
    if (now === null) return null;
    const before = this.lastCounters?.counters.timeWaitRecycled ?? null;
    return before === null ? (now === 0 ? false : null) : now > before;
  }

  private totalRates(
    counters: StackCounters,
    atMs: number,
    reports: readonly PoolReport[],
    blind: boolean,
  ): Rates {
    const last = this.lastCounters;
    const seconds = last ? (atMs - last.atMs) / 1000 : 0;
    const opens = counterRate(last?.counters.activeOpens ?? null, counters.activeOpens, seconds);
    const closes = counterRate(last?.counters.timeWaitEntered ?? null, counters.timeWaitEntered, seconds);
    if (opens !== null) return { opensPerSecond: opens, closesPerSecond: closes, basis: 'counters' };
    const isUnknown = blind && reports.every((report) => report.pool.openRatePerSecond === null);
    if (reports.length === 0 || isUnknown)
      return { opensPerSecond: null, closesPerSecond: null, basis: 'none' };
    const sum = (of: (report: PoolReport) => number | null) =>
      reports.reduce((total, report) => total + (of(report) ?? 0), 0);
    return {
      opensPerSecond: sum((report) => report.pool.openRatePerSecond),
      closesPerSecond: sum((report) => report.pool.closeRatePerSecond),
      basis: blind ? 'dumps' : 'timers',
    };
  }

  /** A table that neither the last sample nor a pinned snapshot uses. */
  private freeTable(): SocketTable {
    const inUse = new Set<SocketTable>([...this.pinned.values()].map((sample) => sample.table));
    if (this.previous) inUse.add(this.previous);
    const free = this.tables.find((table) => !inUse.has(table));
    if (free) return free;
    const table = new SocketTable();
    this.tables.push(table);
    if (this.tables.length > inUse.size + 2)
      this.tables = this.tables.filter((kept) => inUse.has(kept) || kept === table);
    return table;
  }
}

/** Marked rows of each pool. */
function countMarked(
  marks: Uint8Array,
  index: PoolIndex,
  keys: ReadonlyMap<number, string>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let row = 0; row < marks.length; row++) {
    if (marks[row] !== 1) continue;
    const key = keys.get(index.poolOfRow[row] ?? -1);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function unavailable(why: string): Outcome<never> {
  return { ok: false, failure: { code: 'unavailable', what: 'sampler', why } };
}
