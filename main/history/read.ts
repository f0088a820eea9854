/** Reading figures back: each part of a range from the coarsest level that is fine enough, or the finest there is. */
import type { Block } from './block.ts';
import { Buckets } from './buckets.ts';
import { COLUMNS_OF, type SeriesKindValue } from './columns.ts';
import { readChunks, type StoredChunk } from './fold.ts';
import { LEVELS, levelAt } from './levels.ts';
import type { Database } from './sqlite.ts';
import type { Tail } from './tail.ts';

/** A part of a range and where its figures are: a level, or the samples not yet folded. */
export interface Segment {
  level: number | 'tail';
  fromMs: number;
  untilMs: number;
}

/** The coarsest level whose steps are no wider than `widthMs`; the finest when all are. */
export function levelFor(widthMs: number): number {
  return Math.max(
    0,
    LEVELS.findLastIndex(({ stepMs }) => stepMs <= widthMs),
  );
}

/**
 * Where the figures from `fromMs` to `untilMs` are, oldest first. What `level` has not yet is in finer ones, what it
 * has no more is in coarser ones.
 */
export function segmentsOf(database: Database, level: number, fromMs: number, untilMs: number): Segment[] {
  const bounds = boundsOf(database, level);
  if (!bounds) {
    return [...coarser(database, level, fromMs, untilMs), ...finer(database, level, fromMs, untilMs)];
  }
  const here = { level, fromMs: Math.max(fromMs, bounds.fromMs), untilMs: Math.min(untilMs, bounds.untilMs) };
  return [
    ...coarser(database, level, fromMs, Math.min(untilMs, bounds.fromMs)),
    ...(here.fromMs < here.untilMs ? [here] : []),
    ...finer(database, level, Math.max(fromMs, bounds.untilMs), untilMs),
  ];
}

function coarser(database: Database, level: number, fromMs: number, untilMs: number): Segment[] {
  const next = level + 1;
  if (fromMs >= untilMs || next >= LEVELS.length) return [];
  const bounds = boundsOf(database, next);
  if (!bounds) return coarser(database, next, fromMs, untilMs);
  const here = {
    level: next,
    fromMs: Math.max(fromMs, bounds.fromMs),
    untilMs: Math.min(untilMs, bounds.untilMs),
  };
  const older = coarser(database, next, fromMs, Math.min(untilMs, bounds.fromMs));
  return here.fromMs < here.untilMs ? [...older, here] : older;
}

function finer(database: Database, level: number, fromMs: number, untilMs: number): Segment[] {
  if (fromMs >= untilMs) return [];
  if (level === 0) return [{ level: 'tail', fromMs, untilMs }];
  const bounds = boundsOf(database, level - 1);
  if (!bounds) return finer(database, level - 1, fromMs, untilMs);
  const here = {
    level: level - 1,
    fromMs: Math.max(fromMs, bounds.fromMs),
    untilMs: Math.min(untilMs, bounds.untilMs),
  };
  const newer = finer(database, level - 1, Math.max(fromMs, bounds.untilMs), untilMs);
  return here.fromMs < here.untilMs ? [here, ...newer] : newer;
}

/** From when until when a level holds chunks; null when it holds none. */
export function boundsOf(database: Database, level: number): { fromMs: number; untilMs: number } | null {
  const row = database.prepare('SELECT min(start) AS first FROM chunk WHERE level = ?').get(level);
  const last = database.prepare('SELECT max(start) AS last FROM chunk WHERE level = ?').get(level);
  const fromMs = row?.['first'];
  const lastMs = last?.['last'];
  if (typeof fromMs !== 'number' || typeof lastMs !== 'number') return null;
  return { fromMs, untilMs: lastMs + levelAt(level).chunkMs };
}

/** An open file, to be read. */
export interface Source {
  database: Database;
  tail: Tail;
}

export interface Reading {
  fromMs: number;
  untilMs: number;
  /** Width of a point. */
  widthMs: number;
}

export interface ReadSeries {
  kind: SeriesKindValue;
  block: Block;
}

/** The points of one series, or of all, in buckets of the wanted width that start at `fromMs`. */
export function readSeries(
  { database, tail }: Source,
  { fromMs, untilMs, widthMs }: Reading,
  only: { id: number; kind: SeriesKindValue } | null,
  wantedOf: (kind: SeriesKindValue) => ReadonlySet<number> | null = () => null,
): { series: Map<number, ReadSeries>; segments: Segment[] } {
  const segments = segmentsOf(database, levelFor(widthMs), fromMs, untilMs);
  const count = Math.max(1, Math.ceil((untilMs - fromMs) / widthMs));
  const found = new Map<number, { kind: SeriesKindValue; buckets: Buckets }>();
  const add = (id: number, kind: SeriesKindValue, block: Block, segment: Segment) => {
    let into = found.get(id);
    if (!into) {
      const columns = COLUMNS_OF[kind].length;
      into = { kind, buckets: new Buckets(fromMs, widthMs, count, columns, wantedOf(kind)) };
      found.set(id, into);
    }
    into.buckets.add(block, segment.fromMs, segment.untilMs);
  };
  for (const { id, kind, block, segment } of blocksOf({ database, tail }, segments, only, wantedOf, false)) {
    add(id, kind, block, segment);
  }
  const series = new Map(
    [...found].map(([id, { kind, buckets }]) => [id, { kind, block: buckets.block() }] as const),
  );
  return { series, segments };
}

export interface FoundBlock extends StoredChunk {
  /** Only its points in this count. */
  segment: Segment;
}

/** `asHeads`: chunks that lie in a segment whole come as one point. */
export function* blocksOf(
  { database, tail }: Source,
  segments: readonly Segment[],
  only: { id: number; kind: SeriesKindValue } | null,
  wantedOf: (kind: SeriesKindValue) => ReadonlySet<number> | null,
  asHeads: boolean,
): Generator<FoundBlock> {
  for (const segment of segments) {
    const { level, fromMs, untilMs } = segment;
    if (level !== 'tail') {
      const chunks = readChunks(database, { level, fromMs, untilMs, only, wantedOf, asHeads });
      for (const chunk of chunks) yield { ...chunk, segment };
      continue;
    }
    for (const [id, { kind, block }] of tail.series()) {
      if (!only || only.id === id) yield { id, kind, block, segment };
    }
  }
}
