/** Marks on the time line: written once, except the end of what lasts. */
import type { Level } from '../core/model.ts';
import { MARK_KINDS, type Mark, type MarkKind, type NewMark } from './model.ts';
import type { Database } from './sqlite.ts';

/** Longest text and detail kept. */
const MAX_TEXT = 200;
const MAX_DETAIL = 1000;
const MARK_LEVELS: ReadonlySet<string> = new Set<Level>(['ok', 'notice', 'warning', 'critical', 'unknown']);
const KINDS: ReadonlySet<string> = new Set(MARK_KINDS);

/** Answers its number. */
export function addMark(database: Database, mark: NewMark): number {
  const { atMs, untilMs, kind, level, text, detail } = mark;
  const row = database
    .prepare('INSERT INTO mark (at, until, kind, level, text, detail) VALUES (?, ?, ?, ?, ?, ?) RETURNING id')
    .get(
      Math.round(atMs),
      untilMs == null ? null : Math.round(untilMs),
      kind,
      level ?? null,
      cut(text, MAX_TEXT),
      cut(detail, MAX_DETAIL),
    );
  return Number(row?.['id']);
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** Ends what lasts; false when it does not go on. */
export function endMark(database: Database, id: number, untilMs: number): boolean {
  const { changes } = database
    .prepare('UPDATE mark SET until = max(at, ?) WHERE id = ? AND until IS NULL')
    .run(Math.round(untilMs), id);
  return Number(changes) > 0;
}

/** Those that touch the range, the newest `limit` of them, oldest first. */
export function readMarks(
  database: Database,
  fromMs: number,
  untilMs: number,
  limit: number,
  kinds: readonly MarkKind[] = MARK_KINDS,
): Mark[] {
  const rows = database
    .prepare(
      `SELECT * FROM mark WHERE at < ? AND (at >= ? OR until >= ? OR (until IS NULL AND kind = 'test-run'))
       AND kind IN (SELECT value FROM json_each(?)) ORDER BY at DESC, id DESC LIMIT ?`,
    )
    .all(Math.ceil(untilMs), Math.floor(fromMs), Math.floor(fromMs), JSON.stringify(kinds), limit);
  return rows.reverse().flatMap((row) => {
    const mark = markOf(row);
    return mark ? [mark] : [];
  });
}

export function readMark(database: Database, id: number): Mark | null {
  const row = database.prepare('SELECT * FROM mark WHERE id = ?').get(id);
  return row ? markOf(row) : null;
}

/** The test run that goes on; the newest where there are several. */
export function runningTest(database: Database): Mark | null {
  const row = database
    .prepare("SELECT * FROM mark WHERE kind = 'test-run' AND until IS NULL ORDER BY id DESC LIMIT 1")
    .get();
  return row ? markOf(row) : null;
}

/** Null for a kind that this version does not know. */
function markOf(row: Record<string, unknown>): Mark | null {
  const { id, at, until, kind, level, text, detail } = row;
  if (!isKind(kind)) return null;
  return {
    id: Number(id),
    atMs: Number(at),
    untilMs: until === null ? null : Number(until),
    kind,
    level: isLevel(level) ? level : null,
    text: String(text),
    detail: String(detail),
  };
}

function isKind(value: unknown): value is MarkKind {
  return typeof value === 'string' && KINDS.has(value);
}

export function isLevel(value: unknown): value is Level {
  return typeof value === 'string' && MARK_LEVELS.has(value);
}
