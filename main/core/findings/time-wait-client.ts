/** This side closes first: each of its connections locks a port for the whole hold. The cause, not the danger. */
import { sayCount, sayRate } from '../words/figures.ts';
import type { Finding, Pool } from '../model.ts';
import type { FindingEvidence } from './evidence.ts';
import { poolRemedies } from './pool-remedies.ts';
import type { Rule } from './rule.ts';
import { destinationOf, ownerOf } from './subjects.ts';

/** Share of a pool in TIME_WAIT from which it is worth a word; fewer than MIN_SOCKETS never are. */
const FROM_SHARE = 0.1;
const MIN_SOCKETS = 100;
const POOLS = 3;

export const timeWaitClient: Rule = {
  id: 'time-wait-client',
  title: 'Who closes first',
  find: (evidence) =>
    evidence.pools
      .filter((pool) => isPiledUp(pool))
      .slice(0, POOLS)
      .map((pool) => closesFirst(pool, evidence)),
};

function isPiledUp(pool: Pool): boolean {
  const waiting = (pool.byState.TIME_WAIT ?? 0) - pool.reusable;
  return waiting >= MIN_SOCKETS && waiting >= FROM_SHARE * pool.capacity && waiting >= pool.used / 2;
}

function closesFirst(pool: Pool, evidence: FindingEvidence): Finding {
  const waiting = pool.byState.TIME_WAIT ?? 0;
  const who = ownerOf(pool);
  const rate = pool.closeRatePerSecond ?? 0;
  const pace = rate >= 0.1 ? `, ${sayRate(rate)}/s` : '';
  return {
    id: `time-wait-client:${pool.key}`,
    rule: 'time-wait-client',
    level: 'notice',
    title: 'This side closes first',
    sentence: `${who ?? 'This side'} closes its connections to ${destinationOf(pool)} itself${pace}: ${sayCount(waiting)} closed ones lock a port for ${evidence.settings.timeWaitSeconds} s each.`,
    evidence: `${sayCount(waiting)} TIME_WAIT here, ${sayCount(pool.byState.CLOSE_WAIT ?? 0)} CLOSE_WAIT`,
    figures: ['time-wait', 'sockets'],
    disproof: 'The other side sends the first FIN: the TIME_WAIT sockets are then found there.',
    remedies: poolRemedies(evidence, pool),
    source: 'RFC 9293 §3.6: TIME_WAIT stays with the side that closes first',
    poolKey: pool.key,
    pid: pool.owners[0]?.pid ?? null,
  };
}
