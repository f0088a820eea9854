/**
 * What the rules look at: everything known of one sample, as values. The sampler gathers it; unknown is null and a rule
 * that needs it then says nothing. Counts are sockets.
 */
import type { SystemId } from '../readings.ts';
import type {
  Consumer,
  Pool,
  StackCounters,
  StackSettings,
  SummaryOrigin,
  TcpStateName,
  Thresholds,
  Totals,
} from '../model.ts';

/** A listening socket. */
export interface ListenerEvidence {
  address: string;
  port: number;
  pid: number | null;
  process: string | null;
  /** Inside the ephemeral port range and not reserved: a client could otherwise have been given this port. */
  insideRange: boolean;
  /** Connections waiting for accept(), and how many may; null where the system does not tell. */
  acceptQueue: number | null;
  backlog: number | null;
}

/** Sockets in one state that belong together. */
export interface StatePile {
  state: TcpStateName;
  /** Null when the owner is unknown or there is none any more (an orphan). */
  pid: number | null;
  process: string | null;
  /** "10.0.3.12:443", or null where the pile is over several destinations. */
  destination: string | null;
  /** Local port of a service whose clients' connections these are: they hold no ephemeral port. Else null. */
  servicePort: number | null;
  sockets: number;
  /** Of these, held by no process any more. */
  orphans: number;
  /** Sockets a second over `watchedSeconds`; null before there is a past. */
  growthPerSecond: number | null;
  /** How long piles have been watched, seconds. */
  watchedSeconds: number;
  /** Seconds since the oldest of them was first seen in this state; a lower bound, like the next two. */
  oldestSeconds: number | null;
  /** At least half of them have been in this state for so many seconds. */
  medianSeconds: number | null;
  /** Of these, in this state for two minutes or longer. */
  overTwoMinutes: number;
}

/** TIME_WAIT whose local port is one this machine listens on: it closed first as the server. */
export interface ServerTimeWait {
  localPort: number;
  process: string | null;
  sockets: number;
}

/** Ports of a pool by the parity that connect() tries second; bind(port 0) takes that one first (Linux). */
export interface PoolParity {
  poolKey: string;
  sockets: number;
  /** Of these, taken while less than half of the pool was used as far as that is known: only they tell. */
  judged: number;
  /** Of the judged ones. */
  offParity: number;
}

/** A process and its descriptors. */
export interface ProcessEvidence {
  pid: number;
  process: string;
  descriptors: number | null;
  descriptorLimit: number | null;
}

/** Settings that decide nothing about ports but that people change in the belief that they do. */
export interface LinuxExtras {
  finTimeoutSeconds: number | null;
  /** Value of tcp_tw_recycle; null where the kernel has none (since 4.12) or it could not be read. */
  twRecycle: number | null;
  synRetries: number | null;
  unprivilegedPortStart: number | null;
  maxOrphans: number | null;
  /** nf_conntrack_tcp_timeout_time_wait, seconds. */
  conntrackTimeWaitSeconds: number | null;
  somaxconn: number | null;
}

export interface WindowsExtras {
  /** Null when the value is not set. */
  maxUserPort: number | null;
  timedWaitDelaySeconds: number | null;
  /** Before Vista, where these values were read. */
  isLegacy: boolean;
  /** Tcpip events of the last day. */
  events: { id: number; count: number; lastAt: string | null }[];
}

export interface MacosExtras {
  uptimeSeconds: number | null;
  /** Whether TIME_WAIT sockets were seen to end; null before one hold has passed. */
  timeWaitEnds: boolean | null;
}

/** Where the machine stands in its network. */
export interface SurroundingsEvidence {
  /** Its own non-loopback addresses. */
  addresses: string[];
  container: string | null;
  /** "AWS", "Azure", "Google Cloud" by DMI or similar; null when unknown or none. */
  cloud: string | null;
}

export interface FindingEvidence {
  /** Epoch milliseconds of the sample. */
  atMs: number;
  /** Seconds since sampling began; 0 at the first sample and for an import. */
  watchedSeconds: number;
  origin: SummaryOrigin['kind'];
  system: SystemId;
  settings: StackSettings;
  /** Ports a new pool would have. */
  capacity: number;
  /** Ports of the range that are reserved or excluded. */
  reservedCount: number;
  /** From where a pool counts as bad. */
  thresholds: Thresholds;
  /** Followed pools, fullest first. */
  pools: readonly Pool[];
  poolCount: number;
  totals: Totals;
  counters: StackCounters;
  /** Change a second of each counter since the sample before; null where unknown. */
  counterRates: Readonly<Partial<Record<keyof StackCounters, number | null>>>;
  consumers: readonly Consumer[];
  listeners: readonly ListenerEvidence[];
  serverTimeWait: readonly ServerTimeWait[];
  /** Piles of CLOSE_WAIT, SYN_SENT, FIN_WAIT_2 (orphans too), LAST_ACK and BOUND, largest first. */
  piles: readonly StatePile[];
  poolParity: readonly PoolParity[];
  processes: readonly ProcessEvidence[];
  linux: LinuxExtras | null;
  windows: WindowsExtras | null;
  macos: MacosExtras | null;
  surroundings: SurroundingsEvidence;
  /** Milliseconds that connect() took when it was measured here, or null: never measured without being asked. */
  connectCostMs: number | null;
}
