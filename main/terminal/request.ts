/** What may be asked of the terminal, checked whoever asks: another process, or a caller in this one. */
import { Buffer } from 'node:buffer';
import type { Outcome } from '../core/model.ts';
import { LIMIT_CEILINGS, LIMIT_NAMES } from './limits.ts';
import type { RunLimits, RunRequest } from './run.ts';

const MAX_TOOL_CHARACTERS = 64;
const MAX_ARGUMENTS = 256;
/** Linux refuses one argument of 128 KiB and more (MAX_ARG_STRLEN); the script of a fix is one. */
const MAX_ARGUMENT_BYTES = 112 * 1024;
const MAX_TERMINAL_SIDE = 1000;

/** Failure 'invalid', naming the field. Whatever else stands in the object is left out. */
export function parseRunRequest(raw: unknown): Outcome<RunRequest> {
  if (!isRecord(raw)) return invalid('request', 'must be an object');
  const { tool, argv, way, limits, columns, rows, onParentDeath } = raw;
  if (typeof tool !== 'string' || tool.length === 0 || tool.length > MAX_TOOL_CHARACTERS) {
    return invalid('tool', 'must be the name of a tool');
  }
  if (!Array.isArray(argv) || argv.length > MAX_ARGUMENTS || !argv.every(isArgument)) {
    return invalid('argv', 'must be a list of arguments without NUL characters');
  }
  if (way !== 'visible' && way !== 'quiet') return invalid('way', 'must be visible or quiet');
  const readLimits = parseLimits(limits);
  if (!readLimits.ok) return readLimits;
  for (const [field, side] of Object.entries({ columns, rows })) {
    if (side !== undefined && !isTerminalSide(side)) {
      return invalid(field, `must be between 1 and ${MAX_TERMINAL_SIDE}`);
    }
  }
  if (onParentDeath !== undefined && onParentDeath !== 'kill' && onParentDeath !== 'hang-up') {
    return invalid('onParentDeath', 'must be kill or hang-up');
  }
  return {
    ok: true,
    value: {
      tool,
      argv: [...argv],
      way,
      limits: readLimits.value,
      ...(isTerminalSide(columns) ? { columns } : {}),
      ...(isTerminalSide(rows) ? { rows } : {}),
      ...(onParentDeath === undefined ? {} : { onParentDeath }),
    },
  };
}

export function isTerminalSide(value: unknown): value is number {
  return isCount(value) && value <= MAX_TERMINAL_SIDE;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseLimits(raw: unknown): Outcome<Partial<RunLimits>> {
  if (raw === undefined) return { ok: true, value: {} };
  if (!isRecord(raw)) return invalid('limits', 'must be an object');
  const limits: Partial<RunLimits> = {};
  for (const name of LIMIT_NAMES) {
    const value = raw[name];
    if (value === undefined) continue;
    if (!isCount(value) || value > LIMIT_CEILINGS[name]) {
      return invalid(`limits.${name}`, `must be a whole number between 1 and ${LIMIT_CEILINGS[name]}`);
    }
    limits[name] = value;
  }
  return { ok: true, value: limits };
}

function isArgument(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) <= MAX_ARGUMENT_BYTES && !value.includes('\0');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function invalid(
  field: string,
  message: string,
): { ok: false; failure: { code: 'invalid'; field: string; message: string } } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}
