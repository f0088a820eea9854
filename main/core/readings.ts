/**
 * What the output of a tool says, as values. Parsers in main/probes make them; sampling, import and the Evidence
 * screen use them. Unknown is null, never 0 or ''. Text from the tool is sanitised (hardening T1) where it is kept.
 */
import type { ParsedAddress } from './address.ts';
import type { PortRange } from './model.ts';

export type SystemId = 'linux' | 'windows' | 'macos' | 'freebsd';

/** One end of a socket. A wildcard (`*`, `0.0.0.0`, `::`) is the zero address of its family; `*` as a port is 0. */
export interface SocketEndpoint {
  /** Null when the text is no address: a host name, or cut off by the tool. */
  address: ParsedAddress | null;
  /** Null when it was not printed, was cut off, or is a service name that is not known. */
  port: number | null;
  /** As printed, sanitised, where `address` or `port` is null; else null. */
  text: string | null;
}

/** A process that a tool names beside a socket. */
export interface SocketHolder {
  pid: number | null;
  /** Null when only the pid is told. Possibly cut by the tool. */
  process: string | null;
  fd: number | null;
}

/** One TCP socket of a listing. */
export interface SocketReading {
  /** Line of the text on which it begins, from 1. */
  line: number;
  family: 4 | 6;
  /** A TcpState number; 0 (UNKNOWN) when the tool does not tell or its word is not known. */
  state: number;
  local: SocketEndpoint;
  remote: SocketEndpoint;
  receiveQueue: number | null;
  sendQueue: number | null;
  /** A SocketTimer value and the milliseconds until it fires; null when the tool does not tell. */
  timer: { kind: number; expiresMs: number | null; retransmits: number | null } | null;
  uid: number | null;
  inode: number | null;
  /** sock_diag cookie (`sk:`) as hexadecimal digits. */
  cookie: string | null;
  holders: readonly SocketHolder[];
  /** What else the tool tells of it, by its own word: "offload", "cgroup", "created", "component". Null when nothing. */
  details: ReadonlyMap<string, string> | null;
}

/** A line that was not understood: reported, never skipped in silence. */
export interface LineProblem {
  /** From 1. */
  line: number;
  /** The line, sanitised and cut. */
  text: string;
  /** One short clause: "port 70000 is out of range". */
  why: string;
}

/** One thing other than a socket that an output tells, with the line it stands on (from 1). */
export type Fact = { line: number } & (
  | { kind: 'setting'; name: string; value: string }
  /** A setting or file that the tool says does not exist or may not be read. */
  | { kind: 'absent'; name: string; why: string }
  /** netsh dynamicport; family null where the output does not say. */
  | {
      kind: 'dynamic-ports';
      protocol: 'tcp' | 'udp' | null;
      family: 4 | 6 | null;
      first: number;
      count: number;
    }
  /** netsh excludedportrange, TCP; family null where the output does not say. `run` counts its tables, from 1. */
  | {
      kind: 'excluded-ports';
      family: 4 | 6 | null;
      range: PortRange;
      administered: boolean;
      run: number;
    }
  /** A DWORD under Tcpip\Parameters; null when the value is not set. */
  | { kind: 'registry'; name: string; value: number | null }
  /** Get-NetTCPSetting: the auto-reuse range of one setting; count 0 = off. */
  | { kind: 'auto-reuse-ports'; setting: string; first: number; count: number }
  /** A counter by the kernel's own names: group "Tcp" name "ActiveOpens"; group "sockstat TCP" name "tw". */
  | { kind: 'counter'; group: string; name: string; value: number }
  /** netstat -s lines of BSD and macOS have words, not names: name is the line's text without its number. */
  | { kind: 'process'; pid: number; name: string; commandLine: string | null }
  | { kind: 'event'; id: number; at: string | null; text: string }
  | {
      kind: 'tracked-flow';
      protocol: string;
      state: string | null;
      timeoutSeconds: number | null;
      source: string;
      destination: string;
      isTranslated: boolean;
    }
  | { kind: 'address'; interface: string; address: string; prefixLength: number | null }
  /** Context of a process or the machine: "cgroup", "container", "route", "unit". */
  | { kind: 'note'; name: string; value: string }
);

/** Lines or rows left out on purpose, counted by what they are: "udp", "unix", "raw". */
export interface SkippedRows {
  what: string;
  count: number;
}

/** What a parser understood of one output. The sockets themselves go to the callback as they are read. */
export interface OutputReading {
  /** Name of the format, see main/probes/formats.ts: "ss", "windows-netstat", "sysctl". */
  format: string;
  /** The system that prints this, or null where several do. */
  system: SystemId | null;
  /** TCP sockets handed over. */
  rows: number;
  facts: Fact[];
  skipped: SkippedRows[];
  /** The first MAX_PROBLEMS lines that were not understood. */
  problems: LineProblem[];
  /** How many there were in all. */
  problemCount: number;
  /** True when the last line is cut off and was therefore dropped. */
  truncated: boolean;
}

/** Problems kept of one output. */
export const MAX_PROBLEMS = 50;

/**
 * Understands a whole output: linear in its length, never throws, hands each TCP socket to `take` in order. One bad
 * line costs that line alone. `text` has LF or CRLF line ends.
 */
export type OutputParser = (text: string, take: (socket: SocketReading) => void) => OutputReading;
