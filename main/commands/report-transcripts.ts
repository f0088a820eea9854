/** Asks the system's own tools what a report's figures rest on, quietly and all at once. */
import { commandLine } from '../core/words/command-line.ts';
import { fillArguments } from '../probes/arguments.ts';
import type { Probe } from '../probes/probe.ts';
import type { ReportTranscript } from '../report/model.ts';
import { cutTranscript, namesIn } from '../report/transcript.ts';
import { understand, type ProbeMachine } from './probe.ts';

const TIMEOUT_MS = 5000;

export interface Transcripts {
  runs: ReportTranscript[];
  /** Names of processes, units and containers that the outputs tell. */
  processes: string[];
}

/**
 * The probes worth their time: for each figure the first that can be asked here, and all settings and counters. None
 * that asks for a value, none that misleads.
 */
export function chooseProbes({ probes, findProgram }: Pick<ProbeMachine, 'probes' | 'findProgram'>): Probe[] {
  const able = probes.filter(
    (probe) => probe.group !== 'misleading' && fillArguments(probe, []).ok && findProgram(probe.tool).ok,
  );
  const figures = new Set(able.flatMap((probe) => probe.figures));
  const firsts = new Set([...figures].map((figure) => able.find((probe) => probe.figures.includes(figure))));
  return able.filter(
    (probe) => firsts.has(probe) || probe.group === 'settings' || probe.group === 'counters',
  );
}

/** Runs them; what could not be started is left out. */
export async function takeTranscripts(machine: ProbeMachine, signal: AbortSignal): Promise<Transcripts> {
  const taken = await Promise.all(chooseProbes(machine).map((probe) => take(machine, probe, signal)));
  const done = taken.filter((each) => each !== null);
  return {
    runs: done.map(({ run }) => run),
    processes: [...new Set(done.flatMap(({ processes }) => processes))],
  };
}

async function take(
  machine: ProbeMachine,
  probe: Probe,
  signal: AbortSignal,
): Promise<{ run: ReportTranscript; processes: readonly string[] } | null> {
  const argv = fillArguments(probe, []);
  if (!argv.ok) return null;
  const limits = { timeoutMs: TIMEOUT_MS, silenceMs: TIMEOUT_MS };
  const ran = await machine.run({ tool: probe.tool, argv: argv.value, way: 'quiet', limits }, { signal });
  if (!ran.ok) return null;
  const { text, errors, result, verdict, sockets, reading } = understand(probe, argv.value, ran.value);
  const { output, isCut } = cutTranscript(text + errors);
  const run = {
    title: probe.title,
    figures: probe.figures,
    command: commandLine(probe.platform, probe.tool, argv.value),
    startedAtMs: result.startedAtMs,
    tookMs: result.tookMs,
    end: verdict.sentence,
    output,
    isCut: isCut || result.truncated,
  };
  return { run, processes: namesIn(sockets, reading.facts).processes };
}
