/**
 * The incident of the interface design, synthetic: one Linux machine whose pool to 10.0.3.12:443 (28,232 ports, hold 60 s)
 * is filled by python3 at 412 connections/s, 130 s before it is full. All numbers agree with each other.
 */
import {
  PORT_MAP_CODES,
  type CallResult,
  type EventPayload,
  type SamplerLink,
} from '../../preload/contract.ts';

type Summary = EventPayload<'summary.updated'>;
type Pool = Summary['pools'][number];

/** 2026-11-20 14:32:07 UTC. */
export const INCIDENT_AT_MS = Date.UTC(2026, 10, 20, 14, 32, 7);
export const INCIDENT_POOL_KEY = '10.0.2.7>10.0.3.12:443';
const RANGE = { first: 32_768, last: 60_999 };
const POOL_PORTS = 28_232;
const MEAN_LIFE_SECONDS = 3.619;

export const RUNNING_SAMPLER: SamplerLink = {
  state: 'running',
  sinceMs: INCIDENT_AT_MS - 60_000,
  restarts: 0,
  retryAtMs: null,
  sentence: null,
};

/** The summary at 14:32:07; `change` replaces parts of it whole. */
export function incidentSummary(change: Partial<Summary> = {}): Summary {
  return {
    sequence: 425,
    takenAtMs: INCIDENT_AT_MS,
    origin: { kind: 'live' },
    target: { hostname: 'ci-runner-07', platform: 'linux', release: '6.8.0', address: '10.0.2.7' },
    settings: {
      profileId: 'linux',
      profileName: 'Linux 6.8',
      range: RANGE,
      reserved: [],
      timeWaitSeconds: 60,
      timeWaitBasis: 'kernel constant',
      reuse: { mode: 'loopback', delayMs: 1000, timestamps: true },
      scope: 'destination',
      slowFromShare: 0.5,
      maxTimeWaitSockets: 131_072,
    },
    reservedCount: 0,
    totals: {
      sockets: 27_743,
      byState: { TIME_WAIT: 25_310, ESTABLISHED: 2365, LISTEN: 10, CLOSE_WAIT: 26 },
    },
    rates: { opensPerSecond: 438, closesPerSecond: 430, basis: 'timers and dumps' },
    pools: [incidentPool(), ...otherPools()],
    poolCount: 41,
    consumers: incidentConsumers(),
    ownership: { observed: 24_297, inferred: 1013, unknown: 0, notPermitted: 0 },
    listeners: incidentListeners(),
    verdict: incidentVerdict(),
    findings: [],
    counters: incidentCounters(),
    degradations: [],
    sampler: {
      source: 'sock_diag',
      dumpMs: 38,
      sampleMs: 61,
      sockets: 27_743,
      approximate: false,
      intervalMs: 1000,
      effectiveIntervalMs: 1000,
      paused: false,
      costShare: 0.018,
      memoryBytes: 31 * 1024 * 1024,
    },
    ...change,
  };
}

/** The pool to 10.0.3.12:443; `change` replaces parts of it whole. */
export function incidentPool(change: Partial<Pool> = {}): Pool {
  return {
    key: INCIDENT_POOL_KEY,
    localAddress: '10.0.2.7',
    remoteAddress: '10.0.3.12',
    remotePort: 443,
    capacity: POOL_PORTS,
    blocked: 0,
    slowFrom: 14_116,
    used: 25_691,
    reusable: 0,
    byState: { TIME_WAIT: 24_168, ESTABLISHED: 1491, FIN_WAIT_2: 23, SYN_SENT: 9 },
    usedRatio: 25_691 / POOL_PORTS,
    openRatePerSecond: 412,
    closeRatePerSecond: 403,
    rateBasis: 'timers and dumps',
    rateWindowSeconds: 10,
    sustainableRatePerSecond: POOL_PORTS / 60,
    reuseEffective: false,
    exhaustion: {
      expected: true,
      inSeconds: 130,
      likelySeconds: { from: 100, to: 180 },
      steadyState: null,
      basis: 'timers and arrivals of the last 10 s',
    },
    owners: [{ pid: 4312, process: 'python3', sockets: 25_691, share: 1, confidence: 'observed' }],
    ...change,
  };
}

