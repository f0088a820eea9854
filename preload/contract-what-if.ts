/** The contract's calls of What-if: a load on a setup in, everything worked out about it out. */
import { z } from 'zod';
import { count, emptyArgs, finite, level, nullable, portRange, share, text } from './contract-atoms.ts';

/** Pieces of a sentence and how each is set. */
const spans = z.array(z.strictObject({ text, kind: z.enum(['text', 'strong', 'mono', 'soft']) }));
const sentence = z.strictObject({ sentence: text, spans });
const poolScope = z.enum(['destination', 'address', 'host']);
const reuseMode = z.enum(['off', 'all', 'loopback']);
const profileKind = z.enum(['system', 'middlebox', 'machine', 'custom']);

/** Tables that can fill before the ports do; null: not considered. */
const limitInputSchema = z.strictObject({
  timeWaitSockets: nullable(finite),
  fileDescriptors: nullable(finite),
  conntrackEntries: nullable(finite),
  snatPorts: nullable(finite),
  connectionPool: nullable(finite),
});

/**
 * What What-if is asked; a null takes the profile's value. Numbers are checked by the workbench, which answers 'invalid'
 * with a sentence that names the field.
 */
export const whatIfInputSchema = z.strictObject({
  profileId: text,
  /** Requests per second; connections per second where each carries one. */
  ratePerSecond: finite,
  requestsPerConnection: finite,
  /** Seconds a connection is open for each request; with one request from connect() to close(). */
  holdSeconds: finite,
  /** Share of connections that this host closes first, 0–1. */
  activeCloseShare: finite,
  destinations: finite,
  sourceAddresses: finite,
  /** Ports in use now, over all pools. */
  inUse: finite,
  range: nullable(z.strictObject({ first: finite, last: finite })),
  /** Ports of one pool, instead of a range. */
  portCount: nullable(finite),
  /** "8080,40000-40002" */
  reservedPorts: nullable(text),
  timeWaitSeconds: nullable(finite),
  scope: nullable(poolScope),
  reuseMode: nullable(reuseMode),
  reuseDelayMs: nullable(finite),
  timestamps: nullable(z.boolean()),
  /** True: the destination is a loopback address. */
  toLoopback: z.boolean(),
  limits: limitInputSchema,
});

