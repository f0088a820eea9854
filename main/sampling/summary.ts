/** From one sample to what is published: a few KB whatever the number of sockets. */
import { NO_POOL, PortClass, type PoolIndex } from '../core/pools.ts';
import { recogniseRuntime } from '../core/attribution.ts';
import { areSameThresholds, THRESHOLDS, worstPool } from '../core/assess.ts';
import type { FindingEvidence } from '../core/findings/evidence.ts';
import { sayPoolTarget } from '../core/words/pool-target.ts';
import { sayUnknown, sayVerdict } from '../core/words/verdict.ts';
import {
  OwnerConfidence,
  OwnerIndex,
  SocketTimer,
  TCP_STATE_NAMES,
  TcpState,
  type Consumer,
  type CountByState,
  type Degradation,
  type Listener,
  type Pool,
  type Rates,
  type SocketOwner,
  type StackCounters,
  type StackSettings,
  type Summary,
  type SummaryOrigin,
  type Target,
  type Thresholds,
} from '../core/model.ts';
import { gatherEvidence } from './finding-evidence.ts';
import type { Judged } from './finding-keeper.ts';
import { ImportDegradation, trustOfImport } from './import-trust.ts';
import type { PoolReport } from './pool-report.ts';
import type { SocketTable } from './socket-table.ts';
import type { DumpFacts, OwnerSearchFacts } from './source.ts';
import { judgeTrust, youngForecast } from './trust.ts';

export interface SummaryInput {
  sequence: number;
  origin: SummaryOrigin;
  target: Target;
  table: SocketTable;
  index: PoolIndex;
  settings: StackSettings;
  thresholds: Thresholds;
  counters: StackCounters;
  rates: Rates;
  /** All pools that are followed, fullest first. */
  reports: readonly PoolReport[];
  /** How many of them to publish. */
  poolLimit: number;
  dump: DumpFacts;
  search: OwnerSearchFacts;
  degradations: Degradation[];
  ownerOf(index: number): SocketOwner | null;
  /** Seconds since the first sample. */
  watchedSeconds: number;
  /** Runs the rules; what is to be shown. */
  judge(evidence: FindingEvidence): Judged;
  sampleMs: number;
  /** Whether the source tells TIME_WAIT timers. */
  hasTimers: boolean;
}

/** Degradations with which nothing can be said of the ports, and why. */
const UNSAYABLE: Readonly<Record<string, string>> = {
  'setting-unreadable:ip_local_port_range':
    'the ephemeral port range could not be read, so the ports that are left cannot be counted.',
  [ImportDegradation.tooIncomplete]:
    'so many ports are cut off in the files that those in use cannot be counted.',
  [ImportDegradation.listenersOnly]:
    'only listening sockets are in the files, so which ports connections use is not known.',
  [ImportDegradation.noSockets]: 'no socket is in the files: a whole list has at least those that listen.',
};
const CONSUMER_LIMIT = 12;
const LISTENER_LIMIT = 64;
/** With their texts they stay well below what one summary may weigh. */
const FINDING_LIMIT = 24;

export function buildSummary(input: SummaryInput): Summary {
  const { table, index, settings, counters, dump } = input;
  const all = input.reports.map((report) => report.pool);
  const pools = publishedPools(all, input);
  const tally = tallyRows(table, index);
  const unsayable = whyUnsayable(input.degradations);
  const consumers = listConsumers(input);
  const totals = { sockets: table.length, byState: tally.byState };
  const { settled, quiet } = input.judge(
    gatherEvidence({ ...input, origin: input.origin.kind, pools: all, consumers, totals }),
  );
  return {
    sequence: input.sequence,
    takenAtMs: table.takenAtMs,
    origin: input.origin,
    target: input.target,
    settings,
    reservedCount: index.ledger.reservedCount,
    totals,
    rates: input.rates,
    pools,
    poolCount: index.count,
    consumers: consumers.slice(0, CONSUMER_LIMIT),
    ownership: { ...withShares(tally.ownership, input.reports), notPermitted: input.search.notPermitted },
    listeners: listListeners(table, index, input.ownerOf),
    verdict: unsayable
      ? sayUnknown(unsayable)
      : sayVerdict({
          pools: all,
          capacity: index.ledger.capacity,
          settings,
          thresholds: input.thresholds,
          trust: trustOfImport(input.origin, input.degradations) ?? judgeTrust(input, tally.timeWaitAll),
          findings: settled,
          quiet,
          watch: youngForecast(input),
          isImported: input.origin.kind === 'imported',
        }),
    findings: settled.slice(0, FINDING_LIMIT).map(({ finding }) => finding),
    ...(areSameThresholds(input.thresholds, THRESHOLDS) ? {} : { thresholds: input.thresholds }),
    counters,
    degradations: [...input.degradations, ...ownerDegradations(input.search)],
    sampler: {
      source: dump.source,
      dumpMs: dump.dumpMs,
      sampleMs: input.sampleMs,
      sockets: table.length,
      approximate: dump.approximate,
      intervalMs: 1000,
      effectiveIntervalMs: 1000,
      paused: false,
      costShare: 0,
      memoryBytes: 0,
    },
  };
}

