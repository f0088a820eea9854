/** The connection-tracking table is near full: new flows are then dropped without an error, which looks like a network fault. */
import { sayCount, sayPercent, saySustainable } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { sayInsteadOfPorts } from './subjects.ts';

const WARNING_SHARE = 0.8;
const CRITICAL_SHARE = 0.95;
/** nf_conntrack_tcp_timeout_time_wait by default (nf-conntrack sysctl documentation). */
const DEFAULT_TIME_WAIT_SECONDS = 120;

export const conntrackNearFull: Rule = {
  id: 'conntrack-near-full',
  title: 'Room in the connection-tracking table',
  systems: ['linux'],
  find: (evidence) => {
    const { linux } = evidence;
    const { conntrackCount: count, conntrackMax: limit } = evidence.counters;
    if (count === null || limit === null || limit <= 0 || count < WARNING_SHARE * limit) return [];
    const share = count / limit;
    const seconds = linux?.conntrackTimeWaitSeconds ?? DEFAULT_TIME_WAIT_SECONDS;
    return [
      {
        id: 'conntrack-near-full',
        rule: 'conntrack-near-full',
        level: share >= CRITICAL_SHARE ? 'critical' : 'warning',
        title: 'The connection-tracking table is nearly full',
        sentence: sayInsteadOfPorts(
          evidence,
          `the firewall tracks ${sayCount(count)} of at most ${sayCount(limit)} connections (${sayPercent(share)}); when it is full, packets of new ones are dropped. It carries about ${saySustainable(limit / seconds)} short connections/s.`,
        ),
        evidence: `nf_conntrack_count = ${count} · nf_conntrack_max = ${limit}`,
        figures: ['conntrack'],
        disproof: 'New connections open at once, and the kernel log has no “table full, dropping packet”.',
        remedies: [
          remedy('app-keep-alive', 'fewer connections need fewer entries'),
          remedy('linux-conntrack', `a larger table, or entries that end before ${seconds} s`),
        ],
        source: 'docs.kernel.org, nf_conntrack-sysctl',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
