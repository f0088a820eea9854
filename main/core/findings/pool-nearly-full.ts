/** A pool is at 80 % (warning) or 90 % (critical) of its ports, growing or not (assess.ts). */
import { findPools } from './pool-finding.ts';
import type { Rule } from './rule.ts';

const WORDS = {
  rule: 'pool-nearly-full',
  title: (destination: string) => `Few ports left towards ${destination}`,
  figures: ['pool-used', 'time-wait'],
  disproof: 'The pool’s use falls below 80% of its ports.',
  source: 'Ports in use against range less reserved less bound; net/ipv4/inet_hashtables.c',
};

export const poolNearlyFull: Rule = {
  id: WORDS.rule,
  title: 'Room in each pool',
  find: (evidence) => findPools(evidence, ['nearly full'], WORDS),
};
