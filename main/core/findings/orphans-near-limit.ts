/** Connections that no process holds any more near tcp_max_orphans: over it the kernel resets them. */
import { sayCount, sayPercent } from '../words/figures.ts';
import type { Rule } from './rule.ts';

const FROM_SHARE = 0.8;

export const orphansNearLimit: Rule = {
  id: 'orphans-near-limit',
  title: 'Orphaned connections against their limit',
  systems: ['linux'],
  find: ({ counters, linux }) => {
    const { orphans } = counters;
    const limit = linux?.maxOrphans ?? null;
    if (orphans === null || limit === null || limit <= 0 || orphans < FROM_SHARE * limit) return [];
    return [
      {
        id: 'orphans-near-limit',
        rule: 'orphans-near-limit',
        level: 'warning',
        title: 'Orphaned connections are near their limit',
        sentence: `${sayCount(orphans)} connections have no process any more, ${sayPercent(orphans / limit)} of tcp_max_orphans; above it the kernel resets them and data is lost.`,
        evidence: `sockstat orphan = ${orphans} · tcp_max_orphans = ${limit}`,
        figures: ['counters'],
        disproof: 'The count falls below 80% of the limit.',
        remedies: [],
        source: 'ip-sysctl.rst, tcp_max_orphans; counted for the whole host',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
