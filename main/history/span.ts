/** From when until when a history tells of its machine. */
import { SeriesKind } from './columns.ts';
import { readChunks } from './fold.ts';
import { LEVELS } from './levels.ts';
import { boundsOf } from './read.ts';
import { DamagedRow, type Database } from './sqlite.ts';
import { TOTALS_ID } from './tail.ts';

/** The oldest and the newest sample that is kept, epoch milliseconds; null while there is none. */
export function spanOf(database: Database): { fromMs: number; untilMs: number } | null {
  const tail = database.prepare('SELECT min(at) AS first, max(at) AS last FROM tail').get();
  const last = [tail?.['last'], ...LEVELS.map((_, level) => boundsOf(database, level)?.untilMs)].filter(
    isNumber,
  );
  const fromMs = oldest(database, tail?.['first']);
  if (fromMs === null || last.length === 0) return null;
  // A chunk may end later than its last sample: the tail, where there is one, is the newest.
  return { fromMs, untilMs: isNumber(tail?.['last']) ? tail['last'] : Math.max(...last) };
}

/** The oldest level tells from when; where a finer one begins within a step of it, that one tells it better. */
function oldest(database: Database, tailFirst: unknown): number | null {
  let found: number | null = null;
  let slackMs = 0;
  for (let level = LEVELS.length - 1; level >= 0; level--) {
    const first = firstPoint(database, level);
    if (first === null) continue;
    if (found === null || first < found + slackMs) {
      found = first;
      slackMs = LEVELS[level]?.stepMs ?? 0;
    }
  }
  if (isNumber(tailFirst) && (found === null || tailFirst < found + slackMs)) return tailFirst;
  return found;
}

/** The first step of a level that holds a sample: a chunk begins on the hour, what it holds may not. */
function firstPoint(database: Database, level: number): number | null {
  const bounds = boundsOf(database, level);
  if (!bounds) return null;
  const { fromMs } = bounds;
  const only = { id: TOTALS_ID, kind: SeriesKind.totals };
  const request = {
    level,
    fromMs,
    untilMs: fromMs + 1,
    only,
    wantedOf: () => new Set<number>(),
    asHeads: false,
  };
  try {
    for (const { block } of readChunks(database, request)) return block.atMs[0] ?? fromMs;
  } catch (error) {
    // Whoever asks for its figures is told that the row is damaged; its time is known without them.
    if (!(error instanceof DamagedRow)) throw error;
  }
  return fromMs;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
