/** A pool opens at 80 % or more of the rate that it can keep for ever (assess.ts). */
import { sayRate, saySustainable } from '../words/figures.ts';
import type { Finding, Pool } from '../model.ts';
import type { FindingEvidence } from './evidence.ts';
import { findPools } from './pool-finding.ts';
import type { Rule } from './rule.ts';

const WORDS = {
  rule: 'pool-high-rate',
  title: (destination: string) => `Opens towards ${destination} are near the limit`,
  figures: ['new-connections', 'hold', 'range'],
  disproof: 'The opening rate falls below 80% of ports divided by hold.',
  source: 'Sustainable rate = ports / hold (Little’s law); TIME_WAIT: include/net/tcp.h, TCP_TIMEWAIT_LEN',
};

export const poolHighRate: Rule = {
  id: WORDS.rule,
  title: 'Opening rate against the sustainable rate',
  find: (evidence) =>
    findPools(evidence, ['high rate'], WORDS).map((finding) => withRates(finding, evidence)),
};

function withRates(finding: Finding, { pools, settings }: FindingEvidence): Finding {
  const pool = pools.find(({ key }) => key === finding.poolKey);
  return pool ? { ...finding, evidence: rates(pool, settings.timeWaitSeconds) } : finding;
}

function rates(pool: Pool, timeWaitSeconds: number): string {
  const open = `${sayRate(pool.openRatePerSecond ?? 0)}/s opened`;
  return `${open}; ${pool.capacity} ports / ${timeWaitSeconds} s = ${saySustainable(pool.capacity / timeWaitSeconds)}/s`;
}
