/** A named process opens a new connection for each piece of work: wasteful long before it is dangerous. */
import type { Consumer, Finding } from '../model.ts';
import { sayRate } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { sayProcess } from './subjects.ts';

/** Opens a second from which it is worth a word. */
const FROM_RATE = 10;
/** Connections that live longer than this on average are kept for something. */
const SHORT_LIFE_SECONDS = 5;
const SHOWN = 3;

export const churn: Rule = {
  id: 'churn',
  title: 'Connections that are used once',
  find: ({ consumers }) => consumers.filter(isChurn).slice(0, SHOWN).map(describe),
};

/** Mean life is open connections over opens a second (Little's law). */
function isChurn(consumer: Consumer): boolean {
  const rate = consumer.openRatePerSecond ?? 0;
  if (consumer.process === null || rate < FROM_RATE) return false;
  return consumer.established <= rate * SHORT_LIFE_SECONDS && consumer.timeWait >= rate;
}

function describe(consumer: Consumer): Finding {
  const rate = sayRate(consumer.openRatePerSecond ?? 0);
  const who = sayProcess(consumer.process, consumer.pid);
  return {
    id: `churn:${consumer.process}:${consumer.poolKey}`,
    rule: 'churn',
    level: 'notice',
    title: `${consumer.process ?? 'A process'} uses each connection once`,
    sentence: `${who} opens ${rate} connections/s to ${consumer.destination} and closes them soon after; each costs a handshake and a port.`,
    evidence: `${rate} opens/s, ${consumer.established} open now, ${consumer.timeWait} TIME_WAIT`,
    figures: ['consumers', 'new-connections'],
    disproof: 'The connections carry many requests each; a trace of one shows how many.',
    remedies: [remedy('app-keep-alive', 'removes the cause: the same work needs a few connections')],
    source: 'RFC 9112 §9.3, persistence; opens counted by sock_diag',
    poolKey: consumer.poolKey,
    pid: consumer.pid,
  };
}