function otherPools(): Pool[] {
  const rows: [string, number, number, number, number][] = [
    ['10.0.3.15', 5432, 1204, 1140, 19],
    ['10.0.3.20', 9200, 486, 0, 6.1],
    ['10.0.7.8', 8443, 212, 0, 0.4],
    ['10.0.3.31', 9100, 38, 0, 0.5],
  ];
  return rows.map(([remoteAddress, remotePort, used, waiting, rate]) =>
    incidentPool({
      key: `10.0.2.7>${remoteAddress}:${remotePort}`,
      remoteAddress,
      remotePort,
      used,
      usedRatio: used / POOL_PORTS,
      byState: { TIME_WAIT: waiting, ESTABLISHED: used - waiting },
      openRatePerSecond: rate,
      closeRatePerSecond: rate,
      exhaustion: {
        expected: false,
        inSeconds: null,
        likelySeconds: null,
        steadyState: used,
        basis: 'timers and arrivals of the last 60 s',
      },
      owners: [],
    }),
  );
}

const RUNTIMES: Record<string, string> = { python3: 'python', node: 'node', java: 'java', envoy: 'envoy' };

function incidentConsumers(): Summary['consumers'] {
  const rows: [string, number, string, number, number, number, 'observed' | 'inferred'][] = [
    ['python3', 4312, '10.0.3.12:443', 25_691, 24_168, 412, 'observed'],
    ['node', 2210, '10.0.3.15:5432', 1204, 1140, 19, 'inferred'],
    ['java', 3055, '10.0.3.20:9200', 486, 0, 6.1, 'observed'],
    ['envoy', 1402, '10.0.7.8:8443', 212, 0, 0.4, 'observed'],
    ['prometheus', 1187, '10.0.3.31:9100', 38, 0, 0.5, 'observed'],
  ];
  return rows.map(([process, pid, destination, sockets, timeWait, openRatePerSecond, confidence]) => ({
    pid,
    process,
    commandLine: `/usr/bin/${process}`,
    unit: null,
    container: null,
    group: null,
    runtime: RUNTIMES[process] ?? null,
    requestsPerConnection: timeWait > 0 ? 1 : null,
    poolKey: `10.0.2.7>${destination}`,
    destination,
    sockets,
    timeWait,
    established: sockets - timeWait,
    openRatePerSecond,
    shareOfPool: sockets / POOL_PORTS,
    confidence,
  }));
}

function incidentListeners(): Summary['listeners'] {
  const rows: [number, string][] = [
    [22, 'sshd'],
    [5432, 'postgres'],
    [6379, 'redis'],
    [8080, 'order-api'],
    [9090, 'prometheus'],
    [9100, 'node-exporter'],
  ];
  return rows.map(([port, process]) => ({ port, process, insideRange: false }));
}

function incidentVerdict(): Summary['verdict'] {
  const spans: Summary['verdict']['spans'] = [
    { text: 'Port pool to ', kind: 'text' },
    { text: '10.0.3.12:443', kind: 'mono' },
    { text: ' runs out in about ', kind: 'text' },
    { text: '2 min 10 s', kind: 'strong' },
    { text: ' — ', kind: 'text' },
    { text: '91% used', kind: 'strong' },
    { text: '; python3 ', kind: 'text' },
    { text: '(pid 4312)', kind: 'soft' },
    { text: ' opens ', kind: 'text' },
    { text: '412 connections/s', kind: 'strong' },
    { text: ' and closes them itself.', kind: 'text' },
  ];
  return {
    level: 'critical',
    sentence: spans.map((span) => span.text).join(''),
    spans,
    poolKey: INCIDENT_POOL_KEY,
    confidence: 'high',
    confidenceReason: '3 sources agree',
    sources: ['sock_diag', 'sockstat', 'ip_local_port_range'],
  };
}

function incidentCounters(): Summary['counters'] {
  return {
    activeOpens: 1_204_331,
    passiveOpens: 20_117,
    attemptFails: 12,
    establishedResets: 40,
    retransmittedSegments: 1033,
    timeWaitEntered: 1_180_220,
    timeWaitRecycled: 0,
    timeWaitOverflow: 0,
    listenOverflows: 0,
    listenDrops: 0,
    socketStatTimeWait: 25_310,
    socketStatInUse: 2400,
    socketStatInUse6: 33,
    orphans: 0,
    conntrackCount: null,
    conntrackMax: null,
    fileHandlesUsed: 4480,
    fileHandlesMax: 9_223_372,
  };
}

