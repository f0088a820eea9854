/**
 * The nouns of the workbench. Everything else imports from here; this file imports nothing.
 *
 * Glossary, used with exactly these words in code and on screen:
 * - 4-tuple: (local address, local port, remote address, remote port), what identifies a TCP connection.
 * - ephemeral port range: the ports the kernel hands out to an outgoing connection that did not choose one.
 * - port pool: the set of ephemeral ports the kernel allocates from for one outgoing connection. On Linux there is one
 *   for each (local address, remote address, remote port); see pools.ts.
 * - hold: how long a closed connection keeps its port locked (TIME_WAIT), in seconds.
 * - active closer: the side that sends the first FIN; only it gets TIME_WAIT.
 */

/** Why something expected did not work. Words are made from it in core/words, never here. */
export type Failure =
  | { code: 'not-permitted'; what: string; needs: string }
  | { code: 'unsupported'; what: string; why: string }
  | { code: 'system'; call: string; errno: number | null; message: string }
  | { code: 'unreadable'; source: string; line: number; text: string }
  | { code: 'invalid'; field: string; message: string }
  | { code: 'gone'; what: string }
  | { code: 'unavailable'; what: string; why: string }
  /** A program of the system that is not installed; `hint` names what brings it. */
  | { code: 'tool-missing'; tool: string; hint: string };

/** The envelope of every call that can fail for an expected reason. A bug throws instead. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/**
 * TCP states by their Linux number (include/net/tcp_states.h); index 0 is unused. 13 is TCP_BOUND_INACTIVE, which the
 * kernel prints as CLOSE: a bound socket that neither listens nor connects. Other systems map onto these names.
 */
export const TCP_STATE_NAMES = [
  'UNKNOWN',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
  'BOUND',
] as const;
export type TcpStateName = (typeof TCP_STATE_NAMES)[number];

/** Numbers of the states the code reasons about, the same as in TCP_STATE_NAMES. */
export const TcpState = {
  ESTABLISHED: 1,
  SYN_SENT: 2,
  SYN_RECV: 3,
  FIN_WAIT_1: 4,
  FIN_WAIT_2: 5,
  TIME_WAIT: 6,
  CLOSE: 7,
  CLOSE_WAIT: 8,
  LAST_ACK: 9,
  LISTEN: 10,
  CLOSING: 11,
  NEW_SYN_RECV: 12,
  BOUND: 13,
} as const;

/** Sockets by state name; a state without a socket is absent. */
export type CountByState = Partial<Record<TcpStateName, number>>;

/** What idiag_timer says is running (include/uapi/linux/inet_diag.h). */
export const SocketTimer = {
  none: 0,
  retransmit: 1,
  keepalive: 2,
  timeWait: 3,
  probe: 4,
  unknown: 255,
} as const;

/** An inclusive range of ports, 0–65535. */
export interface PortRange {
  first: number;
  last: number;
}

/** How TIME_WAIT ports are reused for outgoing connections (Linux tcp_tw_reuse 0, 1, 2). */
export type ReuseMode = 'off' | 'all' | 'loopback';

export interface ReuseSetting {
  mode: ReuseMode;
  /** Milliseconds a TIME_WAIT socket must have waited before it can be reused. */
  delayMs: number;
  /** False when tcp_timestamps is 0: reuse then does nothing. */
  timestamps: boolean;
}

/** How widely one local port is locked: to one destination, to one local address, or on the whole host. */
export type PoolScope = 'destination' | 'address' | 'host';

/** The settings of the sampled network stack that decide how many ports there are, read each second. */
export interface StackSettings {
  profileId: string;
  /** Words for the system, for example "Linux 6.18". */
  profileName: string;
  range: PortRange;
  /** Reserved or excluded ranges as configured, not yet merged or clipped. */
  reserved: PortRange[];
  /** Seconds a closed connection locks its port. */
  timeWaitSeconds: number;
  timeWaitBasis: 'kernel constant' | 'documented' | 'setting' | 'measured';
  reuse: ReuseSetting;
  scope: PoolScope;
  /** Share of a pool from which connect() starts scanning (Linux: 0.5), or null where the system has no such cliff. */
  slowFromShare: number | null;
  /** tcp_max_tw_buckets, or null when it could not be read. */
  maxTimeWaitSockets: number | null;
}

