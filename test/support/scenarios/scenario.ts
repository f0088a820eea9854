/** A situation made on the real kernel, and what must be found in it. */
import type { Level } from '../../../main/core/model.ts';
import type { LoadPlan } from '../load/load.ts';
import type { NamespaceSettings } from '../namespace.ts';

/** A program of roles.mjs. */
export type Role =
  | { role: 'echo' | 'never-closes' | 'shuts-down'; address: string; port: number }
  | { role: 'deaf'; address: string; port: number; backlog: number }
  | { role: 'pooled'; address: string; port: number; connections: number; requestsPerSecond: number }
  | { role: 'leaks' | 'abandons'; address: string; port: number; count: number; perSecond?: number }
  | { role: 'datagrams'; address: string; sockets: number; perSecond: number }
  | { role: 'flows'; address: string; count: number };

export interface Program {
  /** On the machine that is watched, or on its peer. */
  on: 'here' | 'peer';
  /** What it calls itself, 15 characters at most; the findings must name it so. */
  name: string;
  does: Role[] | Omit<LoadPlan, 'seconds' | 'nameHex'>;
  /** RLIMIT_NOFILE, soft and hard. */
  descriptorLimit?: number;
}

/** Settings of net.ipv4 and others below /proc/sys/net, by their path: "ipv4/tcp_fin_timeout". */
export type Sysctls = Readonly<Record<string, string>>;

export interface ExpectedFinding {
  rule: string;
  level: Level;
  /** What its sentence must say: the culprit, the destination. */
  says?: RegExp;
}

export interface Scenario {
  /** "a busy client that keeps its connections". */
  title: string;
  settings: NamespaceSettings;
  sysctls?: Sysctls;
  /** Commands run inside before anything starts. */
  commands?: string[][];
  /** Started in this order, each when the one before is ready. */
  programs: Program[];
  /** Of the verdict at the end; it is never worse before. */
  level: Level;
  /** What must stand at the end. */
  finds: ExpectedFinding[];
  /** What may be found too, at this level at most; everything else is a false alarm. */
  mayFind?: Readonly<Record<string, Level>>;
  /** It is watched for at least so long, so that a false alarm has its time. Default 8. */
  watchSeconds?: number;
  /** Until when the end must have come. Default 45. */
  limitSeconds?: number;
  /** What must have happened for the scenario to be what it says: the states of its sockets at the end. */
  shows?: Readonly<Record<string, number>>;
  /** Why it cannot be made here, or null. */
  missing?(): string | null;
}
