/**
 * Runs a command in the person's own terminal, for the command line: it stays in our session, so that sudo can ask on
 * /dev/tty and Control-C reaches it; we speak with it over pipes, and what it complains of goes where ours goes.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Outcome } from '../core/model.ts';
import { chooseSystem } from './choose-system.ts';
import type { LeaderStatus } from './course.ts';
import { LIMIT_CEILINGS, limitsOf } from './limits.ts';
import { spawnFailure } from './pipe.ts';
import type { ProgramTable } from './programs/table.ts';
import { choosePrograms, findProgram } from './programs.ts';
import { parseRunRequest } from './request.ts';
import type { RunLimits, RunRequest } from './run.ts';
import type { System } from './system.ts';
import { runsElevated } from './trusted-file.ts';

export type ForegroundRequest = Pick<RunRequest, 'tool' | 'argv' | 'limits'>;

export interface ForegroundHooks {
  /** Its standard output, as it comes. The bytes may not be changed. */
  onOutput(bytes: Uint8Array): void;
}

export interface ForegroundRun {
  write(bytes: Uint8Array): void;
  /** It reads the end of its input. */
  closeInput(): void;
  /** SIGTERM, where it is another user's the end of its input; after the grace SIGKILL. */
  cancel(): void;
  /** How it ended. Failures: 'not-permitted', 'gone' and 'system', when it could not be started. */
  result: Promise<Outcome<LeaderStatus>>;
}

/** For tests; what is left out is this system's. */
export interface ForegroundOptions {
  programs?: ProgramTable;
  system?: System;
  elevated?: boolean;
}

/** A person types passwords and thinks: an hour, unless told otherwise. */
const LIMITS: Partial<RunLimits> = { timeoutMs: LIMIT_CEILINGS.timeoutMs, graceMs: 15_000 };

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** Failures: 'invalid', 'tool-missing', 'not-permitted', 'unavailable', as of the runner. */
export function startForeground(
  asked: ForegroundRequest,
  hooks: ForegroundHooks,
  { programs, system = chooseSystem(process.platform), elevated = runsElevated() }: ForegroundOptions = {},
): Outcome<ForegroundRun> {
  const parsed = parseRunRequest({ ...asked, way: 'quiet' });
  if (!parsed.ok) return parsed;
  const program = findProgram(programs ?? choosePrograms(process.platform), asked.tool, elevated);
  if (!program.ok) return program;
  const child = startChild(program.value, asked.argv, system);
  if (!child.ok) return child;
  const limits = limitsOf({ ...LIMITS, ...parsed.value.limits });
  return { ok: true, value: watch(child.value, program.value, limits, hooks) };
}

function startChild(program: string, argv: readonly string[], system: System): Outcome<Child> {
  try {
    const child = spawn(program, [...argv], {
      cwd: system.directory,
      env: { ...system.environment() },
      stdio: ['pipe', 'pipe', 'inherit'],
      windowsHide: true,
    });
    return { ok: true, value: child };
  } catch (error) {
    return { ok: false, failure: spawnFailure(program, error) };
  }
}

function watch(child: Child, program: string, limits: RunLimits, hooks: ForegroundHooks): ForegroundRun {
  let kill: NodeJS.Timeout | null = null;
  const cancel = () => {
    if (kill !== null || child.exitCode !== null || child.signalCode !== null) return;
    if (!child.kill('SIGTERM')) child.stdin.end();
    kill = setTimeout(() => void child.kill('SIGKILL'), limits.graceMs);
  };
  const timeout = setTimeout(cancel, limits.timeoutMs);
  let room = limits.outputBytes;
  child.stdout.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, room);
    room -= kept.length;
    if (kept.length > 0) hooks.onOutput(kept);
    if (kept.length < chunk.length) cancel();
  });
  child.stdout.on('error', () => undefined);
  // It need not read what we write; that it has ended is heard below.
  child.stdin.on('error', () => undefined);
  const result = new Promise<Outcome<LeaderStatus>>((resolve) => {
    // Also told for each signal that may not be sent.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ ok: false, failure: spawnFailure(program, error) });
    });
    // What it left behind that still reads, and so holds its output open, hears that we are done.
    child.once('exit', () => child.stdin.end());
    child.once('close', (exitCode, signal) => resolve({ ok: true, value: { exitCode, signal } }));
  });
  void result.then(() => {
    clearTimeout(timeout);
    if (kill !== null) clearTimeout(kill);
  });
  return {
    write: (bytes) => {
      if (child.stdin.writable) child.stdin.write(bytes);
    },
    closeInput: () => child.stdin.end(),
    cancel,
    result,
  };
}
