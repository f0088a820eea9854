/** The contract's calls and events about history: what was, what marks it, what a test run consumed. */
import { z } from 'zod';
import { count, emptyArgs, finite, level, nullable, share, TCP_STATES, text } from './contract-atoms.ts';
import { summarySchema } from './contract-summary.ts';

/** Most points one answer may have. */
export const MAX_HISTORY_POINTS = 4000;
/** Most columns one question may name. */
const MAX_COLUMNS = 32;
const MAX_RANKS = 100;
/** Epoch milliseconds; fractions are cut. */
const time = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER);
const range = { fromMs: time, untilMs: time };

export const TOTAL_HISTORY_COLUMNS = [
  'sockets',
  ...TCP_STATES,
  'opensPerSecond',
  'closesPerSecond',
  'poolCount',
  /** Of the fullest pool, 0–1. */
  'fullestShare',
  /** Of the verdict: 0 ok, 1 notice, 2 warning, 3 critical. */
  'level',
  'attemptFailsPerSecond',
  'retransmitsPerSecond',
  'timeWaitOverflowsPerSecond',
  'listenOverflowsPerSecond',
  'conntrackUsed',
  'fileHandlesUsed',
  /** From one sample to the next. */
  'intervalMs',
] as const;
export const POOL_HISTORY_COLUMNS = [
  'used',
  'timeWait',
  'established',
  'opensPerSecond',
  'capacity',
  'sustainablePerSecond',
  /** What the largest holder has of the pool, 0–1. */
  'ownerShare',
] as const;
export const CONSUMER_HISTORY_COLUMNS = [
  'sockets',
  'timeWait',
  'established',
  'opensPerSecond',
  'shareOfPool',
] as const;

export const markKind = z.enum([
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
]);

export const markSchema = z.strictObject({
  id: count,
  kind: markKind,
  atMs: finite,
  /** Where it lasted; null for a moment, and for a test run that goes on. */
  untilMs: nullable(finite),
  /** The level that a change of the verdict led to, or that a notice told of. */
  level: nullable(level),
  /** A few words. */
  text,
  /** A sentence; may be empty. */
  detail: text,
});

export const historyStateSchema = z.strictObject({
  /** off: cannot be kept · reading: another process records, or it may only be read · paused: the disk refused. */
  mode: z.enum(['off', 'starting', 'recording', 'reading', 'paused']),
  /** What is wrong, or what became of the file; null when there is nothing to say. */
  sentence: nullable(text),
  /** The oldest and the newest that is kept; null when nothing is. */
  fromMs: nullable(finite),
  untilMs: nullable(finite),
  /** On the disk, with the space held in reserve. */
  bytes: count,
  maxBytes: count,
  /** How finely it is kept, finest first. */
  levels: z.array(z.strictObject({ stepSeconds: finite, keepSeconds: finite })),
  /** Grows with each new or changed mark. */
  marksRevision: count,
  /** The test run that goes on. */
  testRun: nullable(z.strictObject({ id: count, name: text, fromMs: finite })),
  /** Samples that were not written, since the start. */
  missedSamples: count,
});

const values = z.array(nullable(finite));
const poolRank = z.strictObject({
  poolKey: text,
  /** "10.0.3.12:443". */
  target: text,
  peakUsed: finite,
  peakAtMs: finite,
  /** Ports of the pool at its peak. */
  capacity: finite,
  peakShare: share,
  meanUsed: finite,
  peakOpensPerSecond: nullable(finite),
  /** Who held the most of it last, and its mean share. */
  owner: nullable(z.strictObject({ pid: nullable(count), process: nullable(text), share: nullable(share) })),
});
const consumerRank = z.strictObject({
  consumerKey: text,
  pid: nullable(count),
  process: nullable(text),
  commandLine: nullable(text),
  unit: nullable(text),
  container: nullable(text),
  runtime: nullable(text),
  /** Stands for several short-lived processes. */
  isGroup: z.boolean(),
  poolKey: text,
  destination: text,
  peakSockets: finite,
  peakAtMs: finite,
  meanSockets: finite,
  peakTimeWait: finite,
  peakShareOfPool: share,
  /** Connections opened, from the measured rate; null where it was never known. */
  opened: nullable(finite),
  peakOpensPerSecond: nullable(finite),
});
const named = z.record(z.string(), nullable(finite));

