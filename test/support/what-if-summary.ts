/** A summary for What-if: only what it reads matters. */
import type { Pool, Summary } from '../../main/core/model.ts';
import { NO_COUNTERS } from './fake-platform.ts';
import { aPool, linuxSettings } from './pools.ts';

/** Linux defaults with ten reserved ports and two blocked ones. */
export function aSummary(pools: Pool[] = [aPool({ blocked: 2, capacity: 28_220 })]): Summary {
  return {
    sequence: 1,
    takenAtMs: 0,
    origin: { kind: 'live' },
    target: { hostname: 'ci-runner-07', platform: 'linux', release: '6.18', address: '10.0.2.7' },
    settings: linuxSettings({ reserved: [{ first: 40_000, last: 40_009 }] }),
    reservedCount: 10,
    totals: { sockets: 0, byState: {} },
    rates: { opensPerSecond: null, closesPerSecond: null, basis: 'none' },
    pools,
    poolCount: pools.length,
    consumers: [],
    ownership: { observed: 0, inferred: 0, unknown: 0, notPermitted: 0 },
    listeners: [],
    verdict: {
      level: 'ok',
      sentence: '',
      spans: [],
      poolKey: null,
      confidence: 'high',
      confidenceReason: '',
      sources: [],
    },
    findings: [],
    counters: { ...NO_COUNTERS, conntrackMax: 262_144 },
    degradations: [],
    sampler: {
      source: 'sock_diag',
      dumpMs: 0,
      sampleMs: 0,
      sockets: 0,
      approximate: false,
      intervalMs: 1000,
      effectiveIntervalMs: 1000,
      paused: false,
      costShare: 0,
      memoryBytes: 0,
    },
  };
}