const whatIfResultSchema = z.strictObject({
  /** The input with every null replaced. */
  effective: z.strictObject({
    profileId: text,
    profileName: text,
    profileKind,
    ratePerSecond: finite,
    requestsPerConnection: finite,
    connectionsPerSecond: finite,
    holdSeconds: finite,
    /** Seconds from connect() to close(): holdSeconds × requestsPerConnection. */
    connectionSeconds: finite,
    activeCloseShare: share,
    destinations: count,
    sourceAddresses: count,
    inUse: finite,
    range: portRange,
    portCount: count,
    isPortCountGiven: z.boolean(),
    reservedCount: count,
    timeWaitSeconds: finite,
    scope: poolScope,
    reuseMode,
    reuseDelayMs: finite,
    timestamps: z.boolean(),
    toLoopback: z.boolean(),
    isReuseEffective: z.boolean(),
    errorOnExhaustion: text,
    slowFromShare: nullable(share),
    limits: limitInputSchema,
  }),
  /** `detail` is the second line: the arithmetic. */
  verdict: z.strictObject({ level, sentence: text, spans, detail: text }),
  poolCount: count,
  capacityPerPool: count,
  capacity: count,
  slowFrom: nullable(finite),
  /** Mean seconds a connection keeps its port. */
  lockSeconds: finite,
  /** Requests per second for ever, over all pools; null: any. */
  sustainableRatePerSecond: nullable(finite),
  sustainablePerPoolRatePerSecond: nullable(finite),
  slowAtRatePerSecond: nullable(finite),
  portsNeeded: count,
  /** What it comes to rest at if there were enough ports; share above 1: never. */
  steady: z.strictObject({ inUse: finite, timeWait: finite, share }),
  /** Seconds; null: never. */
  exhaustion: z.strictObject({
    expected: z.boolean(),
    fromEmptySeconds: nullable(finite),
    fromInUseSeconds: nullable(finite),
    withoutDeparturesSeconds: nullable(finite),
  }),
  /** By the rate they hold, lowest first. */
  limits: z.array(
    z.strictObject({
      id: z.enum(['ports', 'snat', 'conntrack', 'file-descriptors', 'time-wait-sockets', 'connection-pool']),
      title: text,
      capacity: finite,
      needed: finite,
      share,
      holdsRatePerSecond: nullable(finite),
      isFirst: z.boolean(),
      holds: z.boolean(),
      note: text,
    }),
  ),
  /** Null when everything holds. */
  smallestChange: nullable(sentence),
  /** What would make the rate fit, and what would not. */
  options: z.array(
    z.strictObject({
      id: z.enum([
        'keep-alive',
        'reuse',
        'wider-range',
        'source-address',
        'destination',
        'server-closes',
        'bind-no-port',
        'fin-timeout',
      ]),
      title: text,
      holdsRatePerSecond: nullable(finite),
      /** "1,075/s", "60/s needed", "no effect" */
      figure: text,
      note: text,
      helps: z.boolean(),
      fits: z.boolean(),
    }),
  ),
  /** Two options together. */
  combination: nullable(z.strictObject({ sentence: text, spans, holdsRatePerSecond: finite })),
  /** Ports in use over time from `inUse`, over all pools. */
  occupancy: z.strictObject({
    atSeconds: z.array(finite),
    inUse: z.array(finite),
    exhaustedAtSeconds: nullable(finite),
  }),
  /** Seconds until full from empty by requests per second, from the rate that just holds; the asked one first. */
  timeToFull: z.array(
    z.strictObject({
      profileId: text,
      profileName: text,
      sustainableRatePerSecond: nullable(finite),
      ratePerSecond: z.array(finite),
      secondsToFull: z.array(finite),
    }),
  ),
  /** Every profile at this load. */
  comparison: z.array(
    z.strictObject({
      profileId: text,
      name: text,
      kind: profileKind,
      range: portRange,
      portCount: count,
      waitSeconds: finite,
      waitKnownFrom: text,
      scope: poolScope,
      poolCountedPer: text,
      sustainableRatePerSecond: nullable(finite),
      shareOfRate: share,
      secondsToFull: nullable(finite),
      errorOnExhaustion: text,
      isSelected: z.boolean(),
    }),
  ),
});

const whatIfProfileSchema = z.strictObject({
  id: text,
  name: text,
  kind: profileKind,
  range: portRange,
  /** Ports of one pool; fewer than the range where a provider hands out a part. */
  portCount: count,
  timeWaitSeconds: finite,
  timeWaitNote: text,
  scope: poolScope,
  reuse: z.strictObject({ mode: reuseMode, delayMs: finite }),
  /** What a program gets when the pool is empty. */
  errorOnExhaustion: text,
  slowFromShare: nullable(share),
  sustainableRatePerSecond: finite,
  /** Where each figure comes from. */
  sources: z.array(z.strictObject({ figure: text, source: text })),
});

export const WHAT_IF_CALLS = {
  'whatif.evaluate': { args: z.strictObject({ input: whatIfInputSchema }), result: whatIfResultSchema },
  'whatif.profiles': {
    args: emptyArgs,
    result: z.strictObject({
      profiles: z.array(whatIfProfileSchema),
      /** What a screen starts from. */
      defaults: whatIfInputSchema,
      /** Live values of the fullest pool here; null before the first sample. */
      thisMachine: nullable(
        z.strictObject({ name: text, destination: nullable(text), input: whatIfInputSchema }),
      ),
      /** Questions people ask, answered. */
      folklore: z.array(
        z.strictObject({ id: text, question: text, answer: text, really: text, source: text }),
      ),
      /** Figures everyone quotes and where the rounded ones come from. */
      quoted: z.array(
        z.strictObject({ quoted: text, formula: text, exactPerSecond: finite, profileId: text, note: text }),
      ),
    }),
  },
} as const;

export type WhatIfInput = z.infer<typeof whatIfInputSchema>;
export type WhatIfResult = z.infer<typeof whatIfResultSchema>;
export type WhatIfProfile = z.infer<typeof whatIfProfileSchema>;