/** Counters since boot of this network stack; null means "could not be read", never zero. */
export interface StackCounters {
  activeOpens: number | null;
  passiveOpens: number | null;
  attemptFails: number | null;
  establishedResets: number | null;
  retransmittedSegments: number | null;
  timeWaitEntered: number | null;
  timeWaitRecycled: number | null;
  timeWaitOverflow: number | null;
  listenOverflows: number | null;
  listenDrops: number | null;
  /** sockstat "tw": TIME_WAIT and orphan FIN_WAIT_2. */
  socketStatTimeWait: number | null;
  socketStatInUse: number | null;
  socketStatInUse6: number | null;
  orphans: number | null;
  conntrackCount: number | null;
  conntrackMax: number | null;
  fileHandlesUsed: number | null;
  fileHandlesMax: number | null;
}

/** Something that could not be read or is only approximate, said instead of a zero. */
export interface Degradation {
  code: string;
  /** One plain sentence: what is missing, why, and what is still right. */
  sentence: string;
}

/**
 * The columns of a socket table: one typed array a field, no object per socket. Addresses are four 32-bit words in
 * network order a row; IPv4 is stored as ::ffff:a.b.c.d with family 4, so that a dual-stack socket shows as IPv4.
 */
export interface SocketColumns {
  readonly length: number;
  /** 4 or 6. */
  readonly family: Uint8Array;
  readonly state: Uint8Array;
  /** A SocketTimer value; `unknown` where the system does not say. */
  readonly timer: Uint8Array;
  readonly localPort: Uint16Array;
  readonly remotePort: Uint16Array;
  /** Four words a row: row i is at 4·i … 4·i+3. */
  readonly localAddress: Uint32Array;
  readonly remoteAddress: Uint32Array;
  /** Interface index of a scoped link-local address, else 0. */
  readonly scopeId: Uint32Array;
  /** Milliseconds until the timer in `timer` fires. */
  readonly expiresMs: Uint32Array;
  readonly retransmits: Uint8Array;
  readonly receiveQueue: Uint32Array;
  readonly sendQueue: Uint32Array;
  readonly uid: Uint32Array;
  /** 0 where there is none (TIME_WAIT). */
  readonly inode: Uint32Array;
  readonly cookieLow: Uint32Array;
  readonly cookieHigh: Uint32Array;
  /** Index into the owner registry, or one of OwnerIndex. */
  readonly owner: Int32Array;
  /** An OwnerConfidence value. */
  readonly ownerConfidence: Uint8Array;
  /** Monotonic milliseconds when this socket was first seen; 0 when it was there at the first dump. */
  readonly firstSeenMs: Float64Array;
  /** UnknownPart bits a row, where the source does not tell every part; null or absent where it always does. */
  readonly unknownParts?: Uint8Array | null;
}

/** Parts of a row that the source did not tell; the columns hold 0 there. */
export const UnknownPart = { localAddress: 1, localPort: 2, remoteAddress: 4, remotePort: 8 } as const;
/** Value of the columns `uid`, `receiveQueue` and `sendQueue` where the source does not tell; no such uid exists. */
export const NOT_TOLD = 0xffffffff;

/** Values of the `owner` column that are not an index. */
export const OwnerIndex = { unknown: -1, notPermitted: -2 } as const;
/** How an owner is known: this 4-tuple was seen open in the process, or all live sockets of its pool are the process's. */
export const OwnerConfidence = { unknown: 0, inferred: 1, observed: 2 } as const;
export type OwnerConfidenceName = 'observed' | 'inferred' | 'unknown';

/** A process that holds sockets. Names are already sanitised for display. Of pid and process at least one is known. */
export interface SocketOwner {
  /** Null where a tool told the name only. */
  pid: number | null;
  /** Start time in clock ticks since boot: with the pid it identifies the process. Null where it is not known. */
  startTicks: number | null;
  /** Null where a tool told the pid only. */
  process: string | null;
  /** Null where it was not told. */
  commandLine: string | null;
  /** systemd unit ("nginx.service"), or null. */
  unit: string | null;
  /** Short container id, or null. */
  container: string | null;
  uid: number | null;
  /** File name of the program that runs, where it may be read; null or absent otherwise. */
  executable?: string | null;
  /** Present where this stands for several processes that each lived for a moment; `pid` is null then. */
  group?: ProcessGroup;
}

/**
 * Short-lived processes of one name and one parent. A pid that lives for one connection says nothing about the next, so
 * what they hold is counted together.
 */
export interface ProcessGroup {
  parentPid: number | null;
  /** Null where the parent was gone before it could be read. */
  parentProcess: string | null;
  /** Different processes seen so far: a lower bound, because most live too short to be seen. */
  processCount: number;
}

/** Part of a pool that one process holds. */
export interface PoolOwner {
  /** Null when the owner is unknown or may not be read. */
  pid: number | null;
  process: string | null;
  sockets: number;
  /** Share of the pool's sockets, 0–1. */
  share: number;
  confidence: OwnerConfidenceName;
}