/** Arrivals a second, `seconds` before (negative) the incident's moment. */
function arrivalRate(seconds: number): number {
  if (seconds < -420) return 250 + 6 * Math.sin(seconds / 37);
  if (seconds < -300) return 250 + 70 * ((seconds + 420) / 120);
  return 412 + 0.3068 * seconds;
}

/** Ten minutes of history, two samples a second apart, the last minute before the launch derived from timers. */
export function incidentTrend(historySeconds = 600): CallResult<'trend.query'> {
  const random = seededRandom(7);
  const opens = new Map<number, number>();
  let noise = 0;
  for (let at = -historySeconds - 70; at <= 0; at++) {
    noise = 0.82 * noise + gaussian(random) * 4.2 * Math.min(1, Math.abs(at) / 6);
    opens.set(at, Math.max(0, arrivalRate(at) + noise));
  }
  const trend: CallResult<'trend.query'>['trend'] = {
    atMs: [],
    timeWait: [],
    established: [],
    other: [],
    opensPerSecond: [],
    derivedUntilMs: null,
  };
  const scale = 24_168 / sumLastMinute(opens, 0);
  for (let at = -historySeconds; at <= 0; at++) {
    const fade = 1 + (scale - 1) * Math.max(0, 1 + at / 600);
    trend.atMs.push(INCIDENT_AT_MS + at * 1000);
    trend.timeWait.push(Math.round(sumLastMinute(opens, at) * fade));
    trend.established.push(Math.round((opens.get(at) ?? 0) * MEAN_LIFE_SECONDS));
    trend.other.push(32);
    trend.opensPerSecond.push(opens.get(at) ?? null);
  }
  trend.timeWait[historySeconds] = 24_168;
  trend.established[historySeconds] = 1491;
  return { trend, forecast: incidentForecast(), capacity: POOL_PORTS, slowFrom: 14_116 };
}

function incidentForecast(): CallResult<'trend.query'>['forecast'] {
  const seconds = Array.from({ length: 25 }, (_, index) => index * 10);
  const at = (growth: number) => seconds.map((second) => Math.round(25_691 + growth * second));
  return {
    atMs: seconds.map((second) => INCIDENT_AT_MS + second * 1000),
    median: at(19.55),
    low: at(14.1),
    high: at(25.4),
  };
}

/** The port map of the pool: a sweep with its head at 50,314, as Linux's hashed walk leaves it. */
export function incidentPorts(): CallResult<'ports.map'> {
  const codes = new Uint8Array(65_536);
  const random = seededRandom(11);
  const head = 50_314;
  const usedShare = 25_691 / POOL_PORTS;
  const openShare = 1491 / POOL_PORTS;
  for (let port = RANGE.first; port <= RANGE.last; port++) {
    const behind = ((head - port + POOL_PORTS) % POOL_PORTS) / POOL_PORTS + gaussian(random) * 0.006;
    if (behind > usedShare + gaussian(random) * 0.016) continue;
    if (behind < openShare + gaussian(random) * 0.006 || random() < 0.0035)
      codes[port] = PORT_MAP_CODES.established;
    else {
      const left = 1 - (behind - openShare) / (usedShare - openShare) + gaussian(random) * 0.035;
      const step = Math.round(Math.max(0, Math.min(1, left)) * PORT_MAP_CODES.timeWaitSteps);
      codes[port] = PORT_MAP_CODES.timeWaitBase + step;
    }
  }
  for (let index = 0; index < 26; index++) {
    codes[RANGE.first + Math.floor(random() * POOL_PORTS)] = PORT_MAP_CODES.closeWait;
  }
  for (const { port } of incidentListeners()) codes[port] = PORT_MAP_CODES.listen;
  return {
    takenAtMs: INCIDENT_AT_MS,
    ports: Buffer.from(codes).toString('base64'),
    range: RANGE,
    counts: {},
    timeWaitSeconds: 60,
    nextPort: head,
  };
}

function sumLastMinute(opens: Map<number, number>, at: number): number {
  let sum = 0;
  for (let before = 0; before < 60; before++) sum += opens.get(at - before) ?? 0;
  return sum;
}

/** Mulberry32: the same picture every time. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(6.28318 * random());
}
