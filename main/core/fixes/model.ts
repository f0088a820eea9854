/**
 * The nouns of fixes. A fix is a value that can plan: from what is known of a machine to a plan, which is plain data and
 * says exactly what would be done. Nothing here touches a system.
 */
import type { PortRange, Remedy, Summary } from '../model.ts';
import type { SystemId } from '../readings.ts';

/** A setting, a file or a limit as it is: a value, not there at all, or not known, with the reason as a clause. */
export type Known = { kind: 'value'; text: string } | { kind: 'absent' } | { kind: 'unknown'; why: string };

/** What can be intended for it. */
export type Intended = Exclude<Known, { kind: 'unknown' }>;

/** A port that something other than an outgoing connection uses. */
export interface PortUser {
  port: number;
  protocol: 'tcp' | 'udp';
  /** Null where it is not known. */
  process: string | null;
}

/** A process whose limit of open files may be changed. */
export interface LimitedProcess {
  pid: number;
  /** Clock ticks since boot at which it began; with the pid it is this process and no other. Null when not known. */
  startTicks: number | null;
  process: string;
  descriptors: number | null;
  /** RLIMIT_NOFILE; null is unlimited. */
  softLimit: number | null;
  hardLimit: number | null;
  /** systemd unit ("nginx.service"), or null. */
  unit: string | null;
  /** Name of its account, or null. */
  user: string | null;
}

/** What is known of a machine beside its summary; main/commands reads it, an import derives it from files. */
export interface SystemState {
  system: SystemId;
  /** Windows 2000, XP, Server 2003. */
  isLegacyWindows: boolean;
  /** Version of the kernel, or null. */
  kernel: { major: number; minor: number } | null;
  /**
   * Settings by name: "net.ipv4.tcp_tw_reuse", "net.inet.tcp.msl", and those of core/fixes/windows/settings.ts. White
   * space within a value is one space.
   */
  values: ReadonlyMap<string, Known>;
  /** Files that fixes write, by path, whole. */
  files: ReadonlyMap<string, Known>;
  /** Files of settings that are read after ours, by the name of the setting that they set. */
  laterFiles: ReadonlyMap<string, string>;
  /** Ports with a TCP listener or a socket bound without being connected, and UDP ports; null where not known. */
  tcpPorts: readonly PortUser[] | null;
  udpPorts: readonly PortUser[] | null;
  processes: readonly LimitedProcess[];
}

/** Choices of a person; what is null is proposed. */
export interface FixParameters {
  range: PortRange | null;
  /** Ports to reserve beside those that are; 'found' stands for services found in the new part of the range. */
  reserve: readonly PortRange[] | 'found' | null;
  poolKey: string | null;
  /** What the fix has to set: seconds, sockets, milliseconds … (its `value` says which). */
  value: number | null;
  pid: number | null;
  /** Keep it after a restart of the machine. */
  persist: boolean;
}

export interface PlanInput {
  state: SystemState;
  /** The sample that predictions are made from, or null when there is none. */
  summary: Summary | null;
  parameters: FixParameters;
}

/** What a step changes. */
export type Target =
  | { kind: 'sysctl'; key: string }
  | { kind: 'file'; path: string; mode: '0644' }
  | { kind: 'dynamic-ports'; family: 4 | 6 }
  /** An administered exclusion; its value is "administered". */
  | { kind: 'excluded-ports'; family: 4 | 6; range: PortRange }
  /** A DWORD below Tcpip\Parameters. */
  | { kind: 'registry'; name: string }
  /** Auto-reuse range of a template: "10240 50000", start and count. */
  | { kind: 'auto-reuse'; setting: string }
  /** "running" or "stopped". */
  | { kind: 'service'; name: string }
  /** "1024:4096", soft and hard. */
  | { kind: 'descriptor-limit'; pid: number; startTicks: number | null }
  /** A command that changes no value: it has nothing to compare and nothing to take back. */
  | { kind: 'action'; name: string };

/** One thing that is done: a program with its exact arguments, or a file as a whole. */
export type Operation =
  | { kind: 'run'; argv: readonly string[] }
  | { kind: 'write-file'; path: string; mode: '0644'; content: string }
  | { kind: 'delete-file'; path: string };

