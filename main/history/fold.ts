/** Folding: when a chunk's time is over, it is made from the level below it and written once. */
import { asOnePoint, packBlock, PackingRoom, peakIndex, unpackBlock, type Block } from './block.ts';
import { Buckets } from './buckets.ts';
import { COLUMNS_OF, SeriesKind, type SeriesKindValue } from './columns.ts';
import { alignDown, LEVELS, levelAt, MAX_CONSUMERS, MAX_POOLS, type Retention } from './levels.ts';
import type { Names } from './names.ts';
import { inTransaction, unpacked, type Database } from './sqlite.ts';
import { readTail, TOTALS_ID, UnpackedTail } from './tail.ts';

export interface FoldParts {
  database: Database;
  names: Names;
  retention: Retention;
}

/** Folds every chunk whose time was over at `nowMs`. Answers whether there was any. */
export function foldUntil(parts: FoldParts, nowMs: number): boolean {
  let hasFolded = foldTail(parts, nowMs);
  for (let level = 1; level < LEVELS.length; level++) hasFolded = foldLevel(parts, level, nowMs) || hasFolded;
  return hasFolded;
}

function foldTail(parts: FoldParts, nowMs: number): boolean {
  const { database } = parts;
  const { chunkMs } = levelAt(0);
  const oldest = database.prepare('SELECT min(at) AS at FROM tail');
  let hasFolded = false;
  for (;;) {
    const at = oldest.get()?.['at'];
    if (typeof at !== 'number') return hasFolded;
    const startMs = alignDown(at, chunkMs);
    if (startMs + chunkMs > nowMs) return hasFolded;
    const tail = new UnpackedTail();
    tail.add(readTail(database, startMs, startMs + chunkMs));
    const found = [...tail.series].map(([id, { kind, block }]) => ({
      id,
      kind,
      block,
    }));
    inTransaction(database, () => {
      writeChunk(parts, 0, startMs, found);
      database.prepare('DELETE FROM tail WHERE at < ?').run(startMs + chunkMs);
    });
    hasFolded = true;
  }
}

function foldLevel(parts: FoldParts, level: number, nowMs: number): boolean {
  const { database } = parts;
  const { chunkMs } = levelAt(level);
  const done = database.prepare('SELECT max(start) AS start FROM chunk WHERE level = ?').get(level)?.[
    'start'
  ];
  const next = database.prepare('SELECT min(start) AS start FROM chunk WHERE level = ? AND start >= ?');
  let fromMs = typeof done === 'number' ? done + chunkMs : Number.MIN_SAFE_INTEGER;
  let hasFolded = false;
  for (;;) {
    const start = next.get(level - 1, fromMs)?.['start'];
    if (typeof start !== 'number') return hasFolded;
    const startMs = alignDown(start, chunkMs);
    if (startMs + chunkMs > nowMs) return hasFolded;
    const found = foldChunk(database, level, startMs);
    inTransaction(database, () => writeChunk(parts, level, startMs, found));
    hasFolded = true;
    fromMs = startMs + chunkMs;
  }
}

interface Folded {
  id: number;
  kind: SeriesKindValue;
  block: Block;
}

function foldChunk(database: Database, level: number, startMs: number): Folded[] {
  const { chunkMs, stepMs } = levelAt(level);
  const series = new Map<number, { kind: SeriesKindValue; buckets: Buckets }>();
  const chunksBelow: ChunkRequest = {
    level: level - 1,
    fromMs: startMs,
    untilMs: startMs + chunkMs,
    only: null,
    wantedOf: () => null,
    asHeads: false,
  };
  for (const { id, kind, block } of readChunks(database, chunksBelow)) {
    let into = series.get(id);
    if (!into) {
      const buckets = new Buckets(startMs, stepMs, chunkMs / stepMs, COLUMNS_OF[kind].length);
      into = { kind, buckets };
      series.set(id, into);
    }
    into.buckets.add(block);
  }
  return [...series].map(([id, { kind, buckets }]) => {
    return { id, kind, block: buckets.block() };
  });
}

export interface StoredChunk {
  id: number;
  kind: SeriesKindValue;
  block: Block;
}

