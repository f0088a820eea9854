/** At the measured rates a pool has no free port soon (assess.ts says how soon is a warning, and critical). */
import { findPools } from './pool-finding.ts';
import type { Rule } from './rule.ts';

const WORDS = {
  rule: 'pool-runs-out',
  title: (destination: string) => `Ports towards ${destination} run out`,
  figures: ['time-to-exhaustion', 'pool-used', 'new-connections'],
  disproof: 'The use levels off below the capacity, because opens slow down or connections close sooner.',
  source: 'Forecast: known departures of TIME_WAIT plus the measured opens; Little’s law',
};

export const poolRunsOut: Rule = {
  id: WORDS.rule,
  title: 'When each pool runs out',
  find: (evidence) => findPools(evidence, ['runs out'], WORDS),
};
