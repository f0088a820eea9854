/**
 * What the workbench and the terminal's child process say to each other: plain JSON objects over the channel that the
 * host's fork gives (Electron utilityProcess or child_process.fork). Bytes travel as base64. The workbench picks the ids.
 */
import type { Failure } from '../core/model.ts';
import type { OutputStream, RunRequest, RunResult } from './run.ts';

export type ToTerminal =
  /** Answered by output and `ended`, or by `refused`; a run may have to wait for others first. */
  | { type: 'run'; id: number; request: RunRequest }
  /** The run ends as 'cancelled'; unknown ids are ignored, here and below. */
  | { type: 'cancel'; id: number }
  /** Types bytes (base64) into a visible run. */
  | { type: 'write'; id: number; data: string }
  | { type: 'resize'; id: number; columns: number; rows: number }
  /** Ends all runs, then the process. */
  | { type: 'stop' };

/** A finished run; its output was sent before, in `output` messages. */
export interface EndedRun extends Omit<RunResult, 'stdout' | 'stderr'> {
  /** Bytes sent of each stream: a sum that differs means output was lost on the way. */
  stdoutBytes: number;
  stderrBytes: number;
}

export type FromTerminal =
  /** First message: the process is up. */
  | { type: 'ready'; pid: number }
  /** Every TERMINAL_BEAT_MS, whatever happens (hardening S7). */
  | { type: 'beat' }
  /** A piece of output (base64 of at most OUTPUT_MESSAGE_BYTES), in order within its stream. */
  | { type: 'output'; id: number; stream: OutputStream; data: string }
  /** The last message of a run that was started. */
  | { type: 'ended'; id: number; result: EndedRun }
  /** Instead of `ended`: the run could not be started. */
  | { type: 'refused'; id: number; failure: Failure };

export const TERMINAL_BEAT_MS = 5000;
/** Bytes of output in one message, before base64. */
export const OUTPUT_MESSAGE_BYTES = 32 * 1024;
/** Milliseconds between two bursts of output messages: 30 a second. */
export const OUTPUT_PACE_MS = 33;
/** Bytes of output handed to the channel and not yet taken by it. */
export const MAX_UNSENT_BYTES = 1024 * 1024;
/** Runs under way, waiting or with output not yet sent; more are refused. */
export const MAX_RUNS = 64;
