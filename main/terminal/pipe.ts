/** A quiet run: the command writes into pipes, in a session of its own and without input. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Failure, Outcome } from '../core/model.ts';
import { Course } from './course.ts';
import { limitsOf } from './limits.ts';
import type { CommandLine, RunParts } from './run-parts.ts';
import type { RunHooks, RunRequest, RunResult } from './run.ts';
import { leashComplaint } from './systems/linux-leash.ts';

type PipedChild = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Runs `line` to its end. `note` says why a run that was to be visible is not. Failures: 'not-permitted', 'gone' and
 * 'system', when it could not be started at all.
 */
export async function runQuiet(
  request: RunRequest,
  line: CommandLine,
  parts: RunParts,
  hooks: RunHooks,
  note: string | null = null,
): Promise<Outcome<RunResult>> {
  const startedAtMs = parts.now();
  const started = startChild(line, parts);
  if (!started.ok) return started;
  const child = started.value;
  if (child.pid === undefined) return { ok: false, failure: await startError(child, line.program) };
  const course = new Course({
    about: { tool: request.tool, argv: request.argv, program: line.program, way: 'quiet', note },
    limits: limitsOf(request.limits),
    hooks,
    startedAtMs,
    monotonicMs: parts.monotonicMs,
    tree: parts.system.treeOf(child.pid),
    abandon: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
  });
  child.stdout.on('data', (chunk: Buffer) => course.take('out', chunk));
  child.stderr.on('data', (chunk: Buffer) => course.take('err', chunk));
  child.on('exit', (exitCode, signal) => course.leaderGone({ exitCode, signal }));
  child.on('close', () => course.closed());
  // Of a child that runs, only a signal that could not be sent; who is left is looked at anyway.
  child.on('error', () => undefined);
  const result = await course.result;
  const complaint = line.leash.length > 0 ? leashComplaint(result.exitCode, textOf(result.stderr)) : null;
  if (complaint !== null) return { ok: false, failure: refusal(line.program, complaint) };
  return { ok: true, value: result };
}

function startChild(line: CommandLine, parts: RunParts): Outcome<PipedChild> {
  const [first = '', ...rest] = [...line.leash, line.program, ...line.argv];
  try {
    const child = spawn(first, rest, {
      cwd: parts.directory,
      env: { ...parts.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: parts.system.hasSessions,
      windowsHide: true,
    });
    return { ok: true, value: child };
  } catch (error) {
    return { ok: false, failure: spawnFailure(line.program, error) };
  }
}

function startError(child: PipedChild, program: string): Promise<Failure> {
  return new Promise((resolve) => child.once('error', (error) => resolve(spawnFailure(program, error))));
}

/** Errors of spawn: the usual ones come as an event, rarer ones (E2BIG) are thrown. */
export function spawnFailure(program: string, error: unknown): Failure {
  const { code, errno, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return { code: 'not-permitted', what: `run ${program}`, needs: 'permission to execute that file' };
  }
  if (code === undefined) throw error;
  return { code: 'system', call: `to start ${program}`, errno: Math.abs(errno ?? 0) || null, message };
}

export function refusal(program: string, message: string): Failure {
  return { code: 'system', call: `to start ${program}`, errno: null, message };
}

function textOf(bytes: Uint8Array): string {
  return bytes.length > 4096 ? '' : Buffer.from(bytes).toString('latin1');
}
