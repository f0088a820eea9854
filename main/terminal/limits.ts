/** Limits of a run: the defaults of hardening C6, and how far a request may move them. */
import { DEFAULT_LIMITS, type RunLimits } from './run.ts';

const MEBIBYTE = 1024 * 1024;

/** No run is without limits: two hours, for a change may hold for one after a password was typed, and what one result may hold in memory. */
export const LIMIT_CEILINGS: RunLimits = {
  timeoutMs: 7_200_000,
  silenceMs: 7_200_000,
  outputBytes: 256 * MEBIBYTE,
  lineBytes: 256 * MEBIBYTE,
  lines: 50_000_000,
  graceMs: 30_000,
};

export const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as (keyof RunLimits)[];

/** The defaults with what the request asks for. */
export function limitsOf(asked: Partial<RunLimits> | undefined): RunLimits {
  return { ...DEFAULT_LIMITS, ...asked };
}
