/** A pool opens at so much of the rate that it can keep for ever that it is a warning (assess.ts). */
import { sayPercent, sayRate, saySustainable } from '../words/figures.ts';
import type { Finding, Pool } from '../model.ts';
import type { FindingEvidence } from './evidence.ts';
import { findPools } from './pool-finding.ts';
import type { Rule } from './rule.ts';

const WORDS = {
  rule: 'pool-high-rate',
  title: (destination: string) => `Opens towards ${destination} are near the limit`,
  figures: ['new-connections', 'hold', 'range'],
  source: 'Sustainable rate = ports / hold (Little’s law); TIME_WAIT: include/net/tcp.h, TCP_TIMEWAIT_LEN',
};

export const poolHighRate: Rule = {
  id: WORDS.rule,
  title: 'Opening rate against the sustainable rate',
  find: (evidence) =>
    findPools(evidence, ['high rate'], { ...WORDS, disproof: disproofOf(evidence) }).map((finding) =>
      withRates(finding, evidence),
    ),
};

function disproofOf({ thresholds }: FindingEvidence): string {
  return `The opening rate falls below ${sayPercent(thresholds.warningRateShare)} of ports divided by hold.`;
}

function withRates(finding: Finding, { pools, settings }: FindingEvidence): Finding {
  const pool = pools.find(({ key }) => key === finding.poolKey);
  return pool ? { ...finding, evidence: rates(pool, settings.timeWaitSeconds) } : finding;
}

function rates(pool: Pool, timeWaitSeconds: number): string {
  const open = `${sayRate(pool.openRatePerSecond ?? 0)}/s opened`;
  return `${open}; ${pool.capacity} ports / ${timeWaitSeconds} s = ${saySustainable(pool.capacity / timeWaitSeconds)}/s`;
}
