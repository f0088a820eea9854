/** What the findings about one pool have in common. */
import { assessPool, type Concern } from '../assess.ts';
import type { Finding, Pool } from '../model.ts';
import { sayPool } from '../words/pool-sentence.ts';
import type { FindingEvidence } from './evidence.ts';
import { poolRemedies } from './pool-remedies.ts';
import { destinationOf, holdingsOf } from './subjects.ts';

export interface PoolFindingWords {
  rule: string;
  title(destination: string): string;
  figures: string[];
  disproof: string;
  source: string;
}

/** Findings reported for one rule: the worst few pools stand for the rest. */
const POOLS_PER_RULE = 3;

/** A finding for each pool whose worst concern is `concern`, fullest first; an address without ports is one too. */
export function findPools(
  evidence: FindingEvidence,
  concerns: readonly Concern[],
  words: PoolFindingWords,
): Finding[] {
  return evidence.pools
    .map((pool) => ({ pool, assessment: assessPool(pool, evidence.thresholds) }))
    .filter(({ assessment }) => concerns.includes(assessment.concern))
    .slice(0, POOLS_PER_RULE)
    .map(({ pool, assessment }) => ({
      ...words,
      id: `${words.rule}:${pool.key}`,
      level: assessment.level,
      title: words.title(destinationOf(pool)),
      sentence: sayPool(assessment.concern, pool, evidence.settings)
        .map((span) => span.text)
        .join(''),
      evidence: evidenceLine(pool),
      remedies: poolRemedies(evidence, pool),
      poolKey: pool.key,
      pid: pool.owners[0]?.pid ?? null,
    }));
}

function evidenceLine(pool: Pool): string {
  return holdingsOf(pool);
}