/** Why there is no verdict, or undefined. */
function whyUnsayable(degradations: readonly Degradation[]): string | undefined {
  const found = degradations.find(({ code }) => Object.hasOwn(UNSAYABLE, code));
  return found && UNSAYABLE[found.code];
}

/** The fullest, and the one the verdict speaks of, wherever it stands. */
function publishedPools(all: readonly Pool[], { poolLimit, thresholds }: SummaryInput): Pool[] {
  const pools = all.slice(0, poolLimit);
  const worst = worstPool(all, thresholds)?.pool;
  if (worst && !pools.includes(worst)) pools[poolLimit - 1] = worst;
  return pools;
}

interface Tally {
  byState: CountByState;
  /** What sockstat counts as "tw": TIME_WAIT and orphan FIN_WAIT_2, client or server. */
  timeWaitAll: number;
  ownership: { observed: number; inferred: number; unknown: number };
}

function tallyRows(table: SocketTable, index: PoolIndex): Tally {
  const counts = new Uint32Array(TCP_STATE_NAMES.length);
  const confidence = new Uint32Array(3);
  let timeWaitAll = 0;
  for (let row = 0; row < table.length; row++) {
    const state = table.state[row] ?? 0;
    counts[state] = (counts[state] ?? 0) + 1;
    if (table.timer[row] === SocketTimer.timeWait) timeWaitAll++;
    if (state !== TcpState.TIME_WAIT || index.poolOfRow[row] === NO_POOL) continue;
    const known = table.ownerConfidence[row] ?? OwnerConfidence.unknown;
    confidence[known] = (confidence[known] ?? 0) + 1;
  }
  const byState: CountByState = {};
  TCP_STATE_NAMES.forEach((name, state) => {
    const count = counts[state] ?? 0;
    if (count > 0) byState[name] = count;
  });
  return {
    byState,
    timeWaitAll,
    ownership: {
      observed: confidence[OwnerConfidence.observed] ?? 0,
      inferred: confidence[OwnerConfidence.inferred] ?? 0,
      unknown: confidence[OwnerConfidence.unknown] ?? 0,
    },
  };
}

/** Sockets that a pool's shares tell the owner of are inferred, though no row says which they are. */
function withShares(ownership: Tally['ownership'], reports: readonly PoolReport[]): Tally['ownership'] {
  const byShare = reports.reduce((sum, { inferredByShare }) => sum + inferredByShare, 0);
  return {
    ...ownership,
    inferred: ownership.inferred + byShare,
    unknown: Math.max(0, ownership.unknown - byShare),
  };
}

function listConsumers({ reports, ownerOf }: SummaryInput): Consumer[] {
  const consumers: Consumer[] = [];
  for (const { pool, holders } of reports) {
    for (const { index, owner, timeWait, established, requestsPerConnection } of holders) {
      const known = index === null ? null : ownerOf(index);
      consumers.push({
        pid: owner.pid,
        process: owner.process,
        commandLine: known?.commandLine ?? null,
        unit: known?.unit ?? null,
        container: known?.container ?? null,
        group: known?.group ?? null,
        runtime: known && recogniseRuntime(known),
        requestsPerConnection,
        poolKey: pool.key,
        destination: sayPoolTarget(pool),
        sockets: owner.sockets,
        timeWait,
        established,
        openRatePerSecond: pool.openRatePerSecond === null ? null : pool.openRatePerSecond * owner.share,
        shareOfPool: pool.capacity === 0 ? 1 : owner.sockets / pool.capacity,
        confidence: owner.confidence,
      });
    }
  }
  return consumers.sort((a, b) => b.sockets - a.sockets);
}

function listListeners(
  table: SocketTable,
  index: PoolIndex,
  ownerOf: (index: number) => SocketOwner | null,
): Listener[] {
  const byPort = new Map<number, Listener>();
  for (let row = 0; row < table.length; row++) {
    if (table.state[row] !== TcpState.LISTEN) continue;
    const port = table.localPort[row] ?? 0;
    if (byPort.has(port)) continue;
    const process = ownerOf(table.owner[row] ?? OwnerIndex.unknown)?.process ?? null;
    byPort.set(port, { port, process, insideRange: index.ledger.classOfPort[port] === PortClass.blocked });
  }
  return [...byPort.values()]
    .sort((a, b) => Number(b.insideRange) - Number(a.insideRange) || a.port - b.port)
    .slice(0, LISTENER_LIMIT)
    .sort((a, b) => a.port - b.port);
}

function ownerDegradations(search: OwnerSearchFacts): Degradation[] {
  if (search.notPermitted === 0) return [];
  const sockets = search.notPermitted === 1 ? '1 socket is' : `${search.notPermitted} sockets are`;
  return [
    {
      code: 'owners-hidden',
      sentence: `The owners of ${sockets} not permitted to be read: they belong to other users. Counts, states and forecasts are still exact.`,
    },
  ];
}