export interface ChunkRequest {
  level: number;
  fromMs: number;
  untilMs: number;
  /** Of one series; of all when null. */
  only: { id: number; kind: SeriesKindValue } | null;
  /** Columns to unpack; all when null. */
  wantedOf(kind: SeriesKindValue): ReadonlySet<number> | null;
  /** Chunks that lie in the range whole as one point, at the time of their peak. */
  asHeads: boolean;
}

/** The chunks that reach into the range. Throws DamagedRow where one cannot be unpacked. */
export function* readChunks(database: Database, request: ChunkRequest): Generator<StoredChunk> {
  const { level, fromMs, untilMs, only, wantedOf, asHeads } = request;
  const { chunkMs, stepMs } = levelAt(level);
  const range = [level, alignDown(fromMs, chunkMs), Math.ceil(untilMs)] as const;
  const isWhole = asHeads ? 'c.start >= ? AND c.start + ? <= ?' : '0 AND ? + ? + ?';
  const wholeRange = [Math.ceil(fromMs), chunkMs, Math.floor(untilMs)] as const;
  const columns = `c.series AS id, c.start AS start, ${isWhole} AS whole, iif(${isWhole}, c.head, c.data) AS data`;
  const where = 'WHERE c.level = ? AND c.start >= ? AND c.start < ?';
  const values = [...wholeRange, ...wholeRange, ...range];
  // All at once: a statement left half read would keep the log from being cut.
  const rows = only
    ? database.prepare(`SELECT ${columns} FROM chunk c ${where} AND c.series = ?`).all(...values, only.id)
    : database
        .prepare(
          `SELECT ${columns}, n.kind AS kind FROM chunk c LEFT JOIN name n ON n.id = c.series ${where} ORDER BY c.start`,
        )
        .all(...values);
  for (const row of rows) {
    const id = Number(row['id']);
    const kind = only?.kind ?? (id === TOTALS_ID ? SeriesKind.totals : kindOf(row['kind']));
    if (kind === null) continue;
    const step = row['whole'] === 1 ? 1 : stepMs;
    const block = unpacked(() =>
      unpackBlock(bytesOf(row['data']), Number(row['start']), step, COLUMNS_OF[kind].length, wantedOf(kind)),
    );
    yield { id, kind, block };
  }
}

/** Null where the name is gone: its figures cannot be told. */
function kindOf(value: unknown): SeriesKindValue | null {
  return value === SeriesKind.pool || value === SeriesKind.consumer ? value : null;
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new RangeError('a packed row is no bytes');
}

/** Of pools and consumers those that were largest in this time; others would be rows without end. */
function writeChunk(parts: FoldParts, level: number, startMs: number, found: readonly Folded[]): void {
  const insert = parts.database.prepare(
    'INSERT OR REPLACE INTO chunk (level, start, series, head, data) VALUES (?, ?, ?, ?, ?)',
  );
  const named = new Set<number>();
  const largest = (kind: SeriesKindValue, limit: number) =>
    found
      .filter((folded) => folded.kind === kind)
      .map((folded) => ({ folded, peak: peakOf(folded.block) }))
      .sort((a, b) => b.peak - a.peak)
      .slice(0, limit)
      .map(({ folded }) => folded);
  const kept = [
    ...largest(SeriesKind.totals, 1),
    ...largest(SeriesKind.pool, MAX_POOLS),
    ...largest(SeriesKind.consumer, MAX_CONSUMERS),
  ];
  const { chunkMs, stepMs } = levelAt(level);
  const room = new PackingRoom();
  for (const { id, block } of kept) {
    const head = packBlock(asOnePoint(block), startMs, 1, room);
    insert.run(level, startMs, id, head, packBlock(block, startMs, stepMs, room));
    named.add(id);
    for (const label of block.label) named.add(label);
  }
  named.delete(TOTALS_ID);
  parts.names.keep(named, startMs + chunkMs + (parts.retention.keepMs[level] ?? 0));
}

function peakOf(block: Block): number {
  return block.metrics[0]?.max[peakIndex(block)] ?? 0;
}
