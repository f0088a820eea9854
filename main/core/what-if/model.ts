/** The nouns of What-if: what is asked, and everything that is answered. Types only. */
import type { Level, PoolScope, PortRange, ReuseMode, Span } from '../model.ts';

/** Other tables that can fill before the ports do; null: not considered. */
export interface LimitInput {
  /** tcp_max_tw_buckets of the network namespace. */
  timeWaitSockets: number | null;
  /** File descriptors the process may hold (ulimit -n). */
  fileDescriptors: number | null;
  /** nf_conntrack_max of a host that tracks these connections. */
  conntrackEntries: number | null;
  /** Ports that a source NAT in the path has for each destination. */
  snatPorts: number | null;
  /** Connections the client's own pool keeps open at most. */
  connectionPool: number | null;
}

/** What someone asks. A null takes the value of the profile. */
export interface WhatIfInput {
  /** Id of a profile; "this-machine" and "custom" are two of them. */
  profileId: string;
  /** Requests per second; connections per second where each carries one request. Above 0. */
  ratePerSecond: number;
  /** Requests that one connection carries before it closes (keep-alive). 1: every request opens one. */
  requestsPerConnection: number;
  /** Seconds a connection is open for each request it carries; with one request from connect() to close(). */
  holdSeconds: number;
  /** Share of connections that this host closes first, 0–1: only those wait in TIME_WAIT. */
  activeCloseShare: number;
  /** Destinations (address and port) the load is spread evenly over. */
  destinations: number;
  /** Local addresses the load is spread evenly over. */
  sourceAddresses: number;
  /** Ports in use now, over all pools; they expire evenly. */
  inUse: number;
  range: PortRange | null;
  /** Ports of one pool, instead of a range less its reserved ports. */
  portCount: number | null;
  /** In the form of ip_local_reserved_ports, "8080,40000-40002". */
  reservedPorts: string | null;
  timeWaitSeconds: number | null;
  scope: PoolScope | null;
  reuseMode: ReuseMode | null;
  /** Milliseconds in TIME_WAIT before a port may be reused. */
  reuseDelayMs: number | null;
  /** False: tcp_timestamps is 0 on one end, and reuse does nothing. */
  timestamps: boolean | null;
  /** True: the destination is 127.0.0.0/8 or ::1, where reuse mode "loopback" works. */
  toLoopback: boolean;
  limits: LimitInput;
}

export type ProfileKind = 'system' | 'middlebox' | 'machine' | 'custom';

/** The input with every null replaced: what was calculated with. */
export interface WhatIfEffective {
  profileId: string;
  profileName: string;
  profileKind: ProfileKind;
  ratePerSecond: number;
  requestsPerConnection: number;
  /** New connections per second: ratePerSecond / requestsPerConnection. */
  connectionsPerSecond: number;
  holdSeconds: number;
  /** Seconds from connect() to close() of one connection: holdSeconds × requestsPerConnection. */
  connectionSeconds: number;
  activeCloseShare: number;
  destinations: number;
  sourceAddresses: number;
  inUse: number;
  range: PortRange;
  /** Ports of one pool; not that of the range where it was given by itself. */
  portCount: number;
  isPortCountGiven: boolean;
  /** Ports of the range that are reserved. */
  reservedCount: number;
  timeWaitSeconds: number;
  scope: PoolScope;
  reuseMode: ReuseMode;
  reuseDelayMs: number;
  timestamps: boolean;
  toLoopback: boolean;
  /** Whether TIME_WAIT reuse works for this load. */
  isReuseEffective: boolean;
  errorOnExhaustion: string;
  slowFromShare: number | null;
  limits: LimitInput;
}

export interface WhatIfVerdict {
  level: Level;
  sentence: string;
  spans: Span[];
  /** The arithmetic behind it, in a second sentence or two. */
  detail: string;
}

export type LimitId =
  'ports' | 'snat' | 'conntrack' | 'file-descriptors' | 'time-wait-sockets' | 'connection-pool';

/** One thing that can run out. */
export interface WhatIfLimit {
  id: LimitId;
  title: string;
  /** How many there are, over all pools. */
  capacity: number;
  /** How many the rate needs once it is steady, rounded up. */
  needed: number;
  /** needed / capacity before rounding; above 1 it does not hold. */
  share: number;
  /** Requests per second it can carry for ever; null: any. */
  holdsRatePerSecond: number | null;
  /** The lowest of all: the first that binds as the rate grows. */
  isFirst: boolean;
  holds: boolean;
  /** What happens when it is full. */
  note: string;
}

export type OptionId =
  | 'keep-alive'
  | 'reuse'
  | 'wider-range'
  | 'source-address'
  | 'destination'
  | 'server-closes'
  | 'bind-no-port'
  | 'fin-timeout';

/** One way to make the rate fit, by itself. */
export interface WhatIfOption {
  id: OptionId;
  title: string;
  /** Requests per second that it would hold; null: any, or for a thing without effect. */
  holdsRatePerSecond: number | null;
  /** The figure to show: "1,075/s", "60/s needed", "no effect". */
  figure: string;
  note: string;
  /** False: it is in circulation as advice and does nothing here. */
  helps: boolean;
  /** By itself enough for the rate. */
  fits: boolean;
}

