/** Attempts to a dead peer keep a port for over two minutes each: at 209–222/s they alone empty a default range. */
import { sayCount } from '../words/figures.ts';
import type { LinuxExtras } from './evidence.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { sayProcess } from './subjects.ts';

/** A SYN to a dead peer is retried for 127 s without and 131 s with linear time-outs (ip-sysctl.rst); 135.2 s on 6.18. */
const MIN_SOCKETS = 5;
const DEFAULT_RETRIES = 6;

export const deadPeerPorts: Rule = {
  id: 'dead-peer-ports',
  title: 'Ports held by attempts to dead peers',
  find: ({ piles, capacity, linux }) => {
    const pile = piles.find(
      ({ state, overTwoMinutes }) => state === 'SYN_SENT' && overTwoMinutes >= MIN_SOCKETS,
    );
    if (!pile) return [];
    const where = pile.destination ?? 'several destinations';
    const who = sayProcess(pile.process, pile.pid);
    const share = capacity === 0 ? 1 : pile.sockets / capacity;
    return [
      {
        id: `dead-peer-ports:${where}`,
        rule: 'dead-peer-ports',
        level: share >= 0.5 ? 'warning' : 'notice',
        title: `Attempts to ${where} hold ports for minutes`,
        sentence: `${who} waits for ${where}, ${sayCount(pile.overTwoMinutes)} times for over two minutes: ${sayCount(pile.sockets)} ports stay locked until the kernel gives up${givesUp(linux)}.`,
        evidence: `${sayCount(pile.sockets)} SYN_SENT, ${sayCount(pile.overTwoMinutes)} for over 120 s`,
        figures: ['sockets', 'pool-used'],
        disproof: 'The attempts end sooner, because the program has a time limit of its own.',
        remedies: [remedy('app-timeouts', 'a limit of a few seconds gives the ports back')],
        source: 'ip-sysctl.rst, tcp_syn_retries and tcp_syn_linear_timeouts; 135.2 s measured on Linux 6.18',
        poolKey: null,
        pid: pile.pid,
      },
    ];
  },
};

/** With the default of tcp_syn_retries; another gives up sooner or later. */
function givesUp(linux: LinuxExtras | null): string {
  const retries = linux?.synRetries ?? DEFAULT_RETRIES;
  return retries === DEFAULT_RETRIES ? ', after 127 to 135 s each' : `, after ${retries} retries each`;
}
