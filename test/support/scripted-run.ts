/** A terminal that answers commands with recorded or made-up output. */
import type { Failure } from '../../main/core/model.ts';
import type { RunCommand, RunRequest, RunResult } from '../../main/terminal/run.ts';

export type ScriptedOutput =
  { stdout: string; stderr?: string; exitCode?: number; end?: RunResult['end'] } | { failure: Failure };

export interface ScriptedRun {
  run: RunCommand;
  /** Command lines in the order in which they were run. */
  asked: string[];
}

/** `answer` gets the command line, "netstat -ano"; null means that the tool is not there. `tookMs` may move a clock. */
export function scriptedRun(
  answer: (commandLine: string) => ScriptedOutput | null,
  tookMs: (commandLine: string) => number = () => 5,
): ScriptedRun {
  const asked: string[] = [];
  const run: RunCommand = async (request) => {
    const commandLine = [request.tool, ...request.argv].join(' ');
    asked.push(commandLine);
    const output = answer(commandLine);
    if (output === null) {
      return { ok: false, failure: { code: 'tool-missing', tool: request.tool, hint: 'not in this script' } };
    }
    if ('failure' in output) return { ok: false, failure: output.failure };
    return { ok: true, value: resultOf(request, output, tookMs(commandLine)) };
  };
  return { run, asked };
}

function resultOf(
  request: RunRequest,
  output: Extract<ScriptedOutput, { stdout: string }>,
  tookMs: number,
): RunResult {
  const encoder = new TextEncoder();
  return {
    tool: request.tool,
    argv: request.argv,
    program: `/usr/sbin/${request.tool}`,
    way: 'quiet',
    note: null,
    startedAtMs: 0,
    tookMs,
    end: output.end ?? 'exited',
    exitCode: output.exitCode ?? 0,
    signal: null,
    stdout: encoder.encode(output.stdout),
    stderr: encoder.encode(output.stderr ?? ''),
    truncated: false,
    survivors: [],
  };
}
