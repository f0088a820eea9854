/** A pool is at so much of its ports that it is a warning or critical, growing or not (assess.ts). */
import { sayPercent } from '../words/figures.ts';
import { findPools } from './pool-finding.ts';
import type { Rule } from './rule.ts';

const WORDS = {
  rule: 'pool-nearly-full',
  title: (destination: string) => `Few ports left towards ${destination}`,
  figures: ['pool-used', 'time-wait'],
  source: 'Ports in use against range less reserved less bound; net/ipv4/inet_hashtables.c',
};

export const poolNearlyFull: Rule = {
  id: WORDS.rule,
  title: 'Room in each pool',
  find: (evidence) =>
    findPools(evidence, ['nearly full'], {
      ...WORDS,
      disproof: `The pool’s use falls below ${sayPercent(evidence.thresholds.warningShare)} of its ports.`,
    }),
};
