import { describe, expect, it } from 'vitest';
import { conntrackNearFull } from '../../../../main/core/findings/conntrack-near-full.ts';
import { descriptorsProcess } from '../../../../main/core/findings/descriptors-process.ts';
import { descriptorsSystem } from '../../../../main/core/findings/descriptors-system.ts';
import { orphansNearLimit } from '../../../../main/core/findings/orphans-near-limit.ts';
import { twBucketsOverflow } from '../../../../main/core/findings/tw-buckets-overflow.ts';
import type { Rule } from '../../../../main/core/findings/rule.ts';
import type { LinuxExtras } from '../../../../main/core/findings/evidence.ts';
import type { StackCounters } from '../../../../main/core/model.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { NO_COUNTERS } from '../../../support/fake-platform.ts';

const levelsOf = (rule: Rule, counters: Partial<StackCounters>, parts = {}) =>
  rule
    .find(findingEvidence({ counters: { ...NO_COUNTERS, ...counters }, ...parts }))
    .map(({ level }) => level);

const extras: LinuxExtras = {
  finTimeoutSeconds: null,
  twRecycle: null,
  synRetries: null,
  unprivilegedPortStart: null,
  maxOrphans: 1000,
  conntrackTimeWaitSeconds: 120,
  somaxconn: null,
};

describe('the rules for limits other than ports', () => {
  it('conntrack: warns from 80%, is critical from 95%, and says what the table carries', () => {
    const at = (conntrackCount: number | null) =>
      levelsOf(conntrackNearFull, { conntrackCount, conntrackMax: 262144 });
    expect([at(209_715), at(209_716), at(249_037), at(null)]).toEqual([[], ['warning'], ['critical'], []]);
    const counters = { ...NO_COUNTERS, conntrackCount: 262144, conntrackMax: 262144 };
    const [finding] = conntrackNearFull.find(findingEvidence({ counters, linux: extras }));
    expect(finding?.sentence).toContain('It carries about 2,184 short connections/s.');
  });

  it('descriptors of a process: warns from 80%, is critical from 95%, silent where they may not be read', () => {
    const at = (descriptors: number | null) =>
      levelsOf(
        descriptorsProcess,
        {},
        { processes: [{ pid: 7, process: 'node', descriptors, descriptorLimit: 1000 }] },
      );
    expect([at(799), at(800), at(950), at(null)]).toEqual([[], ['warning'], ['critical'], []]);
  });

  it('descriptors of the system: the same shares', () => {
    const at = (fileHandlesUsed: number) =>
      levelsOf(descriptorsSystem, { fileHandlesUsed, fileHandlesMax: 1000 });
    expect([at(799), at(800), at(950)]).toEqual([[], ['warning'], ['critical']]);
  });

  it('orphans: warns from 80% of tcp_max_orphans', () => {
    const at = (orphans: number) => levelsOf(orphansNearLimit, { orphans }, { linux: extras });
    expect([at(799), at(800)]).toEqual([[], ['warning']]);
    expect(levelsOf(orphansNearLimit, { orphans: 10_000 })).toEqual([]);
  });

  it('TIME_WAIT buckets: warns when closes skip TIME_WAIT, notices when that is near', () => {
    const at = (socketStatTimeWait: number | null, timeWaitOverflow: number) =>
      levelsOf(twBucketsOverflow, { socketStatTimeWait }, { counterRates: { timeWaitOverflow } });
    expect([at(100, 0), at(131072, 0.5), at(117_965, 0), at(null, 5)]).toEqual([
      [],
      ['warning'],
      ['notice'],
      [],
    ]);
  });
});