export const HISTORY_CALLS = {
  'history.state': { args: emptyArgs, result: historyStateSchema },
  /** Figures over time. Kept as minimum, maximum and mean, so no peak is lost at any zoom. */
  'history.query': {
    args: z.strictObject({
      ...range,
      /** Most points wanted; answers may have a few more. */
      points: count.min(2).max(MAX_HISTORY_POINTS),
      series: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('totals') }),
        z.strictObject({ kind: z.literal('pool'), poolKey: text }),
        z.strictObject({ kind: z.literal('consumer'), consumerKey: text }),
      ]),
      /** Empty: all of the series. */
      columns: z.array(text).max(MAX_COLUMNS),
    }),
    result: z.strictObject({
      /** Width of a point. */
      stepMs: finite,
      fromStepMs: z.strictObject({ finest: finite, coarsest: finite }),
      /** Start of each point, rising. A gap is one point without values. */
      atMs: z.array(finite),
      columns: z.array(z.strictObject({ name: text, min: values, max: values, mean: values })),
      gaps: z.array(z.strictObject({ fromMs: finite, untilMs: finite, why: text })),
    }),
  },
  /** Pools by the largest share of their ports that was in use. */
  'history.pools': {
    args: z.strictObject({ ...range, limit: count.min(1).max(MAX_RANKS) }),
    result: z.strictObject({ stepMs: finite, pools: z.array(poolRank) }),
  },
  /** Processes towards destinations, by what they opened. */
  'history.consumers': {
    args: z.strictObject({ ...range, limit: count.min(1).max(MAX_RANKS) }),
    result: z.strictObject({ stepMs: finite, consumers: z.array(consumerRank) }),
  },
  /** Oldest first, the newest thousand. */
  'history.marks': {
    args: z.strictObject({
      ...range,
      /** Empty: all. */
      kinds: z.array(markKind).max(markKind.options.length),
    }),
    result: z.strictObject({ marks: z.array(markSchema) }),
  },
  /** A person's own mark. */
  'history.mark': {
    args: z.strictObject({
      atMs: time,
      text: z.string().trim().min(1).max(200),
      detail: z.string().max(1000),
    }),
    result: markSchema,
  },
  /** The kept moment nearest to a time, enough to draw Headroom as it was; null when nothing is kept. */
  'history.moment': {
    args: z.strictObject({ atMs: time }),
    result: z.strictObject({
      moment: nullable(
        z.strictObject({
          atMs: finite,
          /** How much time its figures stand for. */
          stepMs: finite,
          /** Means of the step, by the names of TOTAL_HISTORY_COLUMNS. */
          totals: named,
          pools: z.array(z.strictObject({ poolKey: text, target: text, values: named })),
          consumers: z.array(
            z.strictObject({
              process: nullable(text),
              pid: nullable(count),
              destination: text,
              values: named,
            }),
          ),
          verdict: nullable(z.strictObject({ atMs: finite, level, sentence: text, poolKey: nullable(text) })),
          /**
           * The whole summary kept nearest before it, as it was published; its `takenAtMs` says of when. Null as well
           * for one of another version of Fourtuple: the figures beside it can be told all the same.
           */
          summary: nullable(summarySchema).catch(null),
        }),
      ),
    }),
  },
  'testRun.start': {
    args: z.strictObject({ name: z.string().trim().min(1).max(200) }),
    result: markSchema,
  },
  'testRun.stop': { args: z.strictObject({ id: count }), result: markSchema },
  /** What a test run consumed, so far where it goes on. */
  'testRun.report': {
    args: z.strictObject({ id: count }),
    result: z.strictObject({
      id: count,
      name: text,
      fromMs: finite,
      untilMs: finite,
      isRunning: z.boolean(),
      /** How finely its ends are cut. */
      stepMs: finite,
      /** Connections opened by the whole machine; null where the rate was never known. */
      opened: nullable(finite),
      peakOpensPerSecond: nullable(finite),
      /** Sockets of the whole machine: the mean of half a minute before, and the most during the run. */
      socketsBefore: nullable(finite),
      peakSockets: nullable(finite),
      pools: z.array(poolRank),
      consumers: z.array(consumerRank),
      /** Until when closed connections of the run lock ports. */
      portsHeldUntilMs: finite,
    }),
  },
} as const;

export const HISTORY_EVENTS = {
  /** Its state, its size or its marks have changed. */
  'history.changed': historyStateSchema,
} as const;

export type HistoryStateInfo = z.infer<typeof historyStateSchema>;
export type HistoryMark = z.infer<typeof markSchema>;
export type HistorySeries = z.infer<(typeof HISTORY_CALLS)['history.query']['result']>;
export type HistoryMoment = z.infer<(typeof HISTORY_CALLS)['history.moment']['result']>['moment'];
export type PoolRank = z.infer<typeof poolRank>;
export type ConsumerRank = z.infer<typeof consumerRank>;
export type TestRunReport = z.infer<(typeof HISTORY_CALLS)['testRun.report']['result']>;
