/** Evidence of trouble, one entry for each rule of core/findings: what makes it speak. */
import type { FindingEvidence, LinuxExtras, ListenerEvidence } from '../../main/core/findings/evidence.ts';
import type { Consumer } from '../../main/core/model.ts';
import { findingEvidence } from './evidence-of.ts';
import { NO_COUNTERS } from './fake-platform.ts';
import { aPile } from './piles.ts';
import { aPool, linuxSettings } from './pools.ts';

const linux: LinuxExtras = {
  finTimeoutSeconds: 60,
  twRecycle: null,
  synRetries: 6,
  unprivilegedPortStart: 1024,
  maxOrphans: 1000,
  conntrackTimeWaitSeconds: 120,
  somaxconn: 4096,
};
const windows = { maxUserPort: null, timedWaitDelaySeconds: null, isLegacy: false, events: [] };
const windowsSettings = linuxSettings({
  profileId: 'windows',
  range: { first: 49152, last: 65535 },
  timeWaitSeconds: 120,
  scope: 'host',
  reserved: [{ first: 50000, last: 50999 }],
});
const listener: ListenerEvidence = {
  address: '0.0.0.0',
  port: 40000,
  pid: 7,
  process: 'postgres',
  insideRange: true,
  acceptQueue: 128,
  backlog: 128,
};
const python = { pid: 4312, process: 'python3', sockets: 9000, share: 1, confidence: 'observed' } as const;
const consumer: Consumer = {
  pid: 2210,
  process: 'node',
  commandLine: null,
  unit: null,
  container: null,
  group: null,
  runtime: 'node',
  requestsPerConnection: 1,
  poolKey: 'k',
  destination: '10.0.3.12:443',
  sockets: 1200,
  timeWait: 1140,
  established: 60,
  openRatePerSecond: 19,
  shareOfPool: 0.04,
  confidence: 'observed',
};
const runsOut = { expected: true, inSeconds: 130, likelySeconds: null, steadyState: null, basis: '' };
const pool = aPool({ used: 15000, owners: [python], closeRatePerSecond: 250 });

/** By rule id, so that a new rule without an entry is noticed. */
export const TROUBLES: Readonly<Record<string, FindingEvidence>> = {
  'pool-exhausted': findingEvidence({ pools: [aPool({ used: 28232, owners: [python] })] }),
  'pool-runs-out': findingEvidence({ pools: [aPool({ used: 25691, exhaustion: runsOut })] }),
  'pool-nearly-full': findingEvidence({ pools: [aPool({ used: 25500 })] }),
  'pool-slow': findingEvidence({ pools: [pool] }),
  'pool-high-rate': findingEvidence({ pools: [aPool({ used: 9000, openRatePerSecond: 400 })] }),
  'pool-uneven': findingEvidence({
    pools: [aPool({ used: 9000 }), aPool({ used: 10, remoteAddress: '10.0.3.13', key: 'n' })],
  }),
  'time-wait-client': findingEvidence({ pools: [pool] }),
  'time-wait-server': findingEvidence({
    serverTimeWait: [{ localPort: 443, process: null, sockets: 5000 }],
  }),
  'range-empty': findingEvidence({ reservedCount: 28_230, capacity: 0 }),
  'range-small': findingEvidence({ settings: linuxSettings({ range: { first: 40000, last: 40999 } }) }),
  'range-listener': findingEvidence({ listeners: [listener] }),
  'range-reserved': findingEvidence({ reservedCount: 20000, capacity: 8232 }),
  'bind-before-connect': findingEvidence({
    pools: [aPool({ used: 5000 })],
    poolParity: [{ poolKey: aPool().key, sockets: 5000, judged: 5000, offParity: 5000 }],
  }),
  'reuse-no-timestamps': findingEvidence({
    settings: linuxSettings({ reuse: { mode: 'all', delayMs: 1000, timestamps: false } }),
  }),
  'reuse-limited': findingEvidence({ pools: [pool] }),
  churn: findingEvidence({ consumers: [consumer] }),
  'close-wait-leak': findingEvidence({
    piles: [aPile({ state: 'CLOSE_WAIT', sockets: 9114, medianSeconds: 30 })],
  }),
  'syn-sent-pile': findingEvidence({ piles: [aPile({ state: 'SYN_SENT', sockets: 300, medianSeconds: 9 })] }),
  'dead-peer-ports': findingEvidence({
    piles: [aPile({ state: 'SYN_SENT', sockets: 300, overTwoMinutes: 300, pid: null, process: null })],
  }),
  'fin-wait-2-pile': findingEvidence({
    linux,
    piles: [aPile({ state: 'FIN_WAIT_2', sockets: 6000, orphans: 6000, pid: null, process: null })],
  }),
  'orphans-near-limit': findingEvidence({ linux, counters: { ...NO_COUNTERS, orphans: 990 } }),
  'descriptors-process': findingEvidence({
    processes: [{ pid: 7, process: 'node', descriptors: 1000, descriptorLimit: 1024 }],
  }),
  'descriptors-system': findingEvidence({
    counters: { ...NO_COUNTERS, fileHandlesUsed: 990_000, fileHandlesMax: 1_000_000 },
  }),
  'conntrack-near-full': findingEvidence({
    linux,
    counters: { ...NO_COUNTERS, conntrackCount: 260_000, conntrackMax: 262_144 },
  }),
  'listen-queue': findingEvidence({ listeners: [listener], counterRates: { listenOverflows: 3 } }),
  'tw-buckets-overflow': findingEvidence({
    counters: { ...NO_COUNTERS, socketStatTimeWait: 131_072 },
    counterRates: { timeWaitOverflow: 15 },
  }),
  'setting-fin-timeout': findingEvidence({ linux: { ...linux, finTimeoutSeconds: 15 } }),
  'setting-tw-recycle': findingEvidence({ linux: { ...linux, twRecycle: 1 } }),
  'setting-tw-buckets-low': findingEvidence({ settings: linuxSettings({ maxTimeWaitSockets: 1024 }) }),
  'windows-timed-wait-delay': findingEvidence({
    system: 'windows',
    settings: windowsSettings,
    windows: { ...windows, timedWaitDelaySeconds: 5 },
  }),
  'windows-max-user-port': findingEvidence({
    system: 'windows',
    settings: windowsSettings,
    windows: { ...windows, maxUserPort: 65_534 },
  }),
  'windows-events': findingEvidence({
    system: 'windows',
    settings: windowsSettings,
    windows: { ...windows, events: [{ id: 4231, count: 3, lastAt: '2026-11-22 03:12' }] },
  }),
  'windows-excluded-blocks': findingEvidence({
    system: 'windows',
    settings: windowsSettings,
    reservedCount: 1000,
    capacity: 15384,
  }),
  'windows-bound-leak': findingEvidence({
    system: 'windows',
    settings: windowsSettings,
    capacity: 16384,
    piles: [aPile({ state: 'BOUND', sockets: 9000, destination: null })],
  }),
  'macos-clock-stopped': findingEvidence({
    system: 'macos',
    macos: { uptimeSeconds: 50 * 86_400, timeWaitEnds: false },
    totals: { sockets: 9000, byState: { TIME_WAIT: 9000 } },
  }),
  'source-nat-likely': findingEvidence({ pools: [aPool({ used: 600, remoteAddress: '1.1.1.1' })] }),
};
