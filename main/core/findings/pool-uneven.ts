/** One pool takes nearly all the ports while others are empty: where ports count for each destination, spreading helps. */
import { sayPercent } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { destinationOf } from './subjects.ts';

/** Use of the fullest pool from which it is worth a word. */
const FROM_SHARE = 0.3;
/** How many times as full as the next. */
const TIMES_THE_NEXT = 10;

export const poolUneven: Rule = {
  id: 'pool-uneven',
  title: 'Load over the destinations',
  find: ({ pools, settings }) => {
    const [fullest, next] = pools;
    if (settings.scope !== 'destination' || !fullest || !next) return [];
    if (fullest.usedRatio < FROM_SHARE || fullest.used < TIMES_THE_NEXT * Math.max(1, next.used)) return [];
    const destination = destinationOf(fullest);
    return [
      {
        id: `pool-uneven:${fullest.key}`,
        rule: 'pool-uneven',
        level: 'notice',
        title: `Nearly all ports go to ${destination}`,
        sentence: `The pool to ${destination} is ${sayPercent(fullest.usedRatio)} used, the next one ${sayPercent(next.usedRatio)}; each destination address and port has a pool of its own.`,
        evidence: `${fullest.used} ports to ${destination}, ${next.used} to ${destinationOf(next)}`,
        figures: ['pool-used', 'consumers'],
        disproof: 'Other destinations use as many ports.',
        remedies: [
          remedy('app-spread-destinations', 'a second address or port of the service doubles the ports'),
        ],
        source: 'net/ipv4/inet_hashtables.c: a port is free for each (source, destination, destination port)',
        poolKey: fullest.key,
        pid: fullest.owners[0]?.pid ?? null,
      },
    ];
  },
};
