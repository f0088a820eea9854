/** How the run of a probe went, in one sentence that says what to do about it (hardening C5). */
import type { OutputReading } from '../core/readings.ts';
import { recogniseError, type RecognisedError } from './errors.ts';
import type { Probe } from './probe.ts';

export type RunOutcome = 'good' | 'empty' | 'partial' | 'failed' | 'cancelled';

/** The same words as RunEnd of main/terminal/run.ts. */
export type RunEnding =
  | 'exited'
  | 'signalled'
  | 'timed-out'
  | 'silent'
  | 'too-much-output'
  | 'line-too-long'
  | 'too-many-lines'
  | 'cancelled';

export interface EndedRun {
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  end: RunEnding;
  /** Standard output, decoded; on a terminal both streams. */
  text: string;
  /** Standard error, decoded; empty on a terminal. */
  stderr: string;
  /** How long it took in milliseconds, where the sentence may say it. */
  tookMs?: number;
  /** What was understood of `text`, where it was parsed already: parsing a long output twice costs. */
  reading?: OutputReading;
}

export interface RunVerdict {
  outcome: RunOutcome;
  /** One or two sentences for people. */
  sentence: string;
}

/**
 * Judges a run: good only when it exited with a status that means success, by no signal, and its output has the expected
 * shape. Output without a row is "empty"; what is understood of a run that went wrong is "partial".
 */
export function judgeRun(probe: Probe, run: EndedRun): RunVerdict {
  if (run.end === 'cancelled') return { outcome: 'cancelled', sentence: 'Stopped on request.' };
  const reading = run.reading ?? probe.parse(run.text, () => undefined);
  const understood = countUnderstood(reading);
  const error =
    recogniseError(run.stderr, probe.platform) ??
    recogniseError(messagesOf(run.text, reading), probe.platform);
  const ended = endOf(run);
  const goodExits = probe.goodExits ?? [0];
  if (run.end !== 'exited' || run.signal !== null || run.exitCode === null) {
    return fault(
      understood,
      `${ended} ${understood > 0 ? 'What it printed until then is not all.' : 'It printed nothing of use.'}`,
    );
  }
  // PowerShell ends with 1 when a filter leaves nothing.
  if (error?.code === 'nothing-found' && understood === 0) return judgeEmpty(probe, run, ended);
  if (!goodExits.includes(run.exitCode)) return fault(understood, `${ended} ${reasonOf(probe, run, error)}`);
  if (error?.code === 'not-found') return judgeAbsent(probe, { reading, understood, error, ended });
  if (error !== null && !HARMLESS.has(error.code))
    return fault(understood, `${ended} ${advice(probe, error)}`);
  return judgeShape(probe, run, { reading, understood, error, ended });
}

/** What others own is hidden from a normal user by design, and the sockets are all there; "nothing found" is an answer. */
const HARMLESS: ReadonlySet<RecognisedError['code']> = new Set(['owners-hidden', 'nothing-found']);

interface Shape {
  reading: OutputReading;
  understood: number;
  error: RecognisedError | null;
  ended: string;
}

function judgeShape(probe: Probe, run: EndedRun, { reading, understood, error, ended }: Shape): RunVerdict {
  if (reading.problemCount > 0) {
    const lines = reading.problemCount === 1 ? '1 line was' : `${grouped(reading.problemCount)} lines were`;
    const first = reading.problems[0];
    const where = first === undefined ? '' : `, the first is line ${first.line}: ${first.why}`;
    return fault(understood, `${ended} ${lines} not understood${where}.`);
  }
  if (reading.truncated) return fault(understood, `${ended} Its last line is cut off and was left out.`);
  if (understood === 0 && reading.facts.length === 0) return judgeEmpty(probe, run, ended);
  if (understood === 0)
    return { outcome: 'failed', sentence: `${ended} Nothing of what was asked for exists here.` };
  return { outcome: 'good', sentence: error === null ? ended : `${ended} ${error.sentence}` };
}

/** It ended well and said that something does not exist: an answer, of which the rest may be there. */
function judgeAbsent(probe: Probe, { reading, understood, error, ended }: Shape): RunVerdict {
  if (error === null) return { outcome: 'good', sentence: ended };
  if (understood > 0) return { outcome: 'partial', sentence: absentSentence(ended, reading, error) };
  const mayBeEmpty = probe.mayBeEmpty ?? true;
  return { outcome: mayBeEmpty ? 'empty' : 'failed', sentence: `${ended} ${error.sentence}` };
}

