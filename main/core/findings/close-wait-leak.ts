/** The other side has closed, the program has not: it leaks connections, and it is not the ports that run out. */
import type { Finding } from '../model.ts';
import { sayCount, sayRate } from '../words/figures.ts';
import type { FindingEvidence, StatePile } from './evidence.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { arePortsShort, sayInsteadOfPorts, sayProcess } from './subjects.ts';

/** A busy server has some at any moment; a leak stays and grows. */
const NOTICE_SOCKETS = 100;
const WARNING_SOCKETS = 1000;
/** Growth a second that makes a smaller pile a leak, once it has been watched this long. */
const GROWTH_PER_SECOND = 0.5;
const WATCHED_SECONDS = 30;
/** Without growth a pile is worth a word only when it has stood this long. */
const STANDING_SECONDS = 60;
/** However many there are: where half of them are younger than this, the program does close them. */
const TURNOVER_SECONDS = 4;
const TURNOVER_WATCHED = 10;

export const closeWaitLeak: Rule = {
  id: 'close-wait-leak',
  title: 'Connections that a program does not close',
  find: (evidence) =>
    evidence.piles
      .filter(isLeak)
      .slice(0, 3)
      .map((pile) => describe(pile, evidence)),
};

function isLeak({ state, sockets, growthPerSecond, watchedSeconds, medianSeconds }: StatePile): boolean {
  if (state !== 'CLOSE_WAIT' || sockets < NOTICE_SOCKETS) return false;
  if (sockets >= WARNING_SOCKETS)
    return watchedSeconds < TURNOVER_WATCHED || (medianSeconds ?? Infinity) >= TURNOVER_SECONDS;
  const grows = (growthPerSecond ?? 0) >= GROWTH_PER_SECOND && watchedSeconds >= WATCHED_SECONDS;
  return grows || (medianSeconds ?? 0) >= STANDING_SECONDS;
}

function describe(pile: StatePile, evidence: FindingEvidence): Finding {
  const who = sayProcess(pile.process, pile.pid);
  const growth = pile.growthPerSecond ?? 0;
  const pace = growth >= 0.1 ? ` and ${sayRate(growth)} more each second` : '';
  const cost = arePortsShort(evidence)
    ? 'each holds a descriptor, and a port where this side opened it'
    : 'its descriptors run out first';
  return {
    id: `close-wait-leak:${pile.process ?? ''}:${pile.pid ?? ''}`,
    rule: 'close-wait-leak',
    level: pile.sockets >= WARNING_SOCKETS || growth >= GROWTH_PER_SECOND ? 'warning' : 'notice',
    title: `${pile.process ?? 'A program'} does not close its connections`,
    sentence: sayInsteadOfPorts(
      evidence,
      `${who} keeps ${sayCount(pile.sockets)} connections in CLOSE-WAIT${pace} because it never closes them; ${cost}.`,
    ),
    evidence: `${sayCount(pile.sockets)} CLOSE_WAIT held by ${who}`,
    figures: ['sockets', 'descriptors'],
    disproof: 'The count falls by itself: the program closes them, only late.',
    remedies: [remedy('app-close-connections', 'removes the cause: close when the other side has closed')],
    source: 'RFC 9293 §3.3.2, CLOSE-WAIT; no timer of the kernel ends it',
    poolKey: null,
    pid: pile.pid,
  };
}
