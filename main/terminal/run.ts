/** What it means to run a command: the same limits and the same result, visibly (pty) or quietly (pipe). */
import type { Outcome } from '../core/model.ts';

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
  /**
   * What becomes of it when the process that runs it is killed. 'kill' (default): killed too, where the system can.
   * 'hang-up': it hears its terminal hang up, and can put back what it changed.
   */
  onParentDeath?: 'kill' | 'hang-up';
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

export type OutputStream = 'out' | 'err';

export interface RunHooks {
  /** Ends the run as 'cancelled', its whole process group with it. */
  signal?: AbortSignal;
  /** Output within the limits, as it comes. On a pty everything is 'out'. The bytes may not be changed. */
  onOutput?: (stream: OutputStream, bytes: Uint8Array) => void;
  /** False: `stdout` and `stderr` of the result stay empty, the caller takes them from `onOutput`. Default true. */
  keepOutput?: boolean;
  /** The run keeps its place among those at once until this is settled: whoever passes its output on is slower. */
  passedOn?: () => Promise<void>;
}

/** What `Runner.run` is, for those who are handed it. Failures: the command could not be started at all. */
export type RunCommand = (request: RunRequest, hooks?: RunHooks) => Promise<Outcome<RunResult>>;

/** A run that is under way or waits its turn. */
export interface StartedRun {
  result: Promise<Outcome<RunResult>>;
  /** Types into a visible run; false when it cannot be typed into (quiet, not started yet, or over). */
  write(bytes: Uint8Array): boolean;
  /** Size of a visible run's terminal, in characters. */
  resize(columns: number, rows: number): void;
  cancel(): void;
}

/** Ended by itself with one of `goodExits`, nothing cut off. Whether its output has the right shape is the caller's. */
export function endedWell(result: RunResult, goodExits: readonly number[] = [0]): boolean {
  return (
    result.end === 'exited' &&
    !result.truncated &&
    result.exitCode !== null &&
    goodExits.includes(result.exitCode)
  );
}