/** A heading without rows is an answer; no output at all is one only where the probe says so. */
function judgeEmpty(probe: Probe, run: EndedRun, ended: string): RunVerdict {
  if (run.text.trim() !== '' || (probe.mayBeEmpty ?? true)) {
    // lsof leaves out what others own without a word, and ends as if there were nothing.
    const mayBeHidden = run.exitCode !== 0 && probe.needs !== null;
    const hidden = mayBeHidden ? `, or this user may not see it: all of it needs ${probe.needs}` : '';
    return { outcome: 'empty', sentence: `${ended} No data: nothing matches${hidden}.` };
  }
  return {
    outcome: 'failed',
    sentence: `${ended} It printed nothing, where a system that works prints something.`,
  };
}

/** A run that went wrong still has what was understood of it. */
function fault(understood: number, sentence: string): RunVerdict {
  return { outcome: understood > 0 ? 'partial' : 'failed', sentence };
}

function reasonOf(probe: Probe, run: EndedRun, error: RecognisedError | null): string {
  if (error !== null) return advice(probe, error);
  if (run.exitCode === 127) return `${probe.tool} is not installed here.`;
  if (run.text.trim() === '' && run.stderr.trim() === '') return 'It printed no reason.';
  return 'See its output for the reason.';
}

/** The sentence of the error; where rights are missing, which, and how to ask with them. */
function advice(probe: Probe, error: RecognisedError): string {
  if (error.code !== 'not-permitted') return error.sentence;
  const needs = probe.needs === null ? '' : ` It needs ${probe.needs}.`;
  const how =
    probe.platform === 'windows'
      ? 'Start a terminal as administrator'
      : 'Start a terminal as root, or with sudo before the command';
  return `Not permitted.${needs} ${how}: fourtuple probe ${probe.id}.`;
}

function absentSentence(ended: string, reading: OutputReading, error: RecognisedError): string {
  const absent = reading.facts.filter((fact) => fact.kind === 'absent');
  if (absent.length < 2) return `${ended} ${error.sentence}`;
  const names = absent.slice(0, 3).map((fact) => fact.name);
  const more = absent.length > names.length ? ` and ${absent.length - names.length} more` : '';
  return `${ended} Not there: ${names.join(', ')}${more}.`;
}

/** Sockets and facts that say something; that a file is absent is no figure. */
function countUnderstood(reading: OutputReading): number {
  let facts = 0;
  for (const fact of reading.facts) if (fact.kind !== 'absent') facts++;
  return reading.rows + facts;
}

/**
 * On a terminal messages stand among the rows. In a long output only what the parser did not take for a row is looked
 * through, and its last lines, where a tool says why it stopped.
 */
function messagesOf(text: string, reading: OutputReading): string {
  if (text.length <= SEARCHED_CHARACTERS) return text;
  const problems = reading.problems.map((problem) => problem.text).join('\n');
  const tail = text.slice(-TAIL_CHARACTERS);
  return `${text.slice(0, TAIL_CHARACTERS)}\n${problems}\n${tail.slice(tail.indexOf('\n') + 1)}`;
}

const SEARCHED_CHARACTERS = 256 * 1024;
const TAIL_CHARACTERS = 16 * 1024;

function endOf(run: EndedRun): string {
  const after = run.tookMs === undefined ? '' : ` after ${formatSeconds(run.tookMs)}`;
  switch (run.end) {
    case 'timed-out':
      return `Stopped${after}: it had not come to an end.`;
    case 'silent':
      return `Stopped${after}: it printed nothing more.`;
    case 'too-much-output':
      return `Stopped${after}: it printed more than is kept.`;
    case 'line-too-long':
      return `Stopped${after}: it printed a line without end.`;
    case 'too-many-lines':
      return `Stopped${after}: it printed more lines than are read.`;
    case 'cancelled':
      return 'Stopped on request.';
    case 'signalled':
      return `Ended by signal ${run.signal ?? 'unknown'}.`;
    case 'exited':
      if (run.signal !== null) return `Ended by signal ${run.signal}.`;
      return run.exitCode === null
        ? 'Ended without an exit status.'
        : `Ended with exit status ${run.exitCode}.`;
  }
}

function formatSeconds(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