/** On what an opening rate rests, weakest last. */
export type RateBasis = 'timers and dumps' | 'timers' | 'dumps' | 'close events' | 'counters' | 'none';

/** What will become of a pool if opens and closes go on as now. */
export interface Exhaustion {
  expected: boolean;
  /** Seconds from the sample until connect() has no free port; 0 when it is full now; null when not expected. */
  inSeconds: number | null;
  /** 80 % band of inSeconds, seconds; null when not expected. */
  likelySeconds: { from: number; to: number } | null;
  /** Ports in use once arrivals and departures balance; null when they never do or the rate is unknown. */
  steadyState: number | null;
  /** In a few words, what the forecast rests on. */
  basis: string;
}

/** One port pool with all that is known of it. Counts are ports. */
export interface Pool {
  /** Stable identity, for calls: "10.0.2.7>10.0.3.12:443". */
  key: string;
  localAddress: string;
  remoteAddress: string;
  remotePort: number;
  /** Ports the kernel could hand out for this pool: range less reserved less blocked. */
  capacity: number;
  /** Ports of the range, not reserved, that a listening or bound socket takes away. */
  blocked: number;
  /** Ports in use from which connect() gets slow, or null where the system has no such cliff. */
  slowFrom: number | null;
  /** Ports that cannot be handed out now: open connections and TIME_WAIT that may not be reused yet. */
  used: number;
  /** TIME_WAIT ports that the kernel would reuse at once; not in `used`. */
  reusable: number;
  byState: CountByState;
  /** used / capacity; 0–1, or 1 when capacity is 0. */
  usedRatio: number;
  openRatePerSecond: number | null;
  closeRatePerSecond: number | null;
  rateBasis: RateBasis;
  /** How many seconds of closes and opens the rates average over. */
  rateWindowSeconds: number | null;
  /**
   * Connections a second that ended and left no TIME_WAIT here: closed by the peer first, reset, their port taken again
   * at once, or over tcp_max_tw_buckets. Null or absent where the system does not tell.
   */
  closesUnseenPerSecond?: number | null;
  sustainableRatePerSecond: number;
  /** Whether TIME_WAIT reuse works for this pool. */
  reuseEffective: boolean;
  exhaustion: Exhaustion;
  owners: PoolOwner[];
}

export type Level = 'ok' | 'notice' | 'warning' | 'critical' | 'unknown';

/** A piece of a sentence and how it is set: figures strong, addresses mono, asides soft. */
export interface Span {
  text: string;
  kind: 'text' | 'strong' | 'mono' | 'soft';
}

export interface Verdict {
  level: Level;
  /** The whole sentence as plain text. */
  sentence: string;
  /** The same sentence in pieces. */
  spans: Span[];
  /** The pool it speaks of, or null. */
  poolKey: string | null;
  confidence: 'high' | 'medium' | 'low';
  /** For example "3 sources agree". */
  confidenceReason: string;
  /** Names of the sources the sentence rests on: "sock_diag", "ip_local_port_range". */
  sources: string[];
}

/** What can be done about a finding; the fix with this id is described where fixes live. */
export interface Remedy {
  /** "app-keep-alive", "linux-widen-range". */
  fixId: string;
  /** A verb phrase: "Keep connections open in python3". */
  label: string;
  /** Why it stands at this place of the list, one clause. */
  why: string;
  /** "application" removes the cause; "system" buys time; "relief" helps now and not for long. */
  kind: 'application' | 'system' | 'relief';
}

/** One rule's result; rules live in core/findings. */
export interface Finding {
  /** Rule and subject, the same as long as it is the same finding: "close-wait-leak:4312". */
  id: string;
  rule: string;
  level: Level;
  title: string;
  /** With numbers; one or two sentences. */
  sentence: string;
  /** The figures it rests on in one line, for mono type: "24,168 TIME_WAIT here, 26 CLOSE_WAIT". */
  evidence: string;
  /** Figures whose probes show it; names as in main/probes/probe.ts. */
  figures: string[];
  /** What would show that it is not so. */
  disproof: string;
  /** In order of worth; empty where nothing needs doing. */
  remedies: Remedy[];
  /** Where the facts behind it are documented: "kernel, ip-sysctl.rst: tcp_tw_reuse". */
  source: string;
  poolKey: string | null;
  pid: number | null;
}

export interface Rates {
  opensPerSecond: number | null;
  closesPerSecond: number | null;
  basis: RateBasis;
}

export interface Totals {
  sockets: number;
  byState: CountByState;
}

