/** What What-if starts from: profiles, defaults, this machine, quoted figures and folklore. */
import { formatEndpoint } from '../address.ts';
import { worstPool } from '../assess.ts';
import { sustainableRate } from '../budget.ts';
import { FOLKLORE } from '../folklore.ts';
import { PROFILES, profilePortCount, type Profile } from '../profiles.ts';
import type { Pool, Summary } from '../model.ts';
import { THIS_MACHINE } from './base.ts';
import type { ProfileDescription, WhatIfCatalogue, WhatIfInput } from './model.ts';
import { quotedFigures } from './quoted.ts';

/** A rate that shows something on Linux defaults: it runs out after 47 s. */
const EXAMPLE_RATE = 600;
/** Least rate that a screen shows, for a machine at rest. */
const LEAST_RATE = 1;

/** 600 connections/s to one destination on Linux, closed by this side at once. */
export function defaultInput(): WhatIfInput {
  return {
    profileId: 'linux',
    ratePerSecond: EXAMPLE_RATE,
    requestsPerConnection: 1,
    holdSeconds: 0,
    activeCloseShare: 1,
    destinations: 1,
    sourceAddresses: 1,
    inUse: 0,
    range: null,
    portCount: null,
    reservedPorts: null,
    timeWaitSeconds: null,
    scope: null,
    reuseMode: null,
    reuseDelayMs: null,
    timestamps: null,
    toLoopback: false,
    limits: {
      timeWaitSockets: null,
      fileDescriptors: null,
      conntrackEntries: null,
      snatPorts: null,
      connectionPool: null,
    },
  };
}

/** Everything a screen needs before the first question. */
export function describeProfiles(summary: Summary | null): WhatIfCatalogue {
  return {
    profiles: PROFILES.map(describe),
    defaults: defaultInput(),
    thisMachine: summary && machineInput(summary),
    folklore: FOLKLORE.map((entry) => ({ ...entry })),
    quoted: quotedFigures(),
  };
}

function describe(profile: Profile): ProfileDescription {
  const { id, name, kind, range, timeWaitSeconds, timeWaitNote, scope, errorOnExhaustion, slowFromShare } =
    profile;
  const portCount = profilePortCount(profile);
  return {
    id,
    name,
    kind,
    range,
    portCount,
    timeWaitSeconds,
    timeWaitNote,
    scope,
    reuse: profile.reuse,
    errorOnExhaustion,
    slowFromShare,
    sustainableRatePerSecond: sustainableRate(portCount, timeWaitSeconds),
    sources: [
      { figure: 'range', source: profile.sources.range },
      { figure: 'TIME_WAIT', source: profile.sources.timeWait },
      { figure: 'pool', source: profile.sources.pool },
      { figure: 'error', source: profile.sources.error },
    ],
  };
}

/** The pool that matters most here, as a question. */
function machineInput(summary: Summary): WhatIfCatalogue['thisMachine'] {
  const pool = worstPool(summary.pools, summary.thresholds)?.pool ?? null;
  const { counters, settings, target } = summary;
  const input: WhatIfInput = {
    ...defaultInput(),
    profileId: THIS_MACHINE,
    ratePerSecond: Math.max(LEAST_RATE, pool?.openRatePerSecond ?? 0),
    holdSeconds: pool ? holdOf(pool) : 0,
    inUse: pool?.used ?? 0,
    toLoopback: pool?.reuseEffective === true && settings.reuse.mode === 'loopback',
    limits: {
      ...defaultInput().limits,
      timeWaitSockets: atLeastOne(settings.maxTimeWaitSockets),
      conntrackEntries: atLeastOne(counters.conntrackMax),
    },
  };
  const destination = pool ? formatEndpoint(pool.remoteAddress, pool.remotePort) : null;
  return { name: target.hostname, destination, input };
}

/** Little's law the other way: connections open now over the rate at which they open. */
function holdOf(pool: Pool): number {
  const open = pool.byState.ESTABLISHED ?? 0;
  const rate = pool.openRatePerSecond ?? 0;
  return rate >= LEAST_RATE ? Math.min(604_800, open / rate) : 0;
}

function atLeastOne(value: number | null): number | null {
  return value !== null && value >= 1 ? value : null;
}
