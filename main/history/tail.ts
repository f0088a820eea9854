/** Samples one by one, as they are written each second: a row of packed numbers each. */
import type { Block } from './block.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { COLUMNS_OF, SeriesKind, type SeriesKindValue } from './columns.ts';
import { levelAt } from './levels.ts';
import type { Names } from './names.ts';
import type { Sample, SampledSeries } from './sample.ts';
import { DamagedRow, unpacked, type Database } from './sqlite.ts';

const VERSION = 1;
/** The series that the totals are. */
export const TOTALS_ID = 0;

export function packSample(sample: Sample, names: Names, keepUntilMs: number): Uint8Array {
  const writer = new ByteWriter(2048);
  writer.unsigned(VERSION);
  packValues(sample.totals, writer);
  for (const list of [sample.pools, sample.consumers]) {
    writer.unsigned(list.length);
    for (const series of list) packSeries(series, names, keepUntilMs, writer);
  }
  return writer.written().slice();
}

function packSeries(
  { name, label, values }: SampledSeries,
  names: Names,
  keepUntilMs: number,
  writer: ByteWriter,
) {
  writer.unsigned(names.idOf(name, keepUntilMs));
  writer.unsigned(label ? names.idOf(label, keepUntilMs) : 0);
  packValues(values, writer);
}

/** 0 says absent, so values move up by one. */
function packValues(values: readonly number[], writer: ByteWriter): void {
  for (const value of values) writer.unsigned(Number.isNaN(value) ? 0 : value + 1);
}

export interface TailRow {
  atMs: number;
  data: Uint8Array;
}

/** One series of the tail: a point a sample in which it occurs, with one value a column or none. */
export interface TailSeries {
  kind: SeriesKindValue;
  block: Block;
}

/** Series of samples in order of time, each sample in a second of its own where there is room for it. */
export class UnpackedTail {
  readonly series = new Map<number, TailSeries>();
  readonly #second = new WholeSeconds();

  /** Adds samples later than those before. Throws DamagedRow where one is not ours. */
  add(rows: readonly TailRow[]): void {
    for (const row of rows) unpacked(() => this.#addRow(row));
  }

  #addRow({ atMs, data }: TailRow): void {
    const second = this.#second.next(atMs);
    if (second === null) return;
    const reader = new ByteReader(data);
    if (reader.unsigned() !== VERSION) throw new RangeError('a sample of another version');
    this.#take(TOTALS_ID, SeriesKind.totals, 0, second, reader);
    for (const kind of [SeriesKind.pool, SeriesKind.consumer]) {
      for (let left = reader.unsigned(); left > 0; left--) {
        this.#take(reader.unsigned(), kind, reader.unsigned(), second, reader);
      }
    }
  }

  #take(id: number, kind: SeriesKindValue, label: number, atMs: number, reader: ByteReader): void {
    let series = this.series.get(id);
    if (!series) {
      series = { kind, block: emptyBlock(COLUMNS_OF[kind].length) };
      this.series.set(id, series);
    }
    const { block } = series;
    block.length++;
    block.atMs.push(atMs);
    block.label.push(label);
    for (const { n, sum } of block.metrics) {
      const stored = reader.unsigned();
      n.push(stored === 0 ? 0 : 1);
      sum.push(stored === 0 ? 0 : stored - 1);
    }
  }
}

function emptyBlock(columns: number): Block {
  const metrics = Array.from({ length: columns }, () => {
    // Of one sample smallest, largest and sum are one and the same.
    const value: number[] = [];
    return { n: [], min: value, max: value, sum: value };
  });
  return { length: 0, atMs: [], label: [], metrics };
}

/**
 * The second a sample stands for; null where it has to give way. A pace of about a second now and then puts two samples
 * into one second and none into the next; the later one then gets the next.
 */
class WholeSeconds {
  #lastMs = -Infinity;

  next(atMs: number): number | null {
    const { stepMs } = levelAt(0);
    const ownMs = Math.floor(atMs / stepMs) * stepMs;
    const second = ownMs > this.#lastMs ? ownMs : this.#lastMs + stepMs;
    if (second > ownMs + stepMs) return null;
    this.#lastMs = second;
    return second;
  }
}

/** Samples from `fromMs` up to, not including, `untilMs`, oldest first. */
export function readTail(database: Database, fromMs: number, untilMs: number): TailRow[] {
  const rows = database
    .prepare('SELECT at, data FROM tail WHERE at >= ? AND at < ? ORDER BY at')
    .all(Math.ceil(fromMs), Math.ceil(untilMs));
  return rows.map(({ at, data }) => {
    if (!(data instanceof Uint8Array)) throw new DamagedRow('a sample is no bytes');
    return { atMs: Number(at), data };
  });
}

/** The tail as it is in the file, unpacked once: questions come more often than samples. */
export class Tail {
  readonly #database: Database;
  #unpacked = new UnpackedTail();
  #firstMs: number | null = null;
  #lastMs = Number.MIN_SAFE_INTEGER;
  #count = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  series(): ReadonlyMap<number, TailSeries> {
    this.#refresh();
    return this.#unpacked.series;
  }

  #refresh(): void {
    const row = this.#database
      .prepare('SELECT min(at) AS first, max(at) AS last, count(*) AS count FROM tail')
      .get();
    const first = row?.['first'] ?? null;
    const count = Number(row?.['count'] ?? 0);
    if (first === this.#firstMs && count === this.#count) return;
    if (first === this.#firstMs) this.#add();
    if (first === this.#firstMs && count === this.#count) return;
    // Folded, or taken back because the clock was set.
    this.#unpacked = new UnpackedTail();
    this.#firstMs = typeof first === 'number' ? first : null;
    this.#lastMs = Number.MIN_SAFE_INTEGER;
    this.#count = 0;
    this.#add();
  }

  #add(): void {
    const rows = readTail(this.#database, this.#lastMs + 1, Number.MAX_SAFE_INTEGER);
    this.#unpacked.add(rows);
    this.#count += rows.length;
    this.#lastMs = rows.at(-1)?.atMs ?? this.#lastMs;
  }
}
