/** What history says to the rest: its state, its marks, and the answers to questions about the past. */
import type { Level, Summary } from '../core/model.ts';

/** off: cannot be kept · recording · reading: another process records, or the file may only be read · paused: disk full. */
export type HistoryMode = 'off' | 'starting' | 'recording' | 'reading' | 'paused';

export interface HistoryState {
  mode: HistoryMode;
  /** What is wrong, or what became of the file; null when there is nothing to say. */
  sentence: string | null;
  /** Epoch milliseconds of the oldest and the newest that is kept; null when nothing is. */
  fromMs: number | null;
  untilMs: number | null;
  /** Files on the disk, with the space held in reserve. */
  bytes: number;
  maxBytes: number;
  levels: { stepSeconds: number; keepSeconds: number }[];
  /** Grows with each new or changed mark. */
  marksRevision: number;
  /** The test run that goes on. */
  testRun: { id: number; name: string; fromMs: number } | null;
  /** Samples that could not be written in time or at all, since the start. */
  missedSamples: number;
}

export const MARK_KINDS = [
  'verdict',
  'setting',
  'fix',
  'process',
  'suspend',
  'clock',
  'gap',
  'test-run',
  'note',
  'notice',
] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

export interface NewMark {
  kind: MarkKind;
  atMs: number;
  /** Where it lasted; null for a moment, and for a test run that goes on. */
  untilMs?: number | null;
  /** The level that a change of the verdict led to, or that a notice told of. */
  level?: Level | null;
  /** A few words. */
  text: string;
  /** A sentence; may be empty. */
  detail: string;
}

export interface Mark extends Required<NewMark> {
  id: number;
}

/** Which series a question is about. */
export type SeriesChoice =
  { kind: 'totals' } | { kind: 'pool'; poolKey: string } | { kind: 'consumer'; consumerKey: string };

export interface SeriesAnswer {
  /** Width of a point, milliseconds. */
  stepMs: number;
  /** The finest and the coarsest steps that the points were made from; equal when one level had all. */
  fromStepMs: { finest: number; coarsest: number };
  /** Start of each point, rising. A gap is one point without values. */
  atMs: number[];
  columns: { name: string; min: (number | null)[]; max: (number | null)[]; mean: (number | null)[] }[];
  gaps: { fromMs: number; untilMs: number; why: string }[];
}

export interface PoolRank {
  poolKey: string;
  target: string;
  peakUsed: number;
  peakAtMs: number;
  /** Ports of the pool at its peak. */
  capacity: number;
  /** Peak ÷ capacity, 0–1. */
  peakShare: number;
  meanUsed: number;
  peakOpensPerSecond: number | null;
  /** Who held the most of it last. */
  owner: { pid: number | null; process: string | null; share: number | null } | null;
}

export interface ConsumerRank {
  consumerKey: string;
  pid: number | null;
  process: string | null;
  commandLine: string | null;
  unit: string | null;
  container: string | null;
  runtime: string | null;
  isGroup: boolean;
  poolKey: string;
  destination: string;
  peakSockets: number;
  peakAtMs: number;
  meanSockets: number;
  peakTimeWait: number;
  /** 0–1. */
  peakShareOfPool: number;
  /** Connections opened, from the measured rate; null where it was never known. */
  opened: number | null;
  peakOpensPerSecond: number | null;
}

export interface Moment {
  /** The kept moment nearest to the one asked for. */
  atMs: number;
  /** How much time its figures stand for. */
  stepMs: number;
  totals: Record<string, number | null>;
  pools: { poolKey: string; target: string; values: Record<string, number | null> }[];
  consumers: {
    process: string | null;
    pid: number | null;
    destination: string;
    values: Record<string, number | null>;
  }[];
  verdict: { atMs: number; level: Level; sentence: string; poolKey: string | null } | null;
  /** The whole summary kept nearest before it, as it was published. */
  summary: Summary | null;
}

export interface TestRunReport {
  id: number;
  name: string;
  fromMs: number;
  /** Now, while it goes on. */
  untilMs: number;
  isRunning: boolean;
  /** How finely what it rests on was kept. */
  stepMs: number;
  /** Connections opened by the whole machine; null where the rate was never known. */
  opened: number | null;
  peakOpensPerSecond: number | null;
  /** Sockets of the whole machine. */
  socketsBefore: number | null;
  peakSockets: number | null;
  pools: PoolRank[];
  consumers: ConsumerRank[];
  /** Epoch milliseconds until when closed connections of the run still lock ports. */
  portsHeldUntilMs: number;
}
