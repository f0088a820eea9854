/**
 * At which resolutions history is kept, and for how long. Each level is folded from the one below it, a whole chunk at a
 * time, so the finer one is kept for at least two of the coarser one's chunks.
 */

export interface Level {
  stepMs: number;
  /** One row of the file holds this much of one series. */
  chunkMs: number;
  keepMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY_MS = 24 * HOUR;

/** Finest first. The last one makes months quick to draw; it takes a fifteenth of the level below it. */
export const LEVELS: readonly Level[] = [
  { stepMs: SECOND, chunkMs: 10 * MINUTE, keepMs: 2 * HOUR },
  { stepMs: 10 * SECOND, chunkMs: 10 * MINUTE, keepMs: 2 * DAY_MS },
  { stepMs: MINUTE, chunkMs: HOUR, keepMs: 90 * DAY_MS },
  { stepMs: 15 * MINUTE, chunkMs: DAY_MS, keepMs: 90 * DAY_MS },
];

/** What one level holds of one chunk of time at most, besides the totals: the fullest. */
export const MAX_POOLS = 50;
export const MAX_CONSUMERS = 24;

export interface Retention {
  /** For how long each of LEVELS is kept, milliseconds. */
  keepMs: readonly number[];
  /** The files together, bytes. */
  maxBytes: number;
}

export const DEFAULT_RETENTION: Retention = {
  keepMs: LEVELS.map(({ keepMs }) => keepMs),
  maxBytes: 200 * 1024 * 1024,
};

/** `wanted` made workable: a level is never dropped before the next one is folded from it. */
export function workableRetention(wanted: Retention): Retention {
  const keepMs = LEVELS.map(({ keepMs, chunkMs }, index) => {
    const next = LEVELS[index + 1];
    return Math.max(wanted.keepMs[index] ?? keepMs, next ? chunkMs + next.chunkMs : chunkMs);
  });
  return { keepMs, maxBytes: Math.max(wanted.maxBytes, MIN_BYTES) };
}

/** Two hours of seconds and the reserve fit. */
const MIN_BYTES = 32 * 1024 * 1024;

export function levelAt(index: number): Level {
  const level = LEVELS[index];
  if (!level) throw new RangeError(`there is no level ${index}`);
  return level;
}

/** The start of the piece of `widthMs` that `atMs` lies in. */
export function alignDown(atMs: number, widthMs: number): number {
  return Math.floor(atMs / widthMs) * widthMs;
}