/** The machine (or network namespace) that is looked at. */
export interface Target {
  hostname: string;
  platform: string;
  release: string;
  /** A first non-loopback address, for the eye; null when there is none. */
  address: string | null;
}

/** A process towards one destination. */
export interface Consumer {
  pid: number | null;
  process: string | null;
  commandLine: string | null;
  unit: string | null;
  container: string | null;
  /** Present where it stands for several short-lived processes, else null. */
  group: ProcessGroup | null;
  /** What runs the program ("node", "python", "java"), for remedies; null when not recognised. */
  runtime: string | null;
  /**
   * Mean requests that a closed connection carried, at least 1: estimated from its data segments, so that several
   * segments a request count as several; null where the system does not tell, or none has closed.
   */
  requestsPerConnection: number | null;
  poolKey: string;
  destination: string;
  sockets: number;
  timeWait: number;
  established: number;
  openRatePerSecond: number | null;
  /** sockets / capacity of the pool. */
  shareOfPool: number;
  confidence: OwnerConfidenceName;
}

export interface Listener {
  port: number;
  process: string | null;
  /** True when a TCP client could otherwise have been given this port. */
  insideRange: boolean;
}

/** Where socket lists come from: netlink, /proc/net/tcp, the system's netstat, or files a person opened. */
export type SourceName = 'sock_diag' | 'proc' | 'netstat' | 'imported';

export interface SamplerFacts {
  source: SourceName | 'none';
  dumpMs: number;
  /** Dump, decode, pools and forecast together. */
  sampleMs: number;
  sockets: number;
  /** True when the kernel said that the dump was interrupted and three tries did not help. */
  approximate: boolean;
  intervalMs: number;
  /** Longer than intervalMs when dumps are slow: pace that is really kept. */
  effectiveIntervalMs: number;
  paused: boolean;
  /** Share of one core spent sampling, 0–1, over the last minute. */
  costShare: number;
  memoryBytes: number;
}

/** Ports in use of one pool (or all) over time, oldest first; columns of equal length. */
export interface TrendColumns {
  atMs: number[];
  timeWait: number[];
  established: number[];
  other: number[];
  opensPerSecond: (number | null)[];
  /** Points before this time were derived from TIME_WAIT timers, not sampled; null when none were. */
  derivedUntilMs: number | null;
}

/** A forecast curve to draw: ports in use at atMs, with an 80 % band. */
export interface ForecastCurve {
  atMs: number[];
  median: number[];
  low: number[];
  high: number[];
}

/** One file (or paste) that an imported snapshot was made from. */
export interface ImportedFile {
  name: string;
  /** Epoch milliseconds of its last change, or null (a paste). */
  modifiedAtMs: number | null;
  /** What was recognised, in words: "netstat -ano of Windows"; null when nothing was. */
  format: string | null;
  sockets: number;
  /** Lines that were not understood. */
  problemCount: number;
}

/** Whether a summary speaks of this machine now, or of files from some machine. */
export type SummaryOrigin =
  | { kind: 'live' }
  | {
      kind: 'imported';
      files: ImportedFile[];
      /** How the system was found: from the files, by a person's choice, or assumed. */
      profileBasis: 'detected' | 'chosen' | 'assumed';
    };

/** What the sampler publishes after each sample: a few KB whatever the number of sockets. */
/** From where a pool counts as bad. */
export interface Thresholds {
  /** Use as a share of the pool's ports, 0–1. */
  criticalShare: number;
  warningShare: number;
  /** Opens as a share of the sustainable rate, 0–1. */
  warningRateShare: number;
  /** Seconds to exhaustion below which it counts. */
  criticalSeconds: number;
  warningSeconds: number;
}

export interface Summary {
  /** Grows by one each sample; a gap means samples were dropped. */
  sequence: number;
  /** Epoch milliseconds of the dump. */
  takenAtMs: number;
  origin: SummaryOrigin;
  target: Target;
  settings: StackSettings;
  /** Ports of the range that are reserved. */
  reservedCount: number;
  totals: Totals;
  rates: Rates;
  pools: Pool[];
  /** Pools in all, of which `pools` holds the fullest. */
  poolCount: number;
  consumers: Consumer[];
  /** Sockets in client TIME_WAIT by how well their owner is known. */
  ownership: { observed: number; inferred: number; unknown: number; notPermitted: number };
  listeners: Listener[];
  verdict: Verdict;
  findings: Finding[];
  /** What verdict and findings were judged by; absent: the usual ones (core/assess.ts). */
  thresholds?: Thresholds;
  counters: StackCounters;
  degradations: Degradation[];
  sampler: SamplerFacts;
}
