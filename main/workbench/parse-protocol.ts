/** What the workbench and the thread that understands outputs say to each other. */
import type { Failure } from '../core/model.ts';
import type { RunEnd, RunWay } from '../terminal/run.ts';
import type { ParsedRun, RunInfo } from '../../preload/contract-evidence.ts';
import type { LineStretch } from './transcript.ts';

/** A finished run, for its output to be understood. */
export interface FinishedOutput {
  runId: string;
  platform: NodeJS.Platform;
  probeId: string;
  end: RunEnd;
  exitCode: number | null;
  signal: string | null;
  tookMs: number;
  /** Output beyond a limit was dropped. */
  truncated: boolean;
  /** How it ran; a terminal ends lines with CR LF. */
  way: RunWay;
  /** Standard output (all of it on a pty), in pieces. */
  text: readonly string[];
  stderr: readonly string[];
  /** Where the lines of `text` stand in the transcript. */
  stretches: readonly LineStretch[];
}

/** What is known at once of an output. */
export interface Judgement {
  outcome: NonNullable<RunInfo['outcome']>;
  sentence: string;
  /** What a misleading command says; null for others. */
  claims: string | null;
}

/** A page of what was understood; the comparison is the workbench's to add. */
export type ParsedPage = Omit<ParsedRun, 'comparison'>;

export type ToParser =
  /** The next pieces of the text of the output that is to be judged next; not answered. */
  | { type: 'text'; text: readonly string[] }
  /** Answered with a Judgement; `output.text` goes behind what was sent before. What was understood is kept for `page`, as long as there is room. */
  | { type: 'judge'; id: number; output: FinishedOutput }
  /** Answered with a ParsedPage; `gone` when it is not kept any more. */
  | { type: 'page'; id: number; runId: string; offset: number; limit: number };

export type FromParser =
  | { type: 'answer'; id: number; ok: true; value: unknown }
  | { type: 'answer'; id: number; ok: false; failure: Failure };

/** Characters of text in one message: copying it takes the sender about a millisecond. */
export const MAX_TEXT_AT_ONCE = 512 * 1024;
/** Sockets and facts of one output kept for paging. */
export const MAX_KEPT_ROWS = 100_000;
/** Rows of all outputs kept together: the oldest give way. */
export const MAX_KEPT_ROWS_TOGETHER = 150_000;
/** Lines that figures rest on, of one output. */
export const MAX_RESTING_LINES = 500;
