/** Sockets bound to a port and never connected, held by one process: on Windows they use up the host's pool. */
import type { Finding } from '../model.ts';
import { sayCount } from '../words/figures.ts';
import type { StatePile } from './evidence.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { sayProcess } from './subjects.ts';

const NOTICE_SOCKETS = 500;
/** Share of the range from which it is a warning. */
const WARNING_SHARE = 0.5;

export const windowsBoundLeak: Rule = {
  id: 'windows-bound-leak',
  title: 'Bound sockets that never connect',
  systems: ['windows'],
  find: ({ system, piles, capacity }) =>
    system !== 'windows'
      ? []
      : piles
          .filter(({ state, sockets }) => state === 'BOUND' && sockets >= NOTICE_SOCKETS)
          .map((pile) => describe(pile, capacity)),
};

function describe(pile: StatePile, capacity: number): Finding {
  const who = sayProcess(pile.process, pile.pid);
  return {
    id: `windows-bound-leak:${pile.pid ?? ''}`,
    rule: 'windows-bound-leak',
    level: pile.sockets >= WARNING_SHARE * capacity ? 'critical' : 'warning',
    title: `${pile.process ?? 'A process'} leaks bound sockets`,
    sentence: `${who} holds ${sayCount(pile.sockets)} ports bound without a connection; on Windows each is a port less for every program.`,
    evidence: `${sayCount(pile.sockets)} Bound, owner ${who}`,
    figures: ['sockets', 'descriptors'],
    disproof: 'The sockets listen or connect soon after.',
    remedies: [remedy('app-close-connections', 'removes the cause: close sockets that were only bound')],
    source: 'Microsoft, TCP/IP port exhaustion troubleshooting: netstat -anobq shows BOUND',
    poolKey: null,
    pid: pile.pid,
  };
}
