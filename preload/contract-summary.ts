/** The summary of a sample, as it crosses the door. */
import { z } from 'zod';
import type { Summary, Thresholds } from '../main/core/model.ts';
import {
  countByState,
  confidence,
  count,
  finite,
  level,
  nullable,
  portRange,
  share,
  text,
} from './contract-atoms.ts';

const rateBasis = z.enum(['timers and dumps', 'timers', 'dumps', 'close events', 'counters', 'none']);

const poolSchema = z.strictObject({
  key: text,
  localAddress: text,
  remoteAddress: text,
  remotePort: count,
  capacity: count,
  blocked: count,
  slowFrom: nullable(count),
  used: count,
  reusable: count,
  byState: countByState,
  usedRatio: share,
  openRatePerSecond: nullable(finite),
  closeRatePerSecond: nullable(finite),
  rateBasis,
  rateWindowSeconds: nullable(finite),
  closesUnseenPerSecond: nullable(finite).optional(),
  sustainableRatePerSecond: finite,
  reuseEffective: z.boolean(),
  exhaustion: z.strictObject({
    expected: z.boolean(),
    inSeconds: nullable(finite),
    likelySeconds: nullable(z.strictObject({ from: finite, to: finite })),
    steadyState: nullable(finite),
    basis: text,
  }),
  owners: z.array(
    z.strictObject({ pid: nullable(count), process: nullable(text), sockets: count, share, confidence }),
  ),
});

const counter = nullable(finite);

const findingSchema = z.strictObject({
  id: text,
  rule: text,
  level,
  title: text,
  sentence: text,
  evidence: text,
  figures: z.array(text),
  disproof: text,
  remedies: z.array(
    z.strictObject({
      fixId: text,
      label: text,
      why: text,
      kind: z.enum(['application', 'system', 'relief']),
    }),
  ),
  source: text,
  poolKey: nullable(text),
  pid: nullable(count),
});

const thresholdsSchema = z.strictObject({
  criticalShare: share,
  warningShare: share,
  warningRateShare: share,
  criticalSeconds: finite,
  warningSeconds: finite,
}) satisfies z.ZodType<Thresholds>;

export const summarySchema = z.strictObject({
  sequence: count,
  takenAtMs: finite,
  origin: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('live') }),
    z.strictObject({
      kind: z.literal('imported'),
      files: z.array(
        z.strictObject({
          name: text,
          modifiedAtMs: nullable(finite),
          format: nullable(text),
          sockets: count,
          problemCount: count,
        }),
      ),
      profileBasis: z.enum(['detected', 'chosen', 'assumed']),
    }),
  ]),
  target: z.strictObject({ hostname: text, platform: text, release: text, address: nullable(text) }),
  settings: z.strictObject({
    profileId: text,
    profileName: text,
    range: portRange,
    reserved: z.array(portRange),
    timeWaitSeconds: finite,
    timeWaitBasis: z.enum(['kernel constant', 'documented', 'setting', 'measured']),
    reuse: z.strictObject({
      mode: z.enum(['off', 'all', 'loopback']),
      delayMs: finite,
      timestamps: z.boolean(),
    }),
    scope: z.enum(['destination', 'address', 'host']),
    slowFromShare: nullable(share),
    maxTimeWaitSockets: nullable(finite),
  }),
  reservedCount: count,
  totals: z.strictObject({ sockets: count, byState: countByState }),
  rates: z.strictObject({
    opensPerSecond: nullable(finite),
    closesPerSecond: nullable(finite),
    basis: rateBasis,
  }),
  pools: z.array(poolSchema),
  poolCount: count,
  consumers: z.array(
    z.strictObject({
      pid: nullable(count),
      process: nullable(text),
      commandLine: nullable(text),
      unit: nullable(text),
      container: nullable(text),
      group: nullable(
        z.strictObject({
          parentPid: nullable(count),
          parentProcess: nullable(text),
          processCount: count,
        }),
      ),
      runtime: nullable(text),
      requestsPerConnection: nullable(finite),
      poolKey: text,
      destination: text,
      sockets: count,
      timeWait: count,
      established: count,
      openRatePerSecond: nullable(finite),
      shareOfPool: share,
      confidence,
    }),
  ),
  ownership: z.strictObject({ observed: count, inferred: count, unknown: count, notPermitted: count }),
  listeners: z.array(z.strictObject({ port: count, process: nullable(text), insideRange: z.boolean() })),
  verdict: z.strictObject({
    level,
    sentence: text,
    spans: z.array(z.strictObject({ text, kind: z.enum(['text', 'strong', 'mono', 'soft']) })),
    poolKey: nullable(text),
    confidence: z.enum(['high', 'medium', 'low']),
    confidenceReason: text,
    sources: z.array(text),
  }),
  findings: z.array(findingSchema),
  thresholds: thresholdsSchema.optional(),
  counters: z.strictObject({
    activeOpens: counter,
    passiveOpens: counter,
    attemptFails: counter,
    establishedResets: counter,
    retransmittedSegments: counter,
    timeWaitEntered: counter,
    timeWaitRecycled: counter,
    timeWaitOverflow: counter,
    listenOverflows: counter,
    listenDrops: counter,
    socketStatTimeWait: counter,
    socketStatInUse: counter,
    socketStatInUse6: counter,
    orphans: counter,
    conntrackCount: counter,
    conntrackMax: counter,
    fileHandlesUsed: counter,
    fileHandlesMax: counter,
  }),
  degradations: z.array(z.strictObject({ code: text, sentence: text })),
  sampler: z.strictObject({
    source: z.enum(['sock_diag', 'proc', 'netstat', 'imported', 'none']),
    dumpMs: finite,
    sampleMs: finite,
    sockets: count,
    approximate: z.boolean(),
    intervalMs: finite,
    effectiveIntervalMs: finite,
    paused: z.boolean(),
    costShare: share,
    memoryBytes: finite,
  }),
}) satisfies z.ZodType<Summary>;
