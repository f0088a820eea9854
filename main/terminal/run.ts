/** What it means to run a command: the same limits and the same result, visibly (pty) or quietly (pipe). */

export type RunWay = 'visible' | 'quiet';

export interface RunLimits {
  /** Milliseconds from start to end. */
  timeoutMs: number;
  /** Milliseconds without a byte of output. */
  silenceMs: number;
  /** Bytes of output kept, both streams together; more ends the run. */
  outputBytes: number;
  /** Bytes without a line end; more ends the run. */
  lineBytes: number;
  /** Lines of output; more ends the run. */
  lines: number;
  /** Milliseconds between SIGTERM and SIGKILL to the group. */
  graceMs: number;
}

/** hardening C6. */
export const DEFAULT_LIMITS: RunLimits = {
  timeoutMs: 10_000,
  silenceMs: 10_000,
  outputBytes: 16 * 1024 * 1024,
  lineBytes: 1024 * 1024,
  lines: 2_000_000,
  graceMs: 2000,
};

export interface RunRequest {
  /** Key of the table of programs. */
  tool: string;
  argv: readonly string[];
  way: RunWay;
  limits?: Partial<RunLimits>;
  /** Size of the pty; ignored by a pipe. Default 200 × 50. */
  columns?: number;
  rows?: number;
}

/** How a run came to its end. */
export type RunEnd =
  | 'exited'
  | 'signalled'
  | 'timed-out'
  | 'silent'
  | 'too-much-output'
  | 'line-too-long'
  | 'too-many-lines'
  | 'cancelled';

export interface RunResult {
  tool: string;
  argv: readonly string[];
  /** Absolute path that was started. */
  program: string;
  /** The way it really ran: a pty that may not be used (hardening G1) becomes 'quiet', and `note` says why. */
  way: RunWay;
  note: string | null;
  /** Epoch milliseconds. */
  startedAtMs: number;
  tookMs: number;
  end: RunEnd;
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  /** Output up to the limit; on a pty both streams, CRLF line ends as the terminal makes them. */
  stdout: Uint8Array;
  /** Empty on a pty. */
  stderr: Uint8Array;
  /** True when output beyond a limit was dropped. */
  truncated: boolean;
  /** Processes of the run's session that were still there after SIGKILL. */
  survivors: readonly number[];
}
