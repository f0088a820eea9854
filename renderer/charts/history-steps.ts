/** A limit over time as flat pieces: a pool's size, what it sustains. Pure. */

export interface LimitPiece {
  fromMs: number;
  untilMs: number;
  value: number;
}

/** Shares below this are the noise of a mean over the moment of a change. */
const SAME = 0.005;

/** Pieces of equal value in order. A point that lies between two values (the mean over a change) opens no piece of its own. */
export function limitPieces(
  atMs: readonly number[],
  values: readonly (number | null | undefined)[],
  stepMs: number,
): LimitPiece[] {
  const pieces: LimitPiece[] = [];
  for (const [index, at] of atMs.entries()) {
    const value = values[index] ?? null;
    if (value === null || value <= 0) continue;
    const last = pieces.at(-1);
    if (last && isSame(last.value, value)) {
      last.untilMs = at + stepMs;
      continue;
    }
    const next = values.slice(index + 1, index + 4).find((other) => typeof other === 'number') ?? null;
    const isBetween =
      last !== undefined && next !== null && !isSame(next, value) && between(value, last.value, next);
    if (isBetween) continue;
    if (last) last.untilMs = Math.max(last.untilMs, at);
    pieces.push({ fromMs: last ? last.untilMs : at, untilMs: at + stepMs, value });
  }
  return pieces;
}

/** The newest limit that held before the one in force at the end, where they differ. */
export function pastLimit(pieces: readonly LimitPiece[]): LimitPiece | null {
  return pieces.at(-2) ?? null;
}

function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(one, other) * SAME;
}

function between(value: number, one: number, other: number): boolean {
  return value > Math.min(one, other) && value < Math.max(one, other);
}
