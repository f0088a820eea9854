/** A visible run: the command has a terminal (node-pty), which can be typed into. Bytes in and out, never decoded. */
import { constants } from 'node:os';
import type { Outcome } from '../core/model.ts';
import { Course } from './course.ts';
import { endThroughTerminal } from './end-through-terminal.ts';
import { limitsOf } from './limits.ts';
import { refusal } from './pipe.ts';
import type { CommandLine, RunParts } from './run-parts.ts';
import type { RunHooks, RunRequest, RunResult } from './run.ts';
import { leashComplaint } from './systems/linux-leash.ts';

/** ss pads its rows to the width of its terminal: no wider than the window shows without wrapping (TERMINAL_COLUMNS). */
const DEFAULT_SIZE = { columns: 100, rows: 50 };
/** Programs that know a dumb terminal print no escape sequences: what is shown is also what is parsed. */
const TERMINAL_NAME = 'dumb';

/** The part of node-pty that is used. */
export interface PtyModule {
  spawn(file: string, argv: string[], options: object): Pty;
}

/** node-pty, and what it lacks: its terminals are open to every command started later, unless they are kept private. */
export interface PrivatePty extends PtyModule {
  keepPrivate(descriptor: number): void;
}

export interface Pty {
  readonly pid: number;
  /** The terminal's descriptor; absent on Windows and in the declared types. */
  readonly fd?: number;
  onData(listener: (data: string) => void): unknown;
  onExit(listener: (exit: { exitCode: number; signal?: number }) => void): unknown;
  write(data: Buffer): void;
  resize(columns: number, rows: number): void;
}

/** What node-pty has beside its declared types (1.2.0-beta.15, lib/unixTerminal.js). */
interface PtyInside {
  on?(event: 'error', listener: () => void): unknown;
  destroy?(): void;
  _socket?: { readonly readableEnded: boolean; destroy(error?: Error): unknown };
}

export interface VisibleRun {
  result: Promise<Outcome<RunResult>>;
  write(bytes: Uint8Array): void;
  resize(columns: number, rows: number): void;
}

/** Starts `line` in a terminal. Failures: 'system', when there is no pty to be had. */
export function startVisible(
  pty: PrivatePty,
  request: RunRequest,
  line: CommandLine,
  parts: RunParts,
  hooks: RunHooks,
): Outcome<VisibleRun> {
  const startedAtMs = parts.now();
  const opened = openPty(pty, request, line, parts);
  if (!opened.ok) return opened;
  const terminal = opened.value;
  if (terminal.fd !== undefined) pty.keepPrivate(terminal.fd);
  const held = parts.system.holdsPtyOpen
    ? holdOpen(terminal, () => course.leaderGone(null))
    : { abandon: () => undefined };
  let isOver = false;
  const course = new Course({
    about: { tool: request.tool, argv: request.argv, program: line.program, way: 'visible', note: null },
    limits: limitsOf(request.limits),
    hooks,
    startedAtMs,
    monotonicMs: parts.monotonicMs,
    tree: endThroughTerminal(parts.system.treeOf(terminal.pid), terminal.pid, {
      type: (bytes) => terminal.write(Buffer.from(bytes)),
      hangUp: held.abandon,
    }),
    abandon: held.abandon,
  });
  // Without an encoding the data are Buffers, whatever the declared type says; text on Windows only.
  terminal.onData((data: string | Buffer) => {
    course.take('out', typeof data === 'string' ? Buffer.from(data) : data);
  });
  terminal.onExit(({ exitCode, signal }) => {
    isOver = true;
    const name = signalName(signal ?? 0);
    course.leaderGone({ exitCode: name === null ? exitCode : null, signal: name });
    course.closed();
    // Drops what was typed and not taken: the descriptor's number will soon be another file's.
    (terminal as PtyInside).destroy?.();
  });
  return {
    ok: true,
    value: {
      result: course.result.then((result) => unlessRefused(result, line)),
      write: (bytes) => {
        if (!isOver) terminal.write(Buffer.from(bytes));
      },
      resize: (columns, rows) => {
        if (!isOver) terminal.resize(columns, rows);
      },
    },
  };
}

function openPty(pty: PtyModule, request: RunRequest, line: CommandLine, parts: RunParts): Outcome<Pty> {
  const [first = '', ...rest] = [...line.leash, line.program, ...line.argv];
  try {
    const terminal = pty.spawn(first, rest, {
      name: TERMINAL_NAME,
      cols: request.columns ?? DEFAULT_SIZE.columns,
      rows: request.rows ?? DEFAULT_SIZE.rows,
      cwd: parts.directory,
      env: { ...parts.environment },
      encoding: null,
    });
    // node-pty throws what it reads as an error unless somebody else listens too.
    (terminal as PtyInside).on?.('error', () => undefined);
    return { ok: true, value: terminal };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, failure: { code: 'system', call: 'a terminal', errno: null, message } };
  }
}

/**
 * node-pty closes the terminal 200 ms after the exit, read or not: a process that was busy meanwhile loses the end of
 * the output (12 of 20 runs of 60 KB with a loop that stalls for 260 ms). Until `abandon` only the end of the data
 * closes it; what node-pty asks for instead means that the command has ended and its output is still open.
 */
function holdOpen(terminal: Pty, lingers: () => void): { abandon(): void } {
  const socket = (terminal as PtyInside)._socket;
  if (!socket) return { abandon: () => (terminal as PtyInside).destroy?.() };
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error) => {
    if (error !== undefined || socket.readableEnded) return destroy(error);
    lingers();
    return socket;
  };
  return { abandon: () => void destroy() };
}

function unlessRefused(result: RunResult, line: CommandLine): Outcome<RunResult> {
  const text = result.stdout.length > 4096 ? '' : Buffer.from(result.stdout).toString('latin1');
  const complaint = line.leash.length > 0 ? leashComplaint(result.exitCode, text) : null;
  return complaint === null
    ? { ok: true, value: result }
    : { ok: false, failure: refusal(line.program, complaint) };
}

function signalName(signal: number): string | null {
  if (signal === 0) return null;
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return name ?? `signal ${signal}`;
}
