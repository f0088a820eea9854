/** Understands what a finished run printed: judges the run, and keeps texts of what was read for paging. */
import type { Outcome } from '../core/model.ts';
import type { OutputReading } from '../core/readings.ts';
import { describeFact, describeSocket, sayReading } from '../core/words/readings.ts';
import { probesOf } from '../probes/catalogue.ts';
import type { Probe } from '../probes/probe.ts';
import { judgeRun } from '../probes/verdict-of-run.ts';
import type { OutputStream } from '../terminal/run.ts';
import {
  MAX_KEPT_ROWS,
  MAX_RESTING_LINES,
  type FinishedOutput,
  type Judgement,
  type ParsedPage,
} from './parse-protocol.ts';
import { factCounts, socketCounts } from './rests-on.ts';
import type { LineStretch } from './transcript.ts';

/** Everything of a page, whole. */
export type UnderstoodOutput = ParsedPage;

/** Longest text that a misleading command is said to print. */
const MAX_CLAIM = 1000;

/** Fails only for a probe that this system's catalogue does not have. */
export function understand(
  output: FinishedOutput,
): Outcome<{ judgement: Judgement; understood: UnderstoodOutput }> {
  const probe = probesOf(output.platform).find(({ id }) => id === output.probeId);
  if (!probe) return { ok: false, failure: { code: 'gone', what: `probe ${output.probeId}` } };
  const joined = output.text.join('');
  // As it would have come through a pipe: what a pipeline would print is worked out from it.
  const text = output.way === 'visible' ? joined.replaceAll('\r\n', '\n') : joined;
  const lineOf = lineFinder(output.stretches, 'out');
  const { understood, reading } = readOutput(probe, text, lineOf);
  return { ok: true, value: { judgement: judge(probe, output, text, reading), understood } };
}

function readOutput(
  probe: Probe,
  text: string,
  lineOf: (line: number) => number,
): { understood: UnderstoodOutput; reading: OutputReading } {
  const sockets: UnderstoodOutput['sockets'] = [];
  const restsOn: number[] = [];
  const rest = (line: number) => {
    if (restsOn.length < MAX_RESTING_LINES) restsOn.push(lineOf(line));
  };
  const reading = probe.parse(text, (socket) => {
    if (sockets.length < MAX_KEPT_ROWS) sockets.push(describeSocket(socket, lineOf(socket.line)));
    if (socketCounts(socket, probe.figures)) rest(socket.line);
  });
  for (const fact of reading.facts) if (factCounts(fact, probe.figures)) rest(fact.line);
  const facts = reading.facts.slice(0, MAX_KEPT_ROWS).map((fact) => describeFact(fact, lineOf(fact.line)));
  const understood = {
    format: reading.format,
    summary: sayReading(reading),
    socketCount: reading.rows,
    sockets,
    facts,
    factCount: reading.facts.length,
    problems: reading.problems.map((problem) => ({ ...problem, line: lineOf(problem.line) })),
    problemCount: reading.problemCount,
    skipped: reading.skipped,
    restsOn: [...new Set(restsOn)].sort((a, b) => a - b),
  };
  return { understood, reading };
}

/** How the run ended, whether what it printed has the shape that was expected (hardening C5), and what it claims. */
function judge(probe: Probe, output: FinishedOutput, text: string, reading: OutputReading): Judgement {
  const { exitCode, signal, end, tookMs } = output;
  const stderr = output.stderr.join('');
  const { outcome, sentence } = judgeRun(probe, { exitCode, signal, end, tookMs, text, stderr, reading });
  const claims = probe.folklore ? probe.folklore.reduce(text).trimEnd().slice(0, MAX_CLAIM) : null;
  if (outcome !== 'good' || !output.truncated) return { outcome, sentence, claims };
  return { outcome: 'partial', sentence: `${sentence} Output beyond the limit was dropped.`, claims };
}

/** From a line of one stream to its line of the transcript. */
export function lineFinder(
  stretches: readonly LineStretch[],
  stream: OutputStream,
): (line: number) => number {
  const own = stretches.filter((stretch) => stretch.stream === stream);
  return (line) => {
    let low = 0;
    let high = own.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((own[middle]?.streamLine ?? 0) <= line) low = middle;
      else high = middle - 1;
    }
    const stretch = own[low];
    return stretch ? stretch.line + (line - stretch.streamLine) : line;
  };
}
