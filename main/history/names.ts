/** The dictionary of the file: pools, consumers and owners by number. */
import type { SeriesKindValue } from './columns.ts';
import type { SeriesName } from './sample.ts';
import type { Database } from './sqlite.ts';

/** Names kept at hand; beyond it they are looked up again. */
const MAX_CACHED = 20_000;
/** A name in use is written again at most this often. */
const EXTENSION_MS = 60 * 60_000;

export interface KnownName {
  id: number;
  kind: number;
  text: string;
  /** As it was written: a JSON object, or an empty one when it cannot be read. */
  detail: Record<string, unknown>;
}

export class Names {
  readonly #database: Database;
  readonly #cache = new Map<string, { id: number; keepUntilMs: number }>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Its number, given when it is new; it stays at least until `keepUntilMs`. */
  idOf({ kind, text, detail }: SeriesName, keepUntilMs: number): number {
    const key = `${kind}\t${text}`;
    const cached = this.#cache.get(key);
    if (cached && cached.keepUntilMs >= keepUntilMs) return cached.id;
    const until = keepUntilMs + EXTENSION_MS;
    const row = this.#database
      .prepare(
        `INSERT INTO name (kind, text, detail, keep_until) VALUES (?, ?, ?, ?)
         ON CONFLICT (kind, text) DO UPDATE SET detail = excluded.detail, keep_until = max(keep_until, excluded.keep_until)
         RETURNING id`,
      )
      .get(kind, text, JSON.stringify(detail), until);
    const id = Number(row?.['id']);
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(key, { id, keepUntilMs: until });
    return id;
  }

  keep(ids: Iterable<number>, untilMs: number): void {
    const update = this.#database.prepare('UPDATE name SET keep_until = ? WHERE id = ? AND keep_until < ?');
    for (const id of ids) update.run(untilMs, id, untilMs);
  }

  find(kind: SeriesKindValue, text: string): number | null {
    const row = this.#database.prepare('SELECT id FROM name WHERE kind = ? AND text = ?').get(kind, text);
    return row ? Number(row['id']) : null;
  }

  /** Those of the numbers that are known. */
  known(ids: Iterable<number>): Map<number, KnownName> {
    const select = this.#database.prepare('SELECT id, kind, text, detail FROM name WHERE id = ?');
    const found = new Map<number, KnownName>();
    for (const id of ids) {
      const row = select.get(id);
      if (!row) continue;
      const { kind, text, detail } = row;
      found.set(id, { id, kind: Number(kind), text: String(text), detail: parsedObject(String(detail)) });
    }
    return found;
  }

  /** Removes those whose time is over. */
  prune(nowMs: number): void {
    this.#database.prepare('DELETE FROM name WHERE keep_until < ?').run(nowMs);
    this.forget();
  }

  /** What is at hand may not be in the file: a transaction was taken back. */
  forget(): void {
    this.#cache.clear();
  }
}

function parsedObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Not written by us; the name itself is still right.
    return {};
  }
}