/** Columns of equal length. */
export interface OccupancyCurve {
  atSeconds: number[];
  /** Ports in use over all pools, never above the capacity. */
  inUse: number[];
  /** Where the capacity is reached; null: never. */
  exhaustedAtSeconds: number | null;
}

/** Seconds until full from an empty pool, by requests per second; starts at the rate that just holds. */
export interface TimeToFullCurve {
  profileId: string;
  profileName: string;
  sustainableRatePerSecond: number | null;
  ratePerSecond: number[];
  secondsToFull: number[];
}

/** One profile at the same load. */
export interface ComparisonRow {
  profileId: string;
  name: string;
  kind: ProfileKind;
  range: PortRange;
  /** Ports of one pool. */
  portCount: number;
  /** Seconds of TIME_WAIT, or the reuse delay where reuse works. */
  waitSeconds: number;
  /** From where that is known: "kernel constant". */
  waitKnownFrom: string;
  scope: PoolScope;
  /** "each destination", "each local address", "all destinations". */
  poolCountedPer: string;
  /** Requests per second for ever; null: any. */
  sustainableRatePerSecond: number | null;
  /** sustainable / asked, at most 1. */
  shareOfRate: number;
  /** From an empty pool; null: never. */
  secondsToFull: number | null;
  errorOnExhaustion: string;
  isSelected: boolean;
}

/** Everything the screen shows and the command line prints. */
export interface WhatIfResult {
  effective: WhatIfEffective;
  verdict: WhatIfVerdict;
  /** Pools the load is spread over. */
  poolCount: number;
  capacityPerPool: number;
  /** capacityPerPool × poolCount. */
  capacity: number;
  /** Ports in use, over all pools, from which connect() gets slow; null where there is no such cliff. */
  slowFrom: number | null;
  /** Mean seconds that a connection keeps its port. */
  lockSeconds: number;
  /** Requests per second for ever, over all pools; null: any, because nothing keeps a port. */
  sustainableRatePerSecond: number | null;
  sustainablePerPoolRatePerSecond: number | null;
  /** Requests per second above which connect() gets slow; null where there is no such cliff. */
  slowAtRatePerSecond: number | null;
  /** Ports the rate needs, rounded up. */
  portsNeeded: number;
  steady: {
    /** Ports in use once it is steady, if there were enough of them. */
    inUse: number;
    /** Of those, closed and waiting. */
    timeWait: number;
    /** inUse / capacity; above 1 it never gets there. */
    share: number;
  };
  exhaustion: {
    expected: boolean;
    /** From empty pools; null: never. */
    fromEmptySeconds: number | null;
    /** From `inUse`; null: never. */
    fromInUseSeconds: number | null;
    /** From `inUse` if no port came back; null at rate 0. */
    withoutDeparturesSeconds: number | null;
  };
  /** By rate they hold, lowest first; the first one binds. */
  limits: WhatIfLimit[];
  /** One sentence, or null when everything holds. */
  smallestChange: { sentence: string; spans: Span[] } | null;
  options: WhatIfOption[];
  /** Two options together, or null where there are not two. */
  combination: { sentence: string; spans: Span[]; holdsRatePerSecond: number } | null;
  occupancy: OccupancyCurve;
  /** The asked one first, then the systems to compare with. */
  timeToFull: TimeToFullCurve[];
  comparison: ComparisonRow[];
}

/** A profile as it is shown. */
export interface ProfileDescription {
  id: string;
  name: string;
  kind: ProfileKind;
  range: PortRange;
  /** Ports of one pool; fewer than the range where a provider hands out a part. */
  portCount: number;
  timeWaitSeconds: number;
  timeWaitNote: string;
  scope: PoolScope;
  reuse: { mode: ReuseMode; delayMs: number };
  errorOnExhaustion: string;
  slowFromShare: number | null;
  /** portCount / timeWaitSeconds, full precision. */
  sustainableRatePerSecond: number;
  sources: { figure: string; source: string }[];
}

/** A question people ask, answered. */
export interface Folklore {
  id: string;
  question: string;
  /** A few words: "No." */
  answer: string;
  /** What it really does. */
  really: string;
  source: string;
}

/** A figure that is often quoted. */
export interface QuotedFigure {
  /** As it is written: "~16.5". */
  quoted: string;
  /** How it comes about: "3,976 / 240 s". */
  formula: string;
  exactPerSecond: number;
  profileId: string;
  /** What is rounded or assumed. */
  note: string;
}

/** What a screen needs before the first question. */
export interface WhatIfCatalogue {
  profiles: ProfileDescription[];
  defaults: WhatIfInput;
  /** Live values of the fullest pool; null before the first sample. */
  thisMachine: { name: string; destination: string | null; input: WhatIfInput } | null;
  folklore: Folklore[];
  quoted: QuotedFigure[];
}
