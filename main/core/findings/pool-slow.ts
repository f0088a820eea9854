/**
 * Past half of a pool Linux connect() scans the range for a free port: 14 µs became 2,300 µs (Linux 6.18, measured
 * 2026), all of it system time, long before EADDRNOTAVAIL.
 */
import type { Finding } from '../model.ts';
import { findPools } from './pool-finding.ts';
import type { FindingEvidence } from './evidence.ts';
import type { Rule } from './rule.ts';

const WORDS = {
  rule: 'pool-slow',
  title: (destination: string) => `connect() to ${destination} is slow`,
  figures: ['pool-used', 'port-map'],
  disproof:
    'connect() to this destination takes microseconds, measured with strace -T or a trace of the program.',
  source: 'net/ipv4/inet_hashtables.c, __inet_hash_connect: one parity of the range is tried first',
};

export const poolSlow: Rule = {
  id: WORDS.rule,
  title: 'Speed of connect() by the use of each pool',
  find: (evidence) => findPools(evidence, ['slow'], WORDS).map((finding) => withCost(finding, evidence)),
};

function withCost(finding: Finding, { connectCostMs }: FindingEvidence): Finding {
  if (connectCostMs === null) return finding;
  return { ...finding, evidence: `${finding.evidence}; connect() took ${connectCostMs.toFixed(1)} ms` };
}
