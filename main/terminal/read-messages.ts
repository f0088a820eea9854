/** Messages of the protocol, parsed on both sides: what comes from another process is not trusted to have a shape. */
import type { Failure } from '../core/model.ts';
import { OUTPUT_MESSAGE_BYTES, type EndedRun, type FromTerminal, type ToTerminal } from './protocol.ts';
import { isRecord, isTerminalSide, parseRunRequest } from './request.ts';
import type { RunEnd } from './run.ts';

/** Bytes typed at once; a person types less. */
const MAX_TYPED_BYTES = 64 * 1024;
const MAX_SURVIVORS = 10_000;

const FAILURE_CODES: ReadonlySet<unknown> = new Set<Failure['code']>([
  'not-permitted',
  'unsupported',
  'system',
  'unreadable',
  'invalid',
  'gone',
  'unavailable',
  'tool-missing',
]);
const RUN_ENDS: ReadonlySet<unknown> = new Set<RunEnd>([
  'exited',
  'signalled',
  'timed-out',
  'silent',
  'too-much-output',
  'line-too-long',
  'too-many-lines',
  'cancelled',
]);

/** A message to the terminal; 'refused' for a run that may not be asked for; null for anything else. */
export function readToTerminal(
  raw: unknown,
): ToTerminal | { type: 'refused'; id: number; failure: Failure } | null {
  if (!isRecord(raw)) return null;
  if (raw['type'] === 'stop') return { type: 'stop' };
  const { type, id } = raw;
  if (!isId(id)) return null;
  if (type === 'cancel') return { type, id };
  if (type === 'run') return readRun(id, parseRunRequest(raw['request']));
  if (type === 'write') {
    const data = readBase64(raw['data'], MAX_TYPED_BYTES);
    return data === null ? null : { type, id, data };
  }
  const { columns, rows } = raw;
  if (type !== 'resize' || !isTerminalSide(columns) || !isTerminalSide(rows)) return null;
  return { type, id, columns, rows };
}

/** A message from the terminal; null for anything else. */
export function readFromTerminal(raw: unknown): FromTerminal | null {
  if (!isRecord(raw)) return null;
  const { type, id } = raw;
  if (type === 'beat') return { type };
  if (type === 'ready') return isCount(raw['pid']) ? { type, pid: raw['pid'] } : null;
  if (!isId(id)) return null;
  if (type === 'output') {
    const { stream } = raw;
    const data = readBase64(raw['data'], OUTPUT_MESSAGE_BYTES);
    return (stream === 'out' || stream === 'err') && data !== null ? { type, id, stream, data } : null;
  }
  if (type === 'refused') {
    const { failure } = raw;
    if (!isRecord(failure) || !FAILURE_CODES.has(failure['code'])) return null;
    return { type, id, failure: failure as Failure };
  }
  const result = type === 'ended' ? readEndedRun(raw['result']) : null;
  return result === null ? null : { type: 'ended', id, result };
}

function readRun(id: number, request: ReturnType<typeof parseRunRequest>): ReturnType<typeof readToTerminal> {
  return request.ok
    ? { type: 'run', id, request: request.value }
    : { type: 'refused', id, failure: request.failure };
}

function readEndedRun(raw: unknown): EndedRun | null {
  if (!isRecord(raw)) return null;
  const { tool, argv, program, way, note, end, exitCode, signal, survivors, truncated } = raw;
  const { startedAtMs, tookMs, stdoutBytes, stderrBytes } = raw;
  const isRight =
    typeof tool === 'string' &&
    isListOf(argv, (value) => typeof value === 'string') &&
    typeof program === 'string' &&
    (way === 'visible' || way === 'quiet') &&
    isNullOr(note, 'string') &&
    RUN_ENDS.has(end) &&
    isNullOr(exitCode, 'number') &&
    isNullOr(signal, 'string') &&
    typeof truncated === 'boolean' &&
    isListOf(survivors, isCount) &&
    survivors.length <= MAX_SURVIVORS &&
    Number.isFinite(startedAtMs) &&
    Number.isFinite(tookMs) &&
    isCount(stdoutBytes) &&
    isCount(stderrBytes);
  return isRight ? (raw as unknown as EndedRun) : null;
}

function readBase64(value: unknown, maxBytes: number): string | null {
  if (typeof value !== 'string' || value.length > Math.ceil(maxBytes / 3) * 4) return null;
  return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? value : null;
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(isItem);
}

function isNullOr(value: unknown, type: 'string' | 'number'): boolean {
  return value === null || typeof value === type;
}

function isId(value: unknown): value is number {
  return isCount(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
