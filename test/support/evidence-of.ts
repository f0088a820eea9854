/** Evidence for rules: a healthy, idle Linux machine, unless told otherwise. */
import { THRESHOLDS } from '../../main/core/assess.ts';
import type { FindingEvidence } from '../../main/core/findings/evidence.ts';
import { linuxSettings } from './pools.ts';
import { NO_COUNTERS } from './fake-platform.ts';

export function findingEvidence(parts: Partial<FindingEvidence> = {}): FindingEvidence {
  return {
    atMs: 1_700_000_000_000,
    watchedSeconds: 120,
    origin: 'live',
    system: 'linux',
    settings: linuxSettings(),
    capacity: 28_232,
    reservedCount: 0,
    thresholds: THRESHOLDS,
    pools: [],
    poolCount: parts.pools?.length ?? 0,
    totals: { sockets: 0, byState: {} },
    counters: NO_COUNTERS,
    counterRates: {},
    consumers: [],
    listeners: [],
    serverTimeWait: [],
    piles: [],
    poolParity: [],
    processes: [],
    linux: null,
    windows: null,
    macos: null,
    surroundings: { addresses: ['192.0.2.10'], container: null, cloud: null },
    connectCostMs: null,
    ...parts,
  };
}
