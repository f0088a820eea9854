/** Runs commands of a table of programs, several at once, each within its limits and none waiting for another's end. */
import { statSync } from 'node:fs';
import type { Outcome } from '../core/model.ts';
import { chooseSystem } from './choose-system.ts';
import type { Environment } from './environment.ts';
import { runQuiet } from './pipe.ts';
import type { ProgramTable } from './programs/table.ts';
import { findProgram } from './programs.ts';
import { startVisible, type PrivatePty, type PtyModule, type VisibleRun } from './pty.ts';
import { parseRunRequest } from './request.ts';
import type { CommandLine, RunParts } from './run-parts.ts';
import type { RunCommand, RunHooks, RunRequest, RunResult, RunWay, StartedRun } from './run.ts';
import type { System } from './system.ts';
import { runsElevated } from './trusted-file.ts';
import { Turns } from './turns.ts';

/** Runs at once of either way. */
export const RUNS_AT_ONCE = 8;

export interface RunnerOptions {
  programs: ProgramTable;
  /** Epoch milliseconds. */
  now(): number;
  monotonicMs(): number;
  /** Default: built from nothing for this system (hardening C3). */
  env?: Environment;
  /** Default: the root of the file system, which always exists. */
  directory?: string;
  /** Default: this system's. */
  system?: System;
  /** Whether programs that others can change are refused (hardening C1). Default: when we are root. */
  elevated?: boolean;
  /** Default: node-pty, when the first visible run needs it. */
  loadPty?: () => Promise<PtyModule>;
}

export interface Runner {
  /** Starts a run, or lets it wait its turn. Failures: 'invalid', 'unavailable' after `end`. */
  start(request: RunRequest, hooks?: RunHooks): Outcome<StartedRun>;
  /** `start` and wait. Failures also: 'tool-missing', 'not-permitted', 'system': it could not be started. */
  run: RunCommand;
  /** Ends all runs and starts no more; settles when nothing is left running. */
  end(): Promise<void>;
}

export function createRunner(options: RunnerOptions): Runner {
  return new CommandRunner(options);
}

class CommandRunner implements Runner {
  private readonly options: RunnerOptions;
  private readonly parts: RunParts;
  private readonly turns: Record<RunWay, Turns> = {
    visible: new Turns(RUNS_AT_ONCE),
    quiet: new Turns(RUNS_AT_ONCE),
  };
  private readonly running = new Map<AbortController, Promise<unknown>>();
  private hasEnded = false;
  private pty: Promise<PtyModule> | null = null;

  constructor(options: RunnerOptions) {
    this.options = options;
    const system = options.system ?? chooseSystem(process.platform);
    this.parts = {
      system,
      environment: options.env ?? system.environment(),
      directory: options.directory ?? system.directory,
      now: options.now,
      monotonicMs: options.monotonicMs,
    };
  }

  readonly run: RunCommand = async (request, hooks) => {
    const started = this.start(request, hooks);
    return started.ok ? started.value.result : started;
  };

  start(asked: RunRequest, hooks: RunHooks = {}): Outcome<StartedRun> {
    const parsed = parseRunRequest(asked);
    if (!parsed.ok) return parsed;
    if (this.hasEnded) {
      return { ok: false, failure: { code: 'unavailable', what: 'the terminal', why: 'it is ending' } };
    }
    const abort = new AbortController();
    const cancel = () => abort.abort();
    hooks.signal?.addEventListener('abort', cancel, { once: true });
    if (hooks.signal?.aborted) cancel();
    let visible: VisibleRun | null = null;
    const result = this.perform(parsed.value, { ...hooks, signal: abort.signal }, (run) => {
      visible = run;
    }).finally(() => {
      hooks.signal?.removeEventListener('abort', cancel);
      this.running.delete(abort);
      visible = null;
    });
    this.running.set(abort, result);
    return {
      ok: true,
      value: {
        result,
        cancel,
        write: (bytes) => {
          visible?.write(bytes);
          return visible !== null;
        },
        resize: (columns, rows) => visible?.resize(columns, rows),
      },
    };
  }

  async end(): Promise<void> {
    this.hasEnded = true;
    for (const abort of this.running.keys()) abort.abort();
    await Promise.allSettled(this.running.values());
  }

  private async perform(
    request: RunRequest,
    hooks: RunHooks & { signal: AbortSignal },
    onVisible: (run: VisibleRun) => void,
  ): Promise<Outcome<RunResult>> {
    const line = await this.resolve(request);
    if (!line.ok) return line;
    const giveBack = await this.turns[request.way].take(hooks.signal);
    if (!giveBack) return { ok: true, value: cancelledBeforeStart(request, line.value, this.parts.now()) };
    try {
      const result = await this.execute(request, line.value, hooks, onVisible);
      await hooks.passedOn?.();
      return result;
    } finally {
      giveBack();
    }
  }

  /** Program and folder are checked before anything starts: node-pty tells a missing one as exit 1 (hardening C11). */
  private async resolve(request: RunRequest): Promise<Outcome<CommandLine>> {
    const { programs, elevated = runsElevated() } = this.options;
    const program = findProgram(programs, request.tool, elevated);
    if (!program.ok) return program;
    if (!isFolder(this.parts.directory)) {
      return { ok: false, failure: { code: 'gone', what: `the folder ${this.parts.directory}` } };
    }
    // Also for quiet runs: what was open before us is marked with the first call.
    await this.parts.system.keepPrivate();
    const leash = request.onParentDeath === 'hang-up' ? [] : await this.parts.system.leash();
    return { ok: true, value: { leash, program: program.value, argv: request.argv } };
  }

  private async execute(
    request: RunRequest,
    line: CommandLine,
    hooks: RunHooks,
    onVisible: (run: VisibleRun) => void,
  ): Promise<Outcome<RunResult>> {
    if (request.way === 'quiet') return runQuiet(request, line, this.parts, hooks);
    const refusal = this.parts.system.visibleRefusal();
    if (refusal !== null) return runQuiet(request, line, this.parts, hooks, refusal);
    const pty = await this.loadPty();
    if (!pty.ok) return runQuiet(request, line, this.parts, hooks, pty.note);
    const started = startVisible(pty.value, request, line, this.parts, hooks);
    if (!started.ok) return started;
    onVisible(started.value);
    return started.value.result;
  }

  private async loadPty(): Promise<{ ok: true; value: PrivatePty } | { ok: false; note: string }> {
    const keepPrivate = await this.parts.system.keepPrivate();
    if (!keepPrivate) return { ok: false, note: pipeNote('koffi, which keeps terminals apart,', '') };
    this.pty ??= (this.options.loadPty ?? (() => import('node-pty')))();
    try {
      const { spawn } = await this.pty;
      return { ok: true, value: { spawn, keepPrivate } };
    } catch (error) {
      // No binary for this system (musl, an unusual processor).
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      return { ok: false, note: pipeNote('node-pty', ` (${why})`) };
    }
  }
}

function pipeNote(what: string, why: string): string {
  return `Ran over a pipe instead of a terminal: ${what} cannot be loaded${why}.`;
}

function cancelledBeforeStart(request: RunRequest, line: CommandLine, atMs: number): RunResult {
  return {
    tool: request.tool,
    argv: request.argv,
    program: line.program,
    way: request.way,
    note: 'Cancelled while it waited for other runs; it was never started.',
    startedAtMs: atMs,
    tookMs: 0,
    end: 'cancelled',
    exitCode: null,
    signal: null,
    stdout: new Uint8Array(0),
    stderr: new Uint8Array(0),
    truncated: false,
    survivors: [],
  };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
