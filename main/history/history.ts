/** The history of this machine: records samples, keeps the file within bounds, answers questions, survives its disk. */
import type { Place } from '../core/fixes/change.ts';
import type { Failure, Outcome } from '../core/model.ts';
import {
  nameSettings,
  sayHistoryCondition,
  type GapReason,
  type HistoryCondition,
} from '../core/words/history.ts';
import {
  bytesOnDisk,
  hasRoom,
  historyFiles,
  makeReserve,
  releaseReserve,
  RESERVE_BYTES,
  setAside,
  type HistoryFiles,
} from './files.ts';
import { foldUntil } from './fold.ts';
import { LEVELS, workableRetention, type Retention } from './levels.ts';
import { runningTest } from './marks.ts';
import type { HistoryMode, HistoryState } from './model.ts';
import { noteNamespace } from './namespace.ts';
import { latestSettings, verdictAt } from './moments.ts';
import { conditionOf, openStore } from './open-store.ts';
import type { AppendedSample, HistoryCall, HistoryQuestions } from './protocol.ts';
import { cutLog, pruneByAge, pruneBySize, shrink } from './prune.ts';
import { askStore } from './ask.ts';
import { Recorder } from './recorder.ts';
import { spanOf } from './span.ts';
import { DamagedRow, SqliteCode, sqliteCode, type Database, type SqliteOffer } from './sqlite.ts';
import { Tail } from './tail.ts';
import { Watch, type Remembered } from './watch.ts';

export interface HistoryOptions {
  /** Of its own; made when it is not there. */
  folder: string;
  retention: Retention;
  /** Fourtuple ran all the while nothing was recorded; default: it did not. */
  isContinued?: boolean;
  /** From where it is seen; null and absent where that is not known. */
  place?: Place;
  sqlite: SqliteOffer;
  /** Epoch milliseconds. */
  now(): number;
  onState(state: HistoryState): void;
  log(line: string): void;
  migrations?: readonly string[];
}

const DAMAGED: Failure = { code: 'unavailable', what: 'this part of the history', why: 'it is damaged' };
/** How often a file that cannot be written is tried again. */
const RETRY_MS: Readonly<Partial<Record<HistoryCondition['code'], number>>> = {
  'disk-full': 10_000,
  'other-instance': 30_000,
  'read-only': 60_000,
  failed: 60_000,
};
/** Size and span are told anew this often. */
const TELL_MS = 30_000;
/** Between two looks at what is too old or too much, in time of the samples. */
const PRUNING_MS = 60 * 60_000;
/** Old data goes only after so many samples in a row: a clock that is wrong at boot must not cost the past. */
const SAMPLES_BEFORE_PRUNING = 300;

