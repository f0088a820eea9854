/** connect() fails now: every port of a pool is in use. That none was there to begin with: range-empty.ts. */
import { findPools } from './pool-finding.ts';
import type { Rule } from './rule.ts';

const WORDS = {
  rule: 'pool-exhausted',
  title: (destination: string) => `No port left towards ${destination}`,
  figures: ['pool-used', 'time-wait'],
  disproof: 'connect() to this destination succeeds without choosing a port itself.',
  source: 'connect(2), EADDRNOTAVAIL; net/ipv4/inet_hashtables.c, __inet_hash_connect',
};

export const poolExhausted: Rule = {
  id: WORDS.rule,
  title: 'Ports left in each pool',
  find: (evidence) => findPools(evidence, ['full'], WORDS),
};
