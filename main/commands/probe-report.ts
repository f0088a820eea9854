/** What `fourtuple probe` prints: the catalogue, or one run and what it tells. Pure. */
import type { OutputReading, SocketReading } from '../core/readings.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { commandLine } from '../core/words/command-line.ts';
import { describeFact, describeSocket, sayReading } from '../core/words/readings.ts';
import type { Probe } from '../probes/probe.ts';
import type { RunVerdict } from '../probes/verdict-of-run.ts';
import type { RunResult } from '../terminal/run.ts';
import { textTable } from './text-table.ts';

export interface ListedProbe {
  probe: Probe;
  /** Null when it can run here; else one sentence. */
  unavailable: string | null;
}

export interface ProbeRun {
  probe: Probe;
  argv: readonly string[];
  result: RunResult;
  /** Decoded. */
  text: string;
  errors: string;
  reading: OutputReading;
  sockets: readonly SocketReading[];
  verdict: RunVerdict;
}

/** Facts and problems printed for people; --json has all. */
const MAX_LINES_SHOWN = 40;
const MAX_LINE_CHARACTERS = 4000;

/** One line a probe, then why some cannot run. */
export function probeTable(listed: readonly ListedProbe[]): string {
  if (listed.length === 0) return 'No probes are known for this system.\n';
  const columns = [{ title: 'PROBE' }, { title: 'GROUP' }, { title: 'HERE' }, { title: 'COMMAND' }];
  const rows = listed.map(({ probe, unavailable }) => [
    probe.id,
    probe.group,
    unavailable === null ? 'yes' : 'no',
    probe.folklore?.command ?? commandLine(probe.platform, probe.tool, probe.argv),
  ]);
  const reasons = new Set(listed.map(({ unavailable }) => unavailable).filter((why) => why !== null));
  return [textTable(columns, rows), ...[...reasons].map((why) => `${why}\n`)].join('');
}

/** The object of schema "fourtuple.probes/1". */
export function probesObject(listed: readonly ListedProbe[]): object {
  return {
    schema: 'fourtuple.probes/1',
    probes: listed.map(({ probe, unavailable }) => ({
      id: probe.id,
      group: probe.group,
      title: probe.title,
      command: commandLine(probe.platform, probe.tool, probe.argv),
      proves: probe.proves,
      needs: probe.needs,
      figures: probe.figures,
      parameters: probe.parameters,
      unavailable,
      folklore: probe.folklore
        ? {
            command: probe.folklore.command,
            takenFor: probe.folklore.takenFor,
            why: probe.folklore.why,
            insteadFigure: probe.folklore.insteadFigure,
          }
        : null,
    })),
  };
}

/** The transcript with the prompt a person would have typed at, how it ended, and what it tells. */
export function runText(run: ProbeRun): string {
  const { probe, argv, result, text, errors, reading, verdict } = run;
  const lines = [
    `$ ${commandLine(probe.platform, probe.tool, argv)}`,
    ...shownLines(text),
    ...shownLines(errors),
    '',
    `${verdict.sentence} It took ${Math.round(result.tookMs)} ms.`,
    sayReading(reading),
  ];
  if (result.note !== null) lines.push(result.note);
  const facts = reading.facts.slice(0, MAX_LINES_SHOWN).map((fact) => describeFact(fact, fact.line));
  lines.push(...facts.map(({ name, value }) => `  ${name}: ${value}`));
  if (reading.facts.length > facts.length) lines.push(`  … and ${reading.facts.length - facts.length} more`);
  const problems = reading.problems.slice(0, MAX_LINES_SHOWN);
  lines.push(...problems.map(({ line, why, text: shown }) => `  line ${line}: ${why}: ${shown}`));
  if (probe.folklore) lines.push('', ...folkloreLines(run, probe.folklore));
  return `${lines.join('\n')}\n`;
}

function folkloreLines({ text }: ProbeRun, folklore: NonNullable<Probe['folklore']>): string[] {
  const [claim = '', ...more] = shownLines(folklore.reduce(text));
  return [
    `$ ${folklore.command}`,
    claim,
    ...more,
    `This is taken for ${folklore.takenFor}. ${folklore.why} What is so: fourtuple check.`,
  ];
}

/** The object of schema "fourtuple.probe/1". */
export function runObject(run: ProbeRun): object {
  const { probe, argv, result, text, errors, reading, sockets, verdict } = run;
  return {
    schema: 'fourtuple.probe/1',
    probe: probe.id,
    title: probe.title,
    command: commandLine(probe.platform, probe.tool, argv),
    program: result.program,
    startedAt: new Date(result.startedAtMs).toISOString(),
    tookMs: Math.round(result.tookMs * 10) / 10,
    end: result.end,
    exitCode: result.exitCode,
    signal: result.signal,
    truncated: result.truncated,
    note: result.note,
    outcome: verdict.outcome,
    sentence: verdict.sentence,
    output: text,
    errors,
    understood: {
      format: reading.format,
      summary: sayReading(reading),
      sockets: sockets.map((socket) => describeSocket(socket, socket.line)),
      facts: reading.facts.map((fact) => ({ ...describeFact(fact, fact.line), kind: fact.kind })),
      skipped: reading.skipped,
      problems: reading.problems,
      problemCount: reading.problemCount,
    },
    folklore: probe.folklore
      ? {
          command: probe.folklore.command,
          prints: probe.folklore.reduce(text),
          takenFor: probe.folklore.takenFor,
          why: probe.folklore.why,
        }
      : null,
  };
}

/** Lines as a terminal may show them: nothing in them acts on it (hardening T1). */
function shownLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.split('\t').map(shown).join('\t'));
}

function shown(text: string): string {
  return sanitiseText(text, MAX_LINE_CHARACTERS);
}