export interface Step {
  target: Target;
  /** As a person knows it: "net.ipv4.ip_local_port_range", a path. */
  title: string;
  current: Known;
  proposed: Intended;
  /** A clause: "keeps 5 services’ ports out of the pool". */
  why: string;
  apply: Operation;
  /** Null where it cannot be taken back; `undoNote` then says so. */
  undo: Operation | null;
  undoNote: string | null;
  needsAdmin: boolean;
  /** Whether it outlasts a restart of the machine. */
  isLasting: boolean;
}

/** A figure now and with the change; null where it cannot be said. */
export interface Change {
  now: number | null;
  then: number | null;
}

/** What is predicted for one pool, in ports and connections a second, from this machine's own figures. */
export interface Effect {
  poolKey: string | null;
  /** "10.0.3.12:443". */
  target: string;
  capacity: Change;
  sustainableRatePerSecond: Change;
  opensPerSecond: Change;
  /** Mean seconds that a connection keeps its port. */
  lockSeconds: Change;
  /** Ports in use once opens and closes balance at this rate. */
  steadyState: Change;
  /** Ports in use, at once. */
  used: Change;
  /** Seconds until the pool is full at this rate; null is never, or not known where `opensPerSecond` is not. */
  runsOutInSeconds: Change;
  /** One sentence with the figures that matter. */
  sentence: string;
}

/** Something a person does, in order: a sentence and what to type, if anything. */
export interface Advice {
  sentence: string;
  commands: readonly string[];
}

export type RecipeProtocol = 'http' | 'mysql' | 'postgresql' | 'redis' | 'grpc' | 'tcp';

/** How a program is changed: the code as it often is, and as it should be. */
export interface Recipe {
  id: string;
  /** As core/attribution.ts names it: "node", "python", "nginx". */
  runtime: string;
  protocol: RecipeProtocol;
  title: string;
  language: string;
  /** Null where there is nothing that is usually wrong. */
  before: string | null;
  after: string;
  pitfalls: readonly string[];
  source: string;
}

export interface Refusal {
  /** A sentence. */
  reason: string;
  /** The same fix with these parameters can be planned; null when nothing can be offered. */
  offer: FixParameters | null;
  /** The offer as options of the command line: "--range 10240-65535 --reserve 15432". */
  offerOptions: string | null;
}

/** Exactly what would be done. Plain data: what is previewed is what is carried out (hardening F1). */
export interface Plan {
  fixId: string;
  title: string;
  system: SystemId;
  refused: Refusal | null;
  /** In the order in which they are carried out; undone in the opposite order. Empty where a person has to act. */
  steps: readonly Step[];
  advice: readonly Advice[];
  recipes: readonly Recipe[];
  effect: Effect | null;
  warnings: readonly string[];
  /** Of the machine: what was looked at before this was offered, a sentence each. */
  checked: readonly string[];
}

export type Grade = 'low' | 'medium' | 'high';

export interface Fix {
  /** As remedies name it. */
  id: string;
  platforms: readonly SystemId[];
  title: string;
  kind: Remedy['kind'];
  /** What it does, and what it does not help with: a sentence or two each. */
  does: string;
  doesNotHelp: string;
  risk: { grade: Grade; sentence: string };
  effort: Grade;
  takesEffect: 'at once' | 'for new connections' | 'when the program starts again' | 'after a restart';
  needsReboot: boolean;
  needsAdmin: boolean;
  scopes: readonly ('now' | 'for good')[];
  /** Whether its plans have steps that can be carried out. */
  isAppliable: boolean;
  /** Parameters that it reads, with what they mean here. */
  takes: Partial<Record<keyof FixParameters, string>>;
  /** The setting that its `value` sets, or "descriptor-limit"; absent where it takes none, or lasts anyway. */
  valueSets?: string;
  source: string;
  /** Pure; never throws. */
  plan(input: PlanInput): Plan;
}

/** Advice in circulation that does not help here or harms: explained, never carried out. */
export interface AdviceEntry {
  id: string;
  platforms: readonly SystemId[];
  /** What people are told to do: "Lower tcp_fin_timeout". */
  title: string;
  verdict: 'does not help' | 'harms' | 'is gone' | 'hardly helps';
  really: string;
  /** Id of the fix that helps instead, or null. */
  insteadFixId: string | null;
  source: string;
}