export class History {
  readonly #options: HistoryOptions;
  readonly #files: HistoryFiles;
  #retention: Retention;
  #database: Database | null = null;
  #tail: Tail | null = null;
  #recorder: Recorder | null = null;
  #release: () => void = () => {};
  #mode: HistoryMode = 'starting';
  #condition: HistoryCondition | null = null;
  #retryAtMs = Infinity;
  #toldAtMs = -Infinity;
  #missed = 0;
  #marksRevision = 0;
  /** Time of the sample after which it was last pruned; null while that is due. */
  #prunedAtMs: number | null = null;
  #hasRecorded: boolean;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#files = historyFiles(options.folder);
    this.#retention = workableRetention(options.retention);
    this.#hasRecorded = options.isContinued ?? false;
  }

  open(): void {
    this.#close();
    const opened = openStore({ ...this.#options, files: this.#files });
    this.#condition = opened.condition;
    this.#database = opened.access === 'none' ? null : opened.database;
    this.#mode = opened.access === 'none' ? 'off' : 'reading';
    if (opened.access === 'write') {
      this.#release = opened.release;
      this.#begin(opened.database);
    }
    if (this.#condition?.code === 'disk-full') this.#mode = 'paused';
    this.#planRetry();
    this.#tell();
  }

  /** Records samples, oldest first; those that cannot be recorded are counted as missed. Never throws for the disk's sake. */
  append(samples: readonly AppendedSample[]): void {
    if (this.#options.now() >= this.#retryAtMs) this.#retry();
    for (const sample of samples) {
      if (this.#recorder) this.#write(this.#recorder, sample);
      else this.#missed++;
    }
    if (this.#options.now() - this.#toldAtMs >= TELL_MS) this.#tell();
  }

  /** Samples that never came here. */
  miss(count: number): void {
    this.#missed += count;
  }

  retain(retention: Retention): void {
    this.#retention = workableRetention(retention);
    this.#prunedAtMs = null;
    this.#tell();
  }

  ask<C extends HistoryCall>(name: C, args: HistoryQuestions[C]): Outcome<unknown> {
    if (!this.#database) return { ok: false, failure: this.#absent() };
    const tail = (this.#tail ??= new Tail(this.#database));
    const { now } = this.#options;
    const context = { database: this.#database, tail, canWrite: this.#recorder !== null, now };
    try {
      const { outcome, hasMarked } = askStore(context, name, args, () => this.#absent());
      if (hasMarked) {
        this.#marksRevision++;
        this.#tell();
      }
      return outcome;
    } catch (error) {
      // Reading on would find the same again; what records finds it itself and sets the file aside.
      if (isDamage(error)) return { ok: false, failure: DAMAGED };
      return { ok: false, failure: this.#failed(error) };
    }
  }

  /** Closes the file; what was recorded is in it. */
  close(): void {
    this.#close();
    this.#mode = 'off';
  }

  get state(): HistoryState {
    const span = this.#span();
    const run = this.#quietly(() => (this.#database ? runningTest(this.#database) : null));
    return {
      mode: this.#mode,
      sentence: this.#condition && sayHistoryCondition(this.#condition),
      fromMs: span?.fromMs ?? null,
      untilMs: span?.untilMs ?? null,
      bytes: bytesOnDisk(this.#options.folder),
      maxBytes: this.#retention.maxBytes,
      levels: LEVELS.map(({ stepMs }, index) => ({
        stepSeconds: stepMs / 1000,
        keepSeconds: (this.#retention.keepMs[index] ?? 0) / 1000,
      })),
      marksRevision: this.#marksRevision,
      testRun: run ? { id: run.id, name: run.text, fromMs: run.atMs } : null,
      missedSamples: this.#missed,
    };
  }

  #begin(database: Database): void {
    try {
      const lastMs = spanOf(database)?.untilMs ?? null;
      this.#recorder = new Recorder(
        database,
        this.#retention,
        new Watch(remembered(database, lastMs, this.#hasRecorded ? 'paused' : 'stopped')),
        lastMs,
      );
      this.#mode = 'recording';
      const { place, now } = this.#options;
      if (place && noteNamespace(database, place, now())) this.#marksRevision++;
      this.#prunedAtMs = null;
      this.#hasRecorded = true;
      makeReserve(this.#files);
    } catch (error) {
      this.#failed(error);
    }
  }

  #write(recorder: Recorder, sample: AppendedSample): void {
    try {
      const { hasMarked, isChunkOver } = recorder.record(sample);
      if (hasMarked) this.#marksRevision++;
      if (isChunkOver || this.#prunedAtMs === null) this.#tidy(recorder, sample.summary.takenAtMs);
      if (hasMarked || recorder.samplesInARow === 1) this.#tell();
    } catch (error) {
      this.#missed++;
      this.#failed(error);
    }
  }

  #tidy(recorder: Recorder, nowMs: number): void {
    const { database, names, samplesInARow } = recorder;
    foldUntil({ database, names, retention: this.#retention }, nowMs);
    if (this.#prunedAtMs !== null && Math.abs(nowMs - this.#prunedAtMs) < PRUNING_MS) return;
    this.#prunedAtMs = nowMs;
    if (samplesInARow >= SAMPLES_BEFORE_PRUNING) pruneByAge(database, names, this.#retention, nowMs);
    pruneBySize(database, this.#retention, RESERVE_BYTES);
    shrink(database);
  }

  /** What an error of the disk means for what comes next; a bug is logged whole and recording begins again. */
  #failed(error: unknown): Failure {
    this.#recorder?.forget();
    if (isDamage(error)) return this.#replace(error);
    this.#condition = conditionOf(error, this.#options.folder);
    if (this.#condition.code === 'failed') this.#options.log(`History: ${wholeOf(error)}`);
    this.#recorder = null;
    this.#mode = this.#condition.code === 'read-only' ? 'reading' : 'paused';
    if (this.#condition.code === 'disk-full') {
      // Room enough to move the log into the file and cut it.
      releaseReserve(this.#files);
      this.#quietly(() => this.#database && cutLog(this.#database));
    }
    this.#planRetry();
    this.#tell();
    return this.#absent();
  }

  #replace(error: unknown): Failure {
    this.#options.log(`The history file is damaged: ${wholeOf(error)}`);
    if (this.#recorder === null) return this.#absent();
    this.#close();
    const keptAs = this.#quietly(() => setAside(this.#files, new Date(this.#options.now())));
    this.open();
    if (keptAs !== null) this.#condition = { code: 'set-aside', why: 'damaged', keptAs };
    this.#tell();
    return { code: 'gone', what: 'the history file' };
  }

  #retry(): void {
    this.#retryAtMs = Infinity;
    if (this.#condition?.code === 'disk-full' && !hasRoom(this.#options.folder)) return this.#planRetry();
    this.open();
  }

  #planRetry(): void {
    const waitMs = this.#condition && RETRY_MS[this.#condition.code];
    this.#retryAtMs = waitMs ? this.#options.now() + waitMs : Infinity;
  }

  #close(): void {
    this.#recorder = null;
    this.#tail = null;
    const database = this.#database;
    this.#database = null;
    this.#quietly(() => database?.close());
    this.#quietly(this.#release);
    this.#release = () => {};
  }

  #absent(): Failure {
    const sentence = this.#condition ? sayHistoryCondition(this.#condition) : 'It is not open.';
    return {
      code: 'unavailable',
      what: 'history',
      why: sentence.charAt(0).toLowerCase() + sentence.slice(1),
    };
  }

  #span(): { fromMs: number; untilMs: number } | null {
    return this.#quietly(() => (this.#database ? spanOf(this.#database) : null));
  }

  #tell(): void {
    this.#toldAtMs = this.#options.now();
    this.#options.onState(this.state);
  }

  /** For what may fail on a disk in trouble and is not worth a word of its own. */
  #quietly<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (sqliteCode(error) === null && !(error instanceof Error && 'code' in error)) throw error;
      return null;
    }
  }
}

function wholeOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SqliteCode.corrupt || code === SqliteCode.notADatabase || error instanceof DamagedRow;
}

function remembered(database: Database, lastMs: number | null, why: GapReason): Remembered {
  const settings = latestSettings(database);
  return {
    atMs: lastMs,
    why,
    settings: settings && namedOrNull(settings),
    level: verdictAt(database, Number.MAX_SAFE_INTEGER)?.level ?? null,
  };
}

function namedOrNull(settings: Parameters<typeof nameSettings>[0]): ReturnType<typeof nameSettings> | null {
  try {
    return nameSettings(settings, { conntrackMax: null });
  } catch {
    // Written by a version with other settings.
    return null;
  }
}
