/** `fourtuple probe`: lists what the system's own tools can be asked, or asks one and says what its output tells. */
import { performance } from 'node:perf_hooks';
import type { Failure, Outcome } from '../core/model.ts';
import type { SocketReading } from '../core/readings.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { failureSentence } from '../core/words/failure.ts';
import { fillArguments } from '../probes/arguments.ts';
import { probesOf } from '../probes/catalogue.ts';
import type { Probe } from '../probes/probe.ts';
import { judgeRun } from '../probes/verdict-of-run.ts';
import { choosePrograms, findProgram } from '../terminal/programs.ts';
import { createRunner } from '../terminal/runner.ts';
import type { RunCommand, RunResult } from '../terminal/run.ts';
import type { Output } from './check.ts';
import { parseProbeOptions, PROBE_HELP, type ProbeOptions } from './probe-options.ts';
import { probesObject, probeTable, runObject, runText, type ProbeRun } from './probe-report.ts';
import { usageSentence } from './usage.ts';

/** Exit statuses, as the help has them. */
const WORKED = 0;
const WENT_WRONG = 1;
const NOT_RUN = 3;

/** What the command needs of the machine; tests pass their own. */
export interface ProbeMachine {
  probes: readonly Probe[];
  findProgram(tool: string): Outcome<string>;
  run: RunCommand;
}

export interface ProbeOutput extends Output {
  /** Bytes as they are. */
  raw(stream: 'out' | 'err', bytes: Uint8Array): void;
}

/** This machine, by its own tools. */
export function thisMachine(platform: NodeJS.Platform): ProbeMachine {
  const programs = choosePrograms(platform);
  const runner = createRunner({ programs, now: Date.now, monotonicMs: () => performance.now() });
  return {
    probes: probesOf(platform),
    findProgram: (tool) => findProgram(programs, tool),
    run: runner.run,
  };
}

/** Runs the command; gives its exit status. A run ends early, with all it started, when `signal` aborts. */
export async function runProbe(
  argv: readonly string[],
  output: ProbeOutput,
  signal: AbortSignal,
  machine: ProbeMachine,
): Promise<number> {
  const options = parseProbeOptions(argv);
  if (!options.ok) return refuse(output, options.failure, '; see fourtuple probe --help');
  if (options.value.help) {
    output.out(PROBE_HELP);
    return WORKED;
  }
  if (options.value.probeId === null) return list(machine, options.value, output);
  const chosen = choose(machine, options.value.probeId, options.value);
  if (!chosen.ok) return refuse(output, chosen.failure, '');
  const { probe, argv: filled } = chosen.value;
  const ran = await machine.run({ tool: probe.tool, argv: filled, way: 'quiet' }, { signal });
  if (!ran.ok) return refuse(output, ran.failure, '');
  return report(understand(probe, filled, ran.value), options.value, output);
}

function list({ probes, findProgram: find }: ProbeMachine, { json }: ProbeOptions, output: Output): number {
  const listed = probes.map((probe) => {
    const found = find(probe.tool);
    return { probe, unavailable: found.ok ? null : failureSentence(found.failure) };
  });
  output.out(json ? `${JSON.stringify(probesObject(listed))}\n` : probeTable(listed));
  return WORKED;
}

function choose(
  { probes }: ProbeMachine,
  probeId: string,
  { parameters }: ProbeOptions,
): Outcome<{ probe: Probe; argv: string[] }> {
  const probe = probes.find(({ id }) => id === probeId);
  if (!probe) {
    const message = `there is no probe "${sanitiseText(probeId, 60)}" on this system; fourtuple probe lists them`;
    return { ok: false, failure: { code: 'invalid', field: 'probe', message } };
  }
  const argv = fillArguments(probe, parameters);
  return argv.ok ? { ok: true, value: { probe, argv: argv.value } } : argv;
}

/** What a finished run printed, decoded, read and judged. */
export function understand(probe: Probe, argv: readonly string[], result: RunResult): ProbeRun {
  const encoding = probe.encoding === 'utf-16le' ? 'utf-16le' : 'utf-8';
  const decode = (bytes: Uint8Array) => new TextDecoder(encoding).decode(bytes);
  const text = decode(result.stdout);
  const errors = decode(result.stderr);
  const sockets: SocketReading[] = [];
  const reading = probe.parse(text, (socket) => sockets.push(socket));
  const { exitCode, signal, end, tookMs } = result;
  const verdict = judgeRun(probe, { exitCode, signal, end, tookMs, text, stderr: errors, reading });
  return { probe, argv, result, text, errors, reading, sockets, verdict };
}

function report(run: ProbeRun, { json, raw }: ProbeOptions, output: ProbeOutput): number {
  if (raw) {
    output.raw('out', run.result.stdout);
    output.raw('err', run.result.stderr);
  } else {
    output.out(json ? `${JSON.stringify(runObject(run))}\n` : runText(run));
  }
  return run.verdict.outcome === 'good' || run.verdict.outcome === 'empty' ? WORKED : WENT_WRONG;
}

function refuse(output: Output, failure: Failure, hint: string): number {
  output.err(`fourtuple probe: ${usageSentence(failure)}${hint}\n`);
  return NOT_RUN;
}
