/** Many connection attempts that nobody answers: the other side, or what stands between, is the problem. */
import type { Finding } from '../model.ts';
import { sayCount } from '../words/figures.ts';
import type { StatePile } from './evidence.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { sayProcess } from './subjects.ts';

const NOTICE_SOCKETS = 20;
const WARNING_SOCKETS = 200;
/** A SYN that is answered is so within a round trip; this is past the first retransmission (1 s, RFC 6298). */
const UNANSWERED_SECONDS = 3;

export const synSentPile: Rule = {
  id: 'syn-sent-pile',
  title: 'Connection attempts without an answer',
  find: ({ piles }) => piles.filter(isPile).slice(0, 3).map(describe),
};

function isPile({ state, sockets, medianSeconds, destination }: StatePile): boolean {
  if (state !== 'SYN_SENT' || destination === null || sockets < NOTICE_SOCKETS) return false;
  return (medianSeconds ?? 0) >= UNANSWERED_SECONDS;
}

function describe(pile: StatePile): Finding {
  const who = sayProcess(pile.process, pile.pid);
  return {
    id: `syn-sent-pile:${pile.destination}`,
    rule: 'syn-sent-pile',
    level: pile.sockets >= WARNING_SOCKETS ? 'warning' : 'notice',
    title: `${pile.destination} does not answer`,
    sentence: `${sayCount(pile.sockets)} connection attempts of ${who} to ${pile.destination} wait in SYN-SENT, half of them for over ${Math.floor(pile.medianSeconds ?? 0)} s. The host is down, filtered, or its queue is full.`,
    evidence: `${sayCount(pile.sockets)} SYN_SENT to ${pile.destination}`,
    figures: ['sockets', 'counters'],
    disproof: 'A connection from another machine to the same address and port opens at once.',
    remedies: [remedy('app-timeouts', 'each attempt then gives its port back sooner')],
    source: 'Documentation/networking/ip-sysctl.rst, tcp_syn_retries; measured on Linux 6.18',
    poolKey: null,
    pid: pile.pid,
  };
}
